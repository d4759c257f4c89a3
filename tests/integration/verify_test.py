#!/usr/bin/env python3
"""continuo verify against ffmpeg's own live HLS, and against an origin that breaks one thing at a time.

usage: verify_test.py PATH_TO_CONTINUO [unittest arguments]
"""
import concurrent.futures
import datetime
import functools
import gzip
import hashlib
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM = ""
DEADLINE = 20  # s, for everything that should happen soon
WATCHED = 8  # s, of each origin with segments of one second

VARIANTS = {"high": "160x90", "low": "128x72"}
SEGMENTS = 45
WINDOW = 6
NEWEST_AT_START = 8


def wait_for(condition, what):
    deadline = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {DEADLINE} s: {what}")
        time.sleep(0.05)


def verify(url, *arguments, seconds=WATCHED):
    """Runs `continuo verify --json`; gives its exit code and its report."""
    done = subprocess.run(
        [PROGRAM, "verify", url, "--seconds", str(seconds), "--json", *arguments],
        capture_output=True, text=True, timeout=seconds + 60,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def rules(report, weight):
    return {finding["rule"] for finding in report["findings"] if finding["weight"] == weight}


class Directory(unittest.TestCase):
    """A directory in memory, and processes that end with the test."""

    def setUp(self):
        base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="continuo-verify-test-", dir=base))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def start(self, *command):
        process = subprocess.Popen(command, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process


class PlainHandler(http.server.SimpleHTTPRequestHandler):
    """Python's own file server, HTTP/1.0, no ranges."""

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256  # Python's 5 drop what nine verifiers that ask at once send; TCP repeats it after seconds

    def handle_error(self, *_):
        """A verifier that ends leaves its connections: nothing to tell."""


def serve(handler):
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class FfmpegTest(Directory):
    """What ffmpeg's hls muxer is known to do well, and not so well."""

    def ffmpeg(self, *options, threshold):
        self.start(
            "ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25",
            "-f", "lavfi", "-i", "sine=r=48000", *options, "-c:v", "libx264", "-preset", "ultrafast", "-g", "25",
            "-sc_threshold", "0", "-c:a", "aac", "-f", "hls", "-hls_time", "1", "-hls_list_size", "6",
            "-hls_delete_threshold", str(threshold),
            "-hls_flags", "delete_segments+program_date_time+temp_file+independent_segments", "-master_pl_name", "master.m3u8",
            *(["-var_stream_map", "v:0,a:0 v:1,a:1"] if options else []), "v%v.m3u8" if options else "v0.m3u8",
        )  # fmt: skip
        wait_for((self.directory / "v0.m3u8").exists, "ffmpeg's first playlist")
        server = serve(functools.partial(PlainHandler, directory=str(self.directory)))
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def test_a_media_playlist_of_ffmpeg_breaks_nothing(self):
        url = self.ffmpeg(threshold=12)
        exit_code, report = verify(url + "/v0.m3u8")
        self.assertEqual([], [f for f in report["findings"] if f["weight"] == "broken"])
        self.assertEqual(0, exit_code)
        self.assertGreaterEqual(report["segments"], 6)
        # VERSION 6 without need, and what Python's server does not do.
        self.assertEqual({1, 33, 34, 36}, rules(report, "advice"))

    def test_a_ladder_of_ffmpeg_declares_less_bandwidth_than_it_needs(self):
        split = ("-filter_complex", "[0:v]split[a][b]", "-map", "[a]", "-map", "1:a", "-map", "[b]", "-map", "1:a",
                 "-b:v:0", "100k", "-b:v:1", "50k")  # fmt: skip
        url = self.ffmpeg(*split, threshold=12)
        wait_for((self.directory / "master.m3u8").exists, "ffmpeg's multivariant playlist")
        exit_code, report = verify(url + "/master.m3u8")
        self.assertEqual({6}, rules(report, "broken"))
        self.assertEqual(1, exit_code)
        self.assertEqual(2, report["playlists"])

    def test_ffmpeg_deletes_segments_before_their_time(self):
        url = self.ffmpeg(threshold=1)
        exit_code, report = verify(url + "/v0.m3u8", seconds=18)
        self.assertEqual({13}, rules(report, "broken"))
        self.assertEqual(1, exit_code)


class Origin:
    """A ladder of two variants in segments of one second, made once, played by the clock; `fault` breaks one thing."""

    folder, suffix, kind = "ts", ".ts", "video/mp2t"

    def __init__(self, directory, fault):
        self.directory, self.fault = directory / self.folder, fault
        self.start = time.monotonic()
        self.epoch = datetime.datetime.now(datetime.timezone.utc)
        self.refused = set()

    def newest(self):
        return min(SEGMENTS, NEWEST_AT_START + int(time.monotonic() - self.start))

    def playlist(self, variant):
        end = self.newest()
        first = end - WINDOW
        last_fault = time.monotonic() - self.start
        if self.fault == "goes back" and 4 < last_fault < 5:
            first, end = first - 2, end - 2
        slip = 1 if self.fault == "slipped" and variant == "low" else 0
        if self.fault == "behind" and variant == "low":
            first, end = first - 2, end - 2
        lines = ["#EXTM3U", *self.head(), "#EXT-X-TARGETDURATION:1", f"#EXT-X-MEDIA-SEQUENCE:{first + slip}"]
        for number in range(first, end):
            longer = self.fault == "duration" and number == NEWEST_AT_START
            date = self.epoch + datetime.timedelta(seconds=number - NEWEST_AT_START)
            if self.fault == "duration" and number > NEWEST_AT_START:
                date += datetime.timedelta(milliseconds=5)
            lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{date.isoformat(timespec='milliseconds')}")
            lines.append("#EXTINF:1.005000," if longer else "#EXTINF:1.000000,")
            lines.append(f"{self.picture(number)}{self.suffix}?n={number}")
        return ("\n".join(lines) + "\n").encode()

    def head(self):
        return ["#EXT-X-VERSION:3"]

    def picture(self, number):
        """The file of a segment; a loop begins again at the eleventh without saying so."""
        return (number - 10 if number >= 10 else number) if self.fault == "loop" else number

    def master(self):
        lines = ["#EXTM3U", "#EXT-X-VERSION:3"]
        for variant, size in VARIANTS.items():
            lines.append(f'#EXT-X-STREAM-INF:BANDWIDTH=2000000,RESOLUTION={size},CODECS="avc1.42c00b,mp4a.40.2"')
            lines.append(f"{variant}/index.m3u8")
        return ("\n".join(lines) + "\n").encode()

    def body_of(self, path):
        """(type, cache, bytes) of a path below the origin; None: not there."""
        if path == "master.m3u8":
            return "application/vnd.apple.mpegurl", "max-age=1", self.master()
        variant, _, name = path.partition("/")
        if variant in VARIANTS and name == "index.m3u8":
            return "application/vnd.apple.mpegurl", "max-age=0", self.playlist(variant)
        file = self.directory / variant / name
        if file.suffix not in (self.suffix, ".mp4") or not file.exists():
            return None
        is_new = file.stem.isdigit() and int(file.stem) > NEWEST_AT_START + 2
        if self.fault == "not yet" and is_new and file not in self.refused:
            self.refused.add(file)
            return None
        return self.kind, "max-age=3600, immutable", self.media(file, is_new)

    def media(self, file, _):
        return file.read_bytes()


class FragmentedOrigin(Origin):
    folder, suffix, kind = "fmp4", ".m4s", "video/mp4"

    def head(self):
        return super().head() if self.fault == "no map" else ["#EXT-X-VERSION:6", '#EXT-X-MAP:URI="init.mp4"']

    def picture(self, number):
        """One is left out."""
        return number + (self.fault == "gap" and number >= 10)

    def media(self, file, is_new):
        if self.fault == "no header" and file.stem == "init":
            file = file.with_name("0.m4s")
        return file.read_bytes()[: -100 if self.fault == "cut off" and is_new else None]


class OriginHandler(http.server.BaseHTTPRequestHandler):
    """Serves origins as rules 33 to 36 ask; the first folder of a path is the origin's fault."""

    protocol_version = "HTTP/1.1"
    origins: dict[str, Origin] = {}

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer(with_body=True)

    def do_HEAD(self):
        self.answer(with_body=False)

    def do_OPTIONS(self):
        self.send_answer(204, {"Access-Control-Allow-Headers": "Range", "Access-Control-Allow-Methods": "GET, HEAD"})

    def answer(self, with_body):
        name, _, path = self.path.partition("?")[0].lstrip("/").partition("/")
        origin = self.origins[name.replace("_", " ")]
        found = origin.body_of(path)
        if not found:
            return self.send_answer(404, {"Cache-Control": "max-age=1"}, b"not there", with_body)
        kind, cache, body = found
        tag = '"' + hashlib.sha1(body).hexdigest() + '"'
        headers = {"Content-Type": kind, "Cache-Control": cache, "ETag": tag}
        if self.headers["If-None-Match"] == tag:
            return self.send_answer(304, headers)
        if not path.endswith(".m3u8"):
            return self.send_segment(origin, headers, body, with_body)
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body)
        self.send_answer(200, headers, body, with_body, torn=origin.fault == "torn" and 3 < time.monotonic() - origin.start < 4)

    def send_segment(self, origin, headers, body, with_body):
        if origin.fault == "head" and not with_body:
            return self.send_answer(405, {})
        headers["Accept-Ranges"] = "bytes"
        if wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            first, last = int(wanted[1]), min(int(wanted[2] or len(body)), len(body) - 1)
            if first >= len(body):
                return self.send_answer(416, {"Content-Range": f"bytes */{len(body)}"})
            headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
            return self.send_answer(206, headers, body[first : last + 1], with_body)
        self.send_answer(200, headers, body, with_body)

    def send_answer(self, status, headers, body=b"", with_body=True, torn=False):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Access-Control-Allow-Origin", "*")
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body) + (100 if torn else 0)))
        self.end_headers()
        if with_body and status not in (204, 304):
            self.wfile.write(body)
        if torn:
            self.close_connection = True


class OriginTest(Directory):
    """One run of the verifier for each fault, all at once."""

    FAULTS = {
        "none": set(),
        "duration": {4},
        "goes back": {8},
        "not yet": {12},
        "torn": {15},
        "slipped": {20},
        "behind": {21},
        "loop": {23},
        "head": {33},
    }
    FRAGMENTED_FAULTS = {
        "sound": set(),
        "no map": {4},
        "no header": {4},
        "cut off": {4},
        "gap": {4, 23},  # what EXTINF says is not how far the segments are apart
    }

    def make_segments(self, kind, *options):
        folder = self.directory / kind.folder
        for variant in VARIANTS:
            (folder / variant).mkdir(parents=True)
        subprocess.run(
            ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25", "-f", "lavfi", "-i", "sine=r=48000",
             "-filter_complex", f"[0:v]split[a][b];[b]scale={VARIANTS['low'].replace('x', ':')}[c]",
             *[argument for video, variant in (("[a]", "high"), ("[c]", "low"))
               for argument in ("-map", video, "-map", "1:a", "-t", str(SEGMENTS), "-c:v", "libx264", "-preset", "ultrafast",
                                "-g", "25", "-sc_threshold", "0", "-c:a", "aac", "-f", "hls", "-hls_time", "1",
                                "-hls_list_size", "0", *options, "-hls_segment_filename", f"{variant}/%d{kind.suffix}",
                                f"{variant}/all.m3u8")]],
            cwd=folder, check=True,
        )  # fmt: skip

    def test_each_fault_is_told_by_its_rule(self):
        self.make_segments(Origin)
        self.make_segments(FragmentedOrigin, "-hls_segment_type", "fmp4")
        server = serve(OriginHandler)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        OriginHandler.origins = {fault: Origin(self.directory, fault) for fault in self.FAULTS}
        OriginHandler.origins |= {fault: FragmentedOrigin(self.directory, fault) for fault in self.FRAGMENTED_FAULTS}
        faults = self.FAULTS | self.FRAGMENTED_FAULTS

        def run(fault):
            url = f"http://127.0.0.1:{server.server_port}/{fault.replace(' ', '_')}/master.m3u8"
            return verify(url, "--strict")

        with concurrent.futures.ThreadPoolExecutor(len(faults)) as pool:
            reports = dict(zip(faults, pool.map(run, faults)))
        for fault, expected in faults.items():
            with self.subTest(fault=fault):
                exit_code, report = reports[fault]
                self.assertEqual(expected, rules(report, "broken"), report["findings"])
                self.assertEqual(set(), rules(report, "advice"), report["findings"])
                self.assertEqual(1 if expected else 0, exit_code)
                self.assertGreaterEqual(report["segments"], 2 * (WINDOW + 3))


class CommandTest(Directory):
    def test_nobody_listens(self):
        done = subprocess.run([PROGRAM, "verify", "http://127.0.0.1:9/a.m3u8", "--seconds", "1"], capture_output=True, text=True,
                              timeout=DEADLINE)  # fmt: skip
        self.assertEqual(69, done.returncode)
        self.assertRegex(done.stderr, r"^http://127.0.0.1:9/a.m3u8: no playlist in \d+ s: .*[Cc]onnect")

    def test_what_is_no_playlist(self):
        (self.directory / "page.html").write_text("<html>")
        server = serve(functools.partial(PlainHandler, directory=str(self.directory)))
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        exit_code, message = verify(f"http://127.0.0.1:{server.server_port}/page.html", seconds=1)
        self.assertEqual(69, exit_code)
        self.assertIn("no playlist", message)

    def test_what_is_no_url(self):
        self.assertEqual(64, verify("live/master.m3u8", seconds=1)[0])

    def test_an_interrupt_ends_the_run_with_its_summary(self):
        server = serve(OriginHandler)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        OriginHandler.origins = {"empty": Origin(self.directory, "empty")}
        process = subprocess.Popen([PROGRAM, "verify", f"http://127.0.0.1:{server.server_port}/empty/high/index.m3u8", "--seconds", "600"],
                                   stdout=subprocess.PIPE, text=True)  # fmt: skip
        self.assertIn("rule 7", process.stdout.readline())  # no segment is there
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=DEADLINE)[0]
        self.assertEqual(1, process.returncode)
        self.assertIn("broken: ", rest.splitlines()[-1])


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip())
        sys.exit(0 if len(sys.argv) > 1 else 64)
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
