// How long a source may go on without a picture before it is given up.
#pragma once

#include "core/base/ticks.hpp"
#include "core/mpegts/packet.hpp"

#include <cstdint>
#include <optional>

namespace continuo::segment {

/// Watches packets while no picture has come; time is that of PCR and of any PTS.
class StartWatch {
public:
    static constexpr Ticks90k max_time{5 * 90'000};
    static constexpr std::uint64_t max_bytes = 10u << 20;

    void take(mpegts::Packet const& packet);
    bool is_over() const noexcept;
    /// There was at least one timestamp: it is a transport stream with something in it.
    bool has_seen_time() const noexcept { return pcr_.first || pts_.first; }

private:
    struct Clock {
        std::optional<Ticks90k> first;
        Ticks90k passed{};
        void take(Ticks90k time) noexcept;
    };
    Clock pcr_;
    Clock pts_;
    std::uint64_t bytes_{};
};

} // namespace continuo::segment
