// From folders that the tests make to assets, or to the words of their refusal.
#include "http/pseudolive/draft.hpp"
#include "tests/support/asset_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

namespace draft_test {

using namespace continuo;
using namespace continuo::pseudolive;
using namespace continuo::test;
using namespace std::chrono_literals;

struct Root {
    Root() : path(fs::canonical(directory.path())) {}

    storage::Accepted<std::optional<Draft>> read(std::string const& name = "clip") const {
        return Draft::read(fs::canonical(path / name), path);
    }
    Draft draft(std::string const& name = "clip") const {
        auto made = read(name);
        REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().reason));
        REQUIRE(made->has_value());
        return **std::move(made);
    }
    /// Why the asset is refused, playlists or segments.
    std::string reason(std::string const& name = "clip") const {
        auto made = read(name);
        if (!made) return made.error().reason;
        if (!*made) return "no stream";
        auto const asset = (*made)->assembled();
        return asset ? "taken" : asset.error().reason;
    }
    void write(std::string const& file, std::string const& text) const {
        directory.write("clip/" + file, text);
    }

    TemporaryDirectory directory;
    fs::path path;
};

void measure_all(Draft& draft) {
    auto const plan = *draft.plan({});
    for (auto const& place : plan.places)
        REQUIRE(draft.measure(place).has_value());
}

TEST_CASE_FIXTURE(Root, "asset folder: a ladder with its master") {
    write_asset(directory, "clip");
    auto const asset = *draft().assembled();
    REQUIRE(asset->tracks.size() == 2);
    CHECK(asset->tracks[0].id == "hi");
    CHECK(asset->tracks[1].segments[3].uri == "lo/3.ts");
    CHECK(asset->master.variants[1].uri == "lo");
    CHECK(asset->master.variants[1].bandwidth_bps == 500'000);
    CHECK(asset->tracks[0].lap->length() == Ticks90k{8s});
}

TEST_CASE_FIXTURE(Root, "asset folder: abr.m3u8 counts, else the one master that there is") {
    write_asset(directory, "clip");
    write("other.m3u8", master_of({"lo/index.m3u8"}));
    CHECK((*draft().assembled())->tracks.size() == 2);
    fs::rename(path / "clip/abr.m3u8", path / "clip/z.m3u8");
    CHECK(reason() ==
          "has 2 master playlists: other.m3u8, z.m3u8; call the one that counts abr.m3u8");
    fs::remove(path / "clip/other.m3u8");
    write("other.m3u8", media_playlist(entries_of("lo/", {"2.0"})));
    CHECK((*draft().assembled())->tracks.size() == 2);
}

TEST_CASE_FIXTURE(Root, "asset folder: a lone media playlist is an asset of one variant") {
    write("all.m3u8", media_playlist(entries_of("", {"2.0", "2.0"})));
    write("0.ts", segment_of(50));
    write("1.ts", segment_of(50));
    auto const asset = *draft().assembled();
    CHECK(asset->master.variants.at(0).uri == "all");
    CHECK(asset->master.variants.at(0).bandwidth_bps > 0);
    write("other.m3u8", media_playlist(entries_of("", {"2.0"})));
    CHECK(reason() == "has no master playlist, and 2 others: all.m3u8, other.m3u8");
}

TEST_CASE_FIXTURE(Root, "asset folder: one without playlists is no stream") {
    write("readme.txt", "nothing here");
    CHECK(reason() == "no stream");
}

TEST_CASE_FIXTURE(Root, "asset folder: renditions, each playlist once") {
    write_asset(directory, "clip");
    write("en/index.m3u8", media_playlist(entries_of("", {"2.0", "2.0", "2.0", "2.0"})));
    for (auto const* const file : {"en/0.ts", "en/1.ts", "en/2.ts", "en/3.ts"})
        write(file, "WEBVTT\n");
    write("abr.m3u8",
          "#EXTM3U\n#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",NAME=\"E\",URI=\"en/index.m3u8\"\n"
          "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"in it\"\n"
          "#EXT-X-STREAM-INF:BANDWIDTH=1000,SUBTITLES=\"s\",AUDIO=\"a\"\nhi/index.m3u8\n"
          "#EXT-X-STREAM-INF:BANDWIDTH=900,SUBTITLES=\"s\"\nhi/index.m3u8\n");
    auto made = draft();
    auto const asset = *made.assembled();
    REQUIRE(asset->tracks.size() == 2);
    CHECK(asset->tracks[1].id == "en");
    CHECK(asset->master.renditions[0].uri == "en");
    CHECK_FALSE(asset->master.renditions[1].uri);
    CHECK(asset->master.variants[1].uri == "hi");
    auto const plan = *made.plan({});
    for (auto const& place : plan.places) // nobody measures text
        CHECK(place.track == 0);
}

TEST_CASE_FIXTURE(Root, "asset folder: durations are those of the pictures") {
    write("a.m3u8", media_playlist(entries_of("", {"6.0", "2.0", "3.0"})));
    write("0.ts", segment_of(149)); // 5.96 s
    write("1.ts", segment_of(50));
    write("2.ts", "nothing that anybody knows");
    auto made = draft();
    CHECK(made.size() == 3);
    CHECK(made.unmeasured() == 3);
    measure_all(made);
    CHECK(made.unmeasured() == 0);
    CHECK_FALSE(made.agrees());
    auto const asset = *made.assembled();
    CHECK(asset->tracks[0].segments[0].duration == Ticks90k{149 * 3600});
    CHECK(asset->tracks[0].segments[1].duration == Ticks90k{2s});
    CHECK(asset->tracks[0].segments[2].duration == Ticks90k{3s});
    CHECK(asset->by_extinf == 1);
}

TEST_CASE_FIXTURE(Root, "asset folder: parts of one file are measured as parts") {
    auto const first = segment_of(50);
    auto const second = segment_of(75, Ticks90k{1'080'000});
    write("all.ts", first + second);
    auto const part = [](std::size_t length, std::string const& rest) {
        return "#EXT-X-BYTERANGE:" + std::to_string(length) + rest + "\n#EXTINF:1.0,\nall.ts\n";
    };
    write("a.m3u8", media_playlist(part(first.size(), "@0") + part(second.size(), "")));
    auto made = draft();
    measure_all(made);
    auto const asset = *made.assembled();
    CHECK(asset->tracks[0].segments[0].duration == Ticks90k{2s});
    CHECK(asset->tracks[0].segments[1].duration == Ticks90k{3s});
    CHECK(asset->files == std::vector<std::string>{"all.ts"});
    write("a.m3u8", media_playlist(part(first.size() + second.size() + 1, "@0")));
    CHECK(reason() == "variant \"a\": segment 0 (all.ts) is shorter than its byte range");
}

TEST_CASE_FIXTURE(Root, "asset folder: encrypted segments have their EXTINF, keys are files, too") {
    write("a.m3u8", media_playlist("#EXT-X-KEY:METHOD=AES-128,URI=\"k.bin\"\n" +
                                   entries_of("", {"2.5", "2.0"})));
    write("0.ts", segment_of(50));
    write("1.ts", segment_of(50));
    auto made = draft();
    CHECK(made.plan({})->places.empty());
    auto const asset = *made.assembled();
    CHECK(asset->tracks[0].segments[0].duration == Ticks90k{2500ms});
    CHECK(asset->files == std::vector<std::string>{"0.ts", "1.ts", "k.bin"});
}

TEST_CASE_FIXTURE(Root, "asset folder: the plan begins with what is listed now, and the edges") {
    write_asset(directory, "clip", 20);
    auto const made = draft();
    // At 21 s ten segments have ended; three target durations are three of them.
    auto const plan = *made.plan({.since_start = Ticks90k{21s}, .window = 3});
    CHECK(plan.places.size() == 40);
    std::vector<std::size_t> listed, reference;
    for (std::size_t i = 0; i < plan.reference; ++i)
        if (plan.places[i].track == 0)
            (i < plan.listed ? listed : reference).push_back(plan.places[i].segment);
    for (auto const segment : {7u, 8u, 9u, 0u, 19u})
        CHECK(std::ranges::find(listed, segment) != listed.end());
    CHECK(listed.size() <= 7);
    CHECK(listed.size() + reference.size() == 20);
    CHECK(reference.front() == 11); // then what is listed next
}

TEST_CASE_FIXTURE(Root, "asset folder: what was measured is recalled while files are the same") {
    write_asset(directory, "clip", 2);
    auto made = draft();
    measure_all(made);
    auto const known = made.measurements();
    CHECK(known.size() == 4);
    auto again = draft();
    again.recall(known);
    CHECK(again.unmeasured() == 0);
    CHECK(again.measurements() == known);
    directory.write("clip/hi/1.ts", segment_of(51));
    auto changed = draft();
    changed.recall(known);
    REQUIRE(changed.plan({})->places.size() == 1);
    CHECK(changed.plan({})->places[0].segment == 1);
    CHECK(changed.plan({})->places[0].track == 0);
}

TEST_CASE_FIXTURE(Root, "asset folder: storage::refused: a segment or a playlist that is missing") {
    write_asset(directory, "clip");
    fs::remove(path / "clip/lo/2.ts");
    CHECK(reason() == "variant \"lo\": segment 2 (lo/2.ts) is missing");
    fs::remove(path / "clip/lo/index.m3u8");
    CHECK(reason() == "variant \"lo\": \"lo/index.m3u8\": No such file or directory");
}

TEST_CASE_FIXTURE(Root,
                  "asset folder: storage::refused: what is no playlist, and what lists nothing") {
    write_asset(directory, "clip");
    write("lo/index.m3u8", "<!DOCTYPE html>\n<html></html>\n");
    CHECK(reason() == "variant \"lo\": \"lo/index.m3u8\" is no playlist: it begins with <!DOCTYPE "
                      "html>");
    write("lo/index.m3u8", "");
    CHECK(reason() == "variant \"lo\": \"lo/index.m3u8\" is no playlist: it is empty");
    write("lo/index.m3u8", media_playlist(""));
    CHECK(reason() == "variant \"lo\": lists no segment");
    write("abr.m3u8", "\x1b[2J<html>\n");
    CHECK(reason() == "\"abr.m3u8\" is no playlist: it begins with ?[2J<html>");
}

TEST_CASE_FIXTURE(Root, "asset folder: storage::refused: variants of different lengths") {
    write_asset(directory, "clip");
    write("lo/index.m3u8", media_playlist(entries_of("", {"2.0", "2.0", "2.0"})));
    CHECK(reason() == "variant \"lo\" lasts 6.000 s in 3 segments, variant \"hi\" 8.000 s in 4: "
                      "2.000 s apart, more than half a segment (1.000 s)");
}

TEST_CASE_FIXTURE(Root, "asset folder: storage::refused: playlists that lead out of it") {
    write_asset(directory, "clip");
    write("abr.m3u8", master_of({"hi/index.m3u8", "../other/index.m3u8"}));
    CHECK(reason() == "variant: \"../other/index.m3u8\" leads out of the asset's folder");
    write("abr.m3u8", master_of({"hi/index.m3u8", "https://host/index.m3u8"}));
    CHECK(reason() == "variant: \"https://host/index.m3u8\" is absolute; only files of the asset's "
                      "folder are served");
    write("abr.m3u8", master_of({"hi/index.m3u8"}));
    write("hi/index.m3u8", media_playlist("#EXTINF:2,\n/etc/passwd\n"));
    CHECK(reason() == "variant \"hi\": segment 0 (/etc/passwd): \"/etc/passwd\" is absolute; only "
                      "files of the asset's folder are served");
}

TEST_CASE_FIXTURE(Root, "asset folder: links are followed within the root, and no further") {
    TemporaryDirectory outside;
    outside.write("secret.ts", segment_of(50));
    write_asset(directory, "clip");
    write_asset(directory, "other");
    fs::remove(path / "clip/hi/1.ts");
    fs::create_symlink("../../other/hi/1.ts", path / "clip/hi/1.ts");
    CHECK(reason() == "taken");
    fs::remove(path / "clip/hi/1.ts");
    fs::create_symlink(outside.path() / "secret.ts", path / "clip/hi/1.ts");
    CHECK(reason() == "variant \"hi\": segment 1 (hi/1.ts) lies outside of the asset's folder");
    fs::remove(path / "clip/hi/1.ts");
    fs::create_symlink("nowhere.ts", path / "clip/hi/1.ts");
    CHECK(reason() == "variant \"hi\": segment 1 (hi/1.ts) is a dangling link");
    fs::remove(path / "clip/hi/1.ts");
    fs::create_directory(path / "clip/hi/1.ts");
    CHECK(reason() == "variant \"hi\": segment 1 (hi/1.ts) is no file");
    // The folder itself may be a link to anywhere.
    write_asset(outside, "linked");
    fs::create_directory_symlink(outside.path() / "linked", path / "linked");
    CHECK(reason("linked") == "taken");
    // Nor do playlists lead out, by way of a folder.
    fs::remove_all(path / "clip/lo");
    fs::create_directory_symlink(outside.path() / "linked/lo", path / "clip/lo");
    CHECK(reason() != "taken");
}

TEST_CASE_FIXTURE(Root, "asset folder: a file that is torn while it is measured is told") {
    write_asset(directory, "clip");
    auto made = draft();
    fs::remove(path / "clip/hi/3.ts");
    auto const done = made.measure({.track = 0, .segment = 3});
    REQUIRE(!done);
    CHECK(done.error().reason == "variant \"hi\": segment 3 (hi/3.ts): No such file or directory");
}

} // namespace draft_test
