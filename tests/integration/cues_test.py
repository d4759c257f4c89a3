#!/usr/bin/env python3
"""Cues on a channel's way: in the stream, by hand, and by API; at one number in the copy and in what was encoded.

usage: CONTINUO_BIN=build/dev/bin cues_test.py [unittest arguments]
"""
import http.client
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

from house import BIN, House, first_video_pts, kill, wait_for
from live_stream import SECOND, LiveStream, make_long_clip
from splices import as_base64, splice_insert, time_signal, with_wrong_crc
from transport_stream import WRAP

VARIANTS = ("source", "120p")


def config(url, styles="x_cue"):
    return f"""
defaults: {{ segment_time: 2s, window: 40 }}
channels:
  - name: demo
    hls_tag: {styles}
    sources: [ {{ url: "{url}" }} ]
    variants:
      - {{ name: source, copy: true }}
      - {{ name: 120p, height: 120, video_bitrate: 200k, audio_bitrate: 64k, preset: ultrafast }}
  - name: lost
    sources: [ {{ url: "http://127.0.0.1:9/none.ts" }} ]
    slate: {{ text: "Back in a moment" }}
"""


class ChannelTest(unittest.TestCase):
    """A channel that plays a live stream of the test's own; the tests of a class follow each other on it."""
    SECONDS, STYLES = 240, "[x_cue, x_daterange]"

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="continuo-cues-", dir="/dev/shm"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.live = LiveStream(make_long_clip(cls.folder / "clip.ts", cls.SECONDS))
        cls.addClassCleanup(cls.live.close)
        cls.house = cls.enterClassContext(House(config(cls.live.url, cls.STYLES)))
        cls.house.wait_on_air()
        cls.house.record(*VARIANTS)
        cls.house.wait_segments(1, 15)

    def setUp(self):
        self.assertIn("ffmpeg", self.house.variant_pids("120p"), "it is encoded")
        self.begin = max(recorder.newest() for recorder in self.house.recorders.values()) + 1  # the first number that is the test's own

    def tags(self, house, variant):
        """{number: tags} of the segments that have any but CONT."""
        found = {number: tuple(tag for tag in segment.cues if "CONT" not in tag)
                 for number, segment in sorted(dict(house.recorders[variant].segments).items()) if number >= self.begin}
        return {number: tags for number, tags in found.items() if tags}

    def wait_tag(self, house, text, seconds=20, times=1):
        """Until both variants have listed so many tags with that in them; their numbers."""
        def numbers(variant):
            return [number for number, tags in self.tags(house, variant).items() for tag in tags if text in tag]
        wait_for(lambda: all(len(numbers(variant)) >= times for variant in VARIANTS), seconds, f"{text} in {VARIANTS}")
        self.assertEqual(*(numbers(variant)[:times] for variant in VARIANTS))
        return numbers(VARIANTS[0])[:times]

    def start_of(self, house, number, variant="source"):
        return first_video_pts(house.recorders[variant].folder / f"{number}.ts") % WRAP

    def assert_begins(self, house, number, splice):
        """In both variants that segment opens with the first keyframe at or after the splice."""
        for variant in VARIANTS:
            self.assertEqual(self.start_of(house, number, variant), self.live.keyframe_after(splice) % WRAP, variant)

    def assert_alike(self, house):
        """The recorders have seen nothing wrong, and the same in both variants, of which none stood in for the other."""
        for variant, recorder in house.recorders.items():
            self.assertEqual(recorder.complaints, [], variant)
            self.assertEqual([segment.uri for segment in list(recorder.segments.values()) if segment.uri.startswith("..")], [], variant)
        one, other = (dict(recorder.segments) for recorder in house.recorders.values())
        for number in sorted(one.keys() & other.keys()):
            self.assertEqual((one[number].cues, one[number].duration), (other[number].cues, other[number].duration), f"segment {number}")

    def verify(self, house, seconds):
        process = subprocess.Popen([BIN / "continuo", "verify", f"http://127.0.0.1:{house.port}/live/demo/master.m3u8", "--seconds",
                                    str(seconds)], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def continuo(self, house, *arguments):
        done = subprocess.run([BIN / "continuo", *map(str, arguments), "--config", house.config_file], capture_output=True, text=True,
                              timeout=10)
        return done.returncode, done.stdout + done.stderr

    def post(self, house, channel, body, kind="application/json"):
        connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=5)
        connection.request("POST", f"/api/v1/channels/{channel}/cues", body if isinstance(body, str) else json.dumps(body),
                           {"Content-Type": kind})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text


class Ways(ChannelTest):
    """In the stream, by command and by API."""

    def test_a_break_stands_at_one_number_in_all_variants(self):
        house = self.house
        out = self.live.now() + 4 * SECOND
        verify = self.verify(house, 20)
        for _ in range(2):  # encoders repeat what they announce
            self.live.send(splice_insert(5, True, out, 5 * SECOND, auto_return=False))
        self.live.send(with_wrong_crc(splice_insert(6, True, out - SECOND, 5 * SECOND)))
        self.live.send(splice_insert(5, False, out + 5 * SECOND))
        begin, = self.wait_tag(house, "CUE-OUT:5.0")
        end, = self.wait_tag(house, "CUE-IN")
        self.assert_begins(house, begin, out)
        self.assert_begins(house, end, out + 5 * SECOND)
        house.wait_segments(1, 10)
        self.assert_alike(house)
        for variant in VARIANTS:
            self.assertEqual(list(self.tags(house, variant)), [begin, end], "both tags once")
            names = [re.search(r'ID="([^"]+)"', tag)[1] for tags in self.tags(house, variant).values() for tag in tags
                     if tag.startswith("#EXT-X-DATERANGE")]
            self.assertEqual(names, [f"5-{begin}"] * 2)
            between = [house.recorders[variant].segments[number].cues for number in range(begin + 1, end)]
            self.assertTrue(all("#EXT-X-CUE-OUT-CONT:" in tags[0] for tags in between))
        self.assertEqual([number for number in house.recorders["source"].discontinuities() if number >= self.begin], [],
                         "the media goes on as it was")
        self.assertEqual(verify.wait(30), 0, verify.stdout.read())

    def test_immediate_ones_segmentation_and_a_return_by_itself(self):
        house = self.house
        self.live.send(splice_insert(8, True, None, 3 * SECOND))
        first, = self.wait_tag(house, "CUE-OUT:3.0")
        signal = self.live.now() + 4 * SECOND
        self.live.send(time_signal(9, 0x34, signal, 4 * SECOND))
        self.live.send(time_signal(9, 0x35, signal + 4 * SECOND))
        second, = self.wait_tag(house, "CUE-OUT:4.0")
        back = self.wait_tag(house, "CUE-IN", times=2)
        self.assert_begins(house, second, signal)
        self.assert_begins(house, back[0], self.start_of(house, first) + 3 * SECOND)
        self.assert_begins(house, back[1], signal + 4 * SECOND)
        self.assert_alike(house)

    def test_by_command_and_by_api(self):
        house = self.house
        asked = self.live.now()
        code, said = self.continuo(house, "cue", "demo", "--out", "--duration", "5", "--at", "+3s", "--id", "77")
        self.assertEqual(code, 0, said)
        begin, = self.wait_tag(house, "CUE-OUT:5.0")
        self.assertLessEqual((asked + 2 * SECOND) % WRAP, self.start_of(house, begin))
        self.assertLess(self.start_of(house, begin), (asked + 7 * SECOND) % WRAP)
        end, = self.wait_tag(house, "CUE-IN")
        status, text = self.post(house, "demo", {"out": True, "duration_s": 60})
        self.assertEqual(status, 202, text)
        again = self.wait_tag(house, "CUE-OUT:60.0")[0]
        self.assertGreater(again, end)
        status, text = self.post(house, "demo", {"in": True})
        self.assertEqual(status, 202, text)
        self.wait_tag(house, "CUE-IN", times=2)
        status, text = self.post(house, "demo", {"section": as_base64(splice_insert(99, True, None, SECOND))})
        self.assertEqual(status, 202, text)
        self.wait_tag(house, "CUE-OUT:1.0")
        self.wait_tag(house, "CUE-IN", times=3)  # by itself
        self.assert_alike(house)

    def test_what_makes_no_sense_is_refused_before_anything_happens(self):
        house = self.house
        for channel, body, wanted in (("none", {"out": True}, 404), ("demo", {"in": True}, 409), ("demo", {}, 400), ("demo", "{", 400),
                                      ("demo", {"out": True, "in": True}, 400), ("demo", {"out": True, "duration_s": -1}, 400),
                                      ("demo", {"section": "/DAl"}, 400), ("lost", {"out": True, "duration_s": 5}, 409)):
            status, text = self.post(house, channel, body)
            self.assertEqual(status, wanted, (channel, body, text))
        for arguments in (["none", "--out"], ["demo", "--in"], ["demo"], ["demo", "--out", "--in"], ["lost", "--out"],
                          ["demo", "--section", as_base64(with_wrong_crc(splice_insert(1, True)))]):
            code, said = self.continuo(house, "cue", *arguments)
            self.assertNotEqual(code, 0, arguments)
            self.assertLessEqual(len(said.splitlines()), 3, said)
        house.wait_segments(3, 15)
        self.assertEqual(self.tags(house, "source"), {})
        self.assert_alike(house)


class Killed(ChannelTest):
    def test_the_daemon_between_out_and_in(self):
        house = self.house
        out = self.live.now() + 3 * SECOND
        self.live.send(splice_insert(5, True, out, 60 * SECOND, auto_return=False))
        begin, = self.wait_tag(house, "CUE-OUT:60.0")
        kill(house.daemon.pid)
        house.daemon.wait()
        house.start_daemon()
        house.wait_segments(2, 25)
        back = self.live.now() + 4 * SECOND
        self.live.send(splice_insert(5, False, back))
        end, = self.wait_tag(house, "CUE-IN")
        self.assert_begins(house, end, back)
        house.wait_segments(1, 10)
        self.assert_alike(house)
        for variant in VARIANTS:
            self.assertEqual(list(self.tags(house, variant)), [begin, end])
            between = [house.recorders[variant].segments[number].cues for number in range(begin + 1, end)]
            self.assertTrue(all(any("CUE-OUT-CONT" in tag for tag in tags) for tags in between), between)

    def test_an_encoder_before_its_splice(self):
        house = self.house
        out = self.live.now() + 5 * SECOND
        self.live.send(splice_insert(5, True, out, 4 * SECOND))
        kill(house.variant_pids("120p")["ffmpeg"])
        begin, = self.wait_tag(house, "CUE-OUT:4.0")
        self.wait_tag(house, "CUE-IN")
        self.assert_begins(house, begin, out)
        self.assert_alike(house)

    def test_the_source_before_a_cue_that_was_asked_of_it(self):
        house = self.house
        status, text = self.post(house, "demo", {"out": True, "duration_s": 4, "at_s": 6})
        self.assertEqual(status, 202, text)
        kill(house.source_pids()["continuo-segment"])
        begin, = self.wait_tag(house, "CUE-OUT:4.0", seconds=30)
        self.wait_tag(house, "CUE-IN")
        house.wait_segments(1, 10)
        self.assert_alike(house)
        for variant in VARIANTS:
            self.assertEqual(len(self.tags(house, variant)), 2, "the next run was asked, and once")


class Trials(ChannelTest):
    """Cues at any moment, each way in turn."""
    COUNT = 3

    def test_none_is_lost_and_none_is_apart(self):
        chance = random.Random(int(os.environ.get("SEED", "104")))
        house = self.house
        for trial in range(self.COUNT):
            threading.Event().wait(chance.uniform(0, 1))
            splice = None
            if trial % 3 == 0:
                splice = self.live.now() + round(chance.uniform(1, 3) * SECOND)
                self.live.send(splice_insert(trial + 1, True, splice, SECOND))
            elif trial % 3 == 1:
                self.live.send(splice_insert(trial + 1, True, None, SECOND))
            else:
                status, text = self.post(house, "demo", {"out": True, "duration_s": 1, "event_id": trial + 1, "at_s": chance.choice([0, 1.5])})
                self.assertEqual(status, 202, text)
            begin = self.wait_tag(house, "CUE-OUT:1.0", times=trial + 1)[-1]
            self.wait_tag(house, "CUE-IN", times=trial + 1)
            if splice is not None:
                self.assert_begins(house, begin, splice)
        self.assert_alike(house)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
