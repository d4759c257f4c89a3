// The head of the way to Icecast: paths of segments in on stdin, their sound out on stdout, at the
// pace of the clock.
#pragma once

#include "workers/icecast/audio_track.hpp"
#include "workers/icecast/playout.hpp"
#include "workers/icecast/waiting_segments.hpp"

#include <fstream>
#include <vector>

namespace continuo::icecast {

/// One per process. Never blocks on what is behind it: a decoder that takes nothing for 10 s is
/// taken for dead.
class Player {
public:
    using Clock = std::chrono::steady_clock;

    /// Until stdin has ended and all is played (`os::exit_ok`), or the decoder can't go on
    /// (`os::exit_source_broke`: start both anew), or is dead (`os::exit_system`).
    int run();

private:
    void wait();
    void read_paths();
    void read_sound();
    void read_chunk();
    void open_segment(std::filesystem::path const& segment);
    void write_sound();
    bool is_stuck() const;
    bool has_ended() const;

    WaitingSegments waiting_;
    AudioTrack track_;
    std::filesystem::path segment_;
    std::ifstream file_;
    bool has_sound_{false}; ///< the segment that is read
    std::vector<char> buffer_;
    Playout playout_{Clock::now()};
    std::vector<std::uint8_t> output_; ///< not taken yet
    Clock::time_point last_taken_{Clock::now()};
    bool paths_ended_{false};
    bool reader_is_gone_{false};
};

} // namespace continuo::icecast
