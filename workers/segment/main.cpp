// continuo-segment: transport stream in, run directory (and consumers) out. See --help.
#include "core/os/program.hpp"
#include "workers/segment/options.hpp"
#include "workers/segment/worker.hpp"

#include <malloc.h>

#include <cstdio>

namespace {

/// GOPs come and go by the megabyte: memory that is kept needs no page faults for the next one.
void keep_freed_memory() {
    constexpr int more_than_any_log_frees = 64 << 20;
    mallopt(M_MMAP_THRESHOLD, more_than_any_log_frees / 2);
    mallopt(M_TRIM_THRESHOLD, more_than_any_log_frees);
}

} // namespace

int main(int count, char** arguments) {
    namespace os = continuo::os;
    namespace segment = continuo::segment;
    keep_freed_memory();
    return os::run_main("continuo-segment", [&] {
        auto parsed = segment::parse_options(
            {arguments + 1, static_cast<std::size_t>(count > 0 ? count - 1 : 0)});
        if (auto const* const message = std::get_if<segment::Message>(&parsed)) {
            std::fputs(message->text.c_str(), message->exit_code == 0 ? stdout : stderr);
            return message->exit_code;
        }
        segment::WallClock const clock{.steady = std::chrono::steady_clock::now(),
                                       .wall = std::chrono::floor<std::chrono::microseconds>(
                                           std::chrono::system_clock::now())};
        segment::Worker worker(std::move(std::get<segment::Options>(parsed)), clock);
        return worker.run();
    });
}
