#!/usr/bin/env python3
"""Measures what Continuo promises, in one run, and prints one table.

Needs the release build (scripts/build release), ffmpeg and nginx, and a machine that does nothing else. All of it takes a
quarter of an hour, --quick four minutes. Exit codes: 0 measured, whatever came out; 1 a measurement failed; 64 wrong usage.
"""
import argparse
import functools
import importlib
import os
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "integration"))
os.environ.setdefault("CONTINUO_BIN", str(ROOT / "build" / "release" / "bin"))

from sources import H264, make_clip, numbered_picture  # noqa: E402 (the path is set above)

BENCHES = ("publish_lag", "restarts", "first_segment", "switches", "load", "resegment", "watch")
COMPARISONS = ("http_vs_nginx", "pseudolive", "dashlive")  # programs of their own, with their own tables; need wrk


class Clips:
    """What the benches play, on tmpfs, made when first asked for."""

    GOP = ("-g", "50", "-keyint_min", "50")

    def __init__(self, folder):
        self.folder = folder

    @functools.cached_property
    def small(self):
        return make_clip(self.folder / "small.ts", 60, [*H264, "-g", "25", "-keyint_min", "25", "-b:v", "800k"])

    @functools.cached_property
    def demo(self):
        picture = numbered_picture("1280x720")
        return make_clip(self.folder / "demo.mp4", 60, [*H264, *self.GOP, "-b:v", "2500k"], picture=picture)

    @functools.cached_property
    def five_megabit(self):
        noise = numbered_picture("1280x720") + ",noise=alls=20:allf=t"
        rate = ["-b:v", "4800k", "-minrate", "4800k", "-maxrate", "4800k", "-bufsize", "2400k", "-x264-params", "nal-hrd=cbr"]
        return make_clip(self.folder / "five.mp4", 20, [*H264, *self.GOP, *rate], picture=noise)


def machine():
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown CPU")
    describe = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    version = subprocess.run(describe, capture_output=True, text=True).stdout.strip()
    return f"{os.cpu_count()} cores, {model}; Linux {os.uname().release}; {version}; load before {os.getloadavg()[0]:.2f}"


def table(rows):
    cells = [("measured", "figure", "goal", "met", "")]
    for row in rows:
        goal = "" if row.goal is None else f"<= {row.goal:g}"
        cells.append((row.name, f"{row.figure:.3g} {row.unit}", goal, row.verdict(), row.note))
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in cells]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def compare(name, quick):
    """Another program's table; true when it measured."""
    lengths = ["--rounds", "1", "--seconds", "1"] if quick else []
    return subprocess.run([sys.executable, ROOT / "bench" / f"{name}.py", *lengths]).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="NAME", action="append", choices=[*BENCHES, *COMPARISONS],
                        help=f"one of {', '.join([*BENCHES, *COMPARISONS])}; repeatable")
    parser.add_argument("--quick", action="store_true", help="fewer samples: is it about right?")
    try:
        options = parser.parse_args()
    except SystemExit as stop:
        return 64 if stop.code else 0
    rows, failed, began = [], False, time.monotonic()
    described = machine()
    with tempfile.TemporaryDirectory(prefix="continuo-bench-", dir="/dev/shm") as folder:
        clips = Clips(Path(folder))
        for name in [name for name in BENCHES if name in (options.only or BENCHES)]:
            print(f"{name} ...", file=sys.stderr)
            try:
                rows += importlib.import_module(name).run(clips, options.quick)
            except (AssertionError, OSError, subprocess.SubprocessError):
                traceback.print_exc()
                failed = True
    print(f"{described}; {time.monotonic() - began:.0f} s\n")
    if rows:
        print(f"{table(rows)}\n", flush=True)
    for name in COMPARISONS:
        if name in (options.only or COMPARISONS):
            failed = not compare(name, options.quick) or failed
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
