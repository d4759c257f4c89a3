#include "http/pseudolive/track_ids.hpp"

#include <doctest/doctest.h>

#include <set>

namespace track_ids_test {

using continuo::pseudolive::track_ids;
using Ids = std::vector<std::string>;

TEST_CASE("track ids: a file's own name, where no other has it") {
    CHECK(track_ids({"720p.m3u8", "sub/480p.m3u8"}) == Ids{"720p", "480p"});
    CHECK(track_ids({"index.m3u8"}) == Ids{"index"});
}

TEST_CASE("track ids: the folder's, where files are called alike or like everything") {
    CHECK(track_ids({"720p/index.m3u8", "480p/index.m3u8"}) == Ids{"720p", "480p"});
    CHECK(track_ids({"v/hi/prog.m3u8", "v/lo/prog.m3u8"}) == Ids{"hi", "lo"});
    CHECK(track_ids({"video/playlist.m3u8"}) == Ids{"video"});
}

TEST_CASE("track ids: the whole path, where nothing shorter does") {
    CHECK(track_ids({"audio/en.m3u8", "subs/en.m3u8", "subs/de.m3u8"}) ==
          Ids{"audio", "subs-en", "de"});
    CHECK(track_ids({"a/x/i.m3u8", "b/x/i.m3u8"}) == Ids{"a-x-i", "b-x-i"});
}

TEST_CASE("track ids: letters that a URL would have to escape become '-', and no two are alike") {
    CHECK(track_ids({"my clip.m3u8"}) == Ids{"my-clip"});
    std::vector<std::string> const paths{"a b.m3u8",   "a-b.m3u8",   "a_b/x.m3u8", "x.m3u8",
                                         "a-b/x.m3u8", "a b/x.m3u8", "x/a-b.m3u8"};
    auto const ids = track_ids(paths);
    CHECK(std::set(ids.begin(), ids.end()).size() == paths.size());
}

} // namespace track_ids_test
