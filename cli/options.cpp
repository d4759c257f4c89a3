#include "cli/options.hpp"

#include "cli/completion.hpp"
#include "core/base/stream_url.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <sstream>
#include <vector>

namespace continuo::cli {
namespace {

constexpr auto description = "Live streams that do not stop.";
constexpr auto footer = "FILE and --config: ./config.yaml where there is one, else "
                        "/etc/continuo/config.yaml.\n"
                        "Exit codes: 0 done, 64 wrong usage, 69 no daemon answers, 71 the system "
                        "refused, 78 wrong configuration.";

fs::path path_from(std::string const& text) {
    return text;
}

CLI::Option* add_config(CLI::App& command, ConfigFile& into) {
    return command
        .add_option_function<std::string>(
            "--config", [&into](std::string const& file) { into = path_from(file); },
            "the configuration")
        ->type_name("FILE");
}

/// As CLI11 wants it: empty when nothing is wrong.
std::string objection_to_stream_url(std::string const& url) {
    auto const checked = check_stream_url(url);
    return checked ? std::string() : checked.error().context;
}

/// The subcommands, each with the options it fills; `chosen` is what the last one parsed stands
/// for.
class Commands {
public:
    Commands() {
        app_.require_subcommand(1);
        app_.set_version_flag("--version", "continuo " CONTINUO_VERSION);
        app_.footer(footer);
        add_run();
        add_check();
        add_status();
        add_restart();
        add_switch();
        add_reload();
        add_verify(app_,
                   [this](VerifyOptions const& verify) { chosen_ = [verify] { return verify; }; });
        resegment::add_command(app_, [this](resegment::Options const& resegment) {
            chosen_ = [resegment] { return resegment; };
        });
        add_analyze(app_, [this](AnalyzeOptions const& analysis) {
            chosen_ = [analysis] { return analysis; };
        });
        auto& cue = add_cue(app_, [this](CueOptions const& options) {
            chosen_ = [options] {
                return std::visit([](auto const& one) -> Options { return one; }, options);
            };
        });
        add_cue_order(cue, [this](CueOrder const& order) { chosen_ = [order] { return order; }; });
        add_completion();
    }

    Options parse(int argc, char const* const* argv) {
        try {
            app_.parse(argc, argv);
            return chosen_();
        } catch (CLI::ParseError const& error) {
            std::ostringstream output, errors;
            auto const asked_for_help = app_.exit(error, output, errors) == 0;
            return Answer{asked_for_help ? os::exit_ok : os::exit_usage, output.str(),
                          errors.str()};
        }
    }

private:
    CLI::App* add(char const* name, char const* what, std::function<Options()> choice) {
        auto* const command = app_.add_subcommand(name, what);
        command->callback([this, choice = std::move(choice)] { chosen_ = choice; });
        return command;
    }

    void add_run() {
        auto* const command = add("run", "Put the channels on air: daemon and HTTP together",
                                  [this] { return run_; });
        auto* const config = add_config(*command, run_.config);
        command
            ->add_flag(
                "--from-env", run_.from_env,
                "the channel \"live\" of environment variables alone: API_URL, MUX_MODE, ...")
            ->excludes(config);
        command->footer("Ctrl-C stops both, SIGHUP makes both read the file again.");
    }

    void add_check() {
        auto* const command = add("check", "Say everything that is wrong with a configuration",
                                  [this] { return check_; });
        command
            ->add_option_function<std::string>(
                "FILE", [this](std::string const& file) { check_.file = path_from(file); },
                "the configuration")
            ->type_name("");
        command->footer("Exit codes: 0 it can be used (there may be warnings), 78 it can not.");
    }

    void add_status() {
        auto* const command =
            add("status", "Show what the channels are doing", [this] { return status_; });
        add_config(*command, status_.config);
        command->add_flag("--json", status_.json, "as the daemon says it, for programs");
        command->footer("Exit codes: 0 a daemon answered, 69 none did.");
    }

    void add_restart() {
        auto* const command = add("restart", "Start a channel anew, and forget that it failed",
                                  [this] { return restart_; });
        command->add_option("CHANNEL", restart_.channel, "its name in the configuration")
            ->required()
            ->type_name("");
        add_config(*command, restart_.config);
    }

    void add_switch() {
        auto* const command =
            add("switch", "Put another stream on air, on a channel that follows a playhead",
                [this] { return switch_; });
        command->add_option("CHANNEL", switch_.channel, "its name in the configuration")
            ->required()
            ->type_name("");
        command->add_option("URL", switch_.url, "the stream's playlist, by http or https")
            ->required()
            ->type_name("")
            ->check(objection_to_stream_url);
        add_config(*command, switch_.config);
        command->footer("What is on air stays until the new stream is ready; `continuo status` "
                        "tells how it went. The next head of the API takes over again.");
    }

    void add_reload() {
        auto* const command = add("reload", "Make the daemon read its configuration again",
                                  [this] { return reload_; });
        add_config(*command, reload_.config);
        command->footer(
            "A file with mistakes changes nothing. HTTP reads it again on SIGHUP, which "
            "`continuo run` and systemd pass on.");
    }

    void add_completion() {
        auto* const command = add("completion", "Print a completion script for a shell",
                                  [this] { return completion_; });
        command->add_option("SHELL", completion_.shell, "bash, zsh or fish")
            ->required()
            ->type_name("")
            ->check(CLI::IsMember(completion_shells()));
        command->footer("bash: source <(continuo completion bash)\n"
                        "zsh:  source <(continuo completion zsh)\n"
                        "fish: continuo completion fish | source");
    }

    CLI::App app_{description, "continuo"};
    std::function<Options()> chosen_;
    Run run_;
    Check check_;
    Status status_;
    Restart restart_;
    Switch switch_;
    Reload reload_;
    Completion completion_;
};

} // namespace

Options parse_arguments(int argc, char const* const* argv) {
    return Commands().parse(argc, argv);
}

} // namespace continuo::cli
