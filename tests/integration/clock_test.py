#!/usr/bin/env python3
"""The system's clock stepped by an hour, forward and back: dates, pacing and restarts go on as if nothing had been.

The step is libfaketime's, on CLOCK_REALTIME alone, and reaches both programs at the same time; their children keep the true time.
"""
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from datetime import datetime
from pathlib import Path

from house import House, kill, wait_for

HOUR = 3600  # s
CONFIG = """
defaults: { segment_time: 2s, window: 10 }
channels:
  - name: demo
    sources: [ { test: { size: 320x180, rate: 25, gop: 1s } } ]
    variants:
      - { name: source, copy: true }
      - { name: 120p, height: 120, video_bitrate: 200k, audio_bitrate: 64k, preset: ultrafast }
"""


def library():
    files = subprocess.run(["dpkg", "-L", "libfaketime"], capture_output=True, text=True).stdout.split()
    found = next((file for file in files if file.endswith("/libfaketimeMT.so.1")), None)
    assert found, "needs libfaketime: scripts/setup test"
    return found


class SteppedClock:
    """What a program's environment needs, and the steps."""

    def __init__(self, folder):
        self.file = folder / "offset"
        self.step_to(0)
        self.environment = {"LD_PRELOAD": library(), "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
                            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}

    def step_to(self, seconds):
        """So far from the true time."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.rename(self.file)


def run_of(segment):
    return segment.uri.split("/")[-1].split("-")[0]


class Clock(unittest.TestCase):
    def new_run(self, house):
        """Kills the ingest; the name of the run that follows it."""
        known = {run_of(segment) for segment in house.recorders["source"].segments.values()}
        kill(house.source_pids()["ffmpeg"])
        wait_for(lambda: all(run_of(r.segments[r.newest()]) not in known for r in house.recorders.values()), 20,
                 "the next run is listed")
        recorder = house.recorders["source"]
        return run_of(recorder.segments[recorder.newest()])

    def assert_dated_by_durations(self, recorder):
        listed = [recorder.segments[number] for number in sorted(recorder.segments)]
        dates = [datetime.fromisoformat(segment.date.replace("Z", "+00:00")).timestamp() for segment in listed]
        for before, after, date, next_date in zip(listed, listed[1:], dates, dates[1:]):
            late = next_date - (date + before.duration)
            # At a discontinuity alone they may be brought forward, to the true time.
            self.assertGreaterEqual(late, -0.002, (before, after))
            self.assertLessEqual(late, 30 if after.discontinuity else 0.002, (before, after))

    def test_streams_do_not_notice_that_the_clock_is_stepped(self):
        folder = Path(tempfile.mkdtemp(prefix="continuo-clock-"))
        self.addCleanup(shutil.rmtree, folder)
        clock = SteppedClock(folder)
        with House(CONFIG, environment=clock.environment) as house:
            house.wait_on_air()
            house.record("source", "120p", fetch=False)
            house.wait_segments(1, 15)
            runs = []
            for hours in (1, -1):
                clock.step_to(hours * HOUR)
                house.wait_segments(1, 8)
                self.assertEqual((200, b'{"status":"ready"}\n'), house.get("/readyz"))
                runs.append(int(self.new_run(house), 36) / 1000)
            self.assertAlmostEqual(HOUR, runs[0] - time.time(), delta=60, msg="the daemon's clock was stepped")
            self.assertGreater(runs[1], runs[0], "no name of a run comes back")
            for name, recorder in house.recorders.items():
                recorder.finish()
                self.assertEqual([], recorder.complaints, name)
                self.assertEqual(2, len(recorder.discontinuities()), name)
                self.assertLessEqual(recorder.longest_wait(), 1.5 * recorder.target_duration, name)
                self.assert_dated_by_durations(recorder)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
