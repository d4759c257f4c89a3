// A channel with two variants, as tests of the HTTP rooms need one.
#pragma once

#include "core/contract/channel_snapshot.hpp"
#include "core/contract/run_directory.hpp"

#include <cstdint>
#include <string>

namespace continuo::test {

/// `count` segments of 4 s from number 100 on; the first date is 2023-11-14T22:13:20Z.
inline contract::ChannelSnapshot sample_snapshot(std::size_t count) {
    using namespace std::chrono_literals;
    contract::ChannelSnapshot snapshot;
    snapshot.channel = "demo";
    snapshot.target_duration = 6s;
    snapshot.window = 5;
    snapshot.discontinuity_sequence = 7;
    snapshot.variants.resize(2);
    snapshot.variants[0] = {.name = "source",
                            .bandwidth_bps = 5'100'000,
                            .average_bandwidth_bps = 4'900'000,
                            .width = 1280,
                            .height = 720,
                            .frame_rate = 25,
                            .codecs = "avc1.64001f,mp4a.40.2"};
    snapshot.variants[1] = {.name = "360p",
                            .bandwidth_bps = 900'000,
                            .average_bandwidth_bps = 800'000,
                            .width = 640,
                            .height = 360,
                            .frame_rate = 30'000 / 1001.0,
                            .codecs = "avc1.4d401e,mp4a.40.2"};
    for (std::size_t i = 0; i < count; ++i) {
        auto const file = "/18c2f3a9b01/" + contract::segment_file_name(i);
        snapshot.segments.push_back({.number = 100 + i,
                                     .start = Ticks90k{360'000 * static_cast<std::int64_t>(i)},
                                     .duration = Ticks90k{360'000},
                                     .date = contract::WallTime{1'700'000'000s + 4s * i},
                                     .discontinuity = false,
                                     .run = "18c2f3a9b01",
                                     .files = {"source" + file, "360p" + file}});
    }
    snapshot.state = {.state = "on air",
                      .source = "clip.mp4",
                      .note = "",
                      .since = contract::WallTime{1'700'000'000s}};
    return snapshot;
}

/// The head B, to which the channel switched from A, and which it could not leave for C.
inline contract::PlayheadState sample_playhead() {
    using namespace std::chrono_literals;
    using Outcome = contract::Switch::Outcome;
    contract::WallTime const date{1'700'000'000s};
    return {.head = "https://host/b.m3u8",
            .name = "B & more",
            .api_connected = true,
            .switches = 7,
            .failures = 1,
            .latest = {{.url = "https://host/c.m3u8",
                        .name = "",
                        .asked = date + 20s + 12ms,
                        .took = std::nullopt,
                        .outcome = Outcome::failed},
                       {.url = "https://host/b.m3u8",
                        .name = "B & more",
                        .asked = date,
                        .took = 1900ms,
                        .outcome = Outcome::done}}};
}

} // namespace continuo::test
