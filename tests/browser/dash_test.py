#!/usr/bin/env python3
"""Chromium plays sessions of the DASH simulator, with dash.js, Shaka Player and hls.js: over wraps in each addressing mode, over
Periods, at low latency, and with breaks that the players hear of. And the page that builds their URLs.

usage: CONTINUO_BIN=build/dev/bin dash_test.py [unittest arguments]     SCREENSHOTS=folder keeps what the browser showed
"""
import os
import sys
import time
import unittest
from pathlib import Path

from viewer import Browser, Player, favour_sessions_below, jumps, lags, without_pauses  # first: it says where the others are found
from dash_live import DashServer, make_asset

ASSET, HEIGHT, RATE = "clip/manifest", 108, 25
LOOP = 6  # s
LONGEST_STALL = 0.5  # s
MODES = {"numbers": "tsbd_60", "times": "tsbd_60/segtimeline_1", "timeline numbers": "tsbd_60/segtimelinenr_1"}


class Viewer(Player):
    def __init__(self, server, script, path, screenshot):
        Browser.__init__(self, server, script, f"http://127.0.0.1:{server.port}{path}", HEIGHT, screenshot)


class Sessions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DashServer()
        cls.addClassCleanup(cls.server.__exit__, None)
        make_asset(cls.server.root / "clip", seconds=LOOP)  # whose sound is no whole number of frames a loop
        cls.server.start(f"{ASSET}.mpd")
        cls.screenshots = Path(os.environ.get("SCREENSHOTS", cls.server.folder))
        cls.screenshots.mkdir(parents=True, exist_ok=True)


class Page(Sessions):
    def test_urls_are_built_checked_and_played_by_keyboard(self):
        address = f"http://127.0.0.1:{self.server.port}"
        edited = f"{address}/livesim2/segtimelinenr_1/tsbd_30/scte35_2/timesubswvtt_en,sv/{ASSET}.mpd"
        browser = Browser(self.server, "urlgen.mjs", f"{address}/urlgen", edited, self.screenshots / "urlgen.png")
        self.addCleanup(browser.end)
        browser.wait_for(lambda: browser.named("end"), 60, "all steps done")
        steps = {step["name"]: step for step in browser.named("step")}
        self.assertEqual(f"{address}/livesim2/{ASSET}.mpd", steps["opened"]["url"])
        self.assertIn("Live MPD, 1 Period, 2 Representations", steps["opened"]["verdict"])
        self.assertEqual(0, steps["labels"]["without"])
        self.assertIn("400: tsbd_none", steps["refused"]["verdict"])
        self.assertEqual(f"{address}/livesim2/tsbd_20/{ASSET}.mpd", steps["accepted"]["url"])
        self.assertRegex(steps["dash"]["state"], r"Live, \d+\.\d s behind live, 108p")
        self.assertEqual(f"{address}/livesim2/tsbd_20/{ASSET}.m3u8", steps["hls"]["url"])
        self.assertRegex(steps["hls"]["state"], r"Live, \d+\.\d s behind live, 108p")
        self.assertEqual({"segtimeline": "segtimelinenr_1", "tsbd": "30", "scte35": "2", "timesubswvtt": "en,sv"}, steps["edited"]["form"])
        self.assertEqual(edited, steps["edited"]["url"])
        # A check that is asked for and found wrong is no fault of the page.
        faults = [event for event in browser.named("error", "console") if "status of 400" not in event["text"]]
        self.assertEqual([], faults)

    def test_pages_fit_on_phones_and_desktops(self):
        pages = [f"http://127.0.0.1:{self.server.port}/{name}" for name in ("urlgen", "assets")]
        browser = Browser(self.server, "look.mjs", self.screenshots, *pages)
        self.addCleanup(browser.end)
        browser.wait_for(lambda: browser.named("end"), 60, "all looked at")
        looks = browser.named("look")
        self.assertEqual(4 * len(pages), len(looks))
        self.assertEqual([], [look for look in looks if look["overflow"] > 0])
        self.assertEqual([], browser.named("error", "console"))


class Playing:
    """For one player; `script` says which, `extension` what it is given, `forgiven` what it gets over by itself."""

    forgiven = "never"

    def play(self, options, seconds, slowest=0.95):
        path = f"/livesim2/{options}/{ASSET}.{self.extension}"
        screenshot = self.screenshots / f"{self.script}-{options.replace('/', '-')}.png"
        player = Viewer(self.server, self.script, path, screenshot)
        self.addCleanup(player.end)
        player.wait_playing()
        favour_sessions_below(player.process.pid)
        player.wait_time(seconds)
        player.end()
        samples = without_pauses(player.samples())
        watched, played = (samples[-1][key] - samples[0][key] for key in ("at", "position"))
        _, worst = max(lags(samples), key=lambda lag: lag[1], default=(0, 0))
        print(f"{self.script} {options}: {watched:.1f} s watched, {played:.1f} s played, longest stall {worst:.2f} s", file=sys.stderr)
        self.assertLessEqual(worst, LONGEST_STALL, player.named("waiting", "stalled", "seeking"))
        self.assertEqual([], jumps(samples))
        self.assertGreaterEqual(played, slowest * watched)
        self.assertGreaterEqual(samples[-1]["frames"] - samples[0]["frames"], 0.9 * RATE * played, "a moving picture")
        faults = [event for event in player.named("error", "console") if self.forgiven not in event["text"]]
        self.assertEqual([], faults)
        return player

    def test_wraps_in_each_addressing_mode(self):
        for name, options in MODES.items():
            with self.subTest(name):
                self.play(options, 60)

    def test_periods(self):
        start = int(time.time()) // 60 * 60 - 600  # hls.js walks over an array as long as the discontinuity sequence
        for more in ("", "/continuous_1"):
            with self.subTest(more):
                self.play(f"start_{start}/periods_360{more}", 35)

    def test_breaks_are_heard_of(self):
        player = self.play("tsbd_30/scte35_3/segtimeline_1", 40)
        seconds = {round(event["time"]) % 60 for event in player.named("splice")}
        self.assertTrue(seconds)
        self.assertLessEqual(seconds, {10, 36, 46})


class Dash(Playing, Sessions):
    script, extension = "dash.mjs", "mpd"
    forgiven = "Too Early"  # they guess the server's clock to some 20 ms, are told when it was too soon, and ask again

    def test_low_latency(self):
        target = 2.5
        # Who is too near to the live edge plays slower for a while: Shaka at 0.95, with a pause to begin with.
        player = self.play(f"tsbd_30/chunkdur_0.25/ato_1.75/ltgt_{round(target * 1000)}", 40, slowest=0.9)
        # Presentation time is the time of day, since the session began with 1970.
        latencies = [sample["wall"] - sample["position"] for sample in player.samples()[-100:]]
        print(f"{self.script}: {min(latencies):.2f} to {max(latencies):.2f} s behind live", file=sys.stderr)
        self.assertLess(max(latencies), target + 1)
        self.assertGreater(min(latencies), 0.25)


class Shaka(Dash):
    script = "shaka.mjs"


class Hls(Playing, Sessions):
    script, extension = "hls.mjs", "m3u8"


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
