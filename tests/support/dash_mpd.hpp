// MPDs of sessions as a client sees them: read back from their text.
#pragma once

#include "core/dash/element.hpp"
#include "http/dashlive/mpd/mpd.hpp"
#include "tests/support/dash_session.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::support {

/// An MPD as assets have it, of the tracks of `dash_asset` and of an image.
inline constexpr std::string_view manifest_on_disk =
    R"(<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011"
  type="static" mediaPresentationDuration="PT8S" maxSegmentDuration="PT2S" minBufferTime="PT2S">
  <ProgramInformation><Title>A title</Title></ProgramInformation>
  <UTCTiming schemeIdUri="urn:mpeg:dash:utc:ntp:2014" value="on.disk"/>
  <Period id="one" start="PT0S" duration="PT8S">
    <AssetIdentifier schemeIdUri="urn:test" value="kept"/>
    <AdaptationSet contentType="audio" mimeType="audio/mp4" lang="en">
      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
      <SegmentTemplate media="$RepresentationID$/$Number$.m4s" initialization="$RepresentationID$/init.mp4" startNumber="1" endNumber="4" duration="2"/>
      <Representation id="A" codecs="mp4a.40.2" bandwidth="48000"/>
    </AdaptationSet>
    <AdaptationSet contentType="video" mimeType="video/mp4" id="1">
      <SegmentTemplate media="$RepresentationID$/$Time$.m4s" initialization="$RepresentationID$/init.mp4" timescale="90000">
        <SegmentTimeline><S t="0" d="180000" r="3"/></SegmentTimeline>
      </SegmentTemplate>
      <Representation id="V" codecs="avc1.64001e" bandwidth="300000"/>
    </AdaptationSet>
    <AdaptationSet contentType="text" mimeType="application/mp4" lang="en">
      <SegmentTemplate media="$RepresentationID$/$Number%05d$.m4s" initialization="$RepresentationID$/init.mp4" duration="2"/>
      <Representation id="T" codecs="stpp" bandwidth="1000"/>
    </AdaptationSet>
    <AdaptationSet contentType="image" mimeType="image/jpeg">
      <SegmentTemplate media="$RepresentationID$/$Number$.jpg" duration="2" startNumber="1"/>
      <Representation id="I" bandwidth="1000"/>
    </AdaptationSet>
  </Period>
</MPD>)";

/// `asset` with that MPD, "Manifest.mpd", and its image "I".
inline std::shared_ptr<dashlive::Asset> with_manifest(dashlive::AssetPtr const& asset) {
    auto complete = std::make_shared<dashlive::Asset>(*asset);
    auto image = std::make_shared<dashlive::Track>();
    image->id = "I";
    image->content = dashlive::Content::image;
    complete->tracks["I"] = std::move(image);
    complete->manifests["Manifest.mpd"] = {.name = "Manifest.mpd",
                                           .root = dash::parse_element(manifest_on_disk).value(),
                                           .title = "A title"};
    return complete;
}

inline dashlive::Manifest const& manifest_of(dashlive::Session const& session) {
    return session.asset->manifests.at("Manifest.mpd");
}

inline dashlive::MpdRequest const from_host{.base = "https://host", .query = {}, .period = {}};

struct ListedSegment {
    std::int64_t number{}; ///< 0 where there are no numbers
    std::int64_t start{};
    std::int64_t duration{};

    friend bool operator==(ListedSegment const&, ListedSegment const&) = default;
};

/// An MPD that was read.
class MpdReader {
public:
    explicit MpdReader(std::string_view text) : root(dash::parse_element(text).value()) {}

    dash::Element root;

    /// Empty where there is none.
    static std::string attribute(dash::Element const& element, std::string_view name) {
        auto const* const value = element.find_attribute(name);
        return value ? *value : std::string();
    }
    std::string attribute(std::string_view name) const { return attribute(root, name); }

    static std::vector<dash::Element const*> all(dash::Element const& parent,
                                                 std::string_view name) {
        std::vector<dash::Element const*> found;
        for (auto const& child : parent.children)
            if (dash::local_name(child.name) == name) found.push_back(&child);
        return found;
    }
    std::vector<dash::Element const*> periods() const { return all(root, "Period"); }

    dash::Element const& set(std::string_view content, std::size_t period = 0) const {
        for (auto const* const candidate : all(*periods().at(period), "AdaptationSet"))
            if (attribute(*candidate, "contentType") == content) return *candidate;
        FAIL("no set of " << std::string(content));
        return root;
    }
    dash::Element const& segments(std::string_view content, std::size_t period = 0) const {
        auto const* const found = set(content, period).find_child("SegmentTemplate");
        REQUIRE(found != nullptr);
        return *found;
    }

    /// What a SegmentTimeline without patterns lists.
    static std::vector<ListedSegment> listed(dash::Element const& segment_template) {
        auto const* const timeline = segment_template.find_child("SegmentTimeline");
        REQUIRE(timeline != nullptr);
        bool const is_numbered =
            attribute(segment_template, "media").find("$Number") != std::string::npos;
        auto const number = [](dash::Element const& element, char const* name,
                               std::int64_t otherwise) {
            auto const text = attribute(element, name);
            return text.empty() ? otherwise : std::stoll(text);
        };
        ListedSegment next{.number = is_numbered ? number(segment_template, "startNumber", 1) : 0};
        std::vector<ListedSegment> found;
        for (auto const& entry : timeline->children) {
            next.start = number(entry, "t", next.start);
            next.number = number(entry, "n", next.number);
            next.duration = number(entry, "d", 0);
            for (auto left = number(entry, "r", 0); left >= 0; --left) {
                found.push_back(next);
                next.start += next.duration;
                if (is_numbered) ++next.number;
            }
        }
        return found;
    }
    std::vector<ListedSegment> listed(std::string_view content, std::size_t period = 0) const {
        return listed(segments(content, period));
    }
};

inline dashlive::MpdText mpd_text(dashlive::Session const& session,
                                  dashlive::MpdRequest const& request = from_host) {
    auto text = mpd_of(session, manifest_of(session), request);
    REQUIRE_MESSAGE(text.has_value(), text.error().detail);
    return *std::move(text);
}

/// The MPD of the asset with four segments of 2 s; `url`: options alone.
inline MpdReader mpd(std::string_view url, std::chrono::milliseconds now) {
    return MpdReader(mpd_text(dash_session(with_manifest(two_second_asset()), url, now)).text);
}

} // namespace continuo::support
