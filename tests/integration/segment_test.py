#!/usr/bin/env python3
"""continuo-segment with real ffmpeg around it: ladders that stay in step, joins, and sources that go wrong.

Needs CONTINUO_BIN: the folder of the built binaries.
"""
import itertools
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from clips import FFMPEG, frame_numbers, make_clip  # noqa: E402

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


class Join(SegmentTest):
    def test_a_killed_encoder_comes_back_where_it_was_and_nothing_is_lost(self):
        data = self.ingested(self.clip(seconds=40, gop=48))
        source = Source(self.folder)
        half = len(data) // 2
        source.feed(data[:half])
        first = Variant(source, self.folder, "first", 120)
        wait_for(lambda: len(lines_of(first.directory)) >= 3, 20, "three segments")
        first.encoder.kill()
        self.assertEqual(first.finish(), (0, -signal.SIGKILL))
        taken = [line for line in lines_of(first.directory) if line["end"] != "input"]
        end = (taken[-1]["start"] + taken[-1]["duration"]) % WRAP

        second = Variant(source, self.folder, "second", 120, join=f"from {end}")
        feeder = threading.Thread(target=source.feed, args=(data[half:],))
        feeder.start()
        wait_for(lambda: len(lines_of(second.directory)) >= 1, 20, "a segment after the restart")
        feeder.join()
        self.assertEqual(source.finish(), (0, ""))
        self.assertEqual(second.finish(), (0, 0))
        taken += lines_of(second.directory)
        self.assertEqual([(line["start"], line["duration"]) for line in taken], times_of(source.directory))
        frames = [number for line in taken
                  for number in frame_numbers((first if line in lines_of(first.directory) else second).directory / line["name"])]
        self.assertEqual(frames, list(range(1000)))

    def test_audio_in_front_of_a_join_is_sent_along(self):
        data = self.ingested(self.clip(seconds=12, gop=48))
        source = Source(self.folder)
        source.feed(data)
        wait_for(lambda: len(lines_of(source.directory)) >= 2, 5, "two segments")
        start = lines_of(source.directory)[1]["start"]
        with socket.socket(socket.AF_UNIX) as consumer:
            consumer.connect(str(source.socket))
            consumer.sendall(f"from {start} test\n".encode())
            consumer.settimeout(5)
            received = consumer.recv(188 * 200)
            head = self.folder / "head.ts"
            while len(received) < 188 * 200:
                received += consumer.recv(65536)
        source.finish()
        head.write_bytes(received)
        probe = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "packet=codec_type,pts", "-of", "csv=p=0", head],
                               capture_output=True, text=True, check=True).stdout
        times = {"audio": [], "video": []}
        for row in filter(None, probe.splitlines()):
            kind, pts = row.split(",")[:2]
            times[kind].append(int(pts))
        self.assertEqual(min(times["video"]), start)
        self.assertLessEqual(start - 27000, min(times["audio"]))
        self.assertLess(min(times["audio"]), start - 27000 + 2 * 1920)

    def test_a_consumer_that_does_not_read_is_cut_off_and_named(self):
        clip = self.clip(seconds=4, gop=25, size=(640, 352), video=("-b:v", "12M", "-crf", "1"))
        source = Source(self.folder, options=("--no-files", "--loop", clip, "--lead", "2h"))
        wait_for(source.socket.exists, 5, "the socket")
        with socket.socket(socket.AF_UNIX) as lazy:
            lazy.connect(str(source.socket))
            lazy.sendall(b"start lazy\n")
            wait_for(lambda: source.info()["cut_off"] == ["lazy"], 20, "cut off")
        source.process.terminate()
        code, stderr = source.finish()
        self.assertEqual(code, 0)
        self.assertIn('consumer "lazy" was too slow', stderr)
        self.assertEqual(list(source.directory.glob("*.ts")), [])


class Trouble(SegmentTest):
    def run_source(self, data, target="6s", **options):
        return subprocess.run([SEGMENT, "--directory", self.folder / "run", "--source", "--segment-time", "4s",
                               "--target-duration", target], input=data, capture_output=True, timeout=20, **options)

    def assert_ends(self, result, code, words):
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertIn(words, result.stderr.decode())
        self.assertEqual(result.stdout, b"")

    def test_time_that_goes_back_ends_the_run(self):
        data = self.clip("a.ts", seconds=9, gop=48, offset=100).read_bytes()
        data += self.clip("b.ts", seconds=9, gop=48, offset=50).read_bytes()
        self.assert_ends(self.run_source(data), 75, "time went back from")
        lines = lines_of(self.folder / "run")
        self.assertEqual(lines[-1]["end"], "input")
        self.assertEqual(self.frames(self.folder / "run"), list(range(225)))

    def test_time_that_goes_back_behind_the_ingest_ends_the_run(self):
        data = self.ingested(self.clip("a.ts", seconds=9, gop=48, offset=100),
                             self.clip("b.ts", seconds=9, gop=48, offset=50))
        self.assert_ends(self.run_source(data), 75, "single ticks")
        self.assertEqual(self.frames(self.folder / "run"), list(range(225)))

    def test_another_picture_size_ends_the_run(self):
        data = self.clip("a.ts", seconds=9.6, gop=48).read_bytes()
        data += self.clip("b.ts", seconds=4, gop=48, offset=9.6, size=(640, 352)).read_bytes()
        self.assert_ends(self.run_source(data), 75, "the source's picture changed: 320x176 avc1")
        self.assertEqual(self.frames(self.folder / "run"), list(range(240)))

    def test_a_source_with_long_gops_names_the_setting(self):
        data = self.clip(seconds=14, gop=165).read_bytes()
        self.assert_ends(self.run_source(data), 65,
                         "source GOP 6.6 s is longer than target_duration 6 s: set target_duration: 7s")
        shutil.rmtree(self.folder / "run")
        self.assert_ends(self.run_source(data, target="7s"), 0, "")

    def test_audio_alone_is_no_source(self):
        data = subprocess.run([*FFMPEG, "-f", "lavfi", "-i", "sine", "-t", "8", "-c:a", "aac", "-f", "mpegts", "pipe:1"],
                              capture_output=True, check=True).stdout
        self.assert_ends(self.run_source(data), 65, "the source has no video")

    def test_a_full_disk_costs_the_segments_that_did_not_fit(self):
        data = self.clip(seconds=24, gop=48).read_bytes()
        self.assert_ends(self.run_source(data), 0, "")
        sizes = [line["bytes"] for line in lines_of(self.folder / "run")]
        limit = sorted(sizes)[-3]  # the two largest ones do not fit
        shutil.rmtree(self.folder / "run")

        def no_larger_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        result = self.run_source(data, preexec_fn=no_larger_files, restore_signals=False)
        too_large = sum(size > limit for size in sizes)
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stderr.decode().count("the segment is dropped"), too_large)
        lines = lines_of(self.folder / "run")
        self.assertEqual(len(lines), len(sizes) - too_large)
        self.assertEqual({path.name for path in (self.folder / "run").glob("*.ts")}, {line["name"] for line in lines})
        self.assertEqual(list((self.folder / "run").glob(".*")), [])
        for line in lines:
            self.assertEqual((self.folder / "run" / line["name"]).stat().st_size, line["bytes"])

    def test_asked_to_stop_it_writes_the_tail_and_is_gone(self):
        data = self.ingested(self.clip(seconds=10, gop=48))
        source = Source(self.folder)
        source.feed(data)
        variant = Variant(source, self.folder, "variant", 120)
        wait_for(lambda: len(lines_of(source.directory)) >= 2, 5, "two segments")
        asked = time.monotonic()
        source.process.terminate()
        code = source.process.wait(5)
        self.assertLess(time.monotonic() - asked, 0.25)  # 0.05, and a slow machine's share
        self.assertEqual(code, 0)
        self.assertFalse(source.socket.exists())
        self.assertEqual(lines_of(source.directory)[-1]["end"], "input")
        source.finish()
        variant.finish()

    def test_wrong_command_lines_are_refused(self):
        result = subprocess.run([SEGMENT, "--directory", self.folder, "--source"], capture_output=True)
        self.assertEqual(result.returncode, 64)
        self.assertIn(b"--target-duration", result.stderr)


class Loop(SegmentTest):
    def test_a_slate_goes_on_over_its_end_and_keeps_its_lead(self):
        clip = self.clip(seconds=2, gop=25)
        run = self.folder / "run"
        slate = subprocess.Popen([SEGMENT, "--directory", run, "--segment-time", "1s", "--target-duration", "2s",
                                  "--loop", clip, "--lead", "4s"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        began = time.monotonic()
        wait_for(lambda: len(lines_of(run)) >= 6, 10, "six segments")
        media = sum(line["duration"] for line in lines_of(run)) / 90000
        self.assertLessEqual(media, time.monotonic() - began + 4.5)
        slate.terminate()
        self.assertEqual(slate.communicate(timeout=5)[1], b"")
        self.assertEqual(slate.returncode, 0)
        lines = lines_of(run)
        for before, after in itertools.pairwise(lines):
            self.assertEqual(before["start"] + before["duration"], after["start"])
            self.assertFalse(after["discontinuity"])
        frames = self.frames(run)
        self.assertEqual(frames, [number % 50 for number in range(len(frames))])


if __name__ == "__main__":
    unittest.main(verbosity=2)
