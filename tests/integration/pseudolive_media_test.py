#!/usr/bin/env python3
"""Pseudo-live against the media itself: ffprobe's start times, ffmpeg that reads on, continuo verify over wraps and seams.

usage: CONTINUO_BIN=build/dev/bin pseudolive_media_test.py [unittest arguments]
"""
import concurrent.futures
import json
import random
import subprocess
import sys
import tempfile
import unittest
from fractions import Fraction
from pathlib import Path
from urllib.parse import urljoin

from pseudolive import DAY, NOW, VodServer, media_path, microseconds
from house import BIN, die_with_us, missing, wait_for
from vod_assets import FRAGMENTED, PACKAGER, add_subtitles, durations_of, encrypt, join, make_asset, make_odd, make_packaged

PROBED = 50
FRAME = 3600  # ticks, at the longest
WITH_B_PICTURES = ("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-sc_threshold", "0", "-bf", "2")


def probe(data):
    """First time and end of what is presented, in seconds: of the pictures, or of the sound where there are none."""
    command = ["ffprobe", "-v", "error", "-show_entries", "packet=codec_type,pts,duration:stream=codec_type,time_base", "-of",
               "json", "pipe:0"]
    found = json.loads(subprocess.run(command, input=data, capture_output=True, check=True).stdout)
    kinds = {stream["codec_type"]: Fraction(stream["time_base"]) for stream in found["streams"]}
    kind = "video" if "video" in kinds else "audio"
    times = sorted((p["pts"], p.get("duration", 0)) for p in found["packets"] if p["codec_type"] == kind and "pts" in p)
    return times[0][0] * kinds[kind], (times[-1][0] + times[-1][1]) * kinds[kind]


def segments_of(server, path, now):
    """(listed segment, bytes with what must come before them, byte range or "") of a list."""
    answer = server.get(f"{path}?now={now}")
    initial, ranges, asked = b"", [], ""
    for line in answer.text.splitlines():
        if line.startswith("#EXT-X-MAP"):
            initial = server.get(urljoin(path, line.split('"')[1])).body
        elif line.startswith("#EXT-X-BYTERANGE"):
            asked = line.partition(":")[2]
        elif line and not line.startswith("#"):
            ranges.append((asked, initial))
            asked = ""
    return [(segment, *entry) for segment, entry in zip(server.list(path, now).segments, ranges)]


def fetched(server, segment, asked, initial):
    if not asked:
        return initial + server.get(segment.uri).body
    length, begin = map(int, asked.split("@"))
    return initial + server.get(segment.uri, {"Range": f"bytes={begin}-{begin + length - 1}"}).body


class Media(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = Path(tempfile.mkdtemp(prefix="continuo-packager-", dir="/dev/shm"))
        cls.addClassCleanup(subprocess.run, ["rm", "-r", scratch])
        cls.server = VodServer(channels="""
  - name: mixed
    schedule: [ { asset: ts, times: 2 }, { asset: odd } ]
""")
        cls.addClassCleanup(cls.server.__exit__, None)
        root = cls.server.root
        cls.kinds = {"ts": ("hi", "low"), "odd": ("mid",), "fmp4": ("hi", "sound"), "film": ("low",), "single": ("hi",),
                     "joined": ("hi",)}
        ts = make_asset(root, "ts")
        make_odd(root, "odd")
        make_asset(root, "fmp4", hls=FRAGMENTED, rendition=True, video=WITH_B_PICTURES)
        make_asset(root, "plain", hls=FRAGMENTED)
        make_asset(root, "film", rate="24000/1001", gop=48, segment_time=2, hls=FRAGMENTED)
        make_asset(root, "single", hls=("-hls_flags", "single_file"))
        encrypt(make_asset(root, "locked"))
        join(root / "joined", ts, make_asset(cls.server.folder, "other", gop=75, segment_time=3, offset=1000))
        add_subtitles(ts, durations_of(ts.kind))
        if PACKAGER.exists():
            make_packaged(root, "packaged", scratch)
            cls.kinds["packaged"] = ("v0", "v2")
        cls.server.start().wait_ready(*cls.kinds, "locked", "plain")
        wait_for(lambda: "reading" not in cls.server.get("/api/v1/pseudolive").text, 20, "all measured")

    def test_segments_start_where_their_dates_say(self):
        """Dates of a lap are the first one's plus what the segments before have of media; laps lie end to end, everywhere."""
        dice = random.Random(11)
        probed = {}
        spent = 0
        for _ in range(PROBED):
            stream, variant = dice.choice([(stream, variant) for stream, variants in self.kinds.items() for variant in variants])
            now = dice.randint(NOW - 3 * DAY, NOW + 3 * DAY) + dice.randint(0, 999) / 1000
            with self.subTest(stream=stream, variant=variant, now=now):
                spent += self.check_dates(stream, variant, now, probed)
        print(f"{spent} segments compared", file=sys.stderr)

    def check_dates(self, stream, variant, now, probed):
        listed = segments_of(self.server, media_path(stream, variant), now)
        facts = []
        for segment, asked, initial in listed:
            key = segment.uri, asked
            if key not in probed:
                probed[key] = probe(fetched(self.server, segment, asked, initial))
            facts.append(probed[key])
        tolerance = Fraction(FRAME, 90000) if variant == "sound" else Fraction(2, 1000)
        for (before, *_), (segment, *_), (begun, ended), (begin, _) in zip(listed, listed[1:], facts, facts[1:]):
            dated = Fraction(microseconds(segment.date) - microseconds(before.date), 10**6)
            media = ended - begun if segment.discontinuity else begin - begun
            self.assertLessEqual(abs(dated - media), tolerance, (before, segment))
            self.assertLessEqual(abs(Fraction(before.duration) - dated), tolerance)
            if not segment.discontinuity:
                self.assertLessEqual(abs(begin - ended), tolerance, "media go on where there is no discontinuity")
        # The newest has ended, and the next has not: that is the lap's arithmetic, in the media's own time.
        newest, (begin, ended) = listed[-1][0], facts[-1]
        ago = Fraction(str(now)) - Fraction(microseconds(newest.date), 10**6) - (ended - begin)
        self.assertGreaterEqual(ago, -tolerance if variant != "sound" else -2)
        self.assertLess(ago, 6)
        return len(facts)

    def test_the_lap_is_as_long_as_the_media(self):
        for stream, variants in self.kinds.items():
            variant = variants[0]
            listed = segments_of(self.server, media_path(stream, variant), NOW)
            wraps = [i for i, (segment, *_) in enumerate(listed) if segment.discontinuity]
            if stream == "joined" or len(wraps) < 2:
                continue
            lap = listed[wraps[0]:wraps[1]]
            media = sum(ended - begin for begin, ended in (probe(fetched(self.server, *entry)) for entry in lap))
            dated = microseconds(listed[wraps[1]][0].date) - microseconds(lap[0][0].date)
            self.assertLessEqual(abs(Fraction(dated, 10**6) - media), Fraction(1, 1000), stream)
            later = int(NOW + 100000 * media)
            again = self.server.media(stream, variant, later)
            dates = [microseconds(segment.date) for segment in again.segments]
            laps = (dates[-1] / 10**6 - microseconds(lap[0][0].date) / 10**6) / float(media)
            self.assertLess(abs(laps - 100000), 4, stream)

    def verify(self, path, seconds):
        done = subprocess.run([BIN / "continuo", "verify", self.server.url(path), "--seconds", str(seconds), "--json"],
                              capture_output=True, text=True, timeout=seconds + 60, preexec_fn=die_with_us)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        report = json.loads(done.stdout)
        return [finding for finding in report["findings"] if finding["weight"] != "advice"]

    def test_verify_finds_nothing_over_wraps_and_seams(self):
        paths = ["/pseudolive/ts/master.m3u8", "/pseudolive/plain/master.m3u8", "/pseudolive/joined/master.m3u8",
                 "/live/mixed/master.m3u8"]
        with concurrent.futures.ThreadPoolExecutor(len(paths)) as pool:
            for path, findings in zip(paths, pool.map(lambda path: self.verify(path, 20), paths)):  # three laps of 6 s
                with self.subTest(path):
                    self.assertEqual(findings, [])

    def played(self, path, seconds):
        """Numbers of the pictures that ffmpeg decodes in so many seconds of real time."""
        output = ["-map", "0:v:0", "-vf", "crop=iw:ih/12:0:0,scale=16:1:flags=area,format=gray", "-fps_mode", "passthrough", "-f",
                  "rawvideo", "-"]
        cells = self.read_on(path, seconds, output)
        return [sum(1 << bit for bit in range(16) if cells[at + bit] > 127) for at in range(0, len(cells) - 15, 16)]

    def read_on(self, path, seconds, output):
        command = ["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "warning", "-re", "-i", self.server.url(path), "-t",
                   str(seconds), *output]
        return subprocess.run(command, capture_output=True, timeout=seconds + 40, check=True, preexec_fn=die_with_us).stdout

    def test_ffmpeg_plays_over_wraps_and_seams(self):
        lists = {media_path("ts", "hi"): (150,), "/live/mixed/hi/index.m3u8": (150, 597), media_path("locked", "hi"): (150,)}
        with concurrent.futures.ThreadPoolExecutor(len(lists)) as pool:
            for (path, laps), numbers in zip(lists.items(), pool.map(lambda path: self.played(path, 20), lists)):
                with self.subTest(path):
                    self.assertGreater(len(numbers), 18 * 25)
                    wraps = [index for index, number in enumerate(numbers) if index > 0 and number == 0]
                    self.assertGreaterEqual(len(wraps), 1 if "mixed" in path else 3)
                    for begin, end in zip([0, *wraps], [*wraps, len(numbers)]):
                        self.assertEqual(missing(numbers[begin:end]), [], "every picture, in order")
                    for wrap in wraps:
                        self.assertIn(numbers[wrap - 1] + 1, laps)

    def test_ffmpeg_reads_fragments_over_wraps(self):
        # Packets, since ffmpeg 5.1 decodes nothing of the first segment behind a wrap of fragmented MP4, however it is listed.
        output = ["-map", "0:v:0", "-c", "copy", "-f", "framemd5", "-"]
        lines = self.read_on(media_path("fmp4", "hi"), 20, output).decode().splitlines()
        packets = [line.rsplit(",", 1)[1] for line in lines if not line.startswith("#")]
        self.assertGreater(len(packets), 18 * 25)
        self.assertEqual(len(set(packets)), 150)
        self.assertEqual(packets[150:], packets[:-150])


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
