#!/usr/bin/env python3
"""Assets served as live streams: addresses, what lists say at any time, against sums of our own; two servers, restarts.

usage: CONTINUO_BIN=build/dev/bin pseudolive_test.py [unittest arguments]
"""
import json
import random
import shutil
import sys
import unittest
import xml.etree.ElementTree
from datetime import datetime, timedelta
from urllib.parse import urljoin

from pseudolive import DAY, NOW, Model, VodServer, media_path, microseconds
from house import wait_for
from vod_assets import FRAGMENTED, add_subtitles, durations_of, encrypt, join, make_asset, make_long, make_odd

VARIANTS = ("hi", "mid", "low")


class Served(unittest.TestCase):
    """One server with assets of all kinds."""

    @classmethod
    def setUpClass(cls):
        cls.server = VodServer(channels="""
  - name: classics
    schedule:
      - { asset: ts }
      - { asset: odd_one, times: 2 }
""")
        cls.addClassCleanup(cls.server.__exit__, None)
        root = cls.server.root
        cls.ts = make_asset(root, "ts")
        cls.odd = make_odd(root, "odd_one")
        cls.fragments = make_asset(root, "odd", hls=FRAGMENTED, rendition=True, rate="30000/1001", gop=60, segment_time=2)
        cls.single = make_asset(root, "single", hls=("-hls_flags", "single_file"))
        cls.encrypted = encrypt(make_asset(root, "locked", audio=()))
        other = make_asset(cls.server.folder, "other", gop=75, segment_time=3)
        cls.joined = join(root / "joined", cls.ts, other)
        add_subtitles(cls.ts, durations_of(cls.ts.kind))
        shutil.copytree(other.folder / "hi", root / "lone")
        (root / "empty_folder").mkdir()
        cls.models = {
            "ts": Model((durations_of(cls.ts.kind), (), 1)),
            "odd_one": Model((durations_of(cls.odd.kind), (), 1)),
            "single": Model((durations_of(cls.single.kind), (), 1)),
            "locked": Model((durations_of(cls.encrypted.kind), (), 1)),
            "joined": Model((durations_of(cls.ts.kind) + durations_of(other.kind), (3,), 1)),
        }
        cls.server.start().wait_ready(*cls.models, "odd", "lone")
        wait_for(lambda: cls.server.get("/live/classics/master.m3u8").status == 200, 10, "the linear channel")

    def uri_of(self, stream, variant):
        """The paths of an asset's segments, in order."""
        ladder = {"ts": self.ts, "odd_one": self.odd, "single": self.single, "joined": self.joined,
                  "locked": self.encrypted}[stream]
        lines = [line for line in ladder.playlist(variant).read_text().splitlines() if not line.startswith("#")]
        return [urljoin(f"/pseudolive/{stream}/{variant}/", line) for line in lines]

    def check(self, stream, now):
        for variant in VARIANTS:
            uris = self.uri_of(stream, variant)
            self.models[stream].check(self, self.server.media(stream, variant, now), now, lambda _, index: uris[index])

    def test_lists_are_what_a_sum_of_fractions_says(self):
        dice = random.Random(5)
        for stream, model in self.models.items():
            start = int(NOW // model.seconds * model.seconds)
            times = [dice.randint(NOW - 3 * DAY, NOW + 3 * DAY) + dice.randint(0, 999) / 1000 for _ in range(8)]
            for now in times + [start + step * 0.5 for step in range(16)] + [5, 17, 18, 40]:
                if model.ended(now) > 0:
                    with self.subTest(stream=stream, now=now):
                        self.check(stream, now)

    def test_the_first_laps_count_their_wraps(self):
        for g, before in ((1, 0), (3, 0), (4, 0), (11, 0), (12, 0), (13, 0), (14, 1), (15, 1), (16, 1), (17, 2)):
            playlist = self.server.media("ts", "hi", 2 * g)
            first = max(0, g - 10)
            self.assertEqual((playlist.media_sequence, playlist.discontinuity_sequence), (first, before), g)
            self.assertEqual([s.number for s in playlist.segments if s.discontinuity],
                             [n for n in range(first, g) if n % 3 == 0 and n > 0])

    def test_a_million_loops_do_not_drift(self):
        for stream in ("odd_one", "joined"):
            now = 10**6 * self.models[stream].seconds + 3 * 10**6
            self.check(stream, int(now))

    def test_before_the_epoch_and_without_sense_in_the_clock(self):
        for now in ("-1", "0", "1.9"):
            answer = self.server.get(f"{media_path('ts', 'hi')}?now={now}")
            self.assertIn(answer.status, (400, 404, 503), now)
        for now in ("", "x", "1e400", "99999999999999999999", "nan", "1.5.5", "%00", "2024-13-01T00:00:00Z"):
            answer = self.server.get(f"{media_path('ts', 'hi')}?now={now}")
            self.assertNotIn(answer.status, (0, 500), now)
        self.assertEqual(self.server.get(media_path("ts", "hi") + "?now=2027-01-15T08:00:00Z").body,
                         self.server.get(media_path("ts", "hi") + f"?now={NOW}").body)

    def test_names_with_underscores_mean_the_longest_stream(self):
        self.assertEqual(self.server.get("/odd_one.m3u8").status, 200)
        by_alias = self.server.list("/odd_one_hi.m3u8", NOW)
        self.assertEqual([s.uri for s in by_alias.segments], [s.uri for s in self.server.media("odd_one", "hi", NOW).segments])
        by_alias = self.server.list("/odd_hi.m3u8", NOW)
        self.assertEqual([s.uri for s in by_alias.segments], [s.uri for s in self.server.media("odd", "hi", NOW).segments])
        for path in ("/odd_one_.m3u8", "/odd_two.m3u8", "/_.m3u8", "/odd_one_hi_.m3u8", "/nobody.m3u8"):
            self.assertEqual(self.server.get(path).status, 404, path)

    def test_both_masters_lead_to_the_same_lists(self):
        for path in ("/ts.m3u8", "/pseudolive/ts/master.m3u8"):
            text = self.server.get(path).text
            self.assertIn('#EXT-X-MEDIA:TYPE=SUBTITLES', text)
            self.assertIn('RESOLUTION=192x108,CODECS="avc1.42c01e,mp4a.40.2"', text)
            uris = [line for line in text.splitlines() if line and not line.startswith("#")]
            self.assertEqual(len(uris), 3)
            for uri, variant in zip(uris, VARIANTS):
                playlist = self.server.list(urljoin(path, uri), NOW)
                self.assertEqual([s.uri for s in playlist.segments],
                                 [s.uri for s in self.server.media("ts", variant, NOW).segments])

    def test_a_lone_media_playlist_is_a_stream_of_one_variant(self):
        master = self.server.get("/pseudolive/lone/master.m3u8").text
        uris = [line for line in master.splitlines() if line and not line.startswith("#")]
        self.assertEqual(len(uris), 1)
        playlist = self.server.list(urljoin("/pseudolive/lone/master.m3u8", uris[0]), NOW)
        self.assertEqual(self.server.get(playlist.segments[-1].uri).status, 200)

    def test_text_and_sound_go_with_the_variants(self):
        for stream, rendition in (("ts", "text"), ("odd", "sound")):
            for now in range(NOW, NOW + 14):
                video, other = (self.server.media(stream, track, now) for track in ("hi", rendition))
                self.assertEqual(video.target_duration, other.target_duration)
                # What is there of the one is there of the other, but for a target duration at the ends.
                for end in (0, -1):
                    apart = microseconds(video.segments[end].date) - microseconds(other.segments[end].date)
                    self.assertLessEqual(abs(apart), video.target_duration * 10**6)
                # At equal dates equal discontinuity sequences.
                wraps = {s.discontinuity_sequence: s.date for s in video.segments if s.discontinuity}
                for segment in other.segments:
                    if segment.discontinuity and segment.discontinuity_sequence in wraps:
                        self.assertEqual(segment.date, wraps[segment.discontinuity_sequence])

    def test_every_listed_file_is_there_whole(self):
        for stream, ladder in (("ts", self.ts), ("odd_one", self.odd), ("odd", self.fragments), ("joined", self.joined)):
            for track in ladder.names:
                for segment in self.server.media(stream, track, NOW).segments:
                    answer = self.server.get(segment.uri)
                    self.assertEqual(answer.status, 200, segment.uri)
                    self.assertEqual(answer.body, (ladder.folder / segment.uri.split("/", 3)[3]).read_bytes())
                    self.assertIn("immutable", answer.headers["cache-control"])

    def test_maps_byte_ranges_and_keys_can_be_followed(self):
        text = self.server.get(media_path("odd", "hi") + f"?now={NOW}").text
        uri = next(line for line in text.splitlines() if line.startswith("#EXT-X-MAP")).split('"')[1]
        self.assertEqual(self.server.get(urljoin(media_path("odd", "hi"), uri)).body,
                         (self.fragments.folder / "hi/init.mp4").read_bytes())
        text = self.server.get(media_path("single", "mid") + f"?now={NOW}").text
        ranges = [line.partition(":")[2] for line in text.splitlines() if line.startswith("#EXT-X-BYTERANGE")]
        whole = (self.single.folder / "mid/index.ts").read_bytes()
        self.assertEqual(len(ranges), 10)
        for length, begin in (map(int, text.split("@")) for text in ranges):
            answer = self.server.get("/pseudolive/single/mid/index.ts", {"Range": f"bytes={begin}-{begin + length - 1}"})
            self.assertEqual((answer.status, answer.body), (206, whole[begin:begin + length]))
        text = self.server.get(media_path("locked", "hi") + f"?now={NOW}").text
        for index in range(3):  # each segment's IV is its number in the input, not in our list
            self.assertIn(f"IV=0x{7 + index:032x}", text.lower().replace("iv=", "IV="))
        uri = next(line for line in text.splitlines() if line.startswith("#EXT-X-KEY")).split('"')[1]
        self.assertEqual(self.server.get(urljoin(media_path("locked", "hi"), uri)).body, bytes(range(16)))

    def test_a_schedule_is_played_in_turn(self):
        model = Model((durations_of(self.ts.kind), (), 1), (durations_of(self.odd.kind), (), 2))
        master = self.server.get("/live/classics/master.m3u8").text
        lists = [urljoin("/live/classics/master.m3u8", line) for line in master.splitlines() if line and line[0] != "#"]
        self.assertEqual(len(lists), 3)
        for now in [NOW + step for step in range(0, 60, 3)]:
            for path, variant in zip(lists, VARIANTS):
                uris = self.uri_of("ts", variant), self.uri_of("odd_one", variant)
                model.check(self, self.server.list(path, now), now, lambda item, index: uris[item][index])

    def test_the_programme_is_told(self):
        guide = xml.etree.ElementTree.fromstring(self.server.get(f"/epg.xml?now={NOW}").body)
        self.assertEqual(guide.tag, "tv")
        self.assertEqual([c.get("id") for c in guide.findall("channel")], ["classics"])
        self.assertEqual([c.findtext("display-name") for c in guide.findall("channel")], ["classics"])
        shows = [(p.get("start"), p.get("stop"), p.findtext("title")) for p in guide.findall("programme")]
        self.assertGreaterEqual(len(shows), 3)
        self.assertEqual({p.get("channel") for p in guide.findall("programme")}, {"classics"})
        model = Model((durations_of(self.ts.kind), (), 1), (durations_of(self.odd.kind), (), 2))
        for (start, stop, _), (following, _, _) in zip(shows, shows[1:]):
            self.assertEqual(stop, following)
            self.assertLess(start, stop)
        begins = [datetime.strptime(start, "%Y%m%d%H%M%S %z").timestamp() for start, _, _ in shows]
        self.assertLessEqual(begins[0], NOW)
        items = {}
        for number in range(model.ended(begins[0] - 60), model.ended(begins[-1] + 60)):
            row = model.row(number)
            if row.index == 0:
                items[int(row.start)] = ("ts", "odd_one")[row.item]
        self.assertEqual([items.get(int(begin)) for begin in begins], [title for _, _, title in shows])

    def test_the_api_tells_what_is_on(self):
        channels = json.loads(self.server.get("/api/v1/channels").body)["channels"]
        text = json.dumps(next(c for c in channels if c["name"] == "classics"))
        self.assertIn("ts", text)
        self.assertIn("odd_one", text)
        text = self.server.get("/api/v1/pseudolive").text
        for stream in self.models:
            self.assertIn(f'"{stream}"', text)
        self.assertNotIn("empty_folder", text)

    def test_heads_conditions_and_other_methods(self):
        path = media_path("ts", "hi") + f"?now={NOW}"
        answer = self.server.get(path)
        self.assertEqual(answer.headers["access-control-allow-origin"], "*")
        self.assertIn("mpegurl", answer.headers["content-type"].lower())
        self.assertEqual(self.server.get(path, {"If-None-Match": answer.headers["etag"]}).status, 304)
        head = self.server.get(path, method="HEAD")
        self.assertEqual((head.status, head.body, head.headers["content-length"]), (200, b"", str(len(answer.body))))
        for wrong in (path, "/pseudolive/ts/hi/index0.ts", "/epg.xml"):
            self.assertEqual(self.server.get(wrong, method="POST").status, 405)


class Again(unittest.TestCase):
    """The same bytes, whoever serves them."""

    def setUp(self):
        self.server = self.enterContext(VodServer())
        self.ladder, self.durations = make_long(self.server.root, "long", 100)
        make_odd(self.server.root, "odd")

    def answers(self, server):
        server.wait_ready("long", "odd")
        wait_for(lambda: "reading" not in server.get("/api/v1/pseudolive").text, 10, "all measured")
        paths = [f"{media_path('long', name)}?now={NOW + 37 * step}" for name in self.ladder.names for step in range(20)]
        paths += [f"{media_path('odd', 'mid')}?now={NOW + step}" for step in range(20)]
        return [server.get(path).body for path in paths + ["/pseudolive/long/master.m3u8", "/long.m3u8"]]

    def test_a_restart_a_lost_cache_and_another_server_change_nothing(self):
        before = self.answers(self.server.start())
        self.assertTrue(all(before))
        index = list((self.server.state / "pseudolive/index").iterdir())
        self.assertEqual(len(index), 2, index)
        self.assertEqual(self.answers(self.server.restart()), before, "restarted")
        self.server.stop()
        shutil.rmtree(self.server.state / "pseudolive/index")
        self.assertEqual(self.answers(self.server.start()), before, "without the cache")
        self.server.stop()
        for file in (self.server.state / "pseudolive/index").iterdir():
            file.write_bytes(file.read_bytes()[:-20] + b"x")
        self.assertEqual(self.answers(self.server.start()), before, "with a damaged cache")
        self.server.stop()
        shutil.rmtree(self.server.state)
        self.assertEqual(self.answers(self.server.start()), before, "without any state")
        with VodServer(root=self.server.root) as other:
            self.assertEqual(self.answers(other.start()), before, "another server")

    def test_epoch_start_is_remembered(self):
        self.server.write_config("  epoch: start\n  window: 5\n")
        self.server.start().wait_ready("odd")
        # Nothing has ended yet, or a little has: numbers begin at 0.
        later = datetime.now().timestamp() + 60
        first = self.server.get(f"{media_path('odd', 'hi')}?now={later}").body
        self.assertTrue(first)
        numbers = [s.number for s in self.server.media("odd", "hi", later).segments]
        self.assertLessEqual(numbers[-1], 12)
        self.assertEqual(len(numbers), 5)
        self.server.restart().wait_ready("odd")
        self.assertEqual(self.server.get(f"{media_path('odd', 'hi')}?now={later}").body, first)

    def test_hold_back_and_window(self):
        self.server.write_config("  window: 4\n  hold_back: 9s\n")
        self.server.start().wait_ready("odd", "long")
        uris = [f"/pseudolive/odd/hi/index{index}.ts" for index in range(3)]
        model = Model((durations_of_odd(), (), 1), window=4, hold_back=9)
        for now in (NOW, NOW + 2.5, NOW + 7):
            model.check(self, self.server.media("odd", "hi", now), now, lambda _, index: uris[index])
        model = Model((self.durations, (), 1), window=4, hold_back=9)
        for now in (NOW, NOW + 2.5, NOW + 7):
            model.check(self, self.server.media("long", "low", now), now, lambda _, index: f"/pseudolive/long/low/index{index}.ts")

    def test_the_clock_is_the_machines_where_nothing_else_is_allowed(self):
        text = (self.server.folder / "config.yaml").read_text()
        (self.server.folder / "config.yaml").write_text(text.replace("allow_clock: true", "allow_clock: false"))
        self.server.start().wait_ready("odd")
        newest = self.server.media("odd", "hi", NOW).segments[-1]
        end = datetime.fromisoformat(newest.date.replace("Z", "+00:00")) + timedelta(seconds=newest.duration)
        self.assertLess(abs(datetime.now().timestamp() - end.timestamp()), 7)


def durations_of_odd():
    return [537300] * 3


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
