"""`continuo resegment` under test: the program, an observer of its playlists, and what its output must be whatever came in.

Needs CONTINUO_BIN: the folder of the built binaries.
"""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from dataclasses import dataclass
from pathlib import Path

import transport_stream
from house import BIN, children_of, die_with_us, frame_numbers, parse_playlist, wait_for
from ladders import make_ladder

SEGMENT_LINE = re.compile(r"^(?P<file>\S+\.ts):   start: (?P<start>\d+\.\d{6})   end: (?P<end>\d+\.\d{6})   duration: (?P<duration>\d+\.\d{6})$",
                          re.MULTILINE)
LONGEST_STEP = 0.05  # s that one variant may be ahead of another
POLL = 0.004  # s


@dataclass
class Sight:
    """All playlists at one moment."""
    at: float  # monotonic seconds
    texts: dict  # variant: text, empty where there is none yet


class Observer(threading.Thread):
    """Looks at all playlists of an output again and again, and keeps each sight that differs from the one before.

    `paced`: each step is listed by itself; a faster run may list several at once.
    """

    def __init__(self, folder, variants, paced):
        super().__init__(daemon=True)
        self.folder, self.variants, self.paced = folder, variants, paced
        self.sights, self.complaints = [], []
        self.apart_since = None
        self.longest_apart = 0.0
        self.done = threading.Event()
        self.last_at = time.monotonic()

    def run(self):
        while not self.done.is_set():
            self.look()
            self.done.wait(POLL)
        self.look()

    def look(self):
        first = self.text_of(self.variants[0])
        texts = {variant: self.text_of(variant) for variant in self.variants[1:]}
        now = time.monotonic()
        if self.text_of(self.variants[0]) != first:
            return  # a step in between: what was read is of no one moment
        texts = {self.variants[0]: first, **texts}
        self.judge(now, texts)
        if not self.sights or self.sights[-1].texts != texts:
            self.sights.append(Sight(now, texts))
        self.last_at = now

    def text_of(self, variant):
        try:
            return (self.folder / variant / "index.m3u8").read_text()
        except FileNotFoundError:
            return ""

    def judge(self, now, texts):
        lists = sorted(texts.values(), key=len)
        if lists[0] == lists[-1]:
            self.apart_since = None
            return
        newest = [newest_number(text) for text in lists if text]
        if self.paced and newest and max(newest) - min(newest) > 1:
            self.complaints.append(f"newest segments {newest}")
        if self.apart_since is None:
            self.apart_since = self.last_at
        # Where the observer itself was held up, it can't tell.
        if now - self.last_at < LONGEST_STEP / 2:
            self.longest_apart = max(self.longest_apart, now - self.apart_since)

    def prefix_complaints(self):
        """Of lists that only grow: the shorter is a prefix of the longer at every sight."""
        found = []
        for sight in self.sights:
            lists = sorted(sight.texts.values(), key=len)
            found += [f"{short[-80:]!r} is no prefix of {long[-200:]!r}" for short, long in zip(lists, lists[1:])
                      if not long.startswith(short)]
        return found

    def finish(self):
        self.done.set()
        self.join()
        return self

    def first_seen(self, variant):
        """{number: (segment, monotonic seconds)} of every segment that was ever listed."""
        seen = {}
        for sight in self.sights:
            for segment in parse_playlist(sight.texts[variant], sight.at).segments:
                seen.setdefault(segment.number, (segment, sight.at))
        return seen


def newest_number(text):
    playlist = parse_playlist(text, 0)
    return playlist.media_sequence + len(playlist.segments) - 1


class Run:
    """One run of the program in a folder of its own; everything goes with it. `out`: its output, where not there."""

    def __init__(self, folder, *arguments, out="out", variants=("0", "1", "2"), stdin=subprocess.DEVNULL, watched=True):
        self.folder, self.out = folder, folder / out
        self.log, self.errors = folder / "stdout.txt", folder / "stderr.txt"
        self.variants = list(variants)
        paced = bool({"-l", "--live"} & set(arguments)) and "--no-throttle" not in arguments
        self.observer = Observer(self.out, self.variants, paced) if watched else None
        if watched:
            self.observer.start()
        self.started = time.monotonic()
        with open(self.log, "wb") as log, open(self.errors, "wb") as errors:
            self.process = subprocess.Popen([BIN / "continuo", "resegment", "-o", out, *map(str, arguments)], cwd=folder, stdin=stdin,
                                            stdout=log, stderr=errors, preexec_fn=die_with_us)
        self.ended = None

    def wait(self, seconds=60):
        """Its exit code."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop(signal.SIGKILL)
            raise AssertionError(f"runs after {seconds} s: {self.said()}") from None
        self.ended = time.monotonic()
        if self.observer:
            self.observer.finish()
        return code

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait(10)

    def abandon(self):
        """What a failed test leaves running goes too."""
        if self.process.poll() is None:
            workers = self.workers()
            self.process.kill()
            self.process.wait()
            for pid in workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if self.observer:
            self.observer.finish()

    def workers(self):
        """{pid: command line} of the segmenters."""
        return {pid: line for pid, line in children_of(self.process.pid).items() if "continuo-segment" in line}

    def printed(self):
        return self.log.read_text()

    def said(self):
        """What it had to say beside its report."""
        return self.errors.read_text()

    def playlist(self, variant="0"):
        return parse_playlist((self.out / variant / "index.m3u8").read_text(), 0)

    def text(self, variant="0"):
        return (self.out / variant / "index.m3u8").read_text()

    def files(self, variant="0"):
        return [self.out / variant / segment.uri for segment in self.playlist(variant).segments]

    def wait_listed(self, number, seconds, variant="0"):
        """Until that segment is listed."""
        def listed():
            assert self.process.poll() is None or self.newest(variant) >= number, f"it ended: {self.said()}"
            return self.newest(variant) >= number
        wait_for(listed, seconds, f"segment {number} of variant {variant}; it says {self.said()!r}")

    def newest(self, variant="0"):
        try:
            return newest_number(self.text(variant))
        except FileNotFoundError:
            return -1


def media_complaints(files, durations, source_files, frame):
    """What is wrong with segments of these EXTINF, made of `source_files`; nothing may be lost. `frame`: ticks of a picture."""
    found = []
    segments = [transport_stream.read(file) for file in files]
    for file, segment in zip(files, segments):
        found += [f"{file.name}: {complaint}" for complaint in head_complaints(segment)]
    whole, source = transport_stream.read(*files), transport_stream.read(*source_files)
    if gaps := transport_stream.counter_gaps(whole):
        found.append(f"continuity counters of PIDs {gaps}")
    if {track.kind: track.data for track in whole.tracks.values()} != {track.kind: track.data for track in source.tracks.values()}:
        sizes = [[(hex(track.kind), len(track.data)) for track in content.tracks.values()] for content in (source, whole)]
        found.append(f"other bytes than the input's: {sizes}")
    if not source.video:
        return [*found, *sound_complaints(segments, durations)]
    begins = [segment.video.units[0].pts for segment in segments]
    begin, end = transport_stream.first_and_end(source.video, frame)
    for index, (pts, next_pts, duration) in enumerate(zip(begins, [*begins[1:], end], durations, strict=True)):
        if abs(transport_stream.elapsed(pts, next_pts) / 90000 - duration) > 0.001:
            found.append(f"segment {index}: EXTINF {duration}, media {transport_stream.elapsed(pts, next_pts) / 90000}")
    if abs(sum(durations) - (end - begin) / 90000) > frame / 90000:
        found.append(f"EXTINF in sum {sum(durations)}, the input lasts {(end - begin) / 90000}")
    return found


def sound_complaints(segments, durations):
    """Of segments without pictures: ffmpeg puts several frames into one PES packet, so that nothing is said of the end."""
    begins = [segment.audio.units[0].pts for segment in segments]
    lengths = [transport_stream.elapsed(a, b) / 90000 for a, b in zip(begins, begins[1:])]
    return [f"segment {index}: EXTINF {duration}, sound {length}" for index, (length, duration) in enumerate(zip(lengths, durations))
            if abs(length - duration) > 0.001]


def head_complaints(segment):
    """Of one segment: PAT, PMT, a random access point."""
    found = []
    if segment.pids[0] != 0 or segment.pids[1] in segment.tracks:
        found.append(f"begins with PIDs {segment.pids[:3]}")
    if not segment.tracks:
        return [*found, "no streams"]
    video = segment.video
    if video and not transport_stream.is_random_access(transport_stream.VIDEO[video.kind], video.unit_bytes(0)):
        found.append("no random access point in front")
    return found


class ResegmentTest(unittest.TestCase):
    """Each has a folder on tmpfs; ladders are made once for each kind."""
    ladders = {}

    @classmethod
    def setUpClass(cls):
        cls.sources = Path(tempfile.mkdtemp(prefix="continuo-ladders-", dir="/dev/shm"))
        cls.addClassCleanup(shutil.rmtree, cls.sources)
        cls.ladders = {}

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="continuo-resegment-", dir="/dev/shm"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    @classmethod
    def ladder(cls, kind):
        if kind not in cls.ladders:
            cls.ladders[kind] = make_ladder(cls.sources / str(len(cls.ladders)), kind)
        return cls.ladders[kind]

    def start(self, *arguments, name="run", sidecar="", **options):
        """The program in a folder of that name; its cues are the default `sidecar.txt` there."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "sidecar.txt").write_text(sidecar)
        run = Run(folder, *arguments, **options)
        self.addCleanup(run.abandon)
        return run

    def run_to_end(self, *arguments, seconds=60, **options):
        run = self.start(*arguments, **options)
        self.assertEqual(run.wait(seconds), 0, run.said())
        return run

    def assert_in_step(self, run):
        """At every sight, and in the end."""
        self.assertEqual(run.observer.complaints, [])
        self.assertEqual(run.observer.prefix_complaints(), [])
        self.assertLess(run.observer.longest_apart, LONGEST_STEP)
        self.assertEqual({run.text(variant) for variant in run.variants}, {run.text()})

    def assert_whole(self, run, variant, source_files, kind):
        """Nothing of the input is lost, and what is said of it is true."""
        playlist = run.playlist(variant)
        durations = [segment.duration for segment in playlist.segments]
        self.assertEqual(media_complaints(run.files(variant), durations, source_files, kind.frame), [])
        self.assertTrue(playlist.ended)
        self.assertEqual(playlist.media_sequence, 0)
        self.assertLessEqual(max(durations), playlist.target_duration + 0.5)
        self.assertEqual([segment.uri for segment in playlist.segments], [f"seg{i}.ts" for i in range(len(durations))])

    def assert_resegmented(self, run, ladder):
        """All of a ladder: variant N is the N-th of its names."""
        self.assert_in_step(run)
        for number, name in enumerate(ladder.names):
            self.assert_whole(run, str(number), ladder.files(name), ladder.kind)
        video = [number for number, name in enumerate(ladder.names) if name != "sound"]
        for number in video:
            self.assertEqual(frame_numbers(run.files(str(number))), list(range(ladder.kind.pictures)), f"variant {number}")


def starts(run, variant="0"):
    """First picture's PTS of each listed segment, in ticks."""
    return [transport_stream.read(file).video.units[0].pts for file in run.files(variant)]
