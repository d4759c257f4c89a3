// Answers that fail on purpose, so that players can show how they cope: which request fails, and
// how. Pure.
#pragma once

#include "http/dashlive/asset/asset.hpp"
#include "http/dashlive/options/options.hpp"
#include "http/dashlive/session/outages.hpp"
#include "http/dashlive/session/session.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace continuo::dashlive {

/// The status that statuscode_ has for the segment at `index` of `representation`; nothing where
/// none applies. Which segment of a cycle it is, is counted on the pictures' grid in media time:
/// the first is the one that begins first in the cycle.
std::optional<unsigned> status_fault(Asset const& asset, Options const& options,
                                     std::string_view representation, std::int64_t index);

/// A path behind the asset, and by which of the MPD's BaseURLs it was asked for.
struct Origin {
    TrafficSpan::State state{TrafficSpan::State::up};
    std::string_view path; ///< without "bu0/"
};

/// traffic_: the state of the BaseURL that `path` begins with; baseurl_: of the only one that the
/// options name. Errors: 404 for a BaseURL that isn't there.
Answer<Origin> origin_of(Options const& options, std::string_view path, DateTime now);

/// annexI_: what MPDs and pictures must be asked with. Errors: 400 naming the parameter.
Answer<> check_query(Options const& options, std::string_view query);

} // namespace continuo::dashlive
