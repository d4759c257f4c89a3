// The sound as ffmpeg gets it: a transport stream of one audio stream, whose PIDs and clock never
// change, whatever the segments' do.
#pragma once

#include "workers/icecast/audio_track.hpp"

#include <cstdint>
#include <vector>

namespace continuo::icecast {

/// Pure; one for each life of the decoder behind it.
class AudioWriter {
public:
    explicit AudioWriter(AudioFormat const& format);

    /// Appends `unit` in whole packets, at `time` of the stream's own clock.
    void append(AudioUnit const& unit, Ticks90k time, std::vector<std::uint8_t>& out);

private:
    void append_tables(std::vector<std::uint8_t>& out);

    std::vector<std::uint8_t> pat_;
    std::vector<std::uint8_t> pmt_;
    unsigned pat_counter_{};
    unsigned pmt_counter_{};
    unsigned audio_counter_{};
    unsigned units_until_tables_{};
};

/// A frame without any sound, and how long it lasts.
AudioUnit silent_aac_frame();
inline constexpr Ticks90k silent_frame_length{1'920}; // 1024 samples at 48 kHz

} // namespace continuo::icecast
