#!/usr/bin/env python3
"""Chromium, with hls.js and with Shaka Player, over ten switches between streams of different size, rate and GOP: playback goes on.

usage: CONTINUO_BIN=build/dev/bin switches_test.py [unittest arguments]     SCREENSHOTS=folder keeps what the browser showed
"""
import itertools
import os
import sys
import unittest
from pathlib import Path

from viewer import Player, ShakaPlayer, favour_sessions_below, jumps, lags  # first: it says where the others are found
from event_api import EventApi
from house import House
from live_sources import Studio
from playhead import channel_config, watch

SWITCHES = 10
STREAMS = {"two": 144, "double": 180}  # pixels high


class Switches(unittest.TestCase):
    player, longest_stall, errors = Player, 0.3, ("error", "emptied")

    def test_ten_switches_do_not_hold_up_playback(self):
        # A copy: at each switch the player has to cope with another size, rate and decoder configuration.
        studio = self.enterContext(Studio(STREAMS, 150))
        studio.go_live()
        api = EventApi()
        self.addCleanup(api.close)
        api.head(studio.live["two"].url)
        house = self.enterContext(House("defaults: { segment_time: 2s, window: 10 }\nchannels:\n" + channel_config("live", api)))
        house.wait_on_air(30, "live")
        recorder = watch(house, "live", "source")["source"]
        # A viewer who comes earlier starts nearer to the live edge than three target durations.
        house.wait_segments(5, 30)
        screenshots = Path(os.environ.get("SCREENSHOTS", house.folder))
        screenshots.mkdir(parents=True, exist_ok=True)
        player = self.player(house, STREAMS["two"], screenshots / f"switched-{self.player.__name__}.png", "live")
        self.addCleanup(player.end)
        player.wait_playing()
        favour_sessions_below(player.process.pid)
        for turn in range(1, SWITCHES + 1):
            api.head(studio.live[list(STREAMS)[turn % 2]].url)
            player.wait_for(lambda: len(recorder.discontinuities()) >= turn, 20, f"switch {turn}")
        player.wait_made_from_now_on()
        player.end()
        self.assertEqual([], recorder.finish().complaints)
        self.assertEqual(SWITCHES, len(recorder.discontinuities()))
        self.check(player)

    def check(self, player):
        samples = list(itertools.dropwhile(lambda sample: sample["paused"], player.samples()))
        watched = samples[-1]["at"] - samples[0]["at"]
        played = samples[-1]["position"] - samples[0]["position"]
        begin, worst = max(lags(samples), key=lambda lag: lag[1], default=(0, 0))
        around = [s for s in samples if begin - 0.5 <= s["at"] <= begin + worst + 0.5]
        print(f"{watched:.1f} s watched, {played:.1f} s played, longest stall {worst:.2f} s at {begin:.1f}, "
              f"least buffered {min(s['buffered'] - s['position'] for s in samples):.1f} s", file=sys.stderr)
        self.assertLessEqual(worst, self.longest_stall, (player.named("waiting", "stalled", "seeking"), around))
        self.assertEqual([], jumps(samples))
        self.assertGreaterEqual(played, 0.9 * watched)
        self.assertEqual({False}, {sample["paused"] for sample in samples})
        self.assertEqual([], player.named(*self.errors))
        self.assertEqual(set(STREAMS.values()), {sample["height"] for sample in samples}, "both streams were seen")


class SwitchesInShaka(Switches):
    player, longest_stall, errors = ShakaPlayer, 0.5, ("error", "console")


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
