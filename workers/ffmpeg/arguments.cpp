#include "workers/ffmpeg/arguments.hpp"

#include <fmt/format.h>

namespace continuo::workers::ffmpeg {

Arguments preamble() {
    return {"-hide_banner", "-nostdin", "-nostats", "-loglevel", "repeat+level+warning"};
}

std::string in_seconds(std::chrono::milliseconds time) {
    return fmt::format("{:.3f}", static_cast<double>(time.count()) / 1000);
}

void append_ts_output(Arguments& arguments, std::string_view interleave_us) {
    append(arguments, {"-f", "mpegts", "-mpegts_copyts", "1", "-flush_packets", "1",
                       "-max_interleave_delta", std::string(interleave_us), "-pes_payload_size",
                       "0", "-avoid_negative_ts", "disabled", "pipe:1"});
}

} // namespace continuo::workers::ffmpeg
