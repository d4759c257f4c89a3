#!/usr/bin/env python3
"""`continuo resegment` on inputs that are not as they should be: variants that differ, segments that are gone, lists that slide.

usage: CONTINUO_BIN=build/dev/bin resegment_rough_test.py [unittest arguments]
"""
import shutil
import signal
import sys
import unittest
from pathlib import Path

import transport_stream
from house import frame_numbers, free_port, wait_for
from ladders import FIRST_PTS, Kind, as_stream
from resegment_run import ResegmentTest, head_complaints, starts
from sources import QUIET, Origin, Process, publish
from splices import line, splice_insert

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from hls_server import HlsServer  # noqa: E402 (the path is set above)

SECOND = 90000
SIZES = ("256x144", "192x108")


class Variants(ResegmentTest):
    """The leader's places are taken by variants that can't be cut there as soon as they can."""

    def mixed(self, first, second):
        """A ladder of the first variant of two."""
        one, other = self.ladder(first), self.ladder(second)
        folder = self.folder / "mixed"
        shutil.copytree(one.folder / "hi", folder / "hi")
        shutil.copytree(other.folder / "hi", folder / "mid")
        (folder / "master.m3u8").write_text(one.master.read_text())
        return folder / "master.m3u8", one, other

    def cut(self, first, second, sidecar=""):
        master, one, other = self.mixed(first, second)
        run = self.run_to_end("-i", master, "-t", "2", sidecar=sidecar, variants=["0", "1"])
        self.assertEqual(run.observer.complaints, [])
        self.assert_whole(run, "0", one.files("hi"), one.kind)
        self.assert_whole(run, "1", other.files("hi"), other.kind)
        return starts(run), starts(run, "1")

    def test_of_other_gops(self):
        sidecar = line(splice_insert(1, True, FIRST_PTS + 5 * SECOND, 3 * SECOND))
        leader, follower = self.cut(Kind(sizes=SIZES, gop=25), Kind(sizes=SIZES, gop=12), sidecar)
        self.assertEqual(len(leader), len(follower))
        for place, taken in zip(leader, follower):
            self.assertLess(taken - place, 12 * 3600)
            self.assertGreaterEqual(taken, place)

    def test_that_begins_later(self):
        later = 1 + (FIRST_PTS - 126000) / SECOND  # ffmpeg makes no room for AAC's first frame where there is an offset
        master, _, other = self.mixed(Kind(sizes=SIZES, gop=25), Kind(sizes=SIZES, gop=25, seconds=11, offset=later))
        run = self.run_to_end("-i", master, "-t", "2", variants=["0", "1"])
        self.assertEqual([file.parent.name for file in run.files("1")], ["0"] + 6 * ["1"])
        self.assertEqual(starts(run), starts(run, "1"))
        self.assertEqual(frame_numbers(run.files("1")[1:]), list(range(other.kind.pictures)))

    def test_that_ends_earlier(self):
        master, one, other = self.mixed(Kind(sizes=SIZES), Kind(sizes=SIZES, seconds=8))
        run = self.run_to_end("-i", master, "-t", "2", variants=["0", "1"])
        self.assert_whole(run, "0", one.files("hi"), one.kind)
        own = [file for file in run.files("1") if file.parent.name == "1"]
        self.assertEqual(frame_numbers(own), list(range(other.kind.pictures)))
        self.assertEqual(starts(run)[:len(own)], starts(run, "1")[:len(own)])


class Lost(ResegmentTest):
    def test_a_segment_that_is_not_there_costs_nobody_else(self):
        ladder, server = self.ladder(Kind(sizes=SIZES)), HlsServer()
        self.addCleanup(server.close)
        for path in ladder.folder.rglob("*.*"):
            server.put(str(path.relative_to(ladder.folder)), path.read_bytes())
        server.remove("mid/index2.ts")
        run = self.start("-i", server.url("master.m3u8"), "-t", "2", variants=["0", "1"])
        self.assertEqual(run.wait(60), 0, run.said())
        self.assertIn("mid/index2.ts", run.said())
        self.assert_whole(run, "0", ladder.files("hi"), ladder.kind)
        places = starts(run)
        self.assertEqual(starts(run, "1"), places, "each segment is where it belongs")
        own = [file for file in run.files("1") if file.parent.name == "1"]
        pictures = [number for file in own for number in frame_numbers([file])]
        self.assertEqual(pictures, [*range(100), *range(150, 300)])


class Secret(ResegmentTest):
    def test_a_password_is_sent_and_not_shown(self):
        ladder, server = self.ladder(Kind(sizes=SIZES)), HlsServer()
        self.addCleanup(server.close)
        for path in ladder.folder.rglob("*.*"):
            server.put(str(path.relative_to(ladder.folder)), path.read_bytes())
        run = self.start("-i", server.url("master.m3u8", user="ana:sesame@"), "-l", variants=["0", "1"])
        run.wait_listed(0, 20)
        self.assertEqual([command for command in run.workers().values() if "sesame" in command], [])
        run.stop(signal.SIGINT)
        self.assertNotIn("sesame", run.printed() + run.said() + (run.out / "master.m3u8").read_text())
        sent = [headers.get("Authorization", "") for _, _, headers in server.requests]
        self.assertEqual([header for header in sent if not header.startswith("Basic ")], [])


class Sliding(ResegmentTest):
    def test_a_live_playlist_is_followed(self):
        clip = self.ladder(Kind(sizes=SIZES, seconds=60)).playlist("hi")
        with Origin() as origin:
            folder = origin.root / "in"
            folder.mkdir()
            origin.publishers.append(publish(clip, "-f", "hls", "-hls_time", 2, "-hls_list_size", 6, "-hls_delete_threshold", 3,
                                             "-hls_flags", "delete_segments", folder / "index.m3u8"))
            wait_for(lambda: "#EXTINF" in self.text_of(folder / "index.m3u8"), 30, "a list at the origin")
            run = self.start("-i", origin.url("in/index.m3u8"), "-l", "-w", "1000", variants=["0"])
            run.wait_listed(4, 30)
            run.stop(signal.SIGINT)
        numbers = frame_numbers(run.files())
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))
        self.assertEqual([segment.discontinuity for segment in run.playlist().segments].count(True), 0)

    def text_of(self, path):
        return path.read_text() if path.exists() else ""

    def test_datagrams(self):
        stream = self.folder / "whole.ts"
        stream.write_bytes(as_stream(self.ladder(Kind(sizes=SIZES, gop=25))))
        port = free_port()
        run = self.start("-i", f"udp://@127.0.0.1:{port}", "-t", "2", "--idle", "2", variants=["0"])
        with Process(*QUIET, "-re", "-copyts", "-i", stream, "-c", "copy", "-f", "mpegts", f"udp://127.0.0.1:{port}?pkt_size=1316"):
            self.assertEqual(run.wait(40), 0, run.said())
        numbers = frame_numbers(run.files())
        self.assertEqual(numbers, list(range(numbers[0], 300)))
        self.assertLessEqual(numbers[0], 50)
        self.assertTrue(run.playlist().ended)
        self.assertEqual([complaint for file in run.files() for complaint in head_complaints(transport_stream.read(file))], [])


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
