#include "http/dashlive/mpd/descriptors.hpp"

#include "core/dash/schema_order.hpp"
#include "core/dash/segment_template.hpp"
#include "http/dashlive/media/clear_key.hpp"
#include "http/dashlive/media/encryption.hpp"
#include "http/dashlive/media/events.hpp"
#include "http/dashlive/mpd/patterns.hpp"
#include "http/dashlive/session/set_ids.hpp"
#include "http/dashlive/session/urls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace continuo::dashlive {
namespace {

using dash::Element;
using dash::insert_child;

Element descriptor(std::string_view name, std::string_view scheme, std::string value = {}) {
    Element element{.name = std::string(name),
                    .attributes = {{"schemeIdUri", std::string(scheme)}}};
    if (!value.empty()) element.set_attribute("value", std::move(value));
    return element;
}

/// The set's own, or else that of its first Representation.
Element const* template_in(Element const& set) {
    if (auto const* const own = set.find_child("SegmentTemplate")) return own;
    auto const* const representation = set.find_child("Representation");
    return representation ? representation->find_child("SegmentTemplate") : nullptr;
}

/// How the set is encrypted, and where a key can be had.
void add_protection(Element& set, MpdInput const& input) {
    auto encryption = descriptor("ContentProtection", "urn:mpeg:dash:mp4protection:2011",
                                 input.options().encryption == Encryption::cbcs ? "cbcs" : "cenc");
    encryption.set_attribute("xmlns:cenc", "urn:mpeg:cenc:2013");
    encryption.set_attribute("cenc:default_KID", key_id_text(key_id_of(*input.session.asset)));
    insert_child(set, std::move(encryption));

    auto clear_key = descriptor("ContentProtection",
                                "urn:uuid:e2719d58-a985-b3c9-781a-b030af78d30e", "ClearKey1.0");
    clear_key.children.push_back(
        {.name = "dashif:Laurl",
         .attributes = {{"xmlns:dashif", "https://dashif.org/CPS"}, {"licenseType", "EME-1.0"}},
         .text = fmt::format("{}{}/{}", input.request.base,
                             manifest_path(input.session, input.manifest), licence_name)});
    insert_child(set, std::move(clear_key));
}

bool has_pattern(Element const& set) {
    auto const* const segments = template_in(set);
    auto const* const timeline = segments ? segments->find_child("SegmentTimeline") : nullptr;
    return timeline && timeline->find_child("Pattern");
}

void add_query_parameters(Element& set) {
    auto property = descriptor("EssentialProperty", "urn:mpeg:dash:urlparam:2014");
    property.set_attribute("xmlns:up", "urn:mpeg:dash:schema:urlparam:2014");
    property.children.push_back(
        {.name = "up:UrlQueryInfo",
         .attributes = {{"queryTemplate", "$querypart$"}, {"useMPDUrlQuery", "true"}}});
    insert_child(set, std::move(property));
}

void add_events(Element& set, Options const& options) {
    if (options.dialect == Dialect::livesim1)
        insert_child(
            set, descriptor("InbandEventStream", splice_xml_scheme, std::string(splice_xml_value)));
    else
        insert_child(set, descriptor("InbandEventStream", splice_scheme));
}

/// That this Period goes on where the one in front of it ended.
void add_continuity(Element& set, Options const& options, Period const& period) {
    if (period.number == 0) return;
    auto const scheme = options.dialect == Dialect::livesim1
                            ? std::string_view("urn:mpeg:dash:period_continuity:2014")
                            : std::string_view("urn:mpeg:dash:period-continuity:2015");
    insert_child(set,
                 descriptor("SupplementalProperty", scheme, fmt::format("P{}", period.number - 1)));
}

void add_producer_time(Element& set, Session const& session) {
    auto const* const segments = template_in(set);
    auto const read = segments ? dash::parse_segment_template(*segments, {})
                               : Result<dash::SegmentTemplate>(dash::SegmentTemplate{});
    if (!read) return;
    Period first;
    first.segments = {session.first_index, session.first_index};
    auto const time = presentation_time_offset(session, first, read->timescale);
    insert_child(set, {.name = "ProducerReferenceTime",
                       .attributes = {{"id", "0"},
                                      {"type", "encoder"},
                                      {"wallClockTime", dash::to_text(session.availability_start)},
                                      {"presentationTime", fmt::format("{}", time)}}});
}

/// Segments in parts: of the set that is, and of the one that a client comes from.
void add_sub_segments(Element& set, Options const& options) {
    auto const* const own = set.find_attribute("id");
    auto const is_this = [&](std::uint32_t id) { return own && is_called(*own, id); };
    constexpr std::string_view switching = "urn:mpeg:dash:adaptation-set-switching:2016";
    for (auto const& parts : options.sub_segments) {
        if (is_this(parts.partner))
            insert_child(set, descriptor("SupplementalProperty", switching,
                                         fmt::format("{}", parts.adaptation_set)));
        if (!is_this(parts.adaptation_set)) continue;
        auto const partner = fmt::format("{}", parts.partner);
        insert_child(set, descriptor("EssentialProperty", "urn:mpeg:dash:ssr:2023", partner));
        insert_child(set, descriptor("SupplementalProperty", switching, partner));
        insert_child(set, {.name = "SegmentSequenceProperties",
                           .attributes = {{"sapType", "1"}, {"cadence", "1"}}});
    }
}

} // namespace

bool has_latency_target(Session const& session) noexcept {
    auto const& options = *session.options;
    bool const is_ahead = session.ahead > milliseconds{0} || options.is_ahead_for_ever;
    return options.latency_target || (is_ahead && options.chunk_duration);
}

void describe_set(Element& set, Track const& track, MpdInput const& input, PeriodPlan const& plan) {
    auto const& session = input.session;
    auto const& options = input.options();
    bool const is_video = track.content == Content::video;
    if (is_to_be_encrypted(session, track)) add_protection(set, input);
    if (is_video && !options.required_query.empty()) add_query_parameters(set);
    if (has_pattern(set)) insert_child(set, descriptor("EssentialProperty", pattern_scheme));
    add_sub_segments(set, options);
    if (options.is_continuous) add_continuity(set, options, plan.period);
    if (is_video && options.splices_per_minute) add_events(set, options);
    if (is_video && options.shows_losses)
        insert_child(set,
                     descriptor("InbandEventStream", validity_scheme, std::string(validity_value)));
    if (has_latency_target(session) && track.content != Content::image)
        add_producer_time(set, session);
}

} // namespace continuo::dashlive
