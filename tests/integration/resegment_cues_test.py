#!/usr/bin/env python3
"""Cues through `continuo resegment`: from sidecar and stream to the tags of every variant's playlist.

usage: CONTINUO_BIN=build/dev/bin resegment_cues_test.py [unittest arguments]     UPDATE_GOLDEN=1 rewrites tests/golden/resegment
"""
import datetime
import os
import random
import re
import sys
import threading
import time
import unittest
from pathlib import Path

import splices
from house import wait_for
from ladders import FIRST_PTS, WRAP_SECONDS, Kind, as_stream
from resegment_run import ResegmentTest, starts
from splices import as_decimal, as_hex, cancelled, line, splice_insert, time_signal, with_cues, with_wrong_crc

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "resegment"
STYLES = ("x_cue", "x_scte35", "x_daterange", "x_splicepoint")
SECOND = 90000
KIND = Kind(sizes=("192x108",), seconds=24, gop=25)
LADDER = Kind(sizes=("192x108", "128x72"), seconds=24, gop=25)


def at(seconds):
    """PTS of the picture that long after the first one."""
    return FIRST_PTS + round(seconds * SECOND)


def a_break(out, back, event=1, **more):
    """Sections of a break, in seconds after the first picture."""
    return [splice_insert(event, True, at(out), round((back - out) * SECOND), auto_return=False, **more),
            splice_insert(event, False, at(back))]


def marks(run, variant="0"):
    """[(seconds after the first picture, tag)] without CONT."""
    begins = starts(run, variant)
    return [(round((start - begins[0]) % 2**33 / SECOND, 2), tag)
            for start, segment in zip(begins, run.playlist(variant).segments) for tag in segment.cues if "CONT" not in tag]


def seconds_since(first, text):
    return round((datetime.datetime.fromisoformat(text) - first).total_seconds(), 3)


def without_dates(text):
    """A playlist whose dates are seconds after the first EXT-X-PROGRAM-DATE-TIME."""
    date = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:?\d\d)"
    dates = re.findall(f"PROGRAM-DATE-TIME:({date})", text)
    if not dates:
        return text
    first = datetime.datetime.fromisoformat(dates[0])
    return re.sub(date, lambda match: f"T0{seconds_since(first, match[0]):+.3f}", text)


class Sidecar(ResegmentTest):
    """Lines that are there from the beginning."""

    def cut(self, *lines, kind=KIND, variants=("0",), options=()):
        """The run, and what it said."""
        run = self.run_to_end("-i", self.ladder(kind).master, "-t", "2", *options, sidecar="".join(lines), variants=variants)
        self.assert_resegmented(run, self.ladder(kind))
        return run

    def assert_break(self, run, out, back, planned=None):
        self.assertEqual(marks(run), [(out, f"#EXT-X-CUE-OUT:{planned or back - out}"), (back, "#EXT-X-CUE-IN")])

    def test_each_style_is_as_it_was(self):
        for style in STYLES:
            with self.subTest(style):
                run = self.start("-i", self.ladder(LADDER).master, "-t", "2", "-T", style, name=style, variants=["0", "1"],
                                 sidecar="".join(map(line, [*a_break(5, 15), splice_insert(2, True, at(18), 4 * SECOND)])))
                self.assertEqual(run.wait(), 0, run.said())
                self.assert_resegmented(run, self.ladder(LADDER))
                text = without_dates(run.text())
                golden = GOLDEN / f"{style}.m3u8"
                if os.environ.get("UPDATE_GOLDEN") == "1":
                    GOLDEN.mkdir(exist_ok=True)
                    golden.write_text(text)
                self.assertEqual(text, golden.read_text())

    def test_without_marks_of_discontinuity_when_asked(self):
        run = self.cut(*map(line, a_break(5, 15)), options=["--no-discontinuity"])
        self.assert_break(run, 5.0, 15.0)
        self.assertFalse(any(segment.discontinuity for segment in run.playlist().segments))

    def test_a_splice_between_pictures_opens_at_the_next_keyframe(self):
        run = self.cut(*map(line, a_break(4.3, 10.01)))
        self.assertEqual([when for when, _ in marks(run)], [5.0, 11.0])

    def test_a_splice_at_a_keyframe_opens_there(self):
        self.assert_break(self.cut(*map(line, a_break(5, 11))), 5.0, 11.0)

    def test_the_splice_time_is_adjusted(self):
        out = splice_insert(1, True, at(5), 6 * SECOND, auto_return=False, adjustment=1000 * SECOND)
        back = splice_insert(1, False, at(11), adjustment=2**33 - 7)
        self.assert_break(self.cut(line(out), line(back)), 5.0, 11.0)

    def test_hex_decimal_comments_blank_lines_and_any_order(self):
        out, back = a_break(5, 11)
        run = self.cut("# two cues\n", "\n", line(back, write=as_hex), f"   {line(out, write=as_decimal)}", "  # that is all\n")
        self.assert_break(run, 5.0, 11.0)
        self.assertEqual(run.said(), "")

    def test_the_time_in_the_line_is_that_of_a_cue_without_one(self):
        run = self.cut(line(splice_insert(1, True, None, 6 * SECOND, auto_return=False), at(5) / SECOND),
                       line(splice_insert(1, False), f"{at(11) / SECOND:.6f}"))
        self.assert_break(run, 5.0, 11.0)

    def test_zero_means_now(self):
        run = self.cut(line(splice_insert(1, True, None, 6 * SECOND), 0))
        self.assert_break(run, 0.0, 6.0)

    def test_a_break_returns_by_itself(self):
        self.assert_break(self.cut(line(splice_insert(1, True, at(5), 6 * SECOND))), 5.0, 11.0)

    def test_a_break_of_no_whole_pictures_returns_at_the_next_keyframe(self):
        self.assert_break(self.cut(line(splice_insert(1, True, at(5), 6 * SECOND + SECOND // 2))), 5.0, 12.0, planned=6.5)

    def test_a_break_that_does_not_return_lasts_to_its_cue(self):
        out, back = splice_insert(1, True, at(5), 6 * SECOND, auto_return=False), splice_insert(1, False, at(14))
        self.assert_break(self.cut(line(out), line(back)), 5.0, 14.0, planned=6.0)

    def test_a_return_that_comes_early_is_the_only_one(self):
        self.assert_break(self.cut(line(splice_insert(1, True, at(5), 10 * SECOND)), line(splice_insert(1, False, at(9)))), 5.0, 9.0, 10.0)

    def test_segmentation_descriptors(self):
        for kind in (0x10, 0x22, 0x30, 0x34, 0x36, 0x44):
            with self.subTest(hex(kind)):
                sidecar = line(time_signal(7, kind, at(5), 6 * SECOND)) + line(time_signal(7, kind + 1, at(11)))
                run = self.start("-i", self.ladder(KIND).master, sidecar=sidecar, name=hex(kind), variants=["0"])
                self.assertEqual(run.wait(), 0, run.said())
                self.assert_break(run, 5.0, 11.0)

    def test_what_is_there_twice_counts_once(self):
        lines = [line(section) for section in a_break(5, 11)]
        self.assert_break(self.cut(*lines, *lines, *reversed(lines)), 5.0, 11.0)

    def test_bad_lines_are_named_and_passed_over(self):
        out, back = a_break(5, 11)
        run = self.cut(line(out), "nonsense\n", line(with_wrong_crc(back)), "12.5\n", "12.5, /DAl\n", "-, /DAl\n", line(back))
        self.assert_break(run, 5.0, 11.0)
        said = run.said()
        for number in (2, 3, 4, 5, 6):
            self.assertEqual(said.count(f"sidecar.txt:{number}:"), 1, said)
        self.assertEqual(len(said.splitlines()), 5, said)
        self.assertRegex(said, r"sidecar.txt:3:.*CRC")

    def test_a_cue_that_comes_too_late_is_told_once(self):
        late = splice_insert(9, True, FIRST_PTS - SECOND // 2, 6 * SECOND)
        run = self.cut(line(late), *map(line, a_break(5, 11)))
        self.assert_break(run, 5.0, 11.0)
        self.assertEqual(len(run.said().splitlines()), 1, run.said())

    def test_one_behind_the_end_changes_nothing(self):
        self.assertEqual(marks(self.cut(line(splice_insert(1, True, at(100), 6 * SECOND)))), [])

    def test_a_cancelled_cue_does_not_come(self):
        run = self.cut(line(splice_insert(8, True, at(5), 6 * SECOND)), line(cancelled(8), 1), *map(line, a_break(9, 13, event=9)))
        self.assert_break(run, 9.0, 13.0)

    def test_break_follows_break_at_once(self):
        run = self.cut(*map(line, [*a_break(5, 9), *a_break(9, 13, event=2)]))
        self.assertEqual(marks(run), [(5.0, "#EXT-X-CUE-OUT:4.0"), (9.0, "#EXT-X-CUE-IN"), (9.0, "#EXT-X-CUE-OUT:4.0"),
                                      (13.0, "#EXT-X-CUE-IN")])

    def test_a_break_over_the_wrap_of_the_clock(self):
        wrapping = Kind(sizes=KIND.sizes, seconds=24, gop=25, offset=WRAP_SECONDS - FIRST_PTS / SECOND - 8)
        first = 2**33 - 8 * SECOND - SECOND // 4  # ffmpeg's offset is in microseconds

        def sections(out, back, event):
            return [splice_insert(event, True, first + out * SECOND, (back - out) * SECOND, auto_return=False),
                    splice_insert(event, False, first + back * SECOND)]
        run = self.cut(*map(line, [*sections(12, 16, 2), *sections(5, 11, 1)]), kind=wrapping)
        self.assertEqual([when for when, _ in marks(run)], [5.0, 11.0, 12.0, 16.0])

    def test_a_break_that_is_open_at_the_end(self):
        run = self.cut(line(splice_insert(1, True, at(20), 30 * SECOND)))
        self.assertEqual(marks(run), [(20.0, "#EXT-X-CUE-OUT:30.0")])


class InBand(ResegmentTest):
    """SCTE-35 in the stream itself, at first in a file."""

    def both(self, sections, style):
        """Playlists of the same cues, in band and from the sidecar."""
        stream = as_stream(self.ladder(KIND))
        (self.folder / "plain.ts").write_bytes(stream)
        (self.folder / "cues.ts").write_bytes(with_cues(stream, [(at(2), section) for section in sections]))
        runs = [self.run_to_end("-i", self.folder / "cues.ts", "-T", style, name=f"in_band_{style}", variants=["0"]),
                self.run_to_end("-i", self.folder / "plain.ts", "-T", style, name=f"sidecar_{style}", variants=["0"],
                                sidecar="".join(map(line, sections)))]
        return [without_dates(run.text()) for run in runs]

    def test_gives_the_same_playlist_as_the_sidecar(self):
        for style in ("x_cue", "x_daterange"):
            in_band, sidecar = self.both([*a_break(5, 11), time_signal(7, 0x34, at(14), 4 * SECOND)], style)
            self.assertEqual(in_band, sidecar)

    def test_both_at_once_count_once(self):
        sections = a_break(5, 11)
        (self.folder / "cues.ts").write_bytes(with_cues(as_stream(self.ladder(KIND)), [(at(2), section) for section in sections]))
        run = self.run_to_end("-i", self.folder / "cues.ts", variants=["0"], sidecar="".join(map(line, sections)))
        self.assertEqual([when for when, _ in marks(run)], [5.0, 11.0])

    def test_immediate_ones_open_at_the_next_keyframe(self):
        cues = [(at(6.2), splice_insert(1, True, None, 60 * SECOND)), (at(11.7), splice_insert(1, False))]
        (self.folder / "cues.ts").write_bytes(with_cues(as_stream(self.ladder(KIND)), cues))
        run = self.run_to_end("-i", self.folder / "cues.ts", variants=["0"])
        self.assertEqual([when for when, _ in marks(run)], [7.0, 12.0])

    def test_a_section_with_a_wrong_crc_does_nothing(self):
        out, back = a_break(5, 11)
        cues = [(at(1), with_wrong_crc(splice_insert(3, True, at(3), SECOND))), (at(2), out), (at(2), back)]
        (self.folder / "cues.ts").write_bytes(with_cues(as_stream(self.ladder(KIND)), cues))
        run = self.run_to_end("-i", self.folder / "cues.ts", variants=["0"])
        self.assertEqual([when for when, _ in marks(run)], [5.0, 11.0])

    def test_cues_of_the_first_variant_stand_in_all(self):
        ladder = self.ladder(LADDER)
        for index, file in enumerate(ladder.files("hi")):
            target = self.folder / "in" / "hi" / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            cues = [(at(2 * index), section) for section in (a_break(5, 11) if index == 1 else [splices.section(0, b"")])]
            target.write_bytes(with_cues(file.read_bytes(), cues))
        (self.folder / "in" / "hi" / "index.m3u8").write_text(ladder.playlist("hi").read_text())
        (self.folder / "in" / "mid").symlink_to(ladder.folder / "mid")
        (self.folder / "in" / "master.m3u8").write_text(ladder.master.read_text())
        run = self.run_to_end("-i", self.folder / "in" / "master.m3u8", variants=["0", "1"])
        self.assert_in_step(run)
        self.assertEqual([when for when, _ in marks(run, "1")], [5.0, 11.0])


class WhileItRuns(ResegmentTest):
    """Lines that are added to the sidecar while a live run goes on: whenever that is, each splice has its tag."""
    TRIALS = 10
    EACH = 3  # s

    def test_a_line_is_never_lost(self):
        source = Kind(sizes=("192x108", "128x72"), seconds=self.TRIALS * self.EACH + 6, gop=25)
        chance = random.Random(int(os.environ.get("SEED", "35")))
        run = self.start("-i", self.ladder(source).master, "-t", "2", "-l", "-w", "1000", variants=["0", "1"])
        segment, seen = wait_for(lambda: run.observer.first_seen("0").get(0), 20, "the first segment")
        zero = seen - segment.duration  # when the first picture was due
        expected = []
        for trial in range(self.TRIALS):
            splice = 4 + trial * self.EACH
            if trial % 2 == 0:  # at a keyframe, in the last moment
                ahead = 0.2
            else:
                splice += round(chance.uniform(0, 0.95), 2)
                ahead = chance.uniform(0.2, 2.5)
            self.wait_until(zero + splice - ahead)
            self.add(run, line(splice_insert(trial + 1, True, at(splice), SECOND)))
            self.assertLess(time.monotonic(), zero + splice - 0.05, "this machine is too slow to tell")
            expected.append((float(-(-splice // 1)), trial + 1))
        self.assertEqual(run.wait(30), 0, run.said())
        self.assertEqual(run.said(), "")
        self.assert_in_step(run)
        for variant in run.variants:
            outs = [when for when, tag in marks(run, variant) if "OUT" in tag]
            self.assertEqual(outs, [when for when, _ in expected])
            ins = [when for when, tag in marks(run, variant) if "IN" in tag]
            self.assertEqual(ins, [when + 1 for when, _ in expected])

    def test_a_line_in_two_pieces_is_one(self):
        source = Kind(sizes=("192x108",), seconds=12, gop=25)
        run = self.start("-i", self.ladder(source).master, "-l", "-w", "1000", variants=["0"])
        run.wait_listed(0, 20)
        whole = line(splice_insert(1, True, at(8), 2 * SECOND))
        self.add(run, whole[:20])
        wait_for(lambda: run.newest() >= 1, 10, "another segment")
        self.add(run, whole[20:])
        self.assertEqual(run.wait(30), 0, run.said())
        self.assertEqual(run.said(), "")
        self.assertEqual(marks(run), [(8.0, "#EXT-X-CUE-OUT:2.0"), (10.0, "#EXT-X-CUE-IN")])

    def test_now_is_the_next_keyframe(self):
        source = Kind(sizes=("192x108",), seconds=12, gop=25)
        run = self.start("-i", self.ladder(source).master, "-l", "-w", "1000", variants=["0"])
        segment, seen = wait_for(lambda: run.observer.first_seen("0").get(0), 20, "the first segment")
        self.wait_until(seen - segment.duration + 4.5)
        self.add(run, line(splice_insert(1, True, None, 3 * SECOND), 0))
        self.add(run, line(splice_insert(2, True, None, SECOND), "+4"))
        self.assertEqual(run.wait(30), 0, run.said())
        self.assertEqual(marks(run), [(5.0, "#EXT-X-CUE-OUT:3.0"), (8.0, "#EXT-X-CUE-IN"), (9.0, "#EXT-X-CUE-OUT:1.0"),
                                      (10.0, "#EXT-X-CUE-IN")])

    def add(self, run, text):
        with open(run.folder / "sidecar.txt", "a") as sidecar:
            sidecar.write(text)

    def wait_until(self, moment):
        threading.Event().wait(max(0.0, moment - time.monotonic()))


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
