#include "http/dashlive/mpd/patch.hpp"

#include "core/dash/document_patch.hpp"
#include "http/dashlive/session/urls.hpp"
#include "http/storage/clock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace continuo::dashlive {
namespace {

using dash::Element;

constexpr std::string_view time_name = "publishTime";
constexpr std::chrono::seconds grace{10}; // for a client that asks late

Answer<DateTime> time_in(std::string_view query) {
    auto const text = storage::query_value(query, time_name);
    if (!text)
        return Refusal{400, "a patch is asked for with the publishTime of the MPD that it is for"};
    auto const time = dash::parse_date_time(*text);
    if (!time)
        return Refusal{400, fmt::format("publishTime={} must be a date such as "
                                        "2026-11-21T12:00:00Z",
                                        *text)};
    return *time;
}

Element patch_element(MpdDocument const& before, MpdDocument const& after) {
    auto const* const id = after.root.find_attribute("id");
    Element patch{.name = "Patch",
                  .attributes = {{"xmlns", "urn:mpeg:dash:schema:mpd-patch:2020"},
                                 {"mpdId", id ? *id : std::string()},
                                 {"originalPublishTime", dash::to_text(before.publish_time)},
                                 {"publishTime", dash::to_text(after.publish_time)}}};
    patch.children = dash::operations_between(before.root, after.root);
    return patch;
}

} // namespace

Answer<PatchText> patch_of(Session const& session, Manifest const& manifest,
                           MpdRequest const& request) {
    auto const lifetime = session.options->patch_lifetime;
    if (!lifetime) return Refusal{400, "this MPD has no patches: its URL has no patch_ option"};
    auto const original = time_in(request.query);
    if (!original) return original.error();

    MpdRequest const of_mpd{
        .base = request.base, .query = without_pair(request.query, time_name), .period = {}};
    auto const after = mpd_document_of(session, manifest, of_mpd);
    if (!after) return after.error();
    if (after->publish_time <= *original) return Refusal{425, "the MPD has not changed since then"};
    auto const expires = *original + *lifetime + grace;
    if (after->publish_time > expires)
        return Refusal{410, fmt::format("the MPD is too old for a patch: by {} ms",
                                        (after->publish_time - expires).count())};

    auto const moved = session.now - session.client_now;
    auto const session_before = Session::open(session.asset, session.options, *original - moved);
    if (!session_before) return session_before.error();
    auto const before = mpd_document_of(*session_before, manifest, of_mpd);
    if (!before) return before.error();
    if (before->publish_time != *original)
        return Refusal{410, fmt::format("no MPD was published at {}", dash::to_text(*original))};
    return PatchText{.text = dash::to_text(patch_element(*before, *after)),
                     .publish_time = after->publish_time,
                     .expires = expires};
}

} // namespace continuo::dashlive
