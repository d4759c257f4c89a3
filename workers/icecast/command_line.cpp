#include "workers/icecast/command_line.hpp"

#include <utility>

namespace continuo::workers::icecast {
namespace {

Command command(std::string const& executable, std::vector<std::string> arguments) {
    return {
        .name = "continuo-icecast", .executable = executable, .arguments = std::move(arguments)};
}

} // namespace

Command play(std::string const& executable) {
    return command(executable, {"play"});
}

Command send(std::string const& executable, SendOptions const& options) {
    auto const& icecast = options.icecast;
    auto const is_mp3 = icecast.format == config::Icecast::Format::mp3;
    return command(executable, {"send", "--host", icecast.host, "--port",
                                std::to_string(icecast.port), "--mount", icecast.mount,
                                "--password-file", icecast.password_file.value_or("").string(),
                                "--title-file", options.title_file.string(), "--content-type",
                                is_mp3 ? "audio/mpeg" : "audio/aac", "--name", options.channel,
                                "--bitrate", std::to_string(icecast.bitrate_bps / 1000)});
}

} // namespace continuo::workers::icecast
