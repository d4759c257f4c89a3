#!/usr/bin/env python3
"""Firefox and Chromium watch a film together: one starts it, they are in step, seek, pause, and read by themselves.

usage: CONTINUO_BIN=build/dev/bin firefox_test.py [unittest arguments]     SCREENSHOTS=folder keeps what the browsers showed
"""
import sys
import time
import unittest
from statistics import median

from together import NEAR, SUBTITLED, Together
from house import wait_for
from screenshots import RATE, shot
from firefox import ENTER, WIDTH, Firefox


class WithFirefox(Together):
    seconds = 180

    def shot(self, name):
        file = self.screenshots / f"firefox-{name}.png"
        box = self.firefox.shoot(file)
        return shot(str(file), box, WIDTH)

    def wait_seen(self, name, is_right, seconds, what):
        return wait_for(lambda: not (seen := self.shot(name)).is_veiled() and is_right(seen) and seen, seconds, what)

    def test_firefox_and_chromium_watch_one_film(self):
        firefox = self.firefox = Firefox(self.house.folder)
        self.addCleanup(firefox.close)
        firefox.open(f"{self.base}/watch")
        firefox.type("url", self.origin.url("film.mkv") + ENTER)
        firefox.playing()
        people = self.people
        people.do("open", who="bob", url=firefox.evaluate("return location.href"))
        people.do("playing", who="bob")
        firefox.read("viewers", "2 are watching")
        start = self.wait_seen("joined", lambda _: True, 10, "a picture")
        self.wait_seen("joined", lambda seen: seen.frame() > start.frame() + 10 * RATE, 30, "ten seconds more")
        self.check_in_step("in-step")
        self.assertGreater(self.shot("subtitled").bright_below(), SUBTITLED)
        self.seek_and_stand()
        self.read_alone()
        self.leave()
        self.check_no_faults()

    def check_in_step(self, name):
        pairs = [(self.shot(name).ahead(), self.shots(name, "bob")["bob"].ahead()) for _ in range(10)]
        apart = [abs(ann - bob) for ann, bob in pairs]
        print(f"{name}: {', '.join(f'{each * 1000:.0f}' for each in apart)} ms apart", file=sys.stderr)
        self.assertLessEqual(median(apart), NEAR)

    def seek_and_stand(self):
        before = self.wait_seen("before-seek", lambda _: True, 10, "a picture")
        self.people.do("press", who="bob", key="ArrowRight", times=3)
        start = self.wait_seen("sought", lambda seen: seen.frame() > before.frame() + 25 * RATE, 15, "30 s further on")
        self.wait_seen("sought", lambda seen: seen.frame() > start.frame() + 8 * RATE, 30, "eight seconds more")
        self.check_in_step("after-seek")
        self.firefox.click("pause")
        self.people.do("read", who="bob", id="state", like="Paused")
        self.firefox.read("state", "Paused")
        standing = self.shot("standing").frame()
        self.people.do("click", who="bob", id="pause")
        self.wait_seen("goes-on", lambda seen: seen.frame() > standing + RATE, 15, "it goes on")

    def read_alone(self):
        self.firefox.choose("subtitle", "off")
        self.wait_seen("without-subtitles", lambda seen: seen.bright_below() < SUBTITLED, 15, "no subtitles")
        self.firefox.choose("captions", "0")
        self.wait_seen("captions", lambda seen: seen.bright_below() > SUBTITLED, 15, "text of its own")

    def leave(self):
        left = time.monotonic()
        self.firefox.open("about:blank")
        self.people.do("read", who="bob", id="viewers", like="alone")
        self.assertLess(time.monotonic() - left, 2, "the page said that it leaves")


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
