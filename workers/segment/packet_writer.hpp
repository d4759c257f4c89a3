// The packets of a run's segments on their way into the output: numbered, none twice; and what they
// tell of the sound.
#pragma once

#include "core/base/ticks.hpp"
#include "workers/segment/output.hpp"
#include "workers/segment/stream_map.hpp"
#include "workers/segment/track_counters.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace continuo::segment {

/// One run's.
class PacketWriter {
public:
    /// `packet` (its bytes: `bytes`) of a kept PID.
    void write(mpegts::Packet const& packet, mpegts::PacketBytes bytes, Streams const& streams,
               Output& output);
    /// The short way for most packets, in the middle of their units: writes those at the beginning
    /// of `packets` that can go it, and returns their size in bytes. They must stay where they are
    /// until `keep_latest`.
    std::size_t write_plain(std::span<std::uint8_t const> packets, StreamMap const& map,
                            Output& output);
    void keep_latest() noexcept { counters_.keep_latest(); }

    /// A packet in front of the first picture, as sound may be: it follows that picture's first
    /// packet, with which the segment has to begin.
    void keep_early(mpegts::PacketBytes bytes);
    void drop_early() noexcept { early_.clear(); }

    /// RFC 6381; empty while no sound told.
    std::string const& audio_codecs() const noexcept { return audio_codecs_; }
    /// How long the latest unit of leading audio is by its frames; 0 where they can't be counted.
    Ticks90k sound_length(Streams const& streams) const noexcept;
    /// What follows may be of other streams.
    void forget_sound();

private:
    void read_sound(mpegts::Packet const& packet, Streams const& streams, Output& output);
    bool is_plain(mpegts::PacketBytes bytes, StreamMap const& map) noexcept;

    TrackCounters counters_;
    std::vector<std::uint8_t> early_;
    std::string audio_codecs_;
    std::vector<std::uint8_t> sound_; ///< the latest unit of leading audio, as far as it has come
};

} // namespace continuo::segment
