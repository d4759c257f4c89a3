#include "http/pseudolive/measurements.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace continuo::pseudolive {
namespace {

using Json = nlohmann::json;

constexpr int newest_version = 1;

Error malformed() {
    return fail(Errc::malformed, "measured durations");
}

} // namespace

std::string part_name(hls::MediaSegment const& segment) {
    if (!segment.byte_range) return segment.uri;
    return fmt::format("{}@{}+{}", segment.uri, segment.byte_range->offset_bytes.value_or(0),
                       segment.byte_range->length_bytes);
}

std::string to_text(Measurements const& measurements) {
    auto segments = Json::object();
    for (auto const& [name, measurement] : measurements)
        segments[name] = {measurement.stamp, measurement.duration.count()};
    return Json{{"version", newest_version}, {"segments", std::move(segments)}}.dump() + '\n';
}

Result<Measurements> parse_measurements(std::string_view text) {
    auto const json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || json.value("version", Json()) != newest_version) return malformed();
    auto const segments = json.find("segments");
    if (segments == json.end() || !segments->is_object()) return malformed();
    Measurements measurements;
    for (auto const& [name, facts] : segments->items()) {
        if (!facts.is_array() || facts.size() != 2 || !facts[0].is_string() ||
            !facts[1].is_number_integer() || facts[1].get<std::int64_t>() < 0)
            return malformed();
        measurements.emplace_hint(measurements.end(), name,
                                  Measurement{.stamp = facts[0].get<std::string>(),
                                              .duration = Ticks90k{facts[1].get<std::int64_t>()}});
    }
    return measurements;
}

} // namespace continuo::pseudolive
