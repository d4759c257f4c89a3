#include "workers/segment/input.hpp"

#include "core/hls/location.hpp"
#include "workers/segment/file_input.hpp"
#include "workers/segment/hls_input.hpp"
#include "workers/segment/loop_input.hpp"
#include "workers/segment/segment_intake.hpp"
#include "workers/segment/stream_input.hpp"
#include "workers/segment/udp_input.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace continuo::segment {
namespace {

constexpr int pipe_size = 256 * 1024; // where input waits: fewer wake-ups
/// What is read ahead is a piece more than it may be: no second of pictures that hardly change.
constexpr std::size_t paced_piece = 32 * 1024;

template <class Made>
std::unique_ptr<Input> input_of(Made&& made) {
    return std::make_unique<std::decay_t<Made>>(std::forward<Made>(made));
}

Result<std::unique_ptr<Input>> open_loop(std::filesystem::path const& path) {
    auto loop = LoopInput::open(path);
    if (!loop) return loop.error();
    return input_of(std::move(*loop));
}

Result<std::unique_ptr<Input>> open_udp(std::string const& location,
                                        std::optional<std::chrono::milliseconds> idle,
                                        WallClock::Time now) {
    auto const address = parse_udp_address(location);
    if (!address) return address.error();
    auto input = UdpInput::open(*address, idle, now);
    if (!input) return input.error();
    return input_of(std::move(*input));
}

/// Where it is a transport stream; nothing where it is a playlist, or not there (yet).
os::Descriptor open_transport_stream(std::string const& path) {
    os::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return {};
    std::array<std::uint8_t, 1024> head{};
    auto const count = ::pread(file.get(), head.data(), head.size(), 0);
    auto const bytes = std::span(head).first(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (format_of(bytes, /*is_all=*/true) != SegmentFormat::transport_stream) return {};
    return file;
}

} // namespace

Result<std::unique_ptr<Input>> open_input(Options const& options, WallClock const& clock,
                                          WallClock::Time now) {
    if (options.loop) return open_loop(*options.loop);
    if (!options.from || *options.from == standard_input) {
        if (options.lead) (void)::fcntl(STDIN_FILENO, F_SETPIPE_SZ, pipe_size); // no pipe, no gain
        return input_of(StreamInput(STDIN_FILENO, options.lead ? paced_piece : pipe_size));
    }
    auto const& location = *options.from;
    if (is_udp(location)) return open_udp(location, options.idle, now);
    if (!hls::is_http(location)) {
        if (auto file = open_transport_stream(location)) {
            return input_of(FileInput(location, std::move(file), options.replay));
        }
    }
    FollowRules const rules{.at = options.at,
                            .from_start = options.from_start,
                            .replay = options.replay,
                            .idle = options.idle};
    return std::unique_ptr<Input>(std::make_unique<HlsInput>(location, rules, clock, now));
}

} // namespace continuo::segment
