#include "cli/check.hpp"

#include "cli/asset_check.hpp"
#include "cli/configuration.hpp"
#include "cli/livesim_check.hpp"
#include "cli/source_check.hpp"
#include "cli/space.hpp"
#include "core/os/capture.hpp"
#include "core/os/file.hpp"
#include "core/os/runtime_dir.hpp"
#include "workers/ffmpeg/version.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <string_view>

namespace continuo::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds version_deadline{8};
constexpr seconds url_deadline{8};
/// For all URLs together: a long list of dead ones is not waited for to its end.
constexpr seconds urls_deadline{30};

/// What was found; warnings alone do not fail.
class Findings {
public:
    explicit Findings(Configuration const& configuration) : configuration_(configuration) {}

    void error(std::string key, std::string message) {
        failed_ = true;
        say(std::move(key), std::move(message));
    }
    void warning(std::string key, std::string const& message) {
        say(std::move(key), "warning: " + message);
    }
    void error_of_machine(std::string_view what) {
        failed_ = true;
        fmt::print(stderr, "{}\n", what);
    }
    bool failed() const { return failed_; }

private:
    void say(std::string key, std::string message) {
        auto const complaint = config::locate(configuration_.text, configuration_.file.string(),
                                              std::move(key), std::move(message));
        fmt::print(stderr, "{}\n", to_text(complaint));
    }

    Configuration const& configuration_;
    bool failed_{false};
};

/// What a program says of its version; nothing, and a complaint, when it can't be started.
std::optional<std::string> version_banner(std::string const& program, Findings& findings) {
    auto answer = os::capture({program, "-version"}, version_deadline);
    if (answer) return std::move(answer->output);
    auto const missing = answer.error().code == boost::system::errc::no_such_file_or_directory;
    findings.error_of_machine(
        fmt::format("{}: {}; install it: apt-get install ffmpeg", program,
                    missing ? "not found in PATH" : answer.error().code.message()));
    return {};
}

bool has_films(config::Config const& config) {
    return std::ranges::any_of(config.channels, [](config::Channel const& channel) {
        return std::ranges::find(channel.sources, config::Source::Kind::mpv,
                                 &config::Source::kind) != channel.sources.end();
    });
}

void check_mpv(Findings& findings) {
    auto const answer = os::capture({"mpv", "--no-config", "--version"}, version_deadline);
    if (!answer)
        findings.error_of_machine(
            fmt::format("mpv: {}; install it: apt-get install mpv", answer.error().code.message()));
}

void check_programs(Findings& findings) {
    (void)version_banner("ffprobe", findings); // its version is ffmpeg's
    auto const banner = version_banner("ffmpeg", findings);
    auto const version = banner ? workers::ffmpeg::parse_version(*banner) : std::nullopt;
    if (!version) return; // missing, which was said, or built from a commit that has no number
    if (auto const objection = workers::ffmpeg::objection_to(*version))
        findings.error_of_machine(*objection);
}

/// What is not as it should be with a file that holds a password; empty when all is.
std::string concern_about_password(fs::path const& file) {
    struct stat facts {};
    if (::stat(file.c_str(), &facts) != 0 || ::access(file.c_str(), R_OK) != 0)
        return fmt::format("\"{}\": {}; nothing goes to Icecast without it", file.string(),
                           fail_errno({}).code.message());
    if ((facts.st_mode & S_IROTH) != 0)
        return fmt::format("\"{0}\" can be read by everyone on this machine: chmod o= {0}",
                           file.string());
    return {};
}

/// Of URLs only warnings come: what is there may be another thing tomorrow.
class SourceChecks {
public:
    explicit SourceChecks(Findings& findings) : findings_(findings) {}

    void check(config::Source const& source, std::string const& key, seconds target_duration) {
        switch (source.kind) {
        case config::Source::Kind::test: return;
        case config::Source::Kind::file:
            if (auto wrong = complaint_about_file(source.location, target_duration); !wrong.empty())
                findings_.error(key + ".file", std::move(wrong));
            return;
        case config::Source::Kind::mpv:
            if (auto wrong = complaint_about_film(source); !wrong.empty())
                findings_.error(key + ".mpv", std::move(wrong));
            return;
        case config::Source::Kind::url:
            if (auto const concern = concern_about(source.location, target_duration);
                !concern.empty())
                findings_.warning(key + ".url", concern);
            return;
        }
    }

private:
    std::string concern_about(std::string const& url, seconds target_duration) {
        if (left_ <= milliseconds::zero())
            return fmt::format("not looked at: the URLs before it took {} s",
                               urls_deadline.count());
        auto const begin = std::chrono::steady_clock::now();
        auto concern =
            concern_about_url(url, target_duration, std::min<milliseconds>(left_, url_deadline));
        left_ -= std::chrono::ceil<milliseconds>(std::chrono::steady_clock::now() - begin);
        return concern;
    }

    Findings& findings_;
    milliseconds left_{urls_deadline};
};

void check_sources_and_files(config::Config const& config, Findings& findings) {
    if (auto const& token = config.http.token_file; token && ::access(token->c_str(), R_OK) != 0)
        findings.error("http.token_file",
                       fmt::format("\"{}\": {}", token->string(), fail_errno({}).code.message()));
    if (auto const& token = config.watch.token_file; token && ::access(token->c_str(), R_OK) != 0)
        findings.error("watch.token_file",
                       fmt::format("\"{}\": {}", token->string(), fail_errno({}).code.message()));
    SourceChecks sources(findings);
    for (std::size_t i = 0; i < config.channels.size(); ++i) {
        auto const& channel = config.channels[i];
        for (std::size_t j = 0; j < channel.sources.size(); ++j)
            sources.check(channel.sources[j], fmt::format("channels[{}].sources[{}]", i, j),
                          channel.target_duration);
        if (auto const& slate = channel.slate.file; slate && ::access(slate->c_str(), R_OK) != 0)
            findings.error(
                fmt::format("channels[{}].slate.file", i),
                fmt::format("\"{}\": {}", slate->string(), fail_errno({}).code.message()));
        if (!channel.icecast || !channel.icecast->password_file) continue;
        if (auto const concern = concern_about_password(*channel.icecast->password_file);
            !concern.empty())
            findings.warning(fmt::format("channels[{}].icecast.password_file", i), concern);
    }
}

void check_runtime_dir(config::Config const& config, Findings& findings) {
    auto const dir = runtime_dir_of(config.runtime_dir);
    if (dir != config.runtime_dir)
        findings.warning("runtime_dir", fmt::format("\"{}\" is not writable; using \"{}\"",
                                                    config.runtime_dir.string(), dir.string()));
    if (auto const note = os::tmpfs_note(dir); !note.empty()) findings.warning("runtime_dir", note);
    auto const facts = os::file_system_of(os::nearest_folder(dir));
    if (!facts) return;
    if (auto const note = complaint_about_budgets(config.channels, facts->size_bytes, dir.string());
        !note.empty())
        findings.warning("runtime_dir", note);
}

std::string praise(Configuration const& configuration) {
    std::string names;
    for (auto const& channel : configuration.config.channels)
        names += fmt::format("{}\"{}\"", names.empty() ? " (" : ", ", channel.name);
    auto const count = configuration.config.channels.size();
    return fmt::format("{}: ok: {} channel{}{}{}", configuration.file.string(), count,
                       count == 1 ? "" : "s", names, names.empty() ? "" : ")");
}

} // namespace

int check(Check const& options) {
    auto const configuration = load_configuration(options.file);
    if (!configuration) {
        print_problems(configuration.error());
        return os::exit_config;
    }
    Findings findings(*configuration);
    check_programs(findings);
    if (configuration->config.watch.enabled || has_films(configuration->config))
        check_mpv(findings);
    check_sources_and_files(configuration->config, findings);
    for (auto& [key, message] : complaints_about_assets(configuration->config))
        findings.error(std::move(key), std::move(message));
    auto livesim = check_livesim(configuration->config);
    if (!livesim.error.empty()) findings.error("livesim.root", std::move(livesim.error));
    for (auto const& warning : livesim.warnings)
        findings.warning("livesim.root", warning);
    check_runtime_dir(configuration->config, findings);
    if (findings.failed()) return os::exit_config;
    fmt::print("{}\n", praise(*configuration));
    return os::exit_ok;
}

} // namespace continuo::cli
