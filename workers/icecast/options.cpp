#include "workers/icecast/options.hpp"

#include "core/os/program.hpp"

#include <CLI/CLI.hpp>

#include <vector>

namespace continuo::icecast {

std::variant<PlayOptions, SendOptions, Message>
parse_options(std::span<char const* const> arguments) {
    CLI::App app("Brings the sound of a channel's segments to an Icecast server:\n"
                 "continuo-icecast play | ffmpeg ... | continuo-icecast send ...",
                 "continuo-icecast");
    app.set_version_flag("--version", "continuo-icecast " CONTINUO_VERSION);
    app.require_subcommand(1);
    auto* const play = app.add_subcommand(
        "play", "Paths of segments on stdin, a line each; their sound on stdout as a transport "
                "stream, at the pace of the clock.");
    auto* const send = app.add_subcommand("send", "Encoded sound on stdin, to an Icecast server.");
    SendOptions options;
    send->add_option("--host", options.server.host, "of the Icecast server")->required();
    send->add_option("--port", options.server.port)->capture_default_str();
    send->add_option("--mount", options.server.mount, "as in /stream.mp3")->required();
    send->add_option("--password-file", options.password_file,
                     "holds the password for sources in its first line")
        ->required();
    send->add_option("--title-file", options.title_file,
                     "holds the title that listeners see; looked at twice a second");
    send->add_option("--content-type", options.stream.content_type)->capture_default_str();
    send->add_option("--name", options.stream.name, "of the stream");
    send->add_option("--bitrate", options.stream.bitrate_kbps, "in kbit/s, as listeners are told")
        ->capture_default_str();
    app.footer(
        "Exit codes: 0 input ended, 64 usage, 71 the decoder is stuck, 75 the sound's codec\n"
        "changes: start anew.");
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        app.parse(std::move(reversed));
    } catch (CLI::CallForHelp const&) {
        return Message{app.help("", CLI::AppFormatMode::All), os::exit_ok};
    } catch (CLI::CallForVersion const&) {
        return Message{"continuo-icecast " CONTINUO_VERSION "\n", os::exit_ok};
    } catch (CLI::ParseError const& error) {
        return Message{std::string("continuo-icecast: ") + error.what() + " (see --help)\n",
                       os::exit_usage};
    }
    if (play->parsed()) return PlayOptions{};
    return options;
}

} // namespace continuo::icecast
