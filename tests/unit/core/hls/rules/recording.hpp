// A live ladder on paper, played to the verifier as its shell would: two variants without a fault,
// and a hook at every place where a test can break one thing.
#pragma once

#include "core/hls/rules/verifier.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace continuo::hls::rules {

/// When and for whom something is served.
struct Occasion {
    std::size_t variant{};
    std::chrono::duration<double> time{}; ///< since the channel's start; the verifier comes at 30 s
};

struct SegmentOccasion {
    std::size_t variant{};
    std::uint64_t number{};
    bool again{false}; ///< the fetch at the end of its retention
};

/// Segments of 4 s of MPEG-TS with numbers from 100, target duration 6 s, six in a list,
/// DISCONTINUITY on number 109; pictures of 40 ms.
struct Recording {
    static constexpr std::uint64_t first_number = 100;
    static constexpr std::uint64_t discontinuity_at = 109;

    std::chrono::duration<double> segment_time{4};
    std::chrono::seconds target_duration{6};
    std::size_t window{6};
    StreamKind second{StreamKind::variant}; ///< what the second one of the two is
    std::chrono::duration<double> arrival{30};
    std::chrono::duration<double> watched{60};

    std::function<void(MultivariantPlaylist&)> multivariant = [](auto&) {};
    /// The clock by which a variant publishes; to hold it back.
    std::function<std::chrono::duration<double>(Occasion)> clock = [](Occasion const& at) {
        return at.time;
    };
    std::function<void(MediaPlaylist&, Occasion)> playlist = [](auto&, auto) {};
    std::function<void(std::string&, Occasion)> text = [](auto&, auto) {};
    std::function<void(Response&, Occasion)> answer = [](auto&, auto) {};
    std::function<void(SegmentFacts&, SegmentOccasion)> facts = [](auto&, auto) {};
    /// Why a segment can't be measured, if it can't.
    std::function<Result<>(SegmentOccasion)> readable = [](auto) { return Result<>(); };
    std::function<void(Response&, SegmentOccasion)> segment = [](auto&, auto) {};
    /// The initialisation section, and what the shell made of it.
    std::function<void(Response&, Result<>&)> map = [](auto&, auto&) {};
    std::function<void(ProbeAnswers&)> probes = [](auto&) {};

    /// Everything that the verifier has to say of it.
    std::vector<Finding> play() const;
};

} // namespace continuo::hls::rules
