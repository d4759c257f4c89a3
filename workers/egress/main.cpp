// continuo-egress: the one way to the net for programs that fetch what strangers name. See --help.
#include "core/os/program.hpp"
#include "workers/egress/options.hpp"
#include "workers/egress/privileges.hpp"
#include "workers/egress/proxy.hpp"

#include <boost/asio/io_context.hpp>

#include <unistd.h>

#include <cstdio>

namespace {

/// A line for the supervisor, who reads along on stderr.
void tell(std::string const& text) {
    auto const line = text + '\n';
    (void)!::write(STDERR_FILENO, line.data(), line.size()); // nobody left to tell
}

} // namespace

int main(int count, char** arguments) {
    namespace os = continuo::os;
    namespace egress = continuo::egress;
    return os::run_main("continuo-egress", [&] {
        auto const parsed = egress::parse_options(
            {arguments + 1, static_cast<std::size_t>(count > 0 ? count - 1 : 0)});
        if (auto const* const message = std::get_if<egress::Message>(&parsed)) {
            std::fputs(message->text.c_str(), message->exit_code == 0 ? stdout : stderr);
            return message->exit_code;
        }
        if (auto const done = egress::give_up_privileges(); !done) {
            tell("continuo-egress: " + to_text(done.error()));
            return static_cast<int>(os::exit_system);
        }
        boost::asio::io_context loop;
        egress::SystemNetwork network(loop.get_executor());
        egress::Proxy proxy(loop, network, tell);
        if (auto const doors = proxy.open(std::get<egress::Options>(parsed)); !doors) {
            tell("continuo-egress: " + to_text(doors.error()));
            return static_cast<int>(os::exit_system);
        }
        loop.run();
        return static_cast<int>(os::exit_ok);
    });
}
