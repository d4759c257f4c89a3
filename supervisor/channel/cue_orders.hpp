// Cues that people ask for by hand, from the order until the list has them: checks them before
// anything is written, says what the source's segmenter has to be told, and tells the next run
// again where one ended in between.
#pragma once

#include "core/base/result.hpp"
#include "core/contract/cue_request.hpp"
#include "core/timeline/breaks.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace continuo::supervisor {

/// Pure; owned by the channel.
class CueOrders {
public:
    using SteadyTime = std::chrono::steady_clock::time_point;
    using milliseconds = std::chrono::milliseconds;

    static constexpr std::size_t limit = 64; ///< waiting at a time
    /// So long after its splice an order is waited for; encoders and read-ahead take some seconds.
    static constexpr auto patience = std::chrono::seconds{60};

    /// What is on air when an order comes.
    struct Situation {
        bool source_on_air{false};
        std::optional<timeline::BreakMark> open{}; ///< the break that the newest segment is in
        std::optional<Ticks90k> newest{}; ///< where that segment ends, on the source's clock
        milliseconds lag{};               ///< so far the source's newest picture is ahead of it
    };
    /// What the order became.
    struct Accepted {
        timeline::Cue::Kind kind{};
        std::uint32_t event_id{};
    };
    /// Errors: `Errc::conflict` where no source is on air, where there is no break that could end
    /// or one in the way, or where the splice time is past; `Errc::malformed` for a section that is
    /// none or asks for no break; the context is a sentence for people.
    Result<Accepted> accept(contract::CueRequest const& request, Situation const& situation,
                            SteadyTime now);

    /// Whether a segment that begins with this section is there, and not listed yet.
    using IsAwaited = std::function<bool(std::string const& section)>;
    /// The lines for the cue file of `run`, which is on air: what was not asked of it yet.
    std::vector<std::string> lines_for(std::string const& run, SteadyTime now,
                                       IsAwaited const& is_awaited);

    /// Cues and marks of a segment that was listed: what was ordered is done.
    void on_listed(std::span<timeline::Cue const> cues, std::span<timeline::BreakMark const> marks);

    /// Orders that no segment came for in time, a line each; they are forgotten.
    std::vector<std::string> take_expired(SteadyTime now, IsAwaited const& is_awaited);

    std::size_t waiting() const noexcept { return orders_.size(); }

private:
    struct Order {
        Accepted what;
        std::string section;                 ///< base64
        std::optional<milliseconds> planned; ///< after which it ends by itself
        SteadyTime due{};
        std::string run; ///< that was asked last; empty: none yet
    };
    /// A break as it will be at some time.
    struct Ahead {
        std::uint32_t event_id{};
        std::optional<SteadyTime> ends; ///< by itself
    };

    std::optional<Ahead> break_at(SteadyTime time, Situation const& situation,
                                  SteadyTime now) const;
    static Result<> check(Order const& order, std::optional<Ahead> const& current,
                          milliseconds lag);
    Result<> name_and_write(Order& order, contract::CueRequest const& request,
                            std::optional<Ahead> const& current) const;
    static Result<Order> read_section(contract::CueRequest const& request,
                                      Situation const& situation, SteadyTime now);

    std::vector<Order> orders_;      ///< by the time of their splices
    std::uint32_t last_event_id_{0}; ///< used in this channel, by whomever
};

} // namespace continuo::supervisor
