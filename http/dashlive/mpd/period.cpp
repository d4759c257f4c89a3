#include "http/dashlive/mpd/period.hpp"

#include "core/dash/date_time.hpp"
#include "core/dash/schema_order.hpp"
#include "http/dashlive/mpd/sets.hpp"
#include "http/dashlive/session/span.hpp"
#include "http/dashlive/session/urls.hpp"
#include "http/storage/file_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace continuo::dashlive {
namespace {

using dash::Element;
using dash::insert_child;
using dash::local_name;

/// What of the asset's Period is neither of its own time nor of its own segments.
Element period_of_asset(Manifest const& manifest) {
    constexpr std::array<std::string_view, 6> replaced{
        "BaseURL", "SegmentBase", "SegmentList", "SegmentTemplate", "EventStream", "AdaptationSet",
    };
    Element period{.name = "Period"};
    auto const* const original = manifest.root.find_child("Period");
    if (!original) return period;
    period.name = original->name;
    for (auto const& child : original->children)
        if (std::ranges::find(replaced, local_name(child.name)) == replaced.end())
            period.children.push_back(child);
    return period;
}

void set_place(Element& period, PeriodPlan const& plan) {
    period.set_attribute("id", period_id(plan.period));
    period.set_attribute("start", dash::to_text(plan.period.start));
    if (plan.duration) period.set_attribute("duration", dash::to_text(*plan.duration));
}

/// Of traffic, the origins that fail each in its own way; of baseurl, those that a player may
/// choose from.
void add_base_urls(Element& period, MpdInput const& input) {
    auto const& options = input.options();
    for (std::size_t i = 0; i < options.traffic.size(); ++i)
        insert_child(period, {.name = "BaseURL", .text = fmt::format("bu{}/", i)});
    if (options.base_urls.size() < 2) return;
    for (std::size_t i = 0; i < options.base_urls.size(); ++i)
        insert_child(period, {.name = "BaseURL",
                              .text = input.request.base + origin_path(input.session, i)});
}

/// Asks players to fetch a URL when the Period begins, and to forget the answer.
/// Spec: ISO/IEC 23009-1 §5.10.4.5.
void add_callback(Element& period, MpdInput const& input, PeriodPlan const& plan) {
    Element stream{.name = "EventStream",
                   .attributes = {{"schemeIdUri", "urn:mpeg:dash:event:callback:2015"},
                                  {"value", "1"},
                                  {"timescale", "1"}}};
    auto const name = fmt::format("mpdcallback={}", period_id(plan.period));
    stream.children.push_back(
        {.name = "Event",
         .attributes = {{"presentationTime", "0"},
                        {"duration", "1"},
                        {"id", fmt::format("{}", plan.period.number)}},
         .text = input.request.base + with_query(manifest_path(input.session, input.manifest), name,
                                                 input.request.query)});
    insert_child(period, std::move(stream));
}

/// Of segments of a Period whose times are those of the whole session, once more on the Period.
void add_offset(Element& period, MpdInput const& input, PeriodPlan const& plan) {
    auto const timescale = input.session.asset->pictures().timescale();
    auto const offset = presentation_time_offset(input.session, plan.period, timescale);
    insert_child(period, {.name = "SegmentBase",
                          .attributes = {{"timescale", fmt::format("{}", timescale)},
                                         {"presentationTimeOffset", fmt::format("{}", offset)}}});
}

Answer<Element> whole_period(MpdInput const& input, PeriodPlan const& plan) {
    auto period = period_of_asset(input.manifest);
    set_place(period, plan);
    add_base_urls(period, input);
    if (input.options().has_period_offsets) add_offset(period, input, plan);
    if (plan.has_callback) add_callback(period, input, plan);
    auto sets = sets_of(input, plan);
    if (!sets) return sets.error();
    for (auto& set : *sets)
        insert_child(period, std::move(set));
    return period;
}

/// A Period of `plan` that is fetched from elsewhere.
Element reference_to(MpdInput const& input, PeriodPlan const& plan) {
    Element period{.name = "Period"};
    set_place(period, plan);
    auto const name = fmt::format("period={}", period_id(plan.period));
    period.set_attribute("xlink:href", with_query("./" + storage::uri_of(input.manifest.name), name,
                                                  input.request.query));
    bool const is_livesim1 = input.options().dialect == Dialect::livesim1;
    period.set_attribute("xlink:actuate", is_livesim1 ? "onLoad" : "onRequest");
    return period;
}

/// The asset as it lies on disk, over and over, cut off where the next Period begins.
std::string advertisement(MpdInput const& input, PeriodPlan const& plan) {
    auto const& pictures = input.session.asset->pictures();
    auto const lap = time_of(pictures, pictures.length());
    auto const end = plan.duration ? plan.period.start + *plan.duration : *plan.period.end;
    auto const folder =
        input.request.base + "/vod/" + storage::uri_of(input.session.asset->name) + "/";
    constexpr unsigned most = 1000; // of what may last no longer than a picture
    std::string text;
    unsigned number = 0;
    for (auto start = plan.period.start; start < end && number < most; start += lap) {
        auto period = *input.manifest.root.find_child("Period");
        period.set_attribute("id", fmt::format("{}-{}", period_id(plan.period), ++number));
        period.set_attribute("start", dash::to_text(start));
        period.set_attribute("duration", dash::to_text(std::min(lap, end - start)));
        insert_child(period, {.name = "BaseURL", .text = folder});
        if (auto const* const space = input.manifest.root.find_attribute("xmlns"))
            period.set_attribute("xmlns", *space);
        text += dash::bare_text(period);
    }
    return text;
}

} // namespace

std::string period_id(Period const& period) {
    return fmt::format("P{}", period.number);
}

Answer<Element> period_in_mpd(MpdInput const& input, PeriodPlan const& plan) {
    if (plan.is_remote) return reference_to(input, plan);
    return whole_period(input, plan);
}

Answer<std::string> period_text(MpdInput const& input, PeriodPlan const& plan) {
    if (plan.is_advertisement) return advertisement(input, plan);
    auto period = whole_period(input, plan);
    if (!period) return period.error();
    for (auto const& [name, value] : input.manifest.root.attributes)
        if (name == "xmlns" || name.starts_with("xmlns:")) period->set_attribute(name, value);
    return dash::bare_text(*period);
}

} // namespace continuo::dashlive
