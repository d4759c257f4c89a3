"""continuo-segment as a source, with encoders joined to it, as the supervisor would start them.

Needs CONTINUO_BIN: the folder of the built binaries.
"""
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from clips import FFMPEG, frame_numbers, make_clip

SEGMENT = str(Path(os.environ["CONTINUO_BIN"]) / "continuo-segment")
TS_OUT = ("-f mpegts -mpegts_copyts 1 -flush_packets 1 -max_interleave_delta {delta} -pes_payload_size 0 "
          "-avoid_negative_ts disabled pipe:1")
INGEST = [*FFMPEG[:-1], *"-copyts -i".split()]
INGEST_OUT = ["-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", *TS_OUT.format(delta=500000).split()]
VARIANT = [*FFMPEG[:-1],
           *"-copyts -probesize 1000000 -analyzeduration 1000000 -fpsprobesize 0 -f mpegts -i pipe:0".split(),
           *"-map 0:v:0 -map 0:a:0? -fps_mode passthrough -enc_time_base -1 -c:v libx264 -preset ultrafast -bf 2".split(),
           *"-g 9999 -sc_threshold 0 -forced-idr 1 -force_key_frames source -c:a aac -b:a 48k".split()]
WRAP = 1 << 33


def wait_for(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.005)
    return value


def lines_of(directory):
    path = directory / "segments.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def times_of(directory):
    return [(line["start"], line["duration"]) for line in lines_of(directory)]


class Source:
    """A source's segmenter, fed by the test: so that consumers are there before the input ends."""

    def __init__(self, folder, name="source", segment_time="4s", target="6s", options=()):
        self.directory, self.socket = folder / name, folder / f"{name}.sock"
        self.process = subprocess.Popen(
            [SEGMENT, "--directory", self.directory, "--source", "--segment-time", segment_time,
             "--target-duration", target, "--listen", self.socket, *options],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        self.target = target

    def feed(self, data):
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it ended the run; its exit code tells

    def info(self):
        path = self.directory / "run.json"
        wait_for(path.exists, 5, "run.json")
        return json.loads(path.read_text())

    def finish(self, seconds=10):
        if not self.process.stdin.closed:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                pass
        code = self.process.wait(seconds)
        with self.process.stderr as stderr:
            return code, stderr.read().decode().strip()


class Variant:
    """An encoder on the source's socket and the segmenter behind it."""

    def __init__(self, source, folder, name, height, join="start"):
        grid = source.info()["grid"]
        self.directory = folder / name
        with socket.socket(socket.AF_UNIX) as joined:
            joined.connect(str(source.socket))
            joined.sendall(f"{join} {name}\n".encode())
            self.encoder = subprocess.Popen(
                [*VARIANT, "-vf", f"scale=-2:{height}", *TS_OUT.format(delta=2000000).split()],
                stdin=joined, stdout=subprocess.PIPE)
        self.segmenter = subprocess.Popen(
            [SEGMENT, "--directory", self.directory, "--grid", f"{grid['origin']}:{grid['period']}",
             "--cuts", source.directory / "cuts", "--target-duration", source.target],
            stdin=self.encoder.stdout)
        self.encoder.stdout.close()

    def finish(self):
        return self.segmenter.wait(20), self.encoder.wait(20)


class SegmentTest(unittest.TestCase):
    def setUp(self):
        base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix="continuo-segment-", dir=base))
        self.addCleanup(shutil.rmtree, self.folder)

    def ingested(self, *clips):
        """The bytes that the ingest makes of clips that follow each other."""
        data = b"".join(Path(clip).read_bytes() for clip in clips)
        return subprocess.run([*INGEST, "pipe:0", *INGEST_OUT], input=data, capture_output=True, check=True).stdout

    def clip(self, name="clip.ts", **options):
        return make_clip(self.folder / name, **options)

    def run_ladder(self, data, target="6s", heights=(120, 96)):
        """Feeds `data` to a source with its variants; returns their directories, the source's first, and its end."""
        source = Source(self.folder, target=target)
        feeder = threading.Thread(target=source.feed, args=(data,))
        feeder.start()
        variants = [Variant(source, self.folder, f"v{height}", height) for height in heights]
        feeder.join()
        # the input ends when the encoders have begun to deliver: nobody joins a run that is over
        wait_for(lambda: source.process.poll() is not None or
                 all(lines_of(variant.directory) for variant in variants), 20, "first segments")
        end = source.finish()
        for variant in variants:
            self.assertEqual(variant.finish(), (0, 0))
        return [source.directory, *(variant.directory for variant in variants)], end

    def frames(self, directory):
        return [number for line in lines_of(directory) for number in frame_numbers(directory / line["name"])]

    def assert_in_step(self, directories):
        for directory in directories[1:]:
            self.assertEqual(times_of(directory), times_of(directories[0]))
