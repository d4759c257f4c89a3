#!/usr/bin/env python3
"""The channel of a session: subtitles beside its pictures, how far it is read ahead, and what its processes may do.

usage: CONTINUO_BIN=build/dev/bin watch_channel_test.py [unittest arguments]
"""
import json
import os
import pwd
import re
import signal
import time
import unittest
import urllib.request
from pathlib import Path

import films
from house import House, children_of, kill, wait_for
from sources import Origin

CONFIG = ("watch: {{ enabled: true, allow_private: true, height: 180, video_bitrate: 300k, preset: ultrafast, segment_time: 2s, "
          "read_ahead: {ahead}s, max_sessions: 2 }}\n")
OPENING = 20  # s, at most, until there is a list; two seconds on a machine that does nothing else
TEXTS = "-f webvtt"


class SlowOrigin(Origin):
    """Below /slow/ films come at several times the speed at which they are watched, but no faster; below /slower/ from their begin on."""
    locations = "location /slow/ { alias %s/; limit_rate_after 300k; limit_rate 100k; } location /slower/ { alias %s/; limit_rate 100k; }"


def said_of(pid, what):
    try:
        return Path(f"/proc/{pid}/{what}").read_text()
    except OSError:
        return ""  # it has just ended


class Channel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.origin = cls.enterClassContext(SlowOrigin())
        tracks = [("plain.srt", "ger", "Words", True), ("styled.ass", "eng", "Signs", False), ("bars.sup", "fre", "Bars", False)]
        films.Films(cls.origin.root, 120).mux("film.mkv", *tracks, attach="font.ttf")
        films.Films(cls.origin.root, 40, cue=(10, 20)).mux("long_cue.mkv", *tracks, attach="font.ttf")
        films.Films(cls.origin.root, 9, cue=(2, 8)).mux("short.mkv", tracks[0])

    def setUp(self):
        self.house = None

    def open(self, film="film.mkv", ahead=20):
        session = self.begin(film, ahead)
        wait_for(lambda: self.state(session)["phase"] == "playing", OPENING, "it plays")
        return session

    def begin(self, film, ahead=20):
        self.house = House(CONFIG.format(ahead=ahead))
        self.addCleanup(self.house.__exit__, None)
        wait_for(lambda: "listening on" in self.house.log(), 5, "the way out")
        return self.house.ask(op="watch", watch=dict(do="open", url=self.origin.url(film)))["id"]

    def jump(self, session, do, **wish):
        """Until all watch from there, and with these tracks."""
        jumps = self.state(session)["jumps"] + 1
        self.house.ask(op="watch", watch=dict(do=do, session=session, **wish))
        wait_for(lambda: self.state(session)["phase"] == "playing" and self.state(session)["jumps"] == jumps, OPENING, f"{do} {wish}")

    def state(self, session):
        return json.loads((self.house.runtime / "watch" / f"{session}.json").read_text())

    def fetch(self, session, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.house.port}/streams/{session}/{path}", timeout=10) as answer:
            return answer.headers["Content-Type"], answer.read().decode()

    def texts(self, session, name):
        """[(number, date, what the segment shows)] of a list of texts."""
        _, text = self.fetch(session, f"{name}/index.m3u8")
        number = int(re.search(r"#EXT-X-MEDIA-SEQUENCE:(\d+)", text)[1])
        dates = re.findall(r"#EXT-X-PROGRAM-DATE-TIME:(\S+)", text)
        found = []
        for index, uri in enumerate(line for line in text.splitlines() if line and not line.startswith("#")):
            kind, body = self.fetch(session, f"{name}/{uri}")
            self.assertEqual(kind, "text/vtt")
            self.assertTrue(body.startswith("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n"), body)
            found.append((number + index, dates[index], body.split("\n\n", 1)[1].strip()))
        return found

    def newest(self, session, name):
        """The run directory that was begun last."""
        return max((self.house.runtime / "channels" / f"_watch-{session}" / name).iterdir())

    def commands(self):
        return {pid: said_of(pid, "cmdline").replace("\0", " ") for pid in children_of(self.house.daemon.pid)}

    def text_readers(self):
        return [pid for pid, command in self.commands().items() if TEXTS in command]

    def test_texts_are_renditions_that_nobody_chooses_but_the_viewer(self):
        session = self.open()
        kind, master = self.fetch(session, "master.m3u8")
        renditions = [line for line in master.splitlines() if line.startswith("#EXT-X-MEDIA:")]
        self.assertEqual(len(renditions), 2, master)  # pictures are no text
        for rendition, (language, name) in zip(renditions, (("ger", "Words"), ("eng", "Signs"))):
            self.assertIn("TYPE=SUBTITLES", rendition)
            self.assertIn(f'LANGUAGE="{language}"', rendition)
            self.assertIn(f'NAME="{name}"', rendition)
            self.assertNotIn("DEFAULT=YES", rendition)
            self.assertNotIn("AUTOSELECT=YES", rendition)
        self.assertIn('SUBTITLES="texts"', master)
        _, pictures = self.fetch(session, "source/index.m3u8")
        for name, words in (("text1", "Here is what they say,\nand a good deal more of it"), ("text2", "illiilli WMWM")):
            texts = wait_for(lambda name=name: len(found := self.texts(session, name)) >= 4 and found, OPENING, "four segments")
            self.assertEqual([date for _, date, _ in texts][:3], re.findall(r"#EXT-X-PROGRAM-DATE-TIME:(\S+)", pictures)[:3])
            cue = f"00:00:02.000 --> 00:00:06.000\n{words}"
            # From 0, 2, 4 and 6 s on. Pictures begin 21 ms late.
            self.assertEqual([text for _, _, text in texts[:4]], ["00:00:02.000 --> 00:00:06.000\n" + words, cue, cue, ""])

    def test_texts_go_along_with_a_seek_and_survive_the_death_of_their_reader(self):
        session = self.open("slow/film.mkv")
        first = wait_for(self.text_readers, 5, "their reader")[0]
        kill(first)
        wait_for(lambda: self.text_readers() not in ([], [first]), 5, "another")
        before = self.texts(session, "text1")[-1][0]
        self.jump(session, "seek", position_ms=4_500)
        texts = [text for number, _, text in self.texts(session, "text1") if number > before]
        self.assertTrue(any(text.startswith("00:00:02.000 --> 00:00:06.000") for text in texts), texts)
        self.house.ask(op="watch", watch=dict(do="close", session=session, discards=True))
        wait_for(lambda: not self.text_readers(), 2, "nobody reads any more")

    def test_what_began_before_the_place_is_shown_in_the_picture_and_as_text(self):
        session = self.open("long_cue.mkv")
        for subtitle in ("ger", "eng", "fre"):
            self.jump(session, "tracks", tracks={"subtitle": subtitle})
            began = time.monotonic()
            self.jump(session, "seek", position_ms=15_000)
            self.assertLess(time.monotonic() - began, 12, "it is known how far texts are read")  # else it takes 15 s
            seen = films.brightness(self.newest(session, "source") / "000000.ts", films.LOWER_THIRD, 25)
            print(f"{subtitle}: at least {min(seen)} bright", flush=True)
            self.assertGreater(min(seen), 170, subtitle)  # what is behind it has 126
            for name in ("text1", "text2"):
                self.assertIn("00:00:10.000 --> 00:00:20.000", (self.newest(session, name) / "000000.vtt").read_text())

    def test_no_text_is_missing_when_its_reader_is_slower_than_the_pictures(self):
        session = self.begin("slower/short.mkv")
        reader = wait_for(self.text_readers, OPENING, "their reader")[0]
        kill(reader, signal.SIGSTOP)
        wait_for(lambda: not any(" --o=- " in command for command in self.commands().values()), OPENING, "all pictures are there")
        self.assertEqual(self.state(session)["phase"], "opening")
        kill(reader, signal.SIGCONT)
        wait_for(lambda: self.state(session)["phase"] != "opening", OPENING, "it plays")
        texts = wait_for(lambda: len(found := self.texts(session, "text1")) >= 5 and found, OPENING, "all segments")
        self.assertEqual(["Here is what" in text for _, _, text in texts], [True] * 4 + [False], texts)

    def test_it_is_never_read_further_ahead_than_it_may_be(self):
        session = self.open(ahead=12)
        begin = time.time()
        most = 0.0
        while time.time() < begin + 12:
            state = self.state(session)
            due = time.time() * 1000 - state["delay_ms"] - state["anchor_us"] / 1000 + state["position_ms"]
            most = max(most, (state["buffered_ms"] - due) / 1000)
            time.sleep(0.1)
        print(f"at most {most:.1f} s ahead of what is due", flush=True)
        self.assertLessEqual(most, 12 + 0.5)
        self.assertGreater(most, 6)

    def test_its_processes_may_do_little(self):
        self.open()
        nobody = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
        seen = set()
        for pid, command in self.commands().items():
            program = os.path.basename(command.split(" ")[0])
            if program not in ("mpv", "ffmpeg"):
                continue
            seen.add(program)
            status = said_of(pid, "status")
            self.assertEqual(re.search(r"Uid:\t(\d+)\t(\d+)\t(\d+)", status).groups(), (str(nobody),) * 3, command)
            self.assertIn("NoNewPrivs:\t1", status)
            if os.geteuid() == 0:
                self.assertRegex(status, r"Groups:\t *\n")
            limits = said_of(pid, "limits")
            self.assertRegex(limits, r"Max address space +\d+ +\d+ ")
            self.assertRegex(limits, r"Max cpu time +\d+ +\d+ ")
            self.assertRegex(limits, r"Max file size +\d+ +\d+ ")
            self.assertRegex(limits, r"Max open files +256 +256 ")
        self.assertEqual(seen, {"mpv", "ffmpeg"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
