// What the command lines of ffmpeg have in common. Inside this room only.
#pragma once

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::workers::ffmpeg {

using Arguments = std::vector<std::string>;

inline void append(Arguments& arguments, std::initializer_list<std::string> more) {
    arguments.insert(arguments.end(), more);
}

/// How it speaks, and that it asks nobody.
Arguments preamble();

/// "61.500".
std::string in_seconds(std::chrono::milliseconds time);

/// TS out, timestamps as they came in: none of the muxer's own offsets, waits and bundles.
void append_ts_output(Arguments& arguments, std::string_view interleave_us);

} // namespace continuo::workers::ffmpeg
