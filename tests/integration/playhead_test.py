#!/usr/bin/env python3
"""Switches between live streams of different size, rate, GOP and tone, in copy and ABR mode: what viewers get, picture by picture."""
import json
import subprocess
import sys
import time
import unittest

from event_api import EventApi
from house import BIN, House, wait_for
from live_sources import KINDS, Studio
from playhead import COPY, LADDER, Record, channel_config, latency, switches, wait_until, watch, what_ffmpeg_says

FRAME = 0.04  # s; dates in playlists are whole milliseconds, so that a picture may be taken for the one beside it
STEADY = 0.5  # s and a GOP: by so much latency may differ between two visits to a stream without having grown


def print_table(title, rows):
    print(f"\n{title}", *rows, sep="\n    ", flush=True)


class AThenB(unittest.TestCase):
    """Two streams in turn, every ten seconds, on a copy channel and on a ladder at once."""
    EVERY = 10
    SWITCHES = 6
    SEGMENT_TIME = 2
    STREAMS = ("two", "double")
    CHANNELS = {"copy": COPY, "ladder": LADDER}

    @classmethod
    def setUpClass(cls):
        length = cls.EVERY * (cls.SWITCHES + 1)
        cls.studio = cls.enterClassContext(Studio(cls.STREAMS, length + 60))
        cls.studio.go_live()
        cls.api = EventApi()
        cls.addClassCleanup(cls.api.close)
        cls.api.head(cls.studio.live[cls.STREAMS[0]].url, cls.STREAMS[0])
        cls.house = cls.enterClassContext(House(
            f"defaults: {{ segment_time: {cls.SEGMENT_TIME}s, window: 6 }}\nchannels:\n" +
            "".join(channel_config(name, cls.api, variants) for name, variants in cls.CHANNELS.items())))
        for name in cls.CHANNELS:
            cls.house.wait_on_air(30, name)
        cls.watchers = {(name, variant): watcher for name, variants in cls.CHANNELS.items()
                        for variant, watcher in watch(cls.house, name, *variants).items()}
        cls.house.wait_segments(2, 15)
        verifiers = {name: subprocess.Popen(
            [BIN / "continuo", "verify", f"http://127.0.0.1:{cls.house.port}/live/{name}/master.m3u8", "--seconds", str(length), "--json"],
            stdout=subprocess.PIPE) for name in cls.CHANNELS}
        began = time.monotonic()
        cls.asked = []
        for turn in range(1, cls.SWITCHES + 1):
            wait_until(began + cls.EVERY * (turn - 1))
            stream = cls.STREAMS[turn % len(cls.STREAMS)]
            cls.asked.append(cls.api.head(cls.studio.live[stream].url, stream))
        wait_until(cls.asked[-1] + cls.EVERY)
        cls.verified = {name: json.loads(verifier.communicate(timeout=60)[0]) for name, verifier in verifiers.items()}
        cls.status = {name: cls.house.channel(name) for name in cls.CHANNELS}
        for watcher in cls.watchers.values():
            watcher.finish()
        cls.records = {key: Record(watcher) for key, watcher in cls.watchers.items()}
        cls.switches = [switch for (name, variant), record in cls.records.items()
                        for switch in switches(name, variant, record, cls.studio, cls.asked, cls.SEGMENT_TIME)]
        print_table("switches", cls.switches)

    def test_numbers_grow_by_one_and_nothing_listed_changes_or_is_missing(self):
        for key, watcher in self.watchers.items():
            self.assertEqual(watcher.complaints, [], key)
            self.assertGreater(len(watcher.segments), self.EVERY * self.SWITCHES / 4, key)

    def test_the_list_never_stops_and_its_target_duration_never_changes(self):
        for key, watcher in self.watchers.items():
            self.assertLessEqual(watcher.longest_wait(), 1.5 * watcher.target_duration, key)
            self.assertEqual(watcher.target_duration, -(-3 * self.SEGMENT_TIME // 2), key)

    def test_every_switch_is_one_discontinuity_at_one_number(self):
        for name, variants in self.CHANNELS.items():
            tagged = self.watchers[name, "source"].discontinuities()
            self.assertEqual(len(tagged), self.SWITCHES, name)
            for variant in variants:
                self.assertEqual(self.watchers[name, variant].discontinuities(), tagged, (name, variant))
        for key, record in self.records.items():
            self.assertEqual([visit.first.number for visit in record.visits[1:]], self.watchers[key].discontinuities(), key)

    def test_each_segment_shows_and_sounds_one_stream_alone(self):
        wanted = [self.STREAMS[turn % len(self.STREAMS)] for turn in range(self.SWITCHES + 1)]
        for key, record in self.records.items():
            self.assertEqual(record.complaints, [], key)
            self.assertEqual([visit.kind for visit in record.visits], wanted, key)

    def test_the_verifier_finds_nothing(self):
        for name, report in self.verified.items():
            self.assertEqual(report["findings"], [], name)
            self.assertGreater(report["segments"], self.EVERY * self.SWITCHES / 4, name)

    def test_ffmpeg_plays_the_whole_record(self):
        for key, record in self.records.items():
            pictures, complaints = what_ffmpeg_says(self.watchers[key].files())
            self.assertEqual(complaints, [], key)
            self.assertEqual(pictures, sum(len(content.numbers) for content in record.contents), key)

    def test_a_switch_takes_no_longer_than_its_segments(self):
        for switch in self.switches:
            self.assertLessEqual(switch.took, switch.limit, switch)

    def test_a_switch_loses_a_gop_at_most(self):
        for switch in self.switches:
            self.assertLessEqual(switch.lost, switch.gop + FRAME, switch)
            self.assertGreaterEqual(switch.lost, -switch.behind, switch)

    def test_latency_does_not_grow_with_the_switches(self):
        rows = []
        for (name, variant), record in self.records.items():
            for stream in self.STREAMS:
                # Where a stream was not watched before, the channel may have to wait longer for it than for those before.
                of_each = [latency(visit, self.studio) for visit in record.visits[1:] if visit.kind == stream]
                rows.append(f"{name:10} {variant:7} {stream:>7}: " + " ".join(f"{value:5.2f}" for value in of_each))
                third = -(-len(of_each) // 3)
                # It depends on where two streams' GOPs meet.
                with self.subTest(channel=name, variant=variant, stream=stream):
                    self.assertLessEqual(max(of_each[-third:]), max(of_each[:third]) + KINDS[stream].gop + STEADY)
        print_table("latency in s, visit by visit", rows)

    def test_the_status_tells_of_the_switches(self):
        for name, channel in self.status.items():
            playhead = channel["playhead"]
            self.assertEqual(playhead["switches"], self.SWITCHES, name)
            self.assertEqual(playhead["failures"], 0, name)
            self.assertTrue(playhead["api_connected"], name)
            self.assertEqual(playhead["name"], self.STREAMS[self.SWITCHES % len(self.STREAMS)], name)
            seen = {switch.took for switch in self.switches if switch.channel == name}
            for latest in playhead["latest"][:self.SWITCHES]:
                self.assertEqual(latest["outcome"], "done", name)
                self.assertTrue(any(abs(latest["took_ms"] / 1000 - took) < 0.5 for took in seen), (latest, seen))


class EveryPair(unittest.TestCase):
    """Each stream after each other one: rounds that share no pair, each on a ladder of its own."""
    SEGMENT_TIME = 4
    TARGET_DURATION = 6  # the default: above the longest GOP
    ROUNDS = {"round_a": ("two", "double", "short", "five", "two"), "round_b": ("two", "five", "short", "double", "two"),
              "round_c": ("two", "short", "two"), "round_d": ("double", "five", "double")}
    UNDATED = ("round_b",)  # without EXT-X-PROGRAM-DATE-TIME
    HTTP_DATE = 1           # s: what then tells how old a list is (Last-Modified) comes in whole seconds

    def url(self, name, stream):
        live = self.studio.live[stream]
        return live.undated_url if name in self.UNDATED else live.url

    def setUp(self):
        self.studio = self.enterContext(Studio(KINDS, 120))
        self.studio.go_live()
        self.apis = {name: EventApi() for name in self.ROUNDS}
        for name, api in self.apis.items():
            self.addCleanup(api.close)
            api.head(self.url(name, self.ROUNDS[name][0]))
        self.house = self.enterContext(House(
            f"defaults: {{ segment_time: {self.SEGMENT_TIME}s, window: 6 }}\nchannels:\n" +
            "".join(channel_config(name, api, LADDER) for name, api in self.apis.items())))
        for name in self.ROUNDS:
            self.house.wait_on_air(40, name)

    def test_every_stream_after_every_other(self):
        watchers = {name: watch(self.house, name, *LADDER) for name in self.ROUNDS}
        self.house.wait_segments(1, 20)
        asked = {name: [] for name in self.ROUNDS}
        for turn in range(1, max(map(len, self.ROUNDS.values()))):
            for name, streams in self.ROUNDS.items():
                if turn < len(streams):
                    asked[name].append(self.apis[name].head(self.url(name, streams[turn])))
            wait_for(lambda: all(len(watcher.discontinuities()) >= len(asked[name]) for name in self.ROUNDS
                                 for watcher in watchers[name].values()), 20, f"switch {turn} everywhere")
        self.house.wait_segments(1, 20)
        found = []
        for name, streams in self.ROUNDS.items():
            for variant, watcher in watchers[name].items():
                with self.subTest(channel=name, variant=variant):
                    record = Record(watcher.finish())
                    self.assertEqual(watcher.complaints, [])
                    self.assertEqual(watcher.target_duration, self.TARGET_DURATION)
                    self.assertLessEqual(watcher.longest_wait(), 1.5 * self.TARGET_DURATION)
                    self.assertEqual(record.complaints, [])
                    self.assertEqual(tuple(visit.kind for visit in record.visits), streams)
                    self.assertEqual(watcher.discontinuities(), watchers[name]["source"].discontinuities())
                    found += switches(name, variant, record, self.studio, asked[name], self.SEGMENT_TIME)
        print_table("every pair", found)
        for switch in found:
            with self.subTest(switch=str(switch)):
                self.assertLessEqual(switch.took, switch.limit)
                self.assertLessEqual(switch.lost, switch.gop + (self.HTTP_DATE if switch.channel in self.UNDATED else FRAME))
                self.assertGreaterEqual(switch.lost, -switch.behind)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
