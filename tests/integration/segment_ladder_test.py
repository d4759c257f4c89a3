#!/usr/bin/env python3
"""Ladders of continuo-segment and real ffmpeg: every kind of source is cut alike in all variants, and no frame is lost."""
import itertools
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from segment_ladder import WRAP, SegmentTest, lines_of, times_of  # noqa: E402


class Ladder(SegmentTest):
    def check(self, seconds, gop, duration, rate="25", target="6s", open_gop=False, **options):
        data = self.ingested(self.clip(seconds=seconds, gop=gop, rate=rate, **options))
        directories, (code, stderr) = self.run_ladder(data, target)
        self.assertEqual((code, stderr), (0, ""))
        self.assert_in_step(directories)
        lines = lines_of(directories[0])
        middle = lines[1:-1]
        self.assertTrue(middle)
        self.assertEqual({line["duration"] for line in middle}, {duration})
        for before, after in itertools.pairwise(lines):
            self.assertEqual(before["start"] + before["duration"], after["start"])
        for directory in directories:
            frames = self.frames(directory)
            if open_gop and directory == directories[0]:
                frames = sorted(set(frames))  # pictures in front of a keyframe are in the next file, undecodable alone
                self.assertGreater(len(frames), 0.9 * lines[-1]["video"]["frame_rate"] * seconds)
            else:
                self.assertEqual(frames, list(range(len(frames))))
                self.assertEqual(len(frames), round(sum(line["duration"] for line in lines) / 90000 *
                                                    lines[0]["video"]["frame_rate"]))
        return lines

    def test_gop_half_a_second(self):
        self.check(seconds=14, gop=15, rate="30", duration=360000)

    def test_gop_1_92(self):
        self.check(seconds=14, gop=48, duration=345600)

    def test_gop_2_002_with_b_frames(self):
        self.check(seconds=16, gop=60, rate="30000/1001", duration=360360, video=("-bf", "2", "-preset", "veryfast"))

    def test_gop_3(self):
        self.check(seconds=10, gop=75, duration=270000)

    def test_gop_5(self):
        self.check(seconds=16, gop=125, duration=450000)

    def test_gop_8_with_a_longer_target_duration(self):
        self.check(seconds=26, gop=200, duration=720000, target="8s")

    def test_open_gop(self):
        self.check(seconds=16, gop=60, rate="30000/1001", duration=360360, open_gop=True,
                   video=("-preset", "veryfast", "-bf", "2", "-x264-params", "open-gop=1"))

    def test_hevc(self):
        lines = self.check(seconds=10, gop=48, duration=345600, encoder="-c:v libx265 -preset ultrafast".split(),
                           video=("-x265-params", "log-level=error:open-gop=0:scenecut=0"))
        self.assertRegex(lines[0]["video"]["codecs"], r"^hvc1\.1\.6\.L\d+\.90$")
        self.assertEqual((lines[0]["video"]["width"], lines[0]["video"]["height"]), (320, 176))

    def test_mpeg2_with_b_frames_and_ac3(self):
        # a closed GOP of 48 ends two pictures early, in front of the B-frames that would need the next one
        lines = self.check(seconds=10, gop=48, duration=331200, encoder="-c:v mpeg2video -b:v 3M -bf 2".split(),
                           video=("-sc_threshold", "1000000000", "-flags", "+cgop"), audio="ac3")
        self.assertEqual((lines[0]["video"]["codecs"], lines[0]["audio_codecs"]), ("mp4v.61", "ac-3"))

    def test_interlaced_pictures(self):
        self.check(seconds=10, gop=48, duration=345600, video=("-flags", "+ildct+ilme", "-x264-params", "tff=1"))

    def test_without_audio(self):
        lines = self.check(seconds=10, gop=48, duration=345600, audio=None)
        self.assertEqual(lines[0]["audio_codecs"], "")

    def test_frames_of_varying_length(self):
        drop = "select='not(eq(mod(n,7),3)+eq(mod(n,11),5))'"
        data = self.ingested(self.clip(seconds=14, gop=40, video=("-vf", drop, "-fps_mode", "passthrough")))
        directories, (code, stderr) = self.run_ladder(data)
        self.assertEqual((code, stderr), (0, ""))
        self.assert_in_step(directories)
        expected = [n for n in range(350) if n % 7 != 3 and n % 11 != 5]
        for directory in directories:
            self.assertEqual(self.frames(directory), expected)

    def test_the_clock_wraps_on_the_way(self):
        data = self.ingested(self.clip(seconds=20, gop=48, offset=WRAP / 90000 - 10))
        directories, (code, stderr) = self.run_ladder(data)
        self.assertEqual((code, stderr), (0, ""))
        self.assert_in_step(directories)
        times = times_of(directories[0])
        self.assertTrue(any(after[0] < before[0] for before, after in itertools.pairwise(times)))
        for before, after in itertools.pairwise(times):
            self.assertEqual((before[0] + before[1]) % WRAP, after[0])
        for directory in directories:
            self.assertEqual(self.frames(directory), list(range(500)))

    def test_gops_that_become_too_long_are_cut_alike(self):
        keys = "expr:if(lt(t,8),eq(mod(n,48),0),0)"
        data = self.ingested(self.clip(seconds=24, gop=9999, video=("-force_key_frames", keys)))
        directories, (code, stderr) = self.run_ladder(data)
        self.assertEqual(code, 0)
        self.assertIn("no keyframe within target_duration", stderr)
        self.assertEqual(len(stderr.splitlines()), 1)
        self.assert_in_step(directories)
        lines = lines_of(directories[0])
        self.assertIn("overlong", [line["end"] for line in lines])
        self.assertLessEqual(max(line["duration"] for line in lines), 6 * 90000 + 45000)
        cuts = (directories[0] / "cuts").read_text().split()
        starts = [str(line["start"]) for line in lines]
        self.assertTrue(set(cuts[::2]) <= set(starts))

    def test_a_jump_forward_is_a_discontinuity_in_all_variants_alike(self):
        data = self.ingested(self.clip("a.ts", seconds=9, gop=48), self.clip("b.ts", seconds=9, gop=48, offset=500))
        directories, (code, stderr) = self.run_ladder(data)
        self.assertEqual((code, stderr), (0, ""))
        self.assert_in_step(directories)
        for directory in directories:
            lines = lines_of(directory)
            self.assertEqual([line["discontinuity"] for line in lines].count(True), 1)
            self.assertLessEqual(max(line["duration"] for line in lines), 6 * 90000)
            self.assertEqual(self.frames(directory), [*range(225), *range(225)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
