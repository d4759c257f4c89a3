#include "core/dash/schema_order.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace continuo::dash {
namespace {

using Names = std::span<std::string_view const>;

constexpr std::array<std::string_view, 15> in_mpd{
    "ProgramInformation",
    "BaseURL",
    "Location",
    "PatchLocation",
    "ServiceDescription",
    "InitializationSet",
    "InitializationGroup",
    "InitializationPresentation",
    "ContentProtection",
    "Period",
    "Metrics",
    "EssentialProperty",
    "SupplementalProperty",
    "UTCTiming",
    "LeapSecondInformation",
};
constexpr std::array<std::string_view, 15> in_period{
    "ImportedMPD",        "BaseURL",         "SegmentBase",  "SegmentList",
    "SegmentTemplate",    "AssetIdentifier", "EventStream",  "ServiceDescription",
    "ContentProtection",  "AdaptationSet",   "Subset",       "SupplementalProperty",
    "EmptyAdaptationSet", "GroupLabel",      "Preselection",
};
/// Of AdaptationSet and Representation, each of which has a part of them.
constexpr std::array<std::string_view, 27> in_set{
    "FramePacking",
    "AudioChannelConfiguration",
    "ContentProtection",
    "OutputProtection",
    "EssentialProperty",
    "SupplementalProperty",
    "InbandEventStream",
    "Switching",
    "RandomAccess",
    "GroupLabel",
    "Label",
    "ProducerReferenceTime",
    "ContentPopularityRate",
    "Resync",
    "SegmentSequenceProperties",
    "Accessibility",
    "Role",
    "Rating",
    "Viewpoint",
    "ContentComponent",
    "BaseURL",
    "ExtendedBandwidth",
    "SubRepresentation",
    "SegmentBase",
    "SegmentList",
    "SegmentTemplate",
    "Representation",
};

Names order_in(std::string_view parent) noexcept {
    if (parent == "MPD") return in_mpd;
    if (parent == "Period") return in_period;
    if (parent == "AdaptationSet" || parent == "Representation") return in_set;
    return {};
}

std::optional<std::ptrdiff_t> rank_in(Names order, std::string_view name) noexcept {
    auto const found = std::find(order.begin(), order.end(), local_name(name));
    if (found == order.end()) return std::nullopt;
    return found - order.begin();
}

} // namespace

Element& insert_child(Element& parent, Element child) {
    auto const order = order_in(local_name(parent.name));
    auto const rank = rank_in(order, child.name);
    auto& children = parent.children;
    auto place = children.end();
    if (rank) {
        auto const comes_later = [&](Element const& other) {
            auto const others = rank_in(order, other.name);
            return others && *others > *rank;
        };
        place = std::find_if(children.begin(), children.end(), comes_later);
    }
    return *children.insert(place, std::move(child));
}

} // namespace continuo::dash
