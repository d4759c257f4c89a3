// Sessions of assets that only exist as numbers: for tests of what a session answers when.
#pragma once

#include "http/dashlive/session/session.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::support {

/// Pictures "V" cut as `pictures` is, sound "A" cut along them in frames of 1024 at 48 kHz, text
/// "T" in milliseconds.
inline dashlive::AssetPtr dash_asset(timeline::SegmentLoop pictures) {
    auto asset = std::make_shared<dashlive::Asset>();
    asset->name = "asset";
    auto const add = [&](char const* id, dashlive::Content content, std::uint32_t timescale) {
        auto track = std::make_shared<dashlive::Track>();
        track->id = id;
        track->content = content;
        track->timescale = timescale;
        asset->tracks[id] = track;
        return track;
    };
    auto const video = add("V", dashlive::Content::video, pictures.timescale());
    video->loop = std::move(pictures);
    add("A", dashlive::Content::audio, 48'000)->sound =
        dashlive::Sound{.frame = 1024, .frames = {}};
    add("T", dashlive::Content::text, 1000);
    asset->reference = video;
    return asset;
}

/// Four segments of 2 s, at 90 kHz.
inline dashlive::AssetPtr two_second_asset() {
    return dash_asset({90'000, {180'000, 180'000, 180'000, 180'000}});
}

/// `url`: "/livesim2/snr_7/", options alone.
inline std::shared_ptr<dashlive::Options const> dash_options(std::string_view url) {
    constexpr std::string_view first = "/livesim/", second = "/livesim2/";
    auto const is_first = url.starts_with(first);
    url.remove_prefix(is_first ? first.size() : second.size());
    auto parsed = dashlive::parse_options(is_first ? dashlive::Dialect::livesim1
                                                   : dashlive::Dialect::livesim2,
                                          std::string(url) + "asset/Manifest.mpd");
    REQUIRE_MESSAGE(parsed.has_value(), url, ": ", parsed.error().reason);
    return std::make_shared<dashlive::Options const>(std::move(parsed->options));
}

inline dashlive::Session dash_session(dashlive::AssetPtr asset, std::string_view url,
                                      std::chrono::milliseconds now) {
    auto session =
        dashlive::Session::open(std::move(asset), dash_options(url), dashlive::DateTime(now));
    REQUIRE_MESSAGE(session.has_value(), url, ": ", session.error().detail);
    return *std::move(session);
}

/// 200, or what it is refused with.
template <class T>
unsigned status_of(dashlive::Answer<T> const& answer) {
    return answer ? 200 : answer.error().status;
}

} // namespace continuo::support
