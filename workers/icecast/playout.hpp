// What listeners hear next, and when: the segments' sound at the pace of the clock, silence where
// there is none.
#pragma once

#include "workers/icecast/audio_writer.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace continuo::icecast {

/// Pure. Sound follows sound without a gap, whatever the timestamps do between two sources; they
/// only tell how long each unit lasts. Segments come when they are listed: one that is longer than
/// the one before comes late by the difference, so the clock starts with a reserve, and what is
/// later still moves the clock, once.
class Playout {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::seconds reserve{2};
    /// Later than this moves the clock; until then the delay is made up for.
    static constexpr std::chrono::milliseconds tolerance{500};
    /// Without any sound for so long, silence begins: Icecast drops a source that says nothing for
    /// 10 s (its source-timeout).
    static constexpr std::chrono::seconds patience{6};

    explicit Playout(Time now);

    void add(Time now, AudioFormat const& format, std::vector<AudioUnit> units);
    bool has_sound() const noexcept { return !units_.empty(); }
    /// A segment had no sound at all: silence need not be waited for.
    void expect_silence() noexcept { is_silent_ = true; }

    /// When `write_next` is to be called.
    Time due() const;
    /// Appends the next unit as transport stream: sound, or a frame of silence.
    void write_next(Time now, std::vector<std::uint8_t>& out);

    /// Why the decoder behind can't take what comes next, in words; empty while it can.
    std::string const& change() const noexcept { return change_; }

private:
    void use(AudioFormat const& format);
    Ticks90k next_position() const;
    Time time_of(Ticks90k position) const;

    std::deque<AudioUnit> units_;
    std::optional<AudioFormat> format_;
    std::optional<AudioWriter> writer_;
    Time began_;                       ///< when position 0 is due
    Time last_sound_;                  ///< when it was written, or all began
    std::optional<Ticks90k> position_; ///< of the unit written last
    std::optional<Ticks90k> pts_;      ///< the same in its segment's time; nothing for silence
    Ticks90k usual_length_{silent_frame_length};
    bool is_silent_{false}; ///< until sound comes
    std::string change_;
};

} // namespace continuo::icecast
