#include "cli/verify/visit.hpp"

#include "cli/verify/probes.hpp"

#include <poll.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace continuo::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto first_poll_interval = 1s; ///< while the URL does not answer
constexpr auto drain_time = 15s;

} // namespace

Visit::Visit(VerifyOptions const& options, int stop_fd, TextReport* report)
    : options_(options)
    , stop_fd_(stop_fd)
    , report_(report)
    , start_(clock_.now())
    , end_(start_ + std::chrono::duration_cast<std::chrono::microseconds>(options.watched))
    , client_(clock_) {}

std::optional<Answer> Visit::first_answer() {
    while (!is_over()) {
        auto const asked = now();
        auto const answer = std::make_shared<std::optional<Answer>>();
        client_.start(playlist_request(options_.url),
                      [answer](Answer received) { *answer = std::move(received); });
        while (!*answer && !stopped())
            wait(end_ + drain_time);
        if (!*answer) break;
        if ((*answer)->response.ok()) return std::move(*answer);
        failure_ = outcome_of((*answer)->response);
        auto const next = std::min(asked + first_poll_interval, end_);
        while (now() < next && !stopped())
            wait(next);
    }
    return std::nullopt;
}

bool Visit::stopped() const {
    pollfd fd{.fd = stop_fd_, .events = POLLIN, .revents = 0};
    return ::poll(&fd, 1, 0) > 0;
}

void Visit::wait(hls::WallTime until) {
    client_.wait(until, stop_fd_);
    tally.watched = std::min(now(), end_) - start_;
    if (report_) report_->progress(tally, broken_);
}

void Visit::drain() {
    auto const until = now() + drain_time;
    while (client_.running() > 0 && now() < until && !stopped())
        client_.wait(until, stop_fd_);
}

void Visit::take(std::vector<hls::rules::Finding> findings) {
    for (auto& finding : findings) {
        if (finding.weight == hls::rules::Weight::broken || options_.strict) ++broken_;
        if (report_) report_->add(finding);
        findings_.push_back(std::move(finding));
    }
}

void Visit::note(std::string text) {
    if (report_) report_->note(text);
    notes_.push_back(std::move(text));
}

} // namespace continuo::cli
