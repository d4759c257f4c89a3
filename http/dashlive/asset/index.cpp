#include "http/dashlive/asset/index.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <utility>

namespace continuo::dashlive {
namespace {

using Json = nlohmann::json;

constexpr int newest_version = 1;

Error bad_index() {
    return fail(Errc::malformed, "index of an asset");
}

template <class Number>
bool take(Json const& value, Number& number) {
    if (!value.is_number_unsigned()) return false;
    auto const wide = value.get<std::uint64_t>();
    if (wide > std::numeric_limits<Number>::max()) return false;
    number = static_cast<Number>(wide);
    return true;
}

bool take(Json const& value, std::vector<FrameStretch>& stretches) {
    if (!value.is_array()) return false;
    for (auto const& entry : value) {
        if (!entry.is_array() || entry.size() != 3 || !entry[2].is_array()) return false;
        auto& stretch = stretches.emplace_back();
        if (!take(entry[0], stretch.offset) || !take(entry[1], stretch.flags)) return false;
        for (auto const& size : entry[2])
            if (!take(size, stretch.sizes.emplace_back())) return false;
    }
    return true;
}

} // namespace

std::string part_name(PlannedPart const& part) {
    if (part.offset == 0 && !part.bytes) return part.path;
    return fmt::format("{}@{}+{}", part.path, part.offset, part.bytes.value_or(0));
}

std::string to_text(AssetIndex const& index) {
    auto segments = Json::object();
    for (auto const& [name, segment] : index) {
        auto const& samples = segment.samples;
        auto frames = Json::array();
        for (auto const& stretch : samples.frames)
            frames.push_back({stretch.offset, stretch.flags, stretch.sizes});
        segments[name] = {segment.stamp, samples.time, samples.duration,
                          samples.frame, samples.last, std::move(frames)};
    }
    return Json{{"version", newest_version}, {"segments", std::move(segments)}}.dump() + '\n';
}

Result<AssetIndex> parse_asset_index(std::string_view text) {
    auto const json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || json.value("version", Json()) != newest_version) return bad_index();
    auto const segments = json.find("segments");
    if (segments == json.end() || !segments->is_object()) return bad_index();
    AssetIndex index;
    for (auto const& [name, facts] : segments->items()) {
        MeasuredSegment segment;
        auto& samples = segment.samples;
        if (!facts.is_array() || facts.size() != 6 || !facts[0].is_string() ||
            !take(facts[1], samples.time) || !take(facts[2], samples.duration) ||
            !take(facts[3], samples.frame) || !take(facts[4], samples.last) ||
            !take(facts[5], samples.frames))
            return bad_index();
        segment.stamp = facts[0].get<std::string>();
        index.emplace_hint(index.end(), name, std::move(segment));
    }
    return index;
}

} // namespace continuo::dashlive
