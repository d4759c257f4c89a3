#!/usr/bin/env python3
"""A ladder that is resegmented as a channel: what `continuo resegment` does, on a channel's clock and under its numbers.

usage: CONTINUO_BIN=build/dev/bin resegment_channel_test.py [unittest arguments]
"""
import sys
import unittest

from house import House, first_video_pts, frame_numbers, kill, wait_for
from ladders import FIRST_PTS, Kind
from resegment_run import ResegmentTest
from splices import line, splice_insert

KIND = Kind(sizes=("192x108", "128x72"), seconds=40, gop=25)
SECOND = 90000


class Channel(ResegmentTest):
    def on_air(self, sidecar):
        ladder = self.ladder(KIND)
        (self.folder / "sidecar.txt").write_text(sidecar)
        house = House(f"""
defaults: {{ window: 40 }}
channels:
  - name: demo
    resegment: {{ master: "{ladder.master}", sidecar: "{self.folder}/sidecar.txt", segment_time: 2s, hls_tag: x_cue }}
""")
        self.addCleanup(lambda: house.__exit__(None))
        house.wait_on_air()
        names = [variant["name"] for variant in house.channel()["variants"]]
        self.assertEqual(len(names), 2)
        house.record(*names)
        house.wait_segments(2, 15)
        return house, names

    def assert_alike(self, house, names):
        for name in names:
            self.assertEqual(house.recorders[name].finish().complaints, [])
        one, other = (house.recorders[name].segments for name in names)
        for number in one.keys() & other.keys():
            self.assertEqual((one[number].cues, one[number].duration, one[number].discontinuity),
                             (other[number].cues, other[number].duration, other[number].discontinuity))
            pts = {first_video_pts(house.recorders[name].folder / f"{number}.ts") for name in names}
            self.assertEqual(len(pts), 1, f"segment {number}")

    def test_cues_stand_at_one_number(self):
        house, names = self.on_air(line(splice_insert(1, True, FIRST_PTS + 9 * SECOND, 4 * SECOND)))
        recorder = house.recorders[names[0]]
        wait_for(lambda: any("#EXT-X-CUE-IN" in segment.cues for segment in list(recorder.segments.values())), 30, "the break's end")
        self.assert_alike(house, names)
        begin = next(number for number, segment in recorder.segments.items() if "#EXT-X-CUE-OUT:4.0" in segment.cues)
        self.assertEqual(first_video_pts(recorder.folder / f"{begin}.ts"), FIRST_PTS + 9 * SECOND)
        numbers = frame_numbers(recorder.files())
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))

    def test_a_worker_that_is_killed_comes_back(self):
        house, names = self.on_air("")
        known = house.recorders[names[0]].newest()
        pids = [pid for name in names for pid in house.variant_pids(name).values()]
        self.assertTrue(pids)
        for pid in pids:
            kill(pid)
            house.wait_segments(2, 20)
        self.assertGreater(house.recorders[names[0]].newest(), known)
        self.assert_alike(house, names)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
