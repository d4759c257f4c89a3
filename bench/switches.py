"""Switches of a playhead channel: how long each takes and what it loses, by pair of streams; and what such channels cost.

The streams differ in size, rate, GOP and length of segments, and their pictures say when they were: what nobody got to see is
read off them. Costs are those of channels that follow one live stream, while nobody watches.
"""
import time

from event_api import EventApi
from house import House, wait_for
from live_sources import KINDS, Studio
from measure import Row, cpu_seconds, programs, proportional_bytes, settled
from playhead import COPY, LADDER, Record, channel_config, switches, watch
from sources import Origin

SEGMENT_TIME = 4  # s
TOURS = {True: ("two", "double", "two"),
         False: ("two", "double", "two", "short", "two", "five", "double", "short", "double", "five", "short", "five", "two")}
CHANNELS = {"copy": COPY, "ladder": LADDER}
FOLLOWERS = 50
HD = "".join(f"      - {{ name: {height}p, height: {height}, video_bitrate: {rate}k }}\n" for height, rate in ((480, 1200), (360, 600)))


def measure_switches(tour):
    with Studio(sorted(set(tour)), 30 + 12 * len(tour)) as studio:
        studio.go_live()
        api = EventApi()
        api.head(studio.live[tour[0]].url)
        with House(f"defaults: {{ segment_time: {SEGMENT_TIME}s, window: 6 }}\nchannels:\n" +
                   "".join(channel_config(name, api, variants) for name, variants in CHANNELS.items())) as house:
            for name in CHANNELS:
                house.wait_on_air(30, name)
            watchers = {name: watch(house, name, variants[-1])[variants[-1]] for name, variants in CHANNELS.items()}
            house.wait_segments(1, 20)
            asked = []
            for turn, stream in enumerate(tour[1:], start=1):
                asked.append(api.head(studio.live[stream].url))
                wait_for(lambda: all(len(watcher.discontinuities()) >= turn for watcher in watchers.values()), 20, f"switch {turn}")
            house.wait_segments(1, 20)
            records = {name: Record(watcher.finish()) for name, watcher in watchers.items()}
        api.close()
        return [switch for name, record in records.items()
                for switch in switches(name, CHANNELS[name][-1], record, studio, asked, SEGMENT_TIME)]


def switch_rows(found):
    rows = [Row(f"event -> first segment listed, {each.before} -> {each.after}, {each.channel}", each.took, "s", each.limit,
                f"{each.lost:.2f} s lost of a GOP of {each.gop:g} s") for each in sorted(found, key=lambda each: each.channel)]
    worst = max(found, key=lambda each: each.lost / each.gop)
    return [*rows, Row("content lost by a switch, worst", worst.lost / worst.gop, "GOP", 1, f"{worst.before} -> {worst.after}, {worst.channel}")]


def cost(config, ffmpegs, channels, seconds):
    """{program: (% of a core, MiB)} of a house whose channels follow the head, all together."""
    with House(config) as house:
        wait_for(lambda: settled(house, ffmpegs), 120, f"{channels} channels on air")
        groups = {**programs(house), "daemon": [house.daemon.pid], "http": [house.http.pid]}
        began, before = time.monotonic(), {name: sum(map(cpu_seconds, pids)) for name, pids in groups.items()}
        time.sleep(seconds)  # the span that is measured; asking anything meanwhile would be measured too
        span = time.monotonic() - began
        return {name: (100 * (sum(map(cpu_seconds, pids)) - before[name]) / span, sum(map(proportional_bytes, pids)) / 2**20)
                for name, pids in groups.items()}


def in_words(costs):
    return "; ".join(f"{name} {percent:.1f} %, {size:.0f} MiB" for name, (percent, size) in sorted(costs.items()))


def cost_rows(clips, seconds):
    with Origin() as origin:
        api = EventApi()
        api.head(origin.live_hls(clips.demo))
        ladder = cost("channels:\n" + channel_config("live", api) + HD, 2, 1, seconds)
        api.head(origin.live_hls(clips.five_megabit))
        copies = cost("defaults: { window: 3 }\nchannels:\n" + "".join(channel_config(f"c{i}", api) for i in range(FOLLOWERS)), 0,
                      FOLLOWERS, seconds)
        api.close()

    def row(name, costs, column, unit, goal=None):
        return Row(name, sum(value[column] for value in costs.values()), unit, goal, in_words(costs))
    return [row("one ladder (copy, 480p, 360p), CPU", ladder, 0, "% of a core"), row("one ladder, memory", ladder, 1, "MiB"),
            Row(f"daemon's CPU with {FOLLOWERS} playhead copies", copies["daemon"][0], "% of a core", 3),
            row(f"{FOLLOWERS} playhead copies of 5 Mbit/s, CPU", copies, 0, "% of a core"),
            row(f"{FOLLOWERS} playhead copies, memory", copies, 1, "MiB")]


def run(clips, quick):
    return switch_rows(measure_switches(TOURS[quick])) + cost_rows(clips, 15 if quick else 60)
