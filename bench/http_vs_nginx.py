#!/usr/bin/env python3
"""Compares continuo-http with nginx on the same bytes, one thread against one worker, and prints ratios.

usage: http_vs_nginx.py [--help] [--seconds N] [--rounds N] [--connections N]

Needs the release build (scripts/build release), nginx and wrk. Both servers are pinned to the first core and the client to the
second; rounds alternate, and the table shows the median of each round's ratio. From about 100 KB on wrk, which copies every
byte, is the limit on loopback, so ratios tend to 1; nginx runs with its defaults and the system's own congestion control.
Exit codes: 0 measured, 1 something could not be started, 64 wrong usage.
"""
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "integration"))

from side_by_side import Row, SideBySide, run_comparison  # noqa: E402 (the path is set above)
from snapshot_tree import Channel  # noqa: E402

SIZES = {"100 KB": 100_000, "1 MB": 1_000_000}

CONFIG = """
runtime_dir: {folder}/run
log_level: warn
http: {{ listen: "127.0.0.1:{port}", threads: 1 }}
channels:
  - name: demo
    sources: [ {{ test: {{}} }} ]
    variants: [ {{ name: source, copy: true }} ]
"""


def prepare(folder):
    """{what: path}"""
    channel = Channel(folder / "run", "demo", variants=("source",))
    channel.window = 14
    channel.publish(channel.snapshot(100, 14))
    paths = {"playlist": "/live/demo/source/index.m3u8"}
    for number, (name, size) in enumerate(SIZES.items()):
        paths[name] = channel.write_segment("source", number, os.urandom(size))
    return paths


def measure(options, folder):
    paths = prepare(folder)
    with SideBySide(folder, CONFIG, options) as servers:
        sizes = {name: len(servers.copy(path)) for name, path in paths.items()}
        for name, path in paths.items():
            yield Row(name, sizes[name], servers.compare([path]))


if __name__ == "__main__":
    sys.exit(run_comparison(__doc__, measure))
