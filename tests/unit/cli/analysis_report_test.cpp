#include "cli/analysis_report.hpp"

#include <doctest/doctest.h>

#include <memory>

namespace continuo::cli::analysis_report_test {

using dashlive::Content;
using dashlive::Track;

TEST_CASE("analysis report: the loop, a line for each track, and what was repaired or refused") {
    auto pictures = std::make_shared<Track>();
    pictures->id = "V";
    pictures->content = Content::video;
    pictures->codecs = "avc1.64001e";
    pictures->bandwidth_bps = 300'000;
    pictures->timescale = 1000;
    pictures->segments = {{.part = {}, .start = 0, .duration = 1920},
                          {.part = {}, .start = 1920, .duration = 1920}};
    pictures->loop.emplace(1000, std::vector<std::int64_t>{1920, 1920});
    auto sound = std::make_shared<Track>();
    sound->id = "A48";
    sound->content = Content::audio;
    sound->codecs = "mp4a.40.2";
    sound->bandwidth_bps = 48'000;
    sound->timescale = 48'000;
    sound->edit = 1024;
    sound->segments = {{.part = {}, .start = 0, .duration = 91'136},
                       {.part = {}, .start = 91'136, .duration = 92'160}};
    sound->sound.emplace(dashlive::Sound{.frame = 1024, .frames = {}});
    auto asset = std::make_shared<dashlive::Asset>();
    asset->manifests.emplace("m.mpd", dashlive::Manifest{.name = "m.mpd", .root = {}, .title = {}});
    asset->tracks = {{"V", pictures}, {"A48", sound}};
    asset->reference = pictures;
    dashlive::AssetView view;
    view.asset = asset;
    view.notes = {"Representation \"T\" is left out: it has 3 segments, \"V\" has 2"};
    view.refused = {{.name = "b.mpd", .reason = "has 0 Periods; one can be looped"}};
    CHECK(analysis_report(view) ==
          "m.mpd: has no title\n"
          "A loop of 2 segments, 3.840 s (3840/1000), by \"V\":\n"
          "  A48  audio  mp4a.40.2                 48 kbit/s  2 segments of 1.899 to 1.920 s; "
          "0.021 s in front of its presentation; 0 frames of 1024/48000 s, cut again along the "
          "pictures\n"
          "  V    video  avc1.64001e              300 kbit/s  2 segments of 1.920 s\n"
          "Note: Representation \"T\" is left out: it has 3 segments, \"V\" has 2\n"
          "b.mpd can't be served: has 0 Periods; one can be looped\n");
}

} // namespace continuo::cli::analysis_report_test
