#!/usr/bin/env python3
"""Compares lists of pseudo-live streams with nginx on the same texts as files; memory for 10 000 streams; what long assets cost.

usage: pseudolive.py [--help] [--seconds N] [--rounds N] [--connections N]

Needs the release build (scripts/build release), ffmpeg, nginx and wrk. Both servers are pinned to the first core and the client
to the second; rounds alternate, and the table shows the median of each round's ratio. 10 000 streams are names of few assets,
and asked for in turn, so that hardly any text was made before. The 99th percentile of the table is that of a server with more
to do than it can; the one that has a goal is taken with a few connections.
Exit codes: 0 measured, 1 something could not be started, 64 wrong usage.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "integration"))
os.environ.setdefault("CONTINUO_BIN", str(ROOT / "build" / "release" / "bin"))

from measure import proportional_bytes  # noqa: E402 (the path is set above)
from side_by_side import Row, SideBySide, fetch, load, run_comparison, wait_for, wait_until  # noqa: E402

STREAMS = 10_000
SHORT, LONG = 100, 100_000  # segments
VARIANTS = ("hi", "mid", "low")
NOW = 1_800_000_000  # s since 1970
FEW = 4  # connections

CONFIG = """
runtime_dir: {folder}/run
state_dir: {folder}/state
log_level: error
http: {{ listen: "127.0.0.1:{port}", threads: 1 }}
pseudolive: {{ root: {folder}/vod, allow_clock: true }}
channels: []
"""


def make_segments(folder):
    """Three of a second each."""
    folder.mkdir(parents=True)
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=64x36:rate=25:duration=3",
                    "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-keyint_min", "25", "-sc_threshold", "0",
                    "-f", "segment", "-segment_time", "1", folder / "%d.ts"], check=True)


def make_asset(folder, segments, count, variants=VARIANTS):
    """`count` segments, which are the same three files over and over."""
    master = ["#EXTM3U"]
    for bandwidth, variant in enumerate(variants, start=1):
        (folder / variant).mkdir(parents=True)
        for file in segments.iterdir():
            os.link(file, folder / variant / file.name)
        lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:1", "#EXT-X-PLAYLIST-TYPE:VOD"]
        for number in range(count):
            lines += ["#EXTINF:1.000000,", f"{number % 3}.ts"]
        (folder / variant / "index.m3u8").write_text("\n".join([*lines, "#EXT-X-ENDLIST", ""]))
        master += [f"#EXT-X-STREAM-INF:BANDWIDTH={100_000 * bandwidth}", f"{variant}/index.m3u8"]
    (folder / "master.m3u8").write_text("\n".join([*master, ""]))


def list_of(stream, variant="hi", now=None):
    return f"/pseudolive/{stream}/{variant}/index.m3u8" + (f"?now={now}" if now else "")


def are_ready(port, names):
    streams = json.loads(fetch(f"http://127.0.0.1:{port}/api/v1/pseudolive"))["streams"]
    ready = {stream["name"] for stream in streams if stream["state"] == "ready" and stream["unmeasured"] == 0}
    return ready >= set(names)


def goal(figure, unit, most):
    return f"{figure:.3g} {unit} (<= {most:g} {'yes' if figure <= most else 'NO'})"


def few_connections(servers, paths, options):
    few = argparse.Namespace(seconds=options.seconds, connections=FEW)
    ours, theirs = (statistics.median(load(port, paths, few).p99_ms for _ in range(options.rounds))
                    for port in (servers.ours, servers.theirs))
    return (f"99th percentile of {len(paths)} streams' lists, {FEW} connections: {goal(ours, 'ms', 2)}; "
            f"nginx {theirs:.3g} ms")


def long_against_short(servers, options):
    """At as many different times as there are requests, more or less, so that each list is made anew."""
    times = [NOW + 7 * step for step in range(STREAMS)]
    rates = {}
    for name in ("short", "long"):
        paths = [list_of(name, now=now) for now in times]
        rates[name] = statistics.median(load(servers.ours, paths, options).per_second for _ in range(options.rounds))
    cost = rates["short"] / rates["long"]
    return (f"a list made anew: {rates['short']:.0f} /s of {SHORT} segments, {rates['long']:.0f} /s of {LONG}: "
            f"{goal(cost, 'x the time', 1.5)}")


def measure(options, folder):
    make_segments(folder / "segments")
    for number, count in enumerate((12, 60, 600)):
        make_asset(folder / "assets" / str(number), folder / "segments", count)
    names = [f"s{number:05}" for number in range(STREAMS)]
    (folder / "vod").mkdir()
    for number, name in enumerate(names):
        (folder / "vod" / name).symlink_to(folder / "assets" / str(number % 3))
    with SideBySide(folder, CONFIG, options) as servers:
        wait_for(f"http://127.0.0.1:{servers.ours}/healthz", servers.processes[0])
        wait_until(lambda: are_ready(servers.ours, names), "all streams are read", 120)
        process = servers.processes[0].pid  # taskset has become the server
        known = proportional_bytes(process)
        paths = [list_of(name, VARIANTS[number % 3]) for number, name in enumerate(names)]
        size = sum(len(servers.copy(path)) for path in paths) // len(paths)
        yield Row("one stream's list", size, servers.compare(paths[:1]), 0.8)
        yield Row(f"{STREAMS} streams' lists", size, servers.compare(paths), 0.8)
        yield few_connections(servers, paths, options)
        served = proportional_bytes(process)
        yield f"memory: {known / 2**20:.0f} MiB for {STREAMS} streams, {goal(served / 2**20, 'MiB', 100)} when all were watched"
        make_asset(folder / "vod" / "short", folder / "segments", SHORT, ("hi",))
        make_asset(folder / "vod" / "long", folder / "segments", LONG, ("hi",))
        wait_until(lambda: are_ready(servers.ours, ["short", "long"]), "the long asset is read", 120)
        yield long_against_short(servers, options)


if __name__ == "__main__":
    sys.exit(run_comparison(__doc__, measure))
