#include "http/dashlive/asset/reader.hpp"
#include "tests/support/dash_folder.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <atomic>
#include <string>

namespace continuo::dashlive::reader_test {

using test::TemporaryDirectory;

AssetReading read(TemporaryDirectory const& root, std::string const& name = "a",
                  AssetIndex known = {}) {
    std::atomic<bool> const is_stopping{false};
    storage::Duty duty(is_stopping);
    auto const folder = std::filesystem::canonical(root.path() / name);
    return read_asset({.name = name,
                       .folder = folder,
                       .root = std::filesystem::canonical(root.path()),
                       .manifests = manifests_in(folder)},
                      std::move(known), duty);
}

std::string only_refusal(AssetReading const& reading) {
    REQUIRE(reading.assembled.refused.size() == 1);
    return reading.assembled.refused.front().reason;
}

bool contains(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST_CASE("asset: numbered segments are found up to the first number without a file") {
    TemporaryDirectory root;
    test::write_pictures(root, "a/V");
    test::write_sound(root, "a/A");
    root.write("a/m.mpd", test::dash_mpd(test::pictures_set + test::sound_set));
    auto const reading = read(root);
    auto const& asset = reading.assembled.asset;
    REQUIRE(asset);
    CHECK(reading.assembled.refused.empty());
    CHECK(reading.assembled.notes.empty());
    CHECK(asset->name == "a");
    CHECK(asset->reference->id == "V");
    CHECK(asset->pictures().size() == 4);
    CHECK(asset->pictures().timescale() == 12'800);
    CHECK(asset->pictures().length() == 102'400);

    auto const& pictures = *asset->tracks.at("V");
    CHECK(pictures.content == Content::video);
    CHECK(pictures.media == "V/$Number$.m4s");
    CHECK(pictures.initialisation == "V/init.mp4");
    CHECK(pictures.extension == "m4s");
    CHECK(pictures.segments[2].part.path == "V/3.m4s");
    CHECK(pictures.segments[2].start == 51'200);
    CHECK(pictures.segments[2].duration == 25'600);
    CHECK_FALSE(pictures.sound);

    auto const& sound = *asset->tracks.at("A");
    REQUIRE(sound.sound);
    CHECK_FALSE(sound.loop);
    CHECK(sound.sound->frame == 1024);
    CHECK(sound.sound->frames.size() == 376);
    CHECK(sound.segments[1].first_frame == 94);
    auto const& frame = sound.sound->frames[94 + 7];
    CHECK(frame.segment == 1);
    auto const file = root.read("a/A/2.m4s");
    CHECK(file.substr(frame.offset, frame.bytes) == std::string(4, '\x07'));
}

TEST_CASE("asset: a segment missing in the middle is named") {
    TemporaryDirectory root;
    test::write_pictures(root, "a/V", 6);
    std::filesystem::remove(root.path() / "a/V/3.m4s");
    root.write("a/m.mpd", test::dash_mpd(test::pictures_set));
    auto const reading = read(root);
    CHECK_FALSE(reading.assembled.asset);
    CHECK(only_refusal(reading) ==
          "Representation \"V\" segment 3 (\"V/3.m4s\") is missing, though \"V/4.m4s\" is there");
}

TEST_CASE("asset: a gap of a frame refuses it, and tells how long it is") {
    TemporaryDirectory root;
    test::write_pictures(root, "a/V");
    root.write("a/V/3.m4s", test::dash_segment({.time = 51'712, .count = 49, .duration = 512}));
    root.write("a/m.mpd", test::dash_mpd(test::pictures_set));
    CHECK(only_refusal(read(root)) == "Representation \"V\" segment 3 (\"V/3.m4s\") begins 0.040 s "
                                      "behind the end of the one before");
}

TEST_CASE("asset: what was measured is not read again") {
    TemporaryDirectory root;
    test::write_pictures(root, "a/V");
    test::write_sound(root, "a/A");
    root.write("a/m.mpd", test::dash_mpd(test::pictures_set + test::sound_set));
    auto const first = read(root);
    CHECK(first.has_news);
    CHECK(first.index.size() == 8);
    auto kept = parse_asset_index(to_text(first.index));
    REQUIRE(kept.has_value());
    CHECK(*kept == first.index);
    kept->at("V/2.m4s").samples.duration = 25'500; // a sign that it was taken from here
    auto const second = read(root, "a", *kept);
    REQUIRE(second.assembled.asset);
    CHECK(second.assembled.asset->tracks.at("V")->segments[1].duration == 25'500);
    CHECK_FALSE(second.has_news);
    CHECK(second.assembled.asset->generation == first.assembled.asset->generation);
}

TEST_CASE("asset: a broken MPD leaves the others of the folder alone") {
    TemporaryDirectory root;
    test::write_pictures(root, "a/V");
    root.write("a/bad.mpd", "<MPD");
    root.write("a/good.mpd", test::dash_mpd(test::pictures_set));
    auto const reading = read(root);
    REQUIRE(reading.assembled.asset);
    CHECK(reading.assembled.asset->manifests.size() == 1);
    CHECK(contains(only_refusal(reading), "XML at 1:"));
}

TEST_CASE("asset: an MPD that a link leads to is read where that is in the root, and only there") {
    TemporaryDirectory root;
    TemporaryDirectory elsewhere;
    test::write_pictures(root, "a/V");
    auto const mpd = test::dash_mpd(test::pictures_set);
    root.write("b/m.mpd", mpd);
    elsewhere.write("m.mpd", mpd);
    std::filesystem::create_symlink(root.path() / "b/m.mpd", root.path() / "a/inside.mpd");
    std::filesystem::create_symlink(elsewhere.path() / "m.mpd", root.path() / "a/outside.mpd");
    auto const reading = read(root);
    REQUIRE(reading.assembled.asset);
    CHECK(reading.assembled.asset->manifests.contains("inside.mpd"));
    CHECK(reading.assembled.asset->manifests.size() == 1);
    CHECK(reading.assembled.refused.front().name == "outside.mpd");
    CHECK(only_refusal(reading) == "lies outside of the asset's folder");
}

TEST_CASE("asset: an MPD that is no file is refused, and nobody waits for it") {
    TemporaryDirectory root;
    test::write_pictures(root, "a/V");
    root.write("a/good.mpd", test::dash_mpd(test::pictures_set));
    REQUIRE(::mkfifo((root.path() / "a/pipe.mpd").c_str(), 0600) == 0);
    auto const reading = read(root);
    CHECK(reading.assembled.asset);
    CHECK(only_refusal(reading) == "is no file");
}

} // namespace continuo::dashlive::reader_test
