#!/usr/bin/env python3
"""Compares the DASH simulator with nginx on the same bytes as files, one thread against one worker; and what assets take.

usage: dashlive.py [--help] [--seconds N] [--rounds N] [--connections N]

Needs the release build (scripts/build release), ffmpeg, nginx and wrk. Both servers are pinned to the first core and the client
to the second; rounds alternate, and the table shows the median of each round's ratio. Segments are asked for in turn, as many as
a row says, so that each has times and a number of its own. The 99th percentile is that of a server with more to do than it can.
Exit codes: 0 measured, 1 something could not be started, 64 wrong usage.
"""
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "integration"))
os.environ.setdefault("CONTINUO_BIN", str(ROOT / "build" / "release" / "bin"))

from measure import resident_bytes  # noqa: E402 (the path is set above)
from side_by_side import Row, SideBySide, fetch, run_comparison, wait_for, wait_until  # noqa: E402

SEGMENT = 2  # s
LOOP = 60  # s
SMALL, LARGE, SOUND = "0", "1", "2"  # names of representations
COPIES = 100

CONFIG = """
runtime_dir: {folder}/run
state_dir: {folder}/state
log_level: warn
http: {{ listen: "127.0.0.1:{port}", threads: 1 }}
livesim: {{ root: {folder}/dash }}
channels: []
"""


def make_asset(folder):
    """Segments of 25 KB and of 1 MB, whatever is shown, and sound whose frames are no whole number a segment."""
    folder.mkdir(parents=True)
    command = ["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", f"testsrc2=size=640x360:rate=25:duration={LOOP}",
               "-f", "lavfi", "-i", f"sine=frequency=440:sample_rate=48000:duration={LOOP}",
               "-map", "0:v", "-map", "0:v", "-map", "1:a", "-c:v", "libx264", "-preset", "ultrafast", "-g", "50",
               "-keyint_min", "50", "-sc_threshold", "0", "-x264-params", "nal-hrd=cbr", "-s:v:0", "160x90"]
    for stream, rate in enumerate(("100k", "4000k")):
        for option in ("-b", "-minrate", "-maxrate", "-bufsize"):
            command += [f"{option}:v:{stream}", rate]
    command += ["-c:a", "aac", "-b:a", "128k", "-f", "dash", "-seg_duration", str(SEGMENT), "-use_timeline", "0",
                "-init_seg_name", "$RepresentationID$-init.mp4", "-media_seg_name", "$RepresentationID$-$Number$.m4s",
                "-adaptation_sets", "id=0,streams=v id=1,streams=a", folder / "stream.mpd"]
    subprocess.run(command, check=True)


def newest_segments(representation, count):
    """Paths; the time-shift buffer holds them far longer than the bench takes."""
    newest = int(time.time()) // SEGMENT - 2
    return [f"/livesim2/tsbd_3600/bench/{representation}-{number}.m4s" for number in range(newest - count + 1, newest + 1)]


def rows():
    """(what, paths, the least ratio to nginx)"""
    return [
        ("MPD, numbers", ["/livesim2/bench/stream.mpd"], 0.8),
        ("MPD, timeline", ["/livesim2/segtimeline_1/bench/stream.mpd"], 0.8),
        ("1000 MPDs", [f"/livesim2/segtimeline_1/tsbd_{depth}/bench/stream.mpd" for depth in range(60, 1060)], None),
        ("100 segments of 25 KB", newest_segments(SMALL, 100), 0.8),
        ("30 segments of 1 MB", newest_segments(LARGE, 30), 0.9),
        ("100 of sound, cut again", newest_segments(SOUND, 100), None),
    ]


def is_ready(port, assets):
    listed = json.loads(fetch(f"http://127.0.0.1:{port}/api/v1/assets"))["assets"]
    return sum(asset["state"] == "ready" for asset in listed) == assets


def memory(folder, servers):
    """What it costs to know more assets of the same kind, and to have served all their segments."""
    process = servers.processes[0].pid  # taskset has become the server
    before, began = resident_bytes(process), time.monotonic()
    for copy in range(COPIES):
        shutil.copytree(folder / "dash" / "bench", folder / "dash" / f"copy{copy}", copy_function=os.link)
    wait_until(lambda: is_ready(servers.ours, 1 + COPIES), "all assets are read")
    seconds, known = time.monotonic() - began, resident_bytes(process)
    for copy in range(COPIES):
        for name in (SMALL, LARGE, SOUND):
            for path in newest_segments(name, LOOP // SEGMENT):
                fetch(f"http://127.0.0.1:{servers.ours}" + path.replace("/bench/", f"/copy{copy}/"))
    served = resident_bytes(process)
    return (f"{COPIES} assets more, each of {3 * LOOP // SEGMENT} segments: copied and read in {seconds:.1f} s, "
            f"{(known - before) / COPIES / 1024:.0f} KB each, {known / 2**20:.0f} MB in all; "
            f"{served / 2**20:.0f} MB when each segment was asked for")


def measure(options, folder):
    make_asset(folder / "dash" / "bench")
    with SideBySide(folder, CONFIG, options) as servers:
        wait_for(f"http://127.0.0.1:{servers.ours}/livesim2/bench/stream.mpd", servers.processes[0])
        for name, paths, goal in rows():
            sizes = [len(servers.copy(path)) for path in paths]
            yield Row(name, sum(sizes) // len(sizes), servers.compare(paths), goal)
        yield memory(folder, servers)


if __name__ == "__main__":
    sys.exit(run_comparison(__doc__, measure))
