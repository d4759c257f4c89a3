#include "core/hls/cue_style.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace continuo::hls {
namespace {

constexpr std::array<std::pair<CueStyle, std::string_view>, 4> names{
    {{CueStyle::x_cue, "x_cue"},
     {CueStyle::x_scte35, "x_scte35"},
     {CueStyle::x_daterange, "x_daterange"},
     {CueStyle::x_splicepoint, "x_splicepoint"}}};

} // namespace

std::string_view to_text(CueStyle style) noexcept {
    return std::ranges::find(names, style, &std::pair<CueStyle, std::string_view>::first)->second;
}

std::optional<CueStyle> cue_style_of(std::string_view name) noexcept {
    auto const* const found =
        std::ranges::find(names, name, &std::pair<CueStyle, std::string_view>::second);
    if (found == names.end()) return std::nullopt;
    return found->first;
}

} // namespace continuo::hls
