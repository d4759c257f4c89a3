"""continuo-segment --from on the playlists of a test, and the clips that it reads.

Needs CONTINUO_BIN: the folder of the built binaries.
"""
import functools
import json
import subprocess
import tempfile
import threading
from pathlib import Path

from clips import FFMPEG, frame_numbers, make_clip
from hls_server import HlsServer, playlist
from segment_ladder import SEGMENT, SegmentTest, lines_of, wait_for

RATE = 25
OK, NEEDS_FFMPEG, BROKE = 0, 66, 75


class Reader:
    """The program on a playlist, and what it made of it."""

    def __init__(self, folder, url, *options, name="run", target="6s"):
        self.directory = folder / name
        self.process = subprocess.Popen(
            [SEGMENT, "--directory", self.directory, "--source", "--segment-time", "2s", "--target-duration", target,
             "--from", str(url), *options], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def segments(self):
        return lines_of(self.directory)

    def info(self):
        path = self.directory / "run.json"
        wait_for(path.exists, 10, "run.json")
        return json.loads(path.read_text())

    def made(self):
        made = self.info()["made"]
        return made["pts"], made["date_us"] / 1e6

    def stop(self):
        self.process.terminate()
        return self.finish()

    def finish(self, seconds=20):
        """Its exit code and what it said."""
        stderr = self.process.communicate(timeout=seconds)[1]
        return self.process.returncode, stderr


def media_of(reader):
    return sum(line["duration"] for line in reader.segments()) / 90000


@functools.cache
def segments_of_a_clip(count):
    """A GOP and a second each, frames numbered from 0."""
    with tempfile.TemporaryDirectory(prefix="continuo-reader-") as name:
        folder = Path(name)
        clip = make_clip(folder / "clip.ts", seconds=count, gop=RATE)
        subprocess.run([*FFMPEG, "-i", clip, "-c", "copy", "-f", "hls", "-hls_time", "1", "-hls_playlist_type", "vod",
                        "-hls_segment_filename", folder / "%d.ts", folder / "x.m3u8"], check=True)
        return [(folder / f"{i}.ts").read_bytes() for i in range(count)]


class ReaderTest(SegmentTest):
    """Each has a server with the segments 0.ts ... 15.ts."""
    COUNT = 16

    def setUp(self):
        super().setUp()
        self.bytes = segments_of_a_clip(self.COUNT)
        self.server = HlsServer()
        self.addCleanup(self.server.close)
        self.put_segments(range(self.COUNT))

    def put_segments(self, numbers):
        for i in numbers:
            self.server.put(f"{i}.ts", self.bytes[i])

    def read(self, *options, path="x.m3u8", name="run", **more):
        reader = Reader(self.folder, self.server.url(path), *options, name=name, **more)
        self.addCleanup(lambda: reader.process.poll() is None and reader.stop())
        return reader

    def put_list(self, names, path="x.m3u8", headers=None, **more):
        self.server.put(path, playlist([name if isinstance(name, str) else f"{name}.ts" for name in names], **more),
                        headers=headers or {})

    def play_live(self, numbers, first=0, window=3, seconds=0.4, **more):
        """Lists more and more of `numbers`, a step each `seconds`, and ends the list."""
        numbers = list(numbers)

        def run():
            for end in range(window, len(numbers) + 1):
                begin = max(0, end - window)
                self.put_list(numbers[begin:end], first=first + begin, ended=end == len(numbers), **more)
                pause.wait(seconds)

        pause = threading.Event()
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        wait_for(lambda: "/x.m3u8" in self.server.paths, 5, "the list")
        self.addCleanup(lambda: (pause.set(), thread.join()))

    def frames(self, directory):
        """Of the whole run, decoded at once."""
        whole = directory / "whole"
        whole.write_bytes(b"".join((directory / line["name"]).read_bytes() for line in lines_of(directory)))
        return frame_numbers(whole)

    def assert_frames(self, reader, seconds):
        """Exactly the frames of these segments came, in order."""
        expected = [frame for second in seconds for frame in range(second * RATE, (second + 1) * RATE)]
        self.assertEqual(self.frames(reader.directory), expected)

    def assert_ends(self, reader, code, *words):
        ended, stderr = reader.finish()
        self.assertEqual(ended, code, stderr)
        for word in words:
            self.assertIn(word, stderr)
        if not words:
            self.assertEqual(stderr, "")
