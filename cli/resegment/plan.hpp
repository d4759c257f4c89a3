// What there is to be done: from the text of the input's playlist to one job per media playlist,
// and to the new multivariant playlist. Pure.
#pragma once

#include "core/base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::cli::resegment {

/// One media playlist to be cut again, into the folder of its number.
struct Job {
    std::string input; ///< where it is: path or URL
    bool has_video{true};
    bool is_rendition{false}; ///< EXT-X-MEDIA: nothing can stand in for it

    friend bool operator==(Job const&, Job const&) = default;
};

struct Plan {
    std::vector<Job> jobs; ///< variants first, in the order of the playlist
    std::size_t leader{};  ///< the job whose segments all others follow: the first with video
    std::string master;    ///< the new multivariant playlist; empty where the input is no ladder
    std::vector<std::string> announcements; ///< a JSON object for each stream of the ladder
    std::vector<std::string> remarks;       ///< what is not done, a line each
};

/// The ladder that the multivariant playlist `text` at `location` lists. A media playlist that it
/// names more than once is cut once; subtitles stay where they are.
/// Errors: `Errc::malformed`, `Errc::unsupported`.
Result<Plan> plan_of_ladder(std::string_view text, std::string const& location);

/// A media playlist or a transport stream.
Plan plan_of_single(std::string const& input);

/// The variant whose segment stands in for that of `variant`, of those that have one: the nearest.
/// Nothing where none can, as for a rendition.
std::optional<std::size_t> stand_in_for(std::size_t variant, std::vector<Job> const& jobs,
                                        std::vector<bool> const& has_one);

} // namespace continuo::cli::resegment
