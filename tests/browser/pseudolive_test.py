#!/usr/bin/env python3
"""Chromium, with hls.js and with Shaka Player, over the wraps of an asset and the seams of a schedule: playback goes on.

usage: CONTINUO_BIN=build/dev/bin pseudolive_test.py [unittest arguments]     SCREENSHOTS=folder keeps what the browser showed
"""
import datetime
import os
import sys
import unittest
from pathlib import Path

from viewer import Browser, Player, favour_sessions_below, jumps, lags, without_pauses  # first: it says where the others are found
from pseudolive import VodServer, media_path
from house import wait_for
from vod_assets import FRAGMENTED, make_asset

HEIGHT = 108  # of the variant that is watched
WATCHED = 26  # s, in which an asset of 6 s wraps four times


class Viewer(Player):
    def __init__(self, server, script, path, screenshot):
        Browser.__init__(self, server, script, server.url(path), HEIGHT, screenshot)


class Hls(unittest.TestCase):
    script, longest_stall, errors = "hls.mjs", 0.5, ("error", "console", "failed")

    @classmethod
    def setUpClass(cls):
        # Whenever it reloads a list hls.js walks over an array as long as the discontinuity sequence: seconds, from 1970 on.
        yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
        cls.server = VodServer(f"  epoch: {yesterday:%Y-%m-%dT%H:%M:%SZ}\n", """
  - name: mixed
    schedule: [ { asset: ts }, { asset: other, times: 2 } ]
""")
        cls.addClassCleanup(cls.server.__exit__, None)
        make_asset(cls.server.root, "ts", seconds=8)
        make_asset(cls.server.root, "other", seconds=6, rate="30", gop=45, segment_time=1.5)
        make_asset(cls.server.root, "fmp4", hls=FRAGMENTED, rendition=True)
        cls.server.start().wait_ready("ts", "other", "fmp4")

    def plays_on(self, path, track):
        screenshots = Path(os.environ.get("SCREENSHOTS", self.server.folder))
        screenshots.mkdir(parents=True, exist_ok=True)
        wait_for(lambda: self.server.get(path).status == 200, 5, path)
        player = Viewer(self.server, self.script, path, screenshots / f"{self.script}-{path.strip('/').replace('/', '-')}.png")
        self.addCleanup(player.end)
        player.wait_playing()
        favour_sessions_below(player.process.pid)
        before = self.server.list(track).discontinuity_sequence
        player.wait_time(WATCHED)
        player.end()
        passed = self.server.list(track).discontinuity_sequence - before
        samples = without_pauses(player.samples())
        watched, played = (samples[-1][key] - samples[0][key] for key in ("at", "position"))
        _, worst = max(lags(samples), key=lambda lag: lag[1], default=(0, 0))
        print(f"{path}: {watched:.1f} s watched, {played:.1f} s played over {passed} seams, longest stall {worst:.2f} s",
              file=sys.stderr)
        self.assertGreaterEqual(passed, 3)
        self.assertLessEqual(worst, self.longest_stall, player.named("waiting", "stalled", "seeking"))
        self.assertEqual([], jumps(samples))
        self.assertGreaterEqual(played, 0.9 * watched)
        self.assertGreaterEqual(samples[-1]["frames"] - samples[0]["frames"], 0.9 * 25 * played, "a moving picture")
        self.assertEqual([], player.named(*self.errors))
        self.assertEqual({HEIGHT}, {sample["height"] for sample in samples})

    def test_seams_of_a_schedule(self):
        self.plays_on("/live/mixed/master.m3u8", "/live/mixed/hi/index.m3u8")

    def test_wraps_of_transport_streams(self):
        self.plays_on("/pseudolive/ts/master.m3u8", media_path("ts", "hi"))

    def test_wraps_of_fragments_with_sound_beside_them(self):
        self.plays_on("/pseudolive/fmp4/master.m3u8", media_path("fmp4", "hi"))


class Shaka(Hls):
    script, errors = "shaka.mjs", ("error", "console")


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
