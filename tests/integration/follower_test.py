#!/usr/bin/env python3
"""continuo-segment as a follower: it begins segments where its leader has told, and waits for what that has not told yet.

usage: CONTINUO_BIN=build/dev/bin follower_test.py [unittest arguments]
"""
import subprocess
import sys
import unittest
from pathlib import Path

import transport_stream

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from hls_reader import RATE, ReaderTest  # noqa: E402 (the path is set above)
from segment_ladder import SEGMENT, lines_of, wait_for  # noqa: E402

SECOND = 90000


class Follower(ReaderTest):
    def follow(self, url):
        """The program, its run directory, and the leader's file."""
        boundaries, directory = self.folder / "boundaries", self.folder / "run"
        boundaries.touch()
        process = subprocess.Popen([SEGMENT, "--directory", directory, "--target-duration", "6s", "--from", url, "--from-start",
                                    "--boundaries", boundaries], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: process.poll() is None and (process.kill(), process.communicate()))
        return process, directory, boundaries

    def tell(self, boundaries, *lines):
        with open(boundaries, "a") as leader:
            leader.write("".join(f"{line}\n" for line in lines))

    def first_pts(self):
        return transport_stream.read(self.bytes[0]).video.units[0].pts

    def test_begins_segments_where_it_is_told(self):
        self.put_list(range(4), ended=True)
        process, directory, boundaries = self.follow(self.server.url("x.m3u8"))
        self.tell(boundaries, self.first_pts(), self.first_pts() + SECOND)
        wait_for(lambda: len(lines_of(directory)) == 1, 10, "the first segment")
        self.tell(boundaries, self.first_pts() + 3 * SECOND, "end")
        self.assertEqual((process.communicate(timeout=10)[1], process.returncode), ("", 0))
        self.assertEqual([line["duration"] for line in lines_of(directory)], [SECOND, 2 * SECOND, SECOND])
        self.assertEqual(self.frames(directory), list(range(4 * RATE)))

    def test_loses_nothing_when_its_input_ends_before_its_leader(self):
        self.put_list([0], ended=True)
        process, directory, boundaries = self.follow(self.server.url("x.m3u8"))
        self.tell(boundaries, self.first_pts())
        wait_for(lambda: any(directory.glob(".*.ts*")) or process.poll() is not None, 10, "a segment that is open")
        self.tell(boundaries, "end")
        self.assertEqual((process.communicate(timeout=10)[1], process.returncode), ("", 0))
        self.assertEqual(self.frames(directory), list(range(RATE)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
