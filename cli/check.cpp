#include "cli/check.hpp"

#include "cli/configuration.hpp"
#include "cli/media_facts.hpp"
#include "cli/space.hpp"
#include "core/os/capture.hpp"
#include "core/os/file.hpp"
#include "core/os/runtime_dir.hpp"
#include "workers/ffmpeg/version.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>

namespace continuo::cli {
namespace {

constexpr std::chrono::seconds probe_deadline{8};

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

Result<os::Captured> probe(std::string const& file) {
    return os::capture(
        {"ffprobe", "-hide_banner", "-v", "error", "-show_streams", "-of", "json", "file:" + file},
        probe_deadline);
}

/// What is wrong with a file as a source; empty when nothing is.
std::string complaint_about_file(std::string const& file) {
    if (::access(file.c_str(), R_OK) != 0)
        return fmt::format("\"{}\": {}", file, fail_errno({}).code.message());
    auto const probed = probe(file);
    if (!probed && probed.error().code == boost::system::errc::timed_out)
        return fmt::format("\"{}\" could not be examined in {} s", file, probe_deadline.count());
    if (!probed) return {}; // there is no ffprobe: said once, of the machine
    auto const facts = parse_media_facts(probed->output);
    if (probed->exit_code != 0 || !facts)
        return fmt::format("\"{}\" is no media file that ffmpeg can read", file);
    return complaint_about_source(*facts, file);
}

/// What a program says of its version; nothing, and a complaint, when it can't be started.
std::optional<std::string> version_banner(std::string const& program, Findings& findings) {
    auto answer = os::capture({program, "-version"}, probe_deadline);
    if (answer) return std::move(answer->output);
    auto const missing = answer.error().code == boost::system::errc::no_such_file_or_directory;
    findings.error_of_machine(
        fmt::format("{}: {}; install it: apt-get install ffmpeg", program,
                    missing ? "not found in PATH" : answer.error().code.message()));
    return {};
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

void check_files(config::Config const& config, Findings& findings) {
    if (auto const& token = config.http.token_file; token && ::access(token->c_str(), R_OK) != 0)
        findings.error("http.token_file",
                       fmt::format("\"{}\": {}", token->string(), fail_errno({}).code.message()));
    for (std::size_t i = 0; i < config.channels.size(); ++i) {
        auto const& channel = config.channels[i];
        for (std::size_t j = 0; j < channel.sources.size(); ++j) {
            if (channel.sources[j].kind != config::Source::Kind::file) continue;
            auto wrong = complaint_about_file(channel.sources[j].location);
            if (!wrong.empty())
                findings.error(fmt::format("channels[{}].sources[{}].file", i, j),
                               std::move(wrong));
        }
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
    check_files(configuration->config, findings);
    check_runtime_dir(configuration->config, findings);
    if (findings.failed()) return os::exit_config;
    fmt::print("{}\n", praise(*configuration));
    return os::exit_ok;
}

} // namespace continuo::cli
