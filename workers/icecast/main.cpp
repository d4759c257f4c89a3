// continuo-icecast: the sound of a channel's segments for an Icecast server's listeners. See
// --help.
#include "core/os/program.hpp"
#include "workers/icecast/options.hpp"
#include "workers/icecast/player.hpp"
#include "workers/icecast/sender.hpp"

#include <cstdio>

int main(int count, char** arguments) {
    namespace os = continuo::os;
    namespace icecast = continuo::icecast;
    return os::run_main("continuo-icecast", [&] {
        auto parsed = icecast::parse_options(
            {arguments + 1, static_cast<std::size_t>(count > 0 ? count - 1 : 0)});
        if (auto const* const message = std::get_if<icecast::Message>(&parsed)) {
            std::fputs(message->text.c_str(), message->exit_code == 0 ? stdout : stderr);
            return message->exit_code;
        }
        if (auto* const options = std::get_if<icecast::SendOptions>(&parsed)) {
            icecast::Sender sender(std::move(*options));
            return sender.run();
        }
        icecast::Player player;
        return player.run();
    });
}
