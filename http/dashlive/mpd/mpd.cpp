#include "http/dashlive/mpd/mpd.hpp"

#include "core/dash/schema_order.hpp"
#include "http/dashlive/mpd/descriptors.hpp"
#include "http/dashlive/mpd/input.hpp"
#include "http/dashlive/mpd/period.hpp"
#include "http/dashlive/mpd/periods.hpp"
#include "http/dashlive/mpd/utc_timing.hpp"
#include "http/dashlive/session/effects.hpp"
#include "http/dashlive/session/urls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::dashlive {
namespace {

using dash::Element;
using dash::insert_child;
using dash::local_name;

template <std::size_t size>
bool is_in(std::string_view name, std::array<std::string_view, size> const& names) {
    return std::ranges::find(names, name) != names.end();
}

/// The asset's MPD without what a session has of its own.
Element root_of(Manifest const& manifest) {
    constexpr std::array<std::string_view, 7> replaced_attributes{
        "type",        "mediaPresentationDuration", "availabilityStartTime", "availabilityEndTime",
        "publishTime", "minimumUpdatePeriod",       "timeShiftBufferDepth",
    };
    constexpr std::array<std::string_view, 6> replaced_children{
        "BaseURL", "Location", "PatchLocation", "ServiceDescription", "Period", "UTCTiming",
    };
    Element root{.name = manifest.root.name};
    for (auto const& attribute : manifest.root.attributes)
        if (!is_in(attribute.first, replaced_attributes)) root.attributes.push_back(attribute);
    for (auto const& child : manifest.root.children)
        if (!is_in(local_name(child.name), replaced_children)) root.children.push_back(child);
    return root;
}

/// The longest segment of any track, in whole milliseconds, rounded up.
milliseconds longest_segment(Asset const& asset) {
    auto const& pictures = asset.pictures();
    auto longest = timeline::rescaled_up({pictures.longest(), pictures.timescale()}, 1000);
    for (auto const& [id, track] : asset.tracks) {
        if (!track->sound) continue;
        auto const units =
            timeline::rescaled_up({pictures.longest(), pictures.timescale()}, track->timescale);
        auto const frame = track->sound->frame;
        auto const whole = (units + frame - 1) / frame * frame;
        longest = std::max(longest, timeline::rescaled_up({whole, track->timescale}, 1000));
    }
    return milliseconds(longest);
}

void add_profile(Element& root, std::string_view profile) {
    auto const* const profiles = root.find_attribute("profiles");
    root.set_attribute("profiles", profiles && !profiles->empty()
                                       ? fmt::format("{},{}", *profiles, profile)
                                       : std::string(profile));
}

void add_profiles(Element& root, Options const& options) {
    bool const is_livesim1 = options.dialect == Dialect::livesim1;
    if (is_livesim1 && options.chunk_duration)
        add_profile(root, "http://www.dashif.org/guidelines/low-latency-live-v5");
    if (is_livesim1 && options.splices_per_minute)
        add_profile(root, "http://dashif.org/guidelines/adin/app");
    if (!options.sub_segments.empty())
        add_profile(root, "urn:mpeg:dash:profile:advanced-linear:2025");
}

void set_times(Element& root, Session const& session, DateTime publish_time) {
    auto const& options = *session.options;
    root.set_attribute("type", session.is_over ? "static" : "dynamic");
    root.set_attribute("availabilityStartTime", dash::to_text(session.availability_start));
    root.set_attribute("publishTime", dash::to_text(publish_time));
    auto const end = session.is_over ? session.availability_end : session.announced_end;
    if (end) {
        root.set_attribute("mediaPresentationDuration",
                           dash::to_text(*end - session.availability_start));
        if (!session.is_over) root.set_attribute("availabilityEndTime", dash::to_text(*end));
    }
    root.set_attribute("maxSegmentDuration", dash::to_text(longest_segment(*session.asset)));
    root.remove_attribute("suggestedPresentationDelay");
    if (session.is_over) return;
    if (auto const period = session.update_period())
        root.set_attribute("minimumUpdatePeriod", dash::to_text(*period));
    root.set_attribute("timeShiftBufferDepth", dash::to_text(session.depth));
    if (options.suggested_presentation_delay)
        root.set_attribute("suggestedPresentationDelay",
                           dash::to_text(milliseconds(*options.suggested_presentation_delay)));
}

void add_latency_target(Element& root, Session const& session) {
    constexpr milliseconds usual{3500};
    auto const target = session.options->latency_target.value_or(usual).count();
    Element service{.name = "ServiceDescription", .attributes = {{"id", "0"}}};
    service.children.push_back({.name = "Latency",
                                .attributes = {{"referenceId", "0"},
                                               {"target", fmt::format("{}", target)},
                                               {"max", fmt::format("{}", 2 * target)},
                                               {"min", fmt::format("{}", target * 3 / 4)}}});
    service.children.push_back(
        {.name = "PlaybackRate", .attributes = {{"min", "0.96"}, {"max", "1.04"}}});
    insert_child(root, std::move(service));
}

/// Where the MPD, and what changes in it, can be had from now on.
void add_locations(Element& root, MpdInput const& input, DateTime publish_time) {
    auto const& [session, manifest, request] = input;
    auto const& options = input.options();
    if (options.start_relative || options.stop_relative)
        insert_child(root,
                     {.name = "Location",
                      .text = request.base + with_query(fixed_manifest_path(session, manifest), {},
                                                        request.query)});
    if (options.patch_lifetime && !session.is_over) {
        if (!root.find_attribute("id")) root.set_attribute("id", "auto-patch-id");
        auto const asked = fmt::format("publishTime={}", dash::to_text(publish_time));
        insert_child(root,
                     {.name = "PatchLocation",
                      .attributes = {{"ttl", fmt::format("{}", options.patch_lifetime->count())}},
                      .text = with_query(patch_path(session, manifest), asked, request.query)});
    }
}

/// The clock that utc_direct writes out is right for a millisecond.
std::optional<DateTime> end_of_validity(Session const& session, Publication const& publication) {
    auto const& methods = session.options->utc;
    bool const shows_now =
        methods && std::ranges::find(*methods, UtcMethod::direct) != methods->end();
    return shows_now ? session.now + milliseconds{1} : publication.next;
}

/// The one that `request` names, as a document of its own.
Answer<std::string> remote_period(MpdInput const& input, std::vector<PeriodPlan> const& plans) {
    auto const found = std::ranges::find_if(plans, [&](PeriodPlan const& plan) {
        return period_id(plan.period) == input.request.period;
    });
    if (found == plans.end())
        return Refusal{404, fmt::format("the MPD has no Period \"{}\"", input.request.period)};
    return period_text(input, *found);
}

Answer<Element> whole_mpd(MpdInput const& input, std::vector<PeriodPlan> const& plans,
                          DateTime publish_time) {
    auto const& session = input.session;
    auto root = root_of(input.manifest);
    add_profiles(root, input.options());
    set_times(root, session, publish_time);
    add_locations(root, input, publish_time);
    if (has_latency_target(session)) add_latency_target(root, session);
    for (auto const& plan : plans) {
        if (plan.is_remote) root.set_attribute("xmlns:xlink", std::string(xlink_namespace));
        auto period = period_in_mpd(input, plan);
        if (!period) return period.error();
        insert_child(root, std::move(*period));
    }
    for (auto& timing : utc_timings_of(session, input.manifest, input.request.base))
        insert_child(root, std::move(timing));
    return root;
}

} // namespace

Answer<MpdDocument> mpd_document_of(Session const& session, Manifest const& manifest,
                                    MpdRequest const& request) {
    if (auto const there = manifest_available(session); !there) return there.error();
    auto const plans = period_plans_of(session);
    if (!plans) return plans.error();
    auto const publish_time = publication_of(session).time;
    auto root = whole_mpd({session, manifest, request}, *plans, publish_time);
    if (!root) return root.error();
    return MpdDocument{.root = std::move(*root), .publish_time = publish_time};
}

Answer<MpdText> mpd_of(Session const& session, Manifest const& manifest,
                       MpdRequest const& request) {
    if (auto const possible = check_mpd_effects(session); !possible) return possible.error();
    auto const publication = publication_of(session);
    MpdText mpd{.text = {},
                .publish_time = publication.time,
                .valid_until = end_of_validity(session, publication),
                .update_period = session.update_period()};
    if (request.period.empty()) {
        auto const document = mpd_document_of(session, manifest, request);
        if (!document) return document.error();
        mpd.text = dash::to_text(document->root);
        return mpd;
    }
    if (auto const there = manifest_available(session); !there) return there.error();
    auto const plans = period_plans_of(session);
    if (!plans) return plans.error();
    auto period = remote_period({session, manifest, request}, *plans);
    if (!period) return period.error();
    mpd.text = std::move(*period);
    return mpd;
}

} // namespace continuo::dashlive
