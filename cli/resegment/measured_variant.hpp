// The multivariant playlist of an input that came without one: measured while it is cut. Pure.
#pragma once

#include "core/contract/run_directory.hpp"

#include <cstdint>
#include <string>

namespace continuo::cli::resegment {

class MeasuredVariant {
public:
    void add(contract::SegmentLine const& line);
    /// It lists 0/index.m3u8, with what the segments so far were like.
    std::string master() const;

private:
    contract::VideoFacts video_;
    std::string audio_codecs_;
    std::uint64_t bytes_{};
    Ticks90k duration_{};
    std::uint64_t peak_bps_{};
};

} // namespace continuo::cli::resegment
