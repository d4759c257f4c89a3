#!/usr/bin/env python3
"""Two hundred consecutive segments of sources with five GOPs: the same number starts at the same PTS in all variants."""
import os
import sys
import unittest

from house import House, Recorder, first_video_pts

SEGMENTS = int(os.environ.get("CONTINUO_SEGMENTS", "200"))
# GOP in ms: rate, and the length in s of every segment at segment_time 4 s: the whole number of GOPs nearest to it.
GOPS = {500: ("24", 4.0), 1920: ("25", 3.84), 2002: ("30000/1001", 4.004), 3000: ("25", 3.0), 5000: ("25", 5.0)}
VARIANTS = ("source", "144p", "90p")

CONFIG = "defaults: { segment_time: 4s, window: 6, preset: ultrafast }\nchannels:\n" + "".join(f"""
  - name: gop{gop}
    target_duration: 6s
    sources: [ {{ test: {{ size: 256x144, rate: {rate}, gop: {gop}ms }} }} ]
    variants:
      - {{ name: source, copy: true }}
      - {{ name: 144p, height: 144, video_bitrate: 120k, audio_bitrate: 48k }}
      - {{ name: 90p, height: 90, video_bitrate: 80k, audio_bitrate: 48k }}
""" for gop, (rate, _) in GOPS.items())


class Grid(unittest.TestCase):
    def test_two_hundred_segments_of_each_gop(self):
        house = House(CONFIG)
        self.addCleanup(house.__exit__, None)
        for gop in GOPS:
            house.wait_on_air(30, f"gop{gop}")
        for gop in GOPS:
            for variant in VARIANTS:
                recorder = Recorder(house.port, f"gop{gop}", variant, house.folder / f"gop{gop}")
                house.recorders[gop, variant] = recorder
                recorder.start()
        house.wait_segments(SEGMENTS, 60 + 5.2 * SEGMENTS)
        for recorder in house.recorders.values():
            recorder.finish()
        self.assertNotIn("restart in", house.log())
        for gop, (_, length) in GOPS.items():
            with self.subTest(gop=gop):
                self.check({variant: house.recorders[gop, variant] for variant in VARIANTS}, length)

    def check(self, recorders, length):
        common = sorted(set.intersection(*({*r.segments} for r in recorders.values())))
        self.assertGreaterEqual(len(common), SEGMENTS)
        self.assertEqual(common, list(range(common[0], common[0] + len(common))))
        for name, recorder in recorders.items():
            self.assertEqual(recorder.complaints, [], name)
            self.assertEqual(recorder.target_duration, 6)
            self.assertLessEqual(recorder.longest_wait(), 1.5 * 6, name)
            self.assertEqual(recorder.discontinuities(), [], name)
            # The first of a run begins somewhere in its cell of the grid.
            lengths = {round(segment.duration, 3) for number, segment in recorder.segments.items() if number > common[0]}
            self.assertEqual(lengths, {length}, name)
        for number in common:
            starts = {first_video_pts(r.folder / f"{number}.ts") for r in recorders.values()}
            self.assertEqual(len(starts), 1, (number, starts))
            dates = {r.segments[number].date for r in recorders.values()}
            self.assertEqual(len(dates), 1, (number, dates))
        print(f"{len(common)} segments of {length} s in {len(recorders)} variants: equal first video PTS", flush=True)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
