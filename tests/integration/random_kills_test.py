#!/usr/bin/env python3
"""A hundred kills of variants' ffmpegs and segmenters at random moments: nothing lost, each marked once, everywhere alike."""
import os
import random
import sys
import threading
import unittest

from house import House, first_video_pts, frame_numbers, kill, packet_times, wait_for

KILLS = int(os.environ.get("CONTINUO_KILLS", "100"))
SEGMENT_TIME = 2.0
ENCODED = ("240p", "180p")
VARIANTS = ("source", *ENCODED)
AAC_FRAME = 1920  # ticks of 1024 samples at 48 kHz

CONFIG = """
defaults: { segment_time: 2s, window: 10, preset: ultrafast }
channels:
  - name: demo
    sources: [ { test: { size: 426x240, rate: 25, gop: 1s } } ]
    variants:
      - { name: source, copy: true }
      - { name: 240p, height: 240, video_bitrate: 300k, audio_bitrate: 64k }
      - { name: 180p, height: 180, video_bitrate: 200k, audio_bitrate: 64k }
    restart: { max_delay: 250ms, burst: 1000, limit: 1000 }
"""


class Killer(threading.Thread):
    """Kills one variant again and again, each time at a random moment after it has caught up."""

    def __init__(self, house, variant, count, seed):
        super().__init__(daemon=True)
        self.house, self.variant, self.count = house, variant, count
        self.random = random.Random(seed)
        self.marks = []  # for each kill: the numbers of which one has to carry its DISCONTINUITY
        self.failure = None
        self.moment = threading.Event()  # never set: waiting for it is how a moment is drawn

    def run(self):
        try:
            for _ in range(self.count):
                self.kill_once()
        except (AssertionError, OSError, KeyError) as failure:
            self.failure = failure

    def kill_once(self):
        self.moment.wait(self.random.uniform(0, SEGMENT_TIME))
        program = self.random.choice(("ffmpeg", "continuo-segment"))
        before = self.house.variant_pids(self.variant)
        first = self.house.channel()["next_number"]
        kill(before[program])
        wait_for(lambda: self.is_replaced(before), 2, f"{self.variant} runs again")
        self.marks.append(range(first, self.house.channel()["next_number"] + 1))
        wait_for(lambda: self.house.recorders[self.variant].newest() > self.marks[-1][-1], 15, f"{self.variant} has caught up")

    def is_replaced(self, before):
        now = self.house.variant_pids(self.variant)
        return len(now) == 2 and not set(now.values()) & set(before.values())


class RandomKills(unittest.TestCase):
    def test_a_hundred_kills_of_variants(self):
        seed = int(os.environ.get("CONTINUO_SEED", random.randrange(10**6)))
        print(f"CONTINUO_SEED={seed}", flush=True)
        house = House(CONFIG)
        self.addCleanup(house.__exit__, None)
        house.wait_on_air()
        house.record(*VARIANTS)
        house.wait_segments(2, 12)
        untouched = house.variant_pids("source")
        killers = [Killer(house, variant, KILLS // len(ENCODED), seed + i) for i, variant in enumerate(ENCODED)]
        for killer in killers:
            killer.start()
        for killer in killers:
            killer.join()
            self.assertIsNone(killer.failure)
        house.wait_segments(3, 15)
        self.assertEqual(house.variant_pids("source"), untouched)
        recorders = {name: recorder.finish() for name, recorder in house.recorders.items()}
        self.check_marks(recorders, [mark for killer in killers for mark in killer.marks])
        self.check_rules(recorders)
        self.check_media(recorders)

    def check_marks(self, recorders, marks):
        """Each kill has its DISCONTINUITY, each DISCONTINUITY its kill; kills within one segment may share one."""
        tagged = recorders["source"].discontinuities()
        for name, recorder in recorders.items():
            self.assertEqual(recorder.discontinuities(), tagged, name)
        for mark in marks:
            self.assertTrue(set(mark) & set(tagged), f"no tag within {mark}")
        for number in tagged:
            self.assertTrue(any(number in mark for mark in marks), f"tag at {number} without a kill")
        self.assertLessEqual(len(tagged), len(marks))
        print(f"{len(marks)} kills, {len(tagged)} discontinuities, {len(recorders['source'].segments)} segments", flush=True)

    def check_rules(self, recorders):
        for name, recorder in recorders.items():
            self.assertEqual(recorder.complaints, [], name)
            self.assertLessEqual(recorder.longest_wait(), 1.5 * recorder.target_duration, name)
            stand_ins = [s.uri for s in recorder.segments.values() if s.uri.startswith("../")]
            self.assertEqual(stand_ins, [], name)

    def check_media(self, recorders):
        for number in set.intersection(*({*r.segments} for r in recorders.values())):
            starts = {first_video_pts(r.folder / f"{number}.ts") for r in recorders.values()}
            self.assertEqual(len(starts), 1, number)
        for name, recorder in recorders.items():
            frames = frame_numbers(recorder.files())
            self.assertEqual(frames, list(range(frames[0], frames[0] + len(frames))), name)
            audio = packet_times(recorder.files(), "a")
            self.assertLessEqual(max(b - a for a, b in zip(audio, audio[1:])), 2 * AAC_FRAME, (name, "audio hole"))
        print(f"{len(frames)} pictures in each variant, none lost", flush=True)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
