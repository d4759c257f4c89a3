#!/usr/bin/env python3
"""Two people with a browser each watch a film together: they start it, join, seek, pause, choose tracks and leave.

What they see is read off their screens: the film's pictures have numbers, and each screenshot tells when it was taken.

usage: CONTINUO_BIN=build/dev/bin watch_test.py [unittest arguments]     SCREENSHOTS=folder keeps what the browsers showed
"""
import json
import sys
import unittest
import urllib.request

from together import SUBTITLED, TIMEOUT, UNHURT, Together  # first: it says where the others are found
from house import kill, wait_for
from screenshots import RATE


class Room(Together):
    seconds = 300  # it is being made until all have left

    def test_two_watch_one_film(self):
        people = self.people
        people.do("open", who="ann", url=f"{self.base}/watch")
        began = people.do("start", who="ann", film=self.origin.url("film.mkv"))
        print(f"first segment after {began['segment']} ms, a moving picture after {began['playing']} ms", file=sys.stderr)
        with self.subTest("it begins soon"):
            self.assertLess(began["segment"], 2000)
            self.assertLess(began["playing"], 4000)

        people.do("open", who="bob", url=began["url"], scheme="dark")
        people.do("playing", who="bob")
        people.do("read", who="ann", id="viewers", like="2 are watching")
        start = self.shots("joined", "ann", "bob")["ann"]
        self.wait_shown("joined", "ann", lambda seen: seen.frame() > start.frame() + 10 * RATE, 30, "ten seconds more")
        self.check_near("in-step")
        self.assertGreater(self.shots("subtitled", "bob")["bob"].bright_below(), SUBTITLED)

        self.both_seek()
        self.both_get_other_tracks()
        self.one_reads_by_himself()
        self.both_stand()
        self.one_leaves_the_other_alone()
        self.check_no_faults()
        people.do("close", who="bob")
        self.assertEqual({"mpv", "ffmpeg"}, self.pipelines())
        wait_for(lambda: not self.pipelines(), TIMEOUT + 5, "the pipeline ended, since nobody is left")

    def both_seek(self):
        before = self.shots("before-seek", "ann")["ann"]
        self.people.do("press", who="ann", key="ArrowRight", times=3)
        for who in ("ann", "bob"):
            self.wait_shown("sought", who, lambda seen: before.frame() + 25 * RATE < seen.frame() < before.frame() + 45 * RATE, 15,
                            f"{who} is 30 s further on")
        start = self.shots("sought", "ann")["ann"]
        self.wait_shown("sought", "ann", lambda seen: seen.frame() > start.frame() + 5 * RATE, 30, "five seconds more")
        self.check_near("after-seek")

    def both_get_other_tracks(self):
        before = self.shots("before-tracks", "ann")["ann"]
        self.people.do("choose", who="bob", id="subtitle", value="off")
        for who in ("ann", "bob"):
            seen = self.wait_shown("without-subtitles", who, lambda seen: seen.bright_below() < SUBTITLED, 15, f"{who} sees no subtitles")
            self.assertLess(abs(seen.ahead() - before.ahead()), 6, "it went on where it was")
            self.people.do("read", who=who, id="subtitle", like="^off$")
        self.people.do("choose", who="ann", id="audio", value="2")
        self.people.do("read", who="bob", id="audio", like="^2$")
        self.people.do("playing", who="bob")

    def one_reads_by_himself(self):
        for value, is_right in (("0", lambda seen: seen.bright_below() > SUBTITLED), ("-1", lambda seen: seen.bright_below() < SUBTITLED)):
            self.people.do("choose", who="bob", id="captions", value=value)
            start = self.wait_shown(f"captions{value}", "bob", is_right, 15, f"bob chose {value}")
            self.assertLess(self.shots("no-captions", "ann")["ann"].bright_below(), SUBTITLED)
            self.people.do("press", who="ann", key="ArrowRight")
            self.wait_shown(f"captions{value}-sought", "bob", lambda seen: seen.frame() > start.frame() + 8 * RATE and is_right(seen), 15,
                            f"what bob chose outlasts a seek: {value}")

    def both_stand(self):
        self.people.do("click", who="bob", id="pause")
        for who in ("ann", "bob"):
            self.people.do("read", who=who, id="state", like="Paused")
        standing = wait_for(lambda: self.stands("standing"), 15, "both stand at one picture, or neighbours")
        self.people.do("click", who="ann", id="pause")
        for who in ("ann", "bob"):
            seen = self.wait_shown("goes-on", who, lambda seen: seen.frame() > standing + RATE, 10, f"{who} goes on")
            self.assertLess(seen.frame(), standing + 8 * RATE)

    def stands(self, name):
        """The number of the picture, where all show the same, or the next one, for two seconds; else nothing."""
        once = self.shots(name, "ann", "bob")
        frames = {who: each.frame() for who, each in once.items()}
        again = once
        while again["ann"].wall() < once["ann"].wall() + 2:
            again = self.shots(name, "ann", "bob")
            if {who: each.frame() for who, each in again.items()} != frames:
                return None
        return max(frames.values()) if abs(frames["ann"] - frames["bob"]) <= 1 else None

    def one_leaves_the_other_alone(self):
        self.people.do("close", who="ann")
        left = self.shots("left", "bob")["bob"]
        self.people.do("read", who="bob", id="viewers", like="alone")
        seen = self.wait_shown("alone", "bob", lambda seen: seen.frame() > left.frame() + 4 * RATE, 15, "bob goes on")
        self.assertLess(abs(seen.ahead() - left.ahead()), UNHURT)


class Page(Together):
    def test_it_says_what_is_wrong_and_fits_every_screen(self):
        people = self.people
        for who, scheme, device in (("day", "light", "desktop"), ("night", "dark", "phone")):
            people.do("open", who=who, url=f"{self.base}/watch", scheme=scheme, on=device)
            self.check_look(who, "lobby")
            people.do("type", who=who, text="ftp://example.org/film.mkv")
            people.do("press", who=who, key="Enter")
            said = people.do("read", who=who, id="complaint", like="http")["text"]
            print(f"{who}: {said}", file=sys.stderr)
            self.check_look(who, "refused")
        people.do("press", who="day", key="Control+a")
        began = people.do("start", who="day", film=self.origin.url("film.mkv"))
        people.do("read", who="night", id="sessions", like="film.mkv")
        self.check_look("night", "running")
        people.do("open", who="late", url=began["url"], scheme="dark", on="phone")
        people.do("playing", who="late")
        for who in ("day", "late"):
            self.check_look(who, "room")

    def test_its_controls_are_for_the_session_and_let_go_of_it(self):
        people = self.people
        self.session = self.ask("POST", "", url=self.origin.url("film.mkv"), alias="friday")["id"]
        people.do("open", who="ann", url=f"{self.base}/watch/friday")
        people.do("playing", who="ann")
        self.the_bar_goes_on()
        self.keys_work_after_clicks()
        self.ask("POST", "", url=self.origin.url("absent.mkv"), alias="friday")
        people.do("click", who="ann", id="pause")
        people.do("read", who="ann", id="state", like="Paused")
        self.assertEqual("paused", self.ask("GET", f"/{self.session}")["state"])

    def the_bar_goes_on(self):
        people = self.people
        people.do("drag", who="ann", id="position", by=300)
        people.do("drop", who="ann")
        wait_for(lambda: 12 < self.ask("GET", f"/{self.session}")["position"] < 40, 10, "all went where the bar was dropped")
        people.do("playing", who="ann")
        people.do("drag", who="ann", id="position", by=200, back=True)
        self.wait_time_passes("it was dragged to where it had been")
        people.do("drag", who="ann", id="position", by=300)
        self.ask("POST", f"/{self.session}/seek", position=5)
        people.do("read", who="ann", id="time", like="^0:0[5-9]")
        people.do("drop", who="ann")
        people.do("playing", who="ann")
        self.wait_time_passes("somebody else sought meanwhile")

    def wait_time_passes(self, when):
        before = self.people.do("read", who="ann", id="time")["text"]
        wait_for(lambda: self.people.do("read", who="ann", id="time")["text"] != before, 5, f"the clock goes on when {when}")

    def keys_work_after_clicks(self):
        people = self.people
        people.do("click", who="ann", id="full")
        people.do("full", who="ann", **{"is": True})
        people.do("press", who="ann", key="Space")
        people.do("read", who="ann", id="state", like="Paused")
        people.do("press", who="ann", key="f")
        people.do("full", who="ann", **{"is": False})
        people.do("click", who="ann", id="pause")
        people.do("read", who="ann", id="state", like="Playing")
        people.do("press", who="ann", key="m")
        people.do("read", who="ann", id="volume", like="^0$")

    def ask(self, method, path, **wishes):
        request = urllib.request.Request(f"{self.base}/api/v1/sessions{path}", json.dumps(wishes).encode() if wishes else None, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def test_a_dead_source_is_explained(self):
        self.people.do("open", who="ann", url=f"{self.base}/watch")
        self.people.do("type", who="ann", text=self.origin.url("absent.mkv"))
        self.people.do("press", who="ann", key="Enter")
        said = self.people.do("read", who="ann", id="opening-text", like="404|not found|no such")["text"]
        print(said, file=sys.stderr)
        self.people.do("read", who="ann", id="pause", like="Try again")
        self.assertEqual("", self.people.do("read", who="ann", id="trouble")["text"])
        self.check_look("ann", "dead")

    def test_it_plays_on_when_the_server_was_away(self):
        people = self.people
        people.do("open", who="ann", url=f"{self.base}/watch")
        people.do("start", who="ann", film=self.origin.url("film.mkv"))
        kill(self.house.http.pid)
        self.house.http.wait()
        people.do("read", who="ann", id="trouble", like="Lost the server")
        self.house.start_http()
        people.do("read", who="ann", id="trouble", like="^$")
        before = self.shots("away", "ann")["ann"]
        self.wait_shown("back", "ann", lambda seen: seen.frame() > before.frame() + 3 * RATE, 20, "it plays on")

    def test_who_comes_too_late_is_told_so(self):
        self.people.do("open", who="ann", url=f"{self.base}/watch/{'0' * 32}")
        self.people.do("read", who="ann", id="opening-text", like="no such session")
        self.check_look("ann", "gone")

    def check_look(self, who, name):
        found = self.people.do("look", who=who, file=str(self.screenshots / f"page-{name}-{who}.png"))
        self.assertLessEqual(found["overflow"], 0, name)
        self.assertEqual(0, found["nameless"], name)
        self.assertEqual([], found["small"], name)


class Guarded(Together):
    @classmethod
    def more_config(cls):
        (cls.folder / "token").write_text("open sesame\n")
        return f", token_file: {cls.folder}/token"

    def test_the_token_is_asked_for_when_it_is_needed(self):
        people = self.people
        people.do("open", who="ann", url=f"{self.base}/watch")
        people.do("type", who="ann", text=self.origin.url("film.mkv"))
        people.do("press", who="ann", key="Enter")
        people.do("read", who="ann", id="complaint", like="oken")
        people.do("look", who="ann", file=str(self.screenshots / "page-token-ann.png"))
        people.do("type", who="ann", text="wrong")  # the field has the focus
        people.do("press", who="ann", key="Enter")
        people.do("read", who="ann", id="complaint", like="not this server's token")
        people.do("type", who="ann", text="open sesame")
        people.do("press", who="ann", key="Enter")
        people.do("playing", who="ann")
        people.do("click", who="ann", id="pause")
        people.do("read", who="ann", id="state", like="Paused")


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
