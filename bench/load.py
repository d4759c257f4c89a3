"""What fifty copy channels cost: each loops one file of 5 Mbit/s; nobody watches."""
import json
import time

from house import House, wait_for
from measure import Row, cpu_seconds, programs, resident_bytes, settled

CHANNELS = 50

CONFIG = "defaults: { segment_time: 4s, window: 3 }\nchannels:\n"


def cpu_of(groups):
    return {name: sum(map(cpu_seconds, pids)) for name, pids in groups.items()}


def bits_per_second(house):
    """Of a channel's segments, on average."""
    channel = json.loads(house.get("/api/v1/channels")[1])["channels"][0]
    return channel["variants"][0]["average_bandwidth_bps"]


def run(clips, quick):
    seconds = 15 if quick else 60
    config = CONFIG + "".join(f"  - {{ name: c{i}, sources: [ {{ file: \"{clips.five_megabit}\", loop: true }} ] }}\n"
                              for i in range(CHANNELS))
    with House(config) as house:
        wait_for(lambda: settled(house, CHANNELS), 120, "fifty channels on air")
        groups = {**programs(house), "daemon": [house.daemon.pid], "http": [house.http.pid]}
        began, before = time.monotonic(), cpu_of(groups)
        time.sleep(seconds)  # the span that is measured; asking anything meanwhile would be measured too
        span, after = time.monotonic() - began, cpu_of(groups)
        resident = resident_bytes(house.daemon.pid)
        megabits = bits_per_second(house) / 1e6
    percent = {name: 100 * (after[name] - before[name]) / span for name in groups}
    ours = percent["daemon"] + percent["http"] + percent["continuo-segment"]
    per_five = percent["continuo-segment"] / CHANNELS * 5 / megabits
    shares = (f"segmenters {percent['continuo-segment']:.1f}, daemon {percent['daemon']:.1f}, HTTP {percent['http']:.1f}; "
              f"their ffmpegs {percent['ffmpeg']:.0f}")
    return [Row("daemon's CPU per channel", percent["daemon"] / CHANNELS, "% of a core", 0.1,
                f"{CHANNELS} channels, {span:.0f} s"),
            Row("daemon's resident memory per channel", resident / CHANNELS / 2**20, "MiB", 2,
                f"{resident / 2**20:.0f} MiB in all"),
            Row("segmenter's CPU per 5 Mbit/s", per_five, "% of a core", 1, f"file loops of {megabits:.2f} Mbit/s"),
            Row(f"daemon for {CHANNELS} copy channels", percent["daemon"], "% of a core", 3),
            Row("the same with HTTP and segmenters, which have a goal of their own", ours, "% of a core", None, shares)]
