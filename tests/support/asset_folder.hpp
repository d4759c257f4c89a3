// Folders with HLS in them, made by tests: playlists, and segments with as much media in them as
// they say.
#pragma once

#include "tests/support/temporary_directory.hpp"
#include "tests/support/ts_builder.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace continuo::test {

/// A transport stream of so many pictures, 25 in a second.
inline std::string segment_of(unsigned pictures, Ticks90k start = Ticks90k{900'000}) {
    auto const bytes = stream_of({.gop = pictures, .pictures = pictures, .start = start});
    return {bytes.begin(), bytes.end()};
}

/// A media playlist; `entries`: lines of URIs, with tags before them.
inline std::string media_playlist(std::string_view entries) {
    return "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n" + std::string(entries) +
           "#EXT-X-ENDLIST\n";
}

/// "a/0.ts", "a/1.ts", ... with these durations in seconds.
inline std::string entries_of(std::string_view prefix, std::vector<std::string> const& extinfs) {
    std::string entries;
    for (std::size_t i = 0; i < extinfs.size(); ++i)
        entries +=
            "#EXTINF:" + extinfs[i] + ",\n" + std::string(prefix) + std::to_string(i) + ".ts\n";
    return entries;
}

/// A master of these playlists, best first.
inline std::string master_of(std::vector<std::string> const& uris) {
    std::string text = "#EXTM3U\n";
    auto bandwidth = 1'000'000u;
    for (auto const& uri : uris) {
        text += "#EXT-X-STREAM-INF:BANDWIDTH=" + std::to_string(bandwidth) + "\n" + uri + "\n";
        bandwidth /= 2;
    }
    return text;
}

/// An asset of `segments` segments of 50 pictures (2 s) each, in the variants "hi" and "lo".
inline void write_asset(TemporaryDirectory const& root, std::string const& name,
                        std::size_t segments = 4) {
    for (auto const* const variant : {"hi", "lo"}) {
        auto const folder = name + '/' + variant + '/';
        for (std::size_t i = 0; i < segments; ++i)
            root.write(folder + std::to_string(i) + ".ts",
                       segment_of(50, Ticks90k{900'000 + 180'000 * static_cast<int>(i)}));
        root.write(folder + "index.m3u8",
                   media_playlist(entries_of("", std::vector<std::string>(segments, "2.0"))));
    }
    root.write(name + "/abr.m3u8", master_of({"hi/index.m3u8", "lo/index.m3u8"}));
}

} // namespace continuo::test
