#include "cli/verify/probes.hpp"

#include <memory>

namespace continuo::cli {
namespace {

using namespace std::chrono_literals;
using hls::rules::ProbeAnswers;
using hls::rules::Response;

constexpr auto playlist_deadline = 10s;
constexpr std::uint64_t playlist_limit_bytes = 16ull << 20;

/// Collects the answers; kept alive by the callbacks that still wait for one.
class Probes : public std::enable_shared_from_this<Probes> {
public:
    Probes(HttpClient& client, std::function<void(ProbeAnswers const&)> done)
        : client_(client), done_(std::move(done)) {}

    void start(std::string const& playlist_url, Answer const& segment) {
        answers_.segment = segment.response;
        ask({.url = segment.url, .method = Method::head}, &ProbeAnswers::segment_head);
        ask({.url = segment.url, .headers = {"Range: bytes=0-99"}}, &ProbeAnswers::segment_range);
        ask({.url = segment.url, .headers = {"Range: bytes=99999999999-"}},
            &ProbeAnswers::segment_beyond);
        ask({.url = resolve(segment.url, "continuo-verify-is-not-there.ts")},
            &ProbeAnswers::missing);
        ask({.url = playlist_url,
             .method = Method::options,
             .headers = {"Origin: https://continuo.invalid", "Access-Control-Request-Method: GET",
                         "Access-Control-Request-Headers: range"}},
            &ProbeAnswers::options);
        ask_playlist(playlist_url);
    }

private:
    void ask(Request const& request, Response ProbeAnswers::*place) {
        ++awaited_;
        client_.start(request, [self = shared_from_this(), place](Answer answer) {
            self->answers_.*place = std::move(answer.response);
            self->answered();
        });
    }

    /// The playlist, and at once again with its ETag: if it has not changed between the two, the
    /// second need not be sent.
    void ask_playlist(std::string const& url) {
        ++awaited_;
        client_.start(playlist_request(url), [self = shared_from_this(), url](Answer answer) {
            self->answers_.playlist = std::move(answer.response);
            if (auto const tag = self->answers_.playlist.header("ETag"))
                self->ask_again(url, std::string{*tag});
            self->answered();
        });
    }

    void ask_again(std::string const& url, std::string const& tag) {
        auto request = playlist_request(url);
        request.headers.push_back("If-None-Match: " + tag);
        ++awaited_;
        client_.start(request, [self = shared_from_this()](Answer answer) {
            self->answers_.playlist_unchanged = std::move(answer.response);
            self->answered();
        });
    }

    void answered() {
        if (--awaited_ == 0) done_(answers_);
    }

    HttpClient& client_;
    std::function<void(ProbeAnswers const&)> done_;
    ProbeAnswers answers_;
    std::size_t awaited_{};
};

} // namespace

Request playlist_request(std::string const& url) {
    return {.url = url,
            .compressed = true,
            .deadline = playlist_deadline,
            .body_limit_bytes = playlist_limit_bytes};
}

void probe_delivery(HttpClient& client, std::string const& playlist_url, Answer const& segment,
                    std::function<void(ProbeAnswers const&)> done) {
    std::make_shared<Probes>(client, std::move(done))->start(playlist_url, segment);
}

} // namespace continuo::cli
