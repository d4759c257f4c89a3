#include "tests/support/command_text.hpp"
#include "tests/support/golden.hpp"
#include "workers/segment/command_line.hpp"

#include <doctest/doctest.h>

namespace continuo::workers::segment::command_line_test {

using namespace std::chrono_literals;

constexpr auto executable = "/usr/bin/continuo-segment";

void check(Command const& command, std::string const& name) {
    CAPTURE(name);
    auto const text = test::command_text(command);
    CHECK(text == test::golden("command_lines/" + name + ".txt", text));
    CHECK(command.name == "continuo-segment");
    CHECK(command.nice == 0);
    CHECK(command.environment.empty());
}

TEST_CASE("segmenter command: a source, copied by a variant or not, read ahead or pushed at us") {
    SourceOptions options{.directory = "/run/channels/demo/source/18c2f3a9b01",
                          .socket = "/run/relay/18c2f3a9b01",
                          .segment_time = 4s,
                          .target_duration = 6s,
                          .files = true,
                          .lead = 11s};
    check(source(executable, options), "segment_source");
    options.files = false;
    options.cues = {"/run/channels/demo/source/18c2f3a9b01/cues.txt"};
    options.lead.reset();
    options.segment_time = 1920ms;
    check(source(executable, options), "segment_source_pushed");
}

TEST_CASE("segmenter command: a source that reads a playlist itself, from a date on") {
    SourceOptions const options{.directory = "/run/channels/demo/source/18c2f3a9b01",
                                .socket = "/run/relay/18c2f3a9b01",
                                .segment_time = 4s,
                                .target_duration = 6s,
                                .from = "https://origin.example/live/index.m3u8",
                                .at = std::chrono::sys_time<std::chrono::microseconds>(
                                    std::chrono::microseconds(1'795'261'684'182'779)),
                                .short_first = true,
                                .lead = {}};
    check(source(executable, options), "segment_source_playlist");
}

TEST_CASE("segmenter command: a playlist's URL with a secret in it is no argument") {
    auto const* const url = "https://user:hunter2@origin.example/index.m3u8?token=hunter2";
    SourceOptions options;
    options.from = url;
    ResegmentOptions resegmented;
    resegmented.from = url;
    for (auto const& command : {source(executable, options), resegment(executable, resegmented)}) {
        CHECK(command.environment == std::vector{std::string(from_variable) + "=" + url});
        for (auto const& argument : command.arguments) {
            CHECK(argument != "--from");
            CHECK(argument.find("hunter2") == std::string::npos);
        }
    }
}

TEST_CASE("segmenter command: a variant on its source's grid") {
    check(variant(executable, {.directory = "/run/channels/demo/720p/18c2f3a9b01",
                               .cuts = "/run/channels/demo/source/18c2f3a9b01/cuts",
                               .grid = {.origin = Ticks90k{-45000}, .period = Ticks90k{360000}},
                               .target_duration = 6s}),
          "segment_variant");
}

TEST_CASE("segmenter command: a loop") {
    check(loop(executable, {.directory = "/run/channels/demo/720p/18c2f3a9b02",
                            .file = "/run/channels/demo/_slate/720p.ts",
                            .segment_time = 4s,
                            .target_duration = 6s,
                            .lead = 11s}),
          "segment_loop");
}

TEST_CASE("segmenter command: a ladder that is cut again, its leader and one that follows") {
    ResegmentOptions options{.directory = "/srv/out/.continuo/0/0",
                             .from = "/srv/in/hi/index.m3u8",
                             .boundaries = "/srv/out/.continuo/boundaries",
                             .leads = true,
                             .segment_time = 2s,
                             .target_duration = 3s,
                             .raises_target = true,
                             .cues = {"sidecar.txt"},
                             .paced = true};
    check(resegment(executable, options), "segment_resegment_leader");
    options.leads = false; // and so neither cues nor pace are its concern
    options.begin_with = 7;
    options.replay = true;
    options.random_access_indicator = true;
    options.idle = 20s;
    check(resegment(executable, options), "segment_resegment_follower");
}

} // namespace continuo::workers::segment::command_line_test
