#!/usr/bin/env python3
"""continuo-segment on its own: joins and restarts, sources that go wrong, full disks, loops."""
import itertools
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from clips import FFMPEG, frame_numbers  # noqa: E402
from segment_ladder import SEGMENT, WRAP, SegmentTest, Source, Variant, lines_of, times_of, wait_for  # noqa: E402


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


class Pace(SegmentTest):
    def test_what_a_writer_leaves_behind_in_the_pipe_is_read_at_once(self):
        data = self.clip(seconds=12, gop=10, rate="10", size=(128, 96), video=("-crf", "45"), audio=None).read_bytes()
        half = len(data) // 2 // 188 * 188
        run = self.folder / "run"
        paced = subprocess.Popen([SEGMENT, "--directory", run, "--source", "--segment-time", "1s", "--target-duration", "2s",
                                  "--lead", "1s"], stdin=subprocess.PIPE)
        paced.stdin.write(data[:half])
        paced.stdin.flush()
        wait_for(lambda: lines_of(run), 5, "the first segment")
        self.assertLess(len(data) - half, 65536)  # fits every pipe
        paced.stdin.write(data[half:])
        paced.stdin.close()
        self.assertEqual(paced.wait(timeout=2), 0)
        media = sum(line["duration"] for line in lines_of(run)) / 90000
        self.assertAlmostEqual(media, 12, delta=0.1)


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
