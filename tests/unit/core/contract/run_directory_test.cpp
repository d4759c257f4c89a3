#include "core/contract/run_directory.hpp"

#include <doctest/doctest.h>

namespace run_directory_test {

using namespace continuo;
using namespace continuo::contract;

SegmentLine sample_line() {
    return {.name = "000042.ts",
            .start = Ticks90k{819'120},
            .duration = Ticks90k{345'600},
            .bytes = 1'234'568,
            .end = SegmentEnd::overlong,
            .discontinuity = true,
            .keyframe = false,
            .video = {.codecs = "avc1.64001f", .width = 1280, .height = 720, .frame_rate = 29.97},
            .audio_codecs = "mp4a.40.2"};
}

timeline::Cue const cue{.kind = timeline::Cue::Kind::out,
                        .event_id = 7,
                        .time = Ticks90k{1'026'000},
                        .planned = Ticks90k{900'000},
                        .auto_return = true,
                        .section = "/DAh+/8="};

TEST_CASE("segment line: what is written is read back") {
    auto const line = sample_line();
    CHECK(parse_segment_line(encode(line)).value() == line);
}

TEST_CASE("segment line: every truncation is an error, never a crash or a value") {
    auto const text = encode(sample_line());
    for (std::size_t size = 0; size < text.size(); ++size)
        CHECK(!parse_segment_line(std::string_view(text).substr(0, size)));
}

TEST_CASE("segment line: an error names the key") {
    auto const error = [](std::string_view text) {
        return parse_segment_line(text).error().context;
    };
    CHECK(error(R"({"start":1})") == R"(segment line: "name" is missing)");
    CHECK(error(R"({"name":5})") == R"(segment line: "name" has the wrong type)");
    for (auto const* const start : {"1.5", "9e99", "18446744073709551615", "\"1\"", "true"})
        CHECK(error(R"({"name":"a","start":)" + std::string(start) + "}") ==
              R"(segment line: "start" is no whole number, or out of range)");
    auto line = sample_line();
    line.name = "../000042.ts";
    CHECK(error(encode(line)) == R"(segment line: "name" is no segment file's)");
}

TEST_CASE("segment file names: six digits or more, and nothing else") {
    CHECK(segment_file_name(0) == "000000.ts");
    CHECK(segment_file_name(1'234'567) == "1234567.ts");
    CHECK(is_segment_file_name("000000.ts"));
    CHECK(is_segment_file_name("1234567.ts"));
    for (auto const* name : {"", ".ts", "00000.ts", "000000.ts.tmp", "00000a.ts", ".000000.ts"})
        CHECK_FALSE(is_segment_file_name(name));
}

TEST_CASE("run info: what is written is read back, a grid without period is refused") {
    RunInfo info{
        .grid = {.origin = Ticks90k{-45'000}, .period = Ticks90k{345'600}},
        .first_gop = Ticks90k{172'800},
        .video = {.codecs = "hvc1.1.6.L93.B0", .width = 1920, .height = 1080, .frame_rate = 50},
        .audio_codecs = "",
        .cut_off = {"720p"}};
    CHECK(parse_run_info(encode(info)).value() == info);
    info.target_duration_s = 6;
    info.made = MediaDate{.pts = Ticks90k{126'000},
                          .date = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};
    CHECK(parse_run_info(encode(info)).value() == info);
    info.grid.period = Ticks90k{0};
    CHECK(!parse_run_info(encode(info)));
}

TEST_CASE("cuts: one line each, with its reason") {
    CHECK(encode(Cut{.pts = Ticks90k{819'120}}) == "819120 cue\n");
    CHECK(parse_cut("819120 overlong\n").value() ==
          Cut{.pts = Ticks90k{819'120}, .overlong = true});
    for (auto const* line : {"", "819120", "x cue", "-1 cue", "8589934592 cue", "1 why", "1  cue"})
        CHECK(!parse_cut(line));
}

TEST_CASE("cuts: a cue is read back as it was written") {
    Cut const cut{.pts = Ticks90k{1'033'917}, .cue = cue};
    CHECK(parse_cut(encode(cut)).value() == cut);
    CHECK(parse_cut("1033917 cue\n").value() == Cut{.pts = cut.pts});
    CHECK(!parse_cut("1033917 cue {}\n"));
    CHECK(!parse_cut("1033917 overlong {}\n"));
}

TEST_CASE(
    "boundaries: one line each; every truncation is an error or a boundary without its cues") {
    Boundary const boundary{.pts = Ticks90k{1'033'917}, .cues = {cue, cue}};
    auto const text = encode(boundary);
    CHECK(parse_boundary(text).value() == boundary);
    Boundary const overlong{.pts = Ticks90k{5}, .overlong = true};
    CHECK(encode(overlong) == "5 overlong\n");
    CHECK(parse_boundary("5 overlong\n").value() == overlong);
    for (std::size_t size = 9; size + 2 < text.size(); ++size)
        CHECK(!parse_boundary(text.substr(0, size)));
    for (auto const kind : {Boundary::Kind::discontinuity, Boundary::Kind::end})
        CHECK(parse_boundary(encode(Boundary{.kind = kind})).value() == Boundary{.kind = kind});
    for (auto const* const line : {"", "\n", "disc\n", "12x\n", "12 {}\n", "12 [{}]\n"})
        CHECK(!parse_boundary(line));
}

TEST_CASE("segment line: cues and boundary are read back") {
    auto line = sample_line();
    line.cues = {cue};
    line.boundary = Ticks90k{899'990};
    CHECK(parse_segment_line(encode(line)).value() == line);
}

TEST_CASE("join request: from a tick, or from the start") {
    JoinRequest const from{.from = Ticks90k{819'120}, .consumer = "720p"};
    JoinRequest const start{.from = std::nullopt, .consumer = "720p"};
    CHECK(encode(from) == "from 819120 720p\n");
    CHECK(encode(start) == "start 720p\n");
    CHECK(parse_join_request(encode(from)).value() == from);
    CHECK(parse_join_request(encode(start)).value() == start);
    for (auto const* line : {"", "start", "from 720p", "from 1", "go 1 720p"})
        CHECK(!parse_join_request(line));
}

} // namespace run_directory_test
