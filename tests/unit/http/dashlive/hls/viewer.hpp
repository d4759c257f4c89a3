// Whoever watches a session by HLS, on paper: asks for playlists and segments at any time, as
// players do, and knows what must come.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "core/hls/rules/finding.hpp"
#include "http/dashlive/hls/view.hpp"
#include "http/dashlive/session/session.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::test {

using dashlive::Answer;
using dashlive::DateTime;
using dashlive::HlsPlaylist;

/// What is behind an answer that is none of a refusal.
template <class T>
T got(Answer<T> answer) {
    REQUIRE_MESSAGE(answer.has_value(), answer.error().detail);
    return *std::move(answer);
}

/// A track of pictures, "V300", and one of sound, "A48", cut on its grid.
struct HlsAssetSpec {
    std::uint32_t timescale{90'000};
    std::vector<std::int64_t> durations{180'000, 180'000, 180'000, 180'000};
    std::uint32_t sample_rate{48'000};
    std::int64_t frame{1024};
    std::int64_t edit{};
};
dashlive::AssetPtr hls_asset(HlsAssetSpec const& spec = {});

class HlsViewer {
public:
    /// `options`: as in a URL, "tsbd_20/segtimeline_1"; of livesim2.
    explicit HlsViewer(std::string options, dashlive::AssetPtr asset = hls_asset(),
                       dashlive::Dialect dialect = dashlive::Dialect::livesim2);

    Answer<dashlive::Session> session(DateTime now) const;
    Answer<HlsPlaylist> playlist(std::string_view path, DateTime now,
                                 std::string_view query = {}) const;
    /// A media playlist that is there and can be read.
    hls::MediaPlaylist list(std::string_view path, DateTime now) const;
    /// The segment that `uri` in the playlist at `path` names: its index, if it can be had.
    Answer<std::int64_t> segment(std::string_view path, std::string const& uri, DateTime now) const;

    /// Everything that `continuo verify` has to say from `begin` on, for so long.
    std::vector<hls::rules::Finding> verify(std::vector<std::string> const& paths, DateTime begin,
                                            std::chrono::seconds watched) const;

    dashlive::Asset const& asset() const noexcept { return *asset_; }
    /// The track that a media playlist is of; null for subtitles that are made up.
    dashlive::Track const* track(std::string_view path) const;

private:
    dashlive::Interval interval_of(std::string_view path, std::int64_t index) const;

    std::string content_;
    dashlive::Dialect dialect_;
    dashlive::AssetPtr asset_;
};

} // namespace continuo::test
