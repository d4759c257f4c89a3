#!/usr/bin/env python3
"""`continuo resegment` at the pace of the clock: window, loops, inputs that grow, and workers that stop or die on the way.

usage: CONTINUO_BIN=build/dev/bin resegment_live_test.py [unittest arguments]
"""
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest

import transport_stream
from house import BIN, kill, parse_playlist, wait_for
from ladders import Kind
from resegment_run import ResegmentTest, starts
from sources import Origin

SIZES = ("256x144", "192x108", "128x72")
ALL = ("-w", "1000")  # nothing leaves the lists


class Pace(ResegmentTest):
    SECONDS = 30
    TOLERANCE = 0.2  # s

    def test_a_live_run_takes_as_long_as_its_media(self):
        ladder = self.ladder(Kind(sizes=SIZES, seconds=self.SECONDS))
        run = self.run_to_end("-i", ladder.master, "-t", "2", "-l", *ALL, seconds=self.SECONDS + 20)
        self.assert_resegmented(run, ladder)
        for variant in run.variants:
            seen = run.observer.first_seen(variant)
            segments = [seen[number] for number in sorted(seen)]
            zero, media = segments[0][1] - segments[0][0].duration, 0.0
            for segment, at in segments:
                media += segment.duration
                self.assertAlmostEqual(at - zero, media, delta=self.TOLERANCE, msg=f"segment {segment.number}")
            self.assertAlmostEqual(media, self.SECONDS, delta=0.001)
        # Reading, starting and ending take no time to speak of.
        self.assertAlmostEqual(run.ended - run.started, self.SECONDS, delta=1.0)
        self.assertIn("throttling ", run.printed())


class Window(ResegmentTest):
    KIND = Kind(sizes=SIZES[:2], seconds=22, gop=25)
    LENGTH = 6  # segments of a second: as long as three target durations

    def test_it_slides_and_takes_the_files_along(self):
        ladder = self.ladder(self.KIND)
        run = self.start("-i", ladder.master, "-t", "1", "-d", "-w", self.LENGTH, variants=["0", "1"])
        folder, there = run.out / "0", {}
        while run.process.poll() is None:
            for number in range(22):
                there.setdefault(number, [None, None])
                if (folder / f"seg{number}.ts").exists():
                    there[number][1] = time.monotonic()
            threading.Event().wait(0.02)
        self.assertEqual(run.wait(), 0, run.said())
        self.assertEqual(run.observer.complaints, [])
        listed, newest = {}, []
        for sight in run.observer.sights:
            playlist = parse_playlist(sight.texts["0"], sight.at)
            if playlist.media_sequence > 0:
                self.assertEqual(len(playlist.segments), self.LENGTH)
            for segment in playlist.segments:
                listed[segment.number] = sight.at
            if playlist.segments and playlist.segments[-1].number not in newest[-1:]:
                newest.append(playlist.segments[-1].number)
        self.assertEqual(newest, list(range(22)))
        self.assertTrue(run.playlist().ended)
        for number in range(22 - 3 * self.LENGTH):
            kept = there[number][1] - listed[number]
            # A list that names it may have been fetched just before, and its client reads it to the end (RFC 8216 §6.2.2).
            self.assertGreater(kept, self.LENGTH)
            self.assertLess(kept, 2 * self.LENGTH + 3)
        self.assertFalse((folder / "seg0.ts").exists())


class Trouble(ResegmentTest):
    """Of a ladder of three, one has trouble."""
    KIND = Kind(sizes=SIZES, seconds=12, gop=25)

    def begin(self, *options):
        ladder = self.ladder(self.KIND)
        run = self.start("-i", ladder.master, "-t", "2", *ALL, *options)
        run.wait_listed(1, 20)
        workers = run.workers()
        self.assertEqual(len(workers), 3)
        leader = next(pid for pid, line in workers.items() if "--source" in line)
        return run, ladder, leader, [pid for pid in workers if pid != leader]

    def assert_aligned(self, run, ladder):
        """Wherever the segments are, all variants have the same times under the same number."""
        self.assertEqual(run.observer.complaints, [])
        leader = starts(run)
        for number, _ in enumerate(ladder.names):
            self.assertEqual(starts(run, str(number)), leader)
            self.assertEqual(run.files(str(number))[-1].parent.name, str(number), "its own again")

    def test_a_variant_that_stands_still_for_three_seconds(self):
        run, ladder, _, followers = self.begin("-l")
        kill(followers[0], signal.SIGSTOP)
        self.addCleanup(lambda: run.process.poll() is None and kill(followers[0], signal.SIGCONT))
        threading.Event().wait(3)
        kill(followers[0], signal.SIGCONT)
        self.assertEqual(run.wait(40), 0, run.said())
        self.assert_aligned(run, ladder)

    def test_the_first_variant_stands_still_for_three_seconds(self):
        run, ladder, leader, _ = self.begin("-l")
        kill(leader, signal.SIGSTOP)
        threading.Event().wait(3)
        kill(leader, signal.SIGCONT)
        self.assertEqual(run.wait(40), 0, run.said())
        self.assert_resegmented(run, ladder)

    def test_each_is_killed_once(self):
        run, ladder, _, _ = self.begin("-l")
        for pid in list(run.workers()):
            before = run.newest()
            kill(pid)
            wait_for(lambda: len(set(run.workers()) - {pid}) == 3, 5, "a new worker")
            run.wait_listed(before + 1, 8)
        self.assertEqual(run.wait(40), 0, run.said())
        self.assert_resegmented(run, ladder)

    def test_without_a_clock_nothing_is_lost_either(self):
        ladder = self.ladder(self.KIND)  # which grows, so that the end is far away for workers without a clock
        grown = GrowingLadder(ladder, self.folder / "in")
        grown.list(4)
        run = self.start("-i", grown.master, "-t", "2", variants=["0", "1", "2"])
        run.wait_listed(1, 20)
        for pid in list(run.workers()):
            kill(pid)
        grown.list(6, ended=True)
        self.assertEqual(run.wait(40), 0, run.said())
        self.assert_resegmented(run, ladder)

    def test_stopped_by_hand_it_ends_in_order(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            run = self.start("-i", self.ladder(self.KIND).master, "-l", *ALL, name=f"signal{number}")
            run.wait_listed(0, 20)
            workers = run.workers()
            begun = time.monotonic()
            code = run.stop(number)
            self.assertNotIn(code, (1, -signal.SIGSEGV, -signal.SIGABRT))
            self.assertLess(time.monotonic() - begun, 3)
            self.assertEqual([pid for pid in workers if os.path.exists(f"/proc/{pid}")], [])
            for variant in run.variants:
                self.assertTrue(all(file.exists() for file in run.files(variant)))
            self.assertEqual([path.name for path in run.out.iterdir() if path.name.startswith(".")], [])

    def test_killed_it_leaves_no_process(self):
        run, _, _, _ = self.begin("-l")
        workers = run.workers()
        run.stop(signal.SIGKILL)
        wait_for(lambda: not [pid for pid in workers if os.path.exists(f"/proc/{pid}")], 2, "all workers gone")


class GrowingLadder:
    """A copy of a ladder whose playlists list as much as the test wants."""

    def __init__(self, ladder, folder):
        self.folder, self.master, self.texts = folder, folder / "master.m3u8", {}
        folder.mkdir()
        for name in ladder.names:
            shutil.copytree(ladder.folder / name, folder / name)
            self.texts[name] = ladder.playlist(name).read_text().replace("#EXT-X-PLAYLIST-TYPE:VOD\n", "")
            (folder / name / "index.m3u8").unlink()
        self.master.write_text(ladder.master.read_text())

    def list(self, count, ended=False):
        for name, text in self.texts.items():
            head, *segments = text.replace("#EXT-X-ENDLIST\n", "").split("#EXTINF")
            shown = head + "".join(f"#EXTINF{segment}" for segment in segments[:count]) + ("#EXT-X-ENDLIST\n" if ended else "")
            (self.folder / name / "new").write_text(shown)
            (self.folder / name / "new").replace(self.folder / name / "index.m3u8")


class Growing(ResegmentTest):
    """Inputs that are still being written."""
    PAUSE, IDLE = 4, 7  # s

    def grow(self, url_of, **options):
        ladder = self.ladder(Kind(sizes=SIZES[:2], seconds=16, gop=25))
        with Origin() as origin:
            grown = GrowingLadder(ladder, origin.root / "in")
            grown.list(3)
            run = self.start("-i", url_of(origin, grown), "-t", "2", "--idle", self.IDLE, variants=["0", "1"], **options)
            run.wait_listed(1, 20)
            for count in (4, 5):
                grown.list(count)
                run.wait_listed(count - 2, 10)
            threading.Event().wait(self.PAUSE)
            self.assertIsNone(run.process.poll(), run.said())
            grown.list(7)
            run.wait_listed(5, 10)
            grown.list(8, ended=True)
            self.assertEqual(run.wait(20), 0, run.said())
        self.assert_resegmented(run, ladder)

    def test_a_file_that_pauses_and_goes_on(self):
        self.grow(lambda origin, grown: grown.master)

    def test_a_url_that_pauses_and_goes_on(self):
        self.grow(lambda origin, grown: origin.url("in/master.m3u8"))

    def test_one_that_never_goes_on_is_over(self):
        ladder = self.ladder(Kind(sizes=SIZES[:2], seconds=16, gop=25))
        grown = GrowingLadder(ladder, self.folder / "in")
        grown.list(3)
        run = self.start("-i", grown.master, "-t", "2", "--idle", "3", variants=["0", "1"])
        self.assertEqual(run.wait(20), 0, run.said())
        self.assertGreater(run.ended - run.started, 3)
        self.assertLess(run.ended - run.started, 9)
        self.assert_in_step(run)
        self.assertEqual(sum(segment.duration for segment in run.playlist().segments), 6)


class Replay(ResegmentTest):
    LOOPS = 10
    KIND = Kind(sizes=SIZES[:2], seconds=2, gop=25)
    PER_LOOP = 2  # segments

    def test_numbers_go_on_and_each_loop_is_a_discontinuity(self):
        ladder = self.ladder(self.KIND)
        with Origin() as origin:
            run = self.start("-i", ladder.master, "-t", "1", "-r", "-w", "4", out=origin.root, variants=["0", "1"], watched=False)
            media, pictures, sequences = {}, {}, {}
            verify = None
            while run.newest() < self.LOOPS * self.PER_LOOP:
                self.assertIsNone(run.process.poll(), run.said())
                self.take_down(run, media, pictures, sequences)
                if verify is None and run.newest() >= 4:
                    verify = self.verify(origin.url("master.m3u8"))
                threading.Event().wait(0.05)
            report = verify.communicate(timeout=20)[0]
            run.stop()
        self.assertEqual(verify.returncode, 0, report)
        self.assertEqual(sorted(media), list(range(max(media) + 1)))
        for number, segment in media.items():
            loop, place = divmod(number, self.PER_LOOP)
            self.assertEqual(segment.discontinuity, loop > 0 and place == 0, f"segment {number}")
            self.assertEqual(sequences[number], {loop}, f"segment {number}")
            self.assertEqual(pictures[number], pictures[place], "pictures and their times are those of the first loop")

    def take_down(self, run, media, pictures, sequences):
        """What is listed now: new segments and what is in them, and every discontinuity sequence number seen."""
        for segment in run.playlist().segments if run.newest() >= 0 else []:
            if segment.number not in media:
                media[segment.number] = segment
                video = transport_stream.read(run.out / "0" / segment.uri).video
                pictures[segment.number] = [unit.pts for unit in video.units], video.data
            sequences.setdefault(segment.number, set()).add(segment.discontinuity_sequence)

    def verify(self, url):
        process = subprocess.Popen([BIN / "continuo", "verify", url, "--seconds", "12"], stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.kill)
        return process


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
