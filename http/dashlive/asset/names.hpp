// What an MPD on disk calls the files of an asset: BaseURL and templates resolved to paths. Pure.
#pragma once

#include "core/dash/element.hpp"
#include "http/storage/refusal.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace continuo::dashlive {

/// What relative references are seen from in `element`: its first BaseURL, seen from `base` (a path
/// of the same kind: whatever stands behind the last slash counts for nothing). Refused: absolute
/// ones, and what leads out of the asset's folder.
storage::Accepted<std::string> base_below(std::string_view base, dash::Element const& element);

/// A Representation's own identifiers.
struct TrackName {
    std::string_view id;
    std::uint64_t bandwidth_bps{};
};

/// `text` (@media, @initialization) as a path from the asset's folder on, decoded, with nothing but
/// $Number$ and $Time$ left in it. Refused: what `storage::path_of` refuses.
storage::Accepted<std::string> name_template(std::string_view base, std::string_view text,
                                             TrackName const& track);

/// The same template as an MPD has it.
std::string uri_of_template(std::string_view name);

/// "m4s" of "V300/$Number$.m4s"; empty where there is none.
std::string extension_of(std::string_view name);

} // namespace continuo::dashlive
