#include "http/dashlive/mpd/sets.hpp"

#include "core/dash/schema_order.hpp"
#include "http/dashlive/media/encryption.hpp"
#include "http/dashlive/media/timed_text.hpp"
#include "http/dashlive/mpd/descriptors.hpp"
#include "http/dashlive/mpd/template.hpp"
#include "http/dashlive/session/set_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace continuo::dashlive {
namespace {

using dash::Element;
using dash::insert_child;
using dash::local_name;

bool is_named(Element const& element, std::string_view name) noexcept {
    return local_name(element.name) == name;
}

/// The tracks of a set, those of its Representations, in order.
std::vector<Track const*> tracks_in(Asset const& asset, Element const& set) {
    std::vector<Track const*> tracks;
    for (auto const& child : set.children) {
        if (!is_named(child, "Representation")) continue;
        auto const* const id = child.find_attribute("id");
        auto const found = id ? asset.tracks.find(*id) : asset.tracks.end();
        tracks.push_back(found == asset.tracks.end() ? nullptr : found->second.get());
    }
    return tracks;
}

/// Whether one timeline does for both.
bool are_cut_alike(Track const& left, Track const& right) {
    if (left.timescale != right.timescale || left.edit != right.edit) return false;
    if (left.sound && right.sound) return left.sound->frame == right.sound->frame;
    if (left.sound || right.sound || !left.loop != !right.loop) return false;
    if (!left.loop) return true;
    if (left.loop->size() != right.loop->size()) return false;
    for (std::size_t i = 0; i < left.loop->size(); ++i) {
        auto const index = static_cast<std::int64_t>(i);
        if (left.loop->place_of(index).end != right.loop->place_of(index).end) return false;
    }
    return true;
}

SubSegmentSet const* parts_of(Options const& options, Element const& set) {
    auto const* const id = set.find_attribute("id");
    auto const found = std::ranges::find_if(options.sub_segments, [&](SubSegmentSet const& parts) {
        return id && is_called(*id, parts.adaptation_set);
    });
    return found == options.sub_segments.end() ? nullptr : &*found;
}

/// Puts live SegmentTemplates where the asset's MPD has its own: on the set, or on each
/// Representation where these differ.
class TemplateWriter {
public:
    TemplateWriter(Session const& session, PeriodPlan const& plan, Element& set)
        : session_(session), plan_(plan), set_(set), parts_(parts_of(*session.options, set)) {}

    Answer<> write() {
        auto const tracks = tracks_in(*session_.asset, set_);
        auto const* const common = set_.find_child("SegmentTemplate");
        bool const is_common = common && std::ranges::all_of(tracks, [&](Track const* track) {
                                   return track && are_cut_alike(*track, *tracks.front());
                               });
        if (is_common && !tracks.empty()) return replace(set_, *common, *tracks.front());
        std::size_t next = 0;
        for (auto& child : set_.children) {
            if (!is_named(child, "Representation")) continue;
            auto const* const track = tracks[next++];
            auto const* const own = child.find_child("SegmentTemplate");
            if (!track || (!own && !common)) continue;
            if (auto const done = replace(child, own ? *own : *common, *track); !done) return done;
        }
        if (common)
            std::erase_if(set_.children,
                          [](auto const& child) { return is_named(child, "SegmentTemplate"); });
        return {};
    }

private:
    /// `original` may be in `parent`.
    Answer<> replace(Element& parent, Element const& original, Track const& track) {
        auto element = segment_template_of({.session = session_,
                                            .plan = plan_,
                                            .original = original,
                                            .content = track.content,
                                            .cut = cut_of(*session_.asset, track),
                                            .part = parts_ ? parts_->part : std::nullopt,
                                            .has_parts = parts_ != nullptr});
        if (!element) return element.error();
        if (auto* const old = parent.find_child("SegmentTemplate"))
            *old = std::move(*element);
        else
            insert_child(parent, std::move(*element));
        return {};
    }

    Session const& session_;
    PeriodPlan const& plan_;
    Element& set_;
    SubSegmentSet const* parts_;
};

/// Copies of the asset's sets; all have an id if patches or ssras are to name them.
std::vector<Element> own_sets(Manifest const& manifest, Options const& options) {
    bool const are_named = options.patch_lifetime || !options.sub_segments.empty();
    std::vector<Element> sets;
    for (auto const& named : named_sets(manifest)) {
        sets.push_back(*named.element);
        if (are_named) sets.back().set_attribute("id", named.id);
    }
    return sets;
}

Answer<Element> subtitle_set(Session const& session, PeriodPlan const& plan,
                             TimedText const& text) {
    auto const& asset = *session.asset;
    Element const names{
        .name = "SegmentTemplate",
        .attributes = {
            {"media", fmt::format("$RepresentationID$/$Number$.{}", timed_text_extension)},
            {"initialization",
             fmt::format("$RepresentationID$/{}", timed_text_initialisation_name)}}};
    auto element = segment_template_of({.session = session,
                                        .plan = plan,
                                        .original = names,
                                        .content = Content::text,
                                        .cut = cut_of_timed_text(asset),
                                        .part = std::nullopt});
    if (!element) return element.error();
    Element set{.name = "AdaptationSet",
                .attributes = {{"id", fmt::format("{}", text.adaptation_set)},
                               {"lang", text.language},
                               {"contentType", "text"},
                               {"segmentAlignment", "true"},
                               {"mimeType", std::string(timed_text_media_type)},
                               {"startWithSAP", "1"}}};
    set.children.push_back(
        {.name = "Role",
         .attributes = {{"schemeIdUri", "urn:mpeg:dash:role:2011"}, {"value", "subtitle"}}});
    set.children.push_back(std::move(*element));
    set.children.push_back(
        {.name = "Representation",
         .attributes = {{"id", text.id},
                        {"codecs", std::string(codecs_of(text.format))},
                        {"bandwidth", fmt::format("{}", bandwidth_of(text.format, asset))}}});
    return set;
}

/// Errors: 400 where tracks can't be encrypted, but have to be.
Answer<> check_protection(Session const& session, std::vector<Track const*> const& tracks) {
    for (auto const* const track : tracks) {
        if (!track || !is_to_be_encrypted(session, *track)) continue;
        if (auto const possible = protection_of(session, *track); !possible)
            return possible.error();
    }
    return {};
}

} // namespace

Answer<std::vector<Element>> sets_of(MpdInput const& input, PeriodPlan const& plan) {
    auto const& session = input.session;
    auto const& options = input.options();
    auto sets = own_sets(input.manifest, options);
    for (auto& set : sets) {
        auto const tracks = tracks_in(*session.asset, set);
        if (tracks.empty() || !tracks.front()) continue;
        if (auto const possible = check_protection(session, tracks); !possible)
            return possible.error();
        if (auto const done = TemplateWriter(session, plan, set).write(); !done)
            return done.error();
        describe_set(set, *tracks.front(), input, plan);
    }
    for (auto const& text : timed_texts_of(options)) {
        auto set = subtitle_set(session, plan, text);
        if (!set) return set.error();
        sets.push_back(std::move(*set));
    }
    return sets;
}

} // namespace continuo::dashlive
