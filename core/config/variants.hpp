// A channel's `variants:` -> the qualities it is shown in. Inside this room only.
#pragma once

#include "core/config/section.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace continuo::config {

inline constexpr std::size_t max_variants = 16;
inline constexpr Range height_range{"64", "4320"};
inline constexpr Range video_bitrate_range{"50k", "200M"};
inline constexpr Range audio_bitrate_range{"16k", "512k"};

/// The name that a channel or variant needs; empty, and a complaint, when there is none or it can't
/// stand in a URL.
std::string read_name(Section const& section);

/// Complains about names that stand twice, and about a second copy. `entries`: where `variants`
/// stand.
void check_variants(std::vector<Variant> const& variants, std::vector<Entry> const& entries,
                    Problems& problems);

/// The variants of the channel `section`: a mere copy where it has no such key. `preset` is for
/// those that name none.
std::vector<Variant> read_variants(Section const& section, std::string const& preset,
                                   Problems& problems);

} // namespace continuo::config
