#!/usr/bin/env python3
"""Chromium and Shaka Player over a hole that a sibling fills: a second's stall at most.

usage: CONTINUO_BIN=build/dev/bin shaka_test.py [unittest arguments]     SCREENSHOTS=folder keeps what the browser showed
"""
import os
import signal
import sys
import unittest
from pathlib import Path

from viewer import ShakaPlayer, favour_sessions_below, jumps, lags, without_pauses  # first: it says where the others are found
from browser_test import CONFIG, WATCHED
from house import House, kill

LONGEST_STALL = 1.0  # s; hls.js has none


class Shaka(unittest.TestCase):
    def test_playback_goes_on_over_a_hole_that_a_sibling_fills(self):
        house = self.enterContext(House(CONFIG))
        house.wait_on_air()
        recorder = house.record(WATCHED, fetch=False)[WATCHED]
        # A viewer who comes earlier starts nearer to the live edge than three target durations: no patience for a hole.
        house.wait_segments(6, 30)
        screenshots = Path(os.environ.get("SCREENSHOTS", house.folder))
        screenshots.mkdir(parents=True, exist_ok=True)
        player = ShakaPlayer(house, 240, screenshots / "shaka.png")
        self.addCleanup(player.end)
        player.wait_playing()
        favour_sessions_below(player.process.pid)
        player.wait_time(4)
        stopped = house.variant_pids(WATCHED)["ffmpeg"]
        kill(stopped, signal.SIGSTOP)

        def own_again():
            numbers = sorted(recorder.segments)
            filled = [number for number in numbers if recorder.segments[number].uri.startswith("../")]
            return filled and filled[-1] < numbers[-1]
        player.wait_for(own_again, 30, "filled, then segments of its own again")
        player.wait_made_from_now_on()
        player.wait_time(2)
        player.end()
        self.assertEqual([], recorder.finish().complaints)
        self.check(player)

    def check(self, player):
        measured = player.samples()
        samples = without_pauses(measured)
        watched = samples[-1]["at"] - samples[0]["at"]
        paused = measured[-1]["at"] - measured[0]["at"] - watched
        begin, worst = max(lags(samples), key=lambda lag: lag[1], default=(0, 0))
        around = [s for s in samples if begin - 0.5 <= s["at"] <= begin + worst + 0.5]
        print(f"{watched:.1f} s watched, {paused:.1f} s without CPU, longest stall {worst:.2f} s at {begin:.1f}, "
              f"least buffered {min(s['buffered'] - s['position'] for s in samples):.1f} s", file=sys.stderr)
        self.assertLessEqual(worst, LONGEST_STALL, (player.named("waiting", "stalled", "seeking"), around))
        self.assertEqual([], jumps(samples))
        self.assertEqual([], player.named("error", "console"))
        self.assertEqual({240, 180}, {sample["height"] for sample in samples}, "the nearest sibling's picture was seen")


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
