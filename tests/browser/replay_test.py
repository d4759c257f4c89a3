#!/usr/bin/env python3
"""Chromium and hls.js over ten loops of `continuo resegment --replay`: it plays on, over every discontinuity.

usage: CONTINUO_BIN=build/dev/bin replay_test.py [unittest arguments]
"""
import sys
import unittest

from viewer import Browser, Player, favour_sessions_below, jumps, lags, without_pauses  # first: it says where the others are found
from house import wait_for
from ladders import Kind
from resegment_run import ResegmentTest
from sources import Origin

LONGEST_STALL = 0.5  # s
LOOPS, LOOP = 10, 6  # and s


class Viewer(Player):
    def __init__(self, folder, url, height):
        Browser.__init__(self, folder, "hls.mjs", url, height, folder.folder / "replay.png")


class Replay(ResegmentTest):
    def test_ten_loops_play_without_a_stall(self):
        ladder = self.ladder(Kind(seconds=LOOP, gop=50))
        with Origin() as origin:
            run = self.start("-i", ladder.master, "-t", "2", "-r", "-w", "6", out=origin.root, watched=False)
            run.wait_listed(5, 30)
            player = Viewer(self, origin.url("master.m3u8"), 180)
            self.addCleanup(player.end)
            player.wait_playing()
            favour_sessions_below(player.process.pid)
            first = run.newest()
            wait_for(lambda: run.newest() >= first + LOOPS * LOOP // 2, LOOPS * LOOP + 20, f"{LOOPS} loops")
            player.wait_time(1)
            player.end()
            run.stop()
        samples = without_pauses(player.samples())
        watched, played = (samples[-1][key] - samples[0][key] for key in ("at", "position"))
        begin, worst = max(lags(samples), key=lambda lag: lag[1], default=(0, 0))
        print(f"{watched:.1f} s watched, {played:.1f} s played, longest stall {worst:.2f} s at {begin:.1f}", file=sys.stderr)
        self.assertGreater(watched, LOOPS * LOOP - 5)
        self.assertLessEqual(worst, LONGEST_STALL)
        self.assertEqual(jumps(samples), [])
        self.assertEqual(player.named("error", "console", "failed"), [])


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
