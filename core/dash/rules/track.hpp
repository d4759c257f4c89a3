// One representation over time: which of its segments the shell has to ask for and when, and the
// rules about what it got.
#pragma once

#include "core/dash/rules/segments.hpp"
#include "core/hls/rules/finding.hpp"
#include "core/hls/rules/observation.hpp"
#include "core/media/segment_facts.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace continuo::dash::rules {

using hls::rules::Content;
using hls::rules::Remarks;
using hls::rules::Response;
using media::SegmentFacts;

enum class Purpose : std::uint8_t {
    listed,   ///< it is there
    early,    ///< it is not there yet
    retained, ///< it is there still
    base,     ///< it is there at another base URL, too
};

/// What to ask for, and when; times on the server's clock.
struct Fetch {
    Purpose purpose{Purpose::listed};
    Segment segment;
    std::size_t base{}; ///< which of the alternatives
    WallTime due{};
    /// `early`: when it is available; `retained`: up to when, where that is known.
    std::optional<WallTime> limit;
};

/// Rules D5, D6 and, of base URLs, D12.
class Track {
public:
    explicit Track(std::string name) : name_(std::move(name)) {}

    std::string const& name() const noexcept { return name_; }

    /// Plans what to ask for, as `strand` has it at `now`.
    void look(Strand const& strand, WallTime now);
    /// What is due by `now`, each once; with `everything` also what has to be there still.
    std::vector<Fetch> take_due(WallTime now, bool everything);
    /// When there is something due next.
    std::optional<WallTime> next_due() const noexcept;

    /// The answer to `fetch`; `asked` and `at` on the server's clock. `facts`: what was measured in
    /// the body, or why that could not be.
    Remarks saw(Fetch const& fetch, Response const& response, WallTime asked, WallTime at,
                Result<SegmentFacts> const& facts);

private:
    struct Record {
        Segment segment;
        std::optional<WallTime> until;
        std::optional<SegmentFacts> facts;
        std::optional<Content> content;
        bool asked_again{false};
    };

    void plan_first(Strand const& strand, std::vector<Segment> const& segments, WallTime now);
    void plan_early(Strand const& strand, std::vector<Segment> const& segments, WallTime now);
    void plan_fetch(Strand const& strand, Segment const& segment, WallTime due);
    Remarks saw_listed(Fetch const& fetch, Response const& response,
                       Result<SegmentFacts> const& facts);
    Remarks check_times(Record const& record) const;
    Remarks check_neighbours(Record const& record, Record const& next) const;

    std::string name_;
    std::uint32_t timescale_{1}; ///< of the MPD's times
    bool is_timeline_{false};
    std::optional<Segment> newest_;
    bool early_planned_{false};
    std::map<std::uint64_t, Record> records_; ///< by time
    std::vector<Fetch> pending_;
    std::optional<WallTime> wake_; ///< a segment that the clock alone brings
};

} // namespace continuo::dash::rules
