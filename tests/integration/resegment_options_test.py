#!/usr/bin/env python3
"""What the lesser options of `continuo resegment` change.

usage: CONTINUO_BIN=build/dev/bin resegment_options_test.py [unittest arguments]
"""
import datetime
import itertools
import re
import subprocess
import sys
import unittest

import transport_stream
from house import BIN, parse_playlist
from ladders import FIRST_PTS, Kind
from resegment_run import ResegmentTest, starts
from splices import line, splice_insert

KIND = Kind(sizes=("192x108", "128x72"), seconds=12)
SECOND = 90000


class Options(ResegmentTest):
    def input(self):
        return self.ladder(KIND).master

    def test_dates_go_on_by_the_duration(self):
        run = self.run_to_end("-i", self.input(), "-p", "--no-throttle", "-w", "1000", variants=["0", "1"])
        self.assert_in_step(run)
        segments = run.playlist().segments
        dates = [datetime.datetime.fromisoformat(segment.date) for segment in segments]
        self.assertEqual(len(dates), 6)
        for (before, segment), (after, _) in itertools.pairwise(zip(dates, segments)):
            self.assertAlmostEqual((after - before).total_seconds(), segment.duration, delta=0.0011)

    def test_without_throttle_a_live_run_is_over_at_once(self):
        run = self.run_to_end("-i", self.input(), "-l", "--no-throttle", "-w", "3", variants=["0", "1"])
        self.assertLess(run.ended - run.started, 4)
        playlist = run.playlist()
        self.assertEqual([segment.number for segment in playlist.segments], [1, 2, 3, 4, 5], "three target durations")
        self.assertTrue(playlist.ended)
        self.assertEqual(run.observer.complaints, [])

    def test_byte_ranges_of_one_file(self):
        ladder = self.ladder(KIND)
        run = self.run_to_end("-i", self.input(), "--byterange", variants=["0", "1"])
        self.assertEqual(run.observer.complaints, [])
        for variant, name in zip(run.variants, ladder.names):
            segments = run.playlist(variant).segments
            self.assertEqual(len({segment.uri for segment in segments}), 1)
            whole = (run.out / variant / segments[0].uri).read_bytes()
            ranges = [(int(size), int(offset)) for size, offset in re.findall(r"^#EXT-X-BYTERANGE:(\d+)@(\d+)$", run.text(variant), re.MULTILINE)]
            self.assertEqual(len(ranges), len(segments))
            for (size, offset), (_, following) in itertools.pairwise([*ranges, (0, len(whole))]):
                self.assertEqual(offset + size, following)
                self.assertEqual(transport_stream.read(whole[offset:offset + size]).pids[0], 0)
            source = transport_stream.read(*ladder.files(name))
            self.assertEqual(transport_stream.read(whole).video.data, source.video.data)

    def test_an_output_is_continued(self):
        first = self.run_to_end("-i", self.input(), variants=["0", "1"])
        before = first.text()
        again = subprocess.run([BIN / "continuo", "resegment", "-i", self.input(), "-o", "out", "--continue"], cwd=first.folder,
                               capture_output=True, text=True, timeout=30)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(first.text("0"), first.text("1"))
        self.assertTrue(first.text().startswith(before.replace("#EXT-X-ENDLIST\n", "")))
        segments = first.playlist().segments
        self.assertEqual([segment.uri for segment in segments], [f"seg{number}.ts" for number in range(12)])
        self.assertEqual([segment.number for segment in segments if segment.discontinuity], [6])
        self.assertEqual(starts(first)[:6], starts(first)[6:])

    def test_the_output_is_the_current_folder_where_none_is_named(self):
        folder = self.folder / "here"
        folder.mkdir()
        done = subprocess.run([BIN / "continuo", "resegment", "-i", self.input()], cwd=folder, capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(path.name for path in folder.iterdir()), ["0", "1", "master.m3u8"])
        self.assertTrue(parse_playlist((folder / "0" / "index.m3u8").read_text(), 0).ended)

    def test_long_names_are_the_same_options(self):
        sidecar = line(splice_insert(1, True, FIRST_PTS + 4 * SECOND, 4 * SECOND))
        folder = self.folder / "long"
        folder.mkdir()
        (folder / "cues").write_text(sidecar)
        done = subprocess.run([BIN / "continuo", "resegment", "--input", self.input(), "--output_dir", "there", "--sidecar_file", "cues",
                               "--time", "4", "--hls_tag", "x_splicepoint"], cwd=folder, capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        playlist = parse_playlist((folder / "there" / "1" / "index.m3u8").read_text(), 0)
        self.assertEqual(len(playlist.segments), 3)
        self.assertTrue(playlist.segments[1].cues[0].startswith("#EXT-X-SPLICEPOINT-SCTE35:/DA"))

    def test_several_styles_at_once(self):
        sidecar = line(splice_insert(1, True, FIRST_PTS + 4 * SECOND, 4 * SECOND))
        run = self.run_to_end("-i", self.input(), "-T", "x_cue", "-T", "x_scte35", sidecar=sidecar, variants=["0", "1"])
        tags = [tag.split(":")[0] for segment in run.playlist().segments for tag in segment.cues]
        self.assertEqual(tags, ["#EXT-X-CUE-OUT", "#EXT-X-SCTE35", "#EXT-X-CUE-OUT-CONT", "#EXT-X-SCTE35", "#EXT-X-CUE-IN", "#EXT-X-SCTE35"])


class FullDisk(ResegmentTest):
    """On a file system that is too small, in a mount namespace of its own: what it held is copied out afterwards."""
    SCRIPT = "mount -t tmpfs -o size=$1 tmpfs out; shift; \"$@\"; code=$?; cp -r out copy; exit $code"

    def test_one_line_says_so_and_what_is_listed_is_whole(self):
        folder = self.folder / "full"
        (folder / "out").mkdir(parents=True)
        kind = Kind(sizes=("320x180", "256x144"), seconds=30)
        command = ["unshare", "--mount", "sh", "-c", self.SCRIPT, "sh", "2m", BIN / "continuo", "resegment", "-i", self.ladder(kind).master,
                   "-o", "out"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=30)
        if "unshare" in done.stderr or "mount" in done.stderr:
            self.skipTest(done.stderr.splitlines()[0])
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn("No space left on device", done.stderr)
        self.assertLessEqual(len(done.stderr.splitlines()), 3, done.stderr)
        for variant in ("0", "1"):
            playlist = parse_playlist((folder / "copy" / variant / "index.m3u8").read_text(), 0)
            self.assertFalse(playlist.ended)
            self.assertTrue(playlist.segments)
            for segment in playlist.segments:
                content = transport_stream.read(folder / "copy" / variant / segment.uri)
                self.assertEqual(len(content.video.units), 50)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
