#include "cli/verify.hpp"

#include "cli/verify/dash_session.hpp"
#include "cli/verify/report.hpp"
#include "cli/verify/session.hpp"
#include "core/os/program.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <map>

namespace continuo::cli {
namespace {

/// Readable once SIGINT or SIGTERM came; blocks both from their usual effect while it lives.
class StopSignal {
public:
    StopSignal() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        sigprocmask(SIG_BLOCK, &signals_, &before_);
        fd_ = signalfd(-1, &signals_, SFD_NONBLOCK | SFD_CLOEXEC);
    }
    ~StopSignal() {
        // A signal that is still pending would take its usual effect as soon as it is unblocked.
        for (signalfd_siginfo taken; read(fd_, &taken, sizeof taken) == sizeof taken;) {
        }
        close(fd_);
        sigprocmask(SIG_SETMASK, &before_, nullptr);
    }
    StopSignal(StopSignal const&) = delete;
    StopSignal& operator=(StopSignal const&) = delete;

    int fd() const noexcept { return fd_; }

private:
    sigset_t signals_{};
    sigset_t before_{};
    int fd_{-1};
};

bool is_broken(Visit const& visit, bool strict) {
    for (auto const& finding : visit.findings())
        if (strict || finding.weight == hls::rules::Weight::broken) return true;
    return false;
}

/// Of a run that saw a stream.
int tell(VerifyOptions const& options, Visit const& visit,
         std::map<hls::rules::RuleAndPlace, unsigned> const& unsaid) {
    if (options.json)
        fmt::print("{}\n", json_of(options.url, visit.tally, visit.findings(), visit.notes()));
    else
        fmt::print("{}\n", summary_of(visit.tally, visit.findings(), unsaid));
    return is_broken(visit, options.strict) ? int{exit_broken} : int{os::exit_ok};
}

int run(VerifyOptions const& options) {
    StopSignal const stop;
    TextReport text;
    Visit visit{options, stop.fd(), options.json ? nullptr : &text};
    auto first = visit.first_answer();
    if (first && is_mpd(first->response.body)) {
        DashSession session{visit, *std::move(first)};
        if (session.run()) return tell(options, visit, session.verifier().unsaid());
    } else if (first) {
        Session session{visit};
        if (session.run(*std::move(first)))
            return tell(options, visit, session.verifier().unsaid());
    }
    fmt::print(stderr, "{}: no playlist in {:.0f} s: {}\n", options.url,
               visit.tally.watched.count(), visit.failure());
    return exit_unavailable;
}

} // namespace

int verify(VerifyOptions const& options) {
    if (!options.url.starts_with("http://") && !options.url.starts_with("https://")) {
        fmt::print(stderr, "{}: the URL has to begin with http:// or https://\n", options.url);
        return os::exit_usage;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    auto const exit = run(options);
    curl_global_cleanup();
    return exit;
}

} // namespace continuo::cli
