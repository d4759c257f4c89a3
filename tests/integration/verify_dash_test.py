#!/usr/bin/env python3
"""continuo verify against a DASH origin that breaks one thing at a time, against a file server, and against our own simulator.

usage: CONTINUO_BIN=build/dev/bin verify_dash_test.py [unittest arguments]
"""
import concurrent.futures
import datetime
import functools
import http.server
import pathlib
import re
import subprocess
import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree

import verify_test
from dash_live import DashServer, make_asset
from house import BIN
from verify_test import Directory, PlainHandler, rules, serve, verify

WATCHED = 8  # s, of each origin with segments of one second
SEGMENTS = 45
DEPTH = 6  # s
NEWEST_AT_START = 10
NAMESPACE = "{urn:mpeg:dash:schema:mpd:2011}"


def make_media(folder):
    """Pictures and sound in segments of about a second, and {id: (timescale, [(start, duration)])}."""
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25", "-f", "lavfi", "-i", "sine=r=48000",
         "-t", str(SEGMENTS), "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-sc_threshold", "0", "-c:a", "aac",
         "-f", "dash", "-seg_duration", "1", "-use_timeline", "1", "-init_seg_name", "$RepresentationID$-init.mp4",
         "-media_seg_name", "$RepresentationID$-$Number$.m4s", "all.mpd"],
        cwd=folder, check=True)  # fmt: skip
    listed = {}
    for representation in ElementTree.parse(folder / "all.mpd").iter(f"{NAMESPACE}Representation"):
        template = representation.find(f"{NAMESPACE}SegmentTemplate")
        segments, at = [], 0
        for entry in template.iter(f"{NAMESPACE}S"):
            at = int(entry.get("t", at))
            for _ in range(int(entry.get("r", 0)) + 1):
                segments.append((at, int(entry.get("d"))))
                at += segments[-1][1]
        listed[representation.get("id")] = int(template.get("timescale")), segments
    return listed


class Origin:
    """What `make_media` made, played by the clock; `fault` breaks one thing."""

    def __init__(self, folder, listed, fault):
        self.folder, self.listed, self.fault = folder, listed, fault
        self.first = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=NEWEST_AT_START)
        self.first = self.first.replace(microsecond=0)
        self.published = {}  # publishTime: MPD

    def now(self):
        return (datetime.datetime.now(datetime.timezone.utc) - self.first).total_seconds()

    def date(self, seconds):
        return (self.first + datetime.timedelta(seconds=seconds)).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def window(self, track, now):
        """[(number, start, duration)] of what has ended, as far back as the time-shift buffer reaches."""
        timescale, segments = self.listed[track]
        entries = [(number, *segment) for number, segment in enumerate(segments, start=1)]
        ends = [(entry, (entry[1] + entry[2]) / timescale) for entry in entries]
        return [entry for entry, end in ends if now - DEPTH - 0.5 < end <= now + (1 if self.fault == "ahead" else 0)]

    def period(self, now):
        sets = []
        for track, (timescale, _) in self.listed.items():
            window = self.window(track, now)
            off = 900 if self.fault == "shifted" and track == "0" else 0
            changed = self.fault == "changed" and now > NEWEST_AT_START + 4
            entries = "".join(f'<S t="{start + off}" d="{duration - (changed and index == 1)}"/>'
                              for index, (_, start, duration) in enumerate(window))
            kind = "video" if track == "0" else "audio"
            sets.append(f'<AdaptationSet mimeType="{kind}/mp4"><Representation id="{track}" bandwidth="100000">'
                        f'<SegmentTemplate timescale="{timescale}" startNumber="{window[0][0]}" '
                        'initialization="$RepresentationID$-init.mp4" media="$RepresentationID$-$Number$.m4s">'
                        f"<SegmentTimeline>{entries}</SegmentTimeline></SegmentTemplate></Representation></AdaptationSet>")
        return f'<Period id="p" start="PT0S">{"".join(sets)}</Period>'

    def mpd(self):
        now = self.now()
        # A segment comes when it ends, and leaves when the time-shift buffer has.
        early = 1 if self.fault == "ahead" else 0
        ends = [(start + duration) / timescale for timescale, segments in self.listed.values() for start, duration in segments]
        changes = [at for end in ends for at in (end - early, end + DEPTH + 0.5) if at <= now]
        published = self.date(1 if self.fault == "stuck" else max(changes))
        patch = "<PatchLocation>patch.mpp</PatchLocation>" if "patch" in self.fault else ""
        text = (f'<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" id="m" type="dynamic" availabilityStartTime="{self.date(0)}" '
                f'publishTime="{published}" minimumUpdatePeriod="PT1S" timeShiftBufferDepth="PT{DEPTH}S">{patch}'
                f'{self.period(now)}<UTCTiming schemeIdUri="urn:mpeg:dash:utc:http-xsdate:2014" value="time"/></MPD>')
        self.published[published] = text
        return text

    def patch(self):
        """For the newest MPD that was asked for, of the one that there is now."""
        published = re.compile('publishTime="([^"]+)"')
        before = published.search(list(self.published.values())[-1])[1]
        after = self.mpd()
        if published.search(after)[1] == before:
            return None
        period = re.search("<Period.*</Period>", after)[0]
        if self.fault == "wrong patch":
            period = period.replace('start="PT0S"', 'start="PT0.5S"')
        return (f'<Patch mpdId="m" originalPublishTime="{before}" publishTime="{published.search(after)[1]}">'
                f'<replace sel="/MPD/@publishTime">{published.search(after)[1]}</replace>'
                f"<replace sel=\"/MPD/Period[@id='p']\">{period}</replace></Patch>")

    def answer(self, name):
        """(status, type, text or bytes)"""
        if name == "live.mpd":
            return 200, "application/dash+xml", self.mpd()
        if name == "patch.mpp":
            patch = self.patch()
            return (200, "application/dash-patch+xml", patch) if patch else (425, "text/plain", "")
        if name == "time":
            return (404 if self.fault == "no clock" else 200), "text/plain", self.date(self.now())
        track, _, number = name.removesuffix(".m4s").partition("-")
        if not (self.folder / name).exists():
            return 404, "text/plain", ""
        if number.isdigit():
            timescale, segments = self.listed[track]
            start, duration = segments[int(number) - 1]
            age = self.now() - (start + duration) / timescale
            late = 0.6 if self.fault == "not yet" else 0  # more than a poll takes to see it listed
            if age < late and self.fault not in ("early", "ahead"):
                return 425, "text/plain", ""
            if self.fault == "gone" and age > 3:
                return 410, "text/plain", ""
        return 200, "video/mp4", (self.folder / name).read_bytes()


class OriginHandler(http.server.BaseHTTPRequestHandler):
    """The first folder of a path is the origin's fault."""

    protocol_version = "HTTP/1.1"
    origins: dict[str, Origin] = {}

    def log_message(self, *_):
        pass

    def do_GET(self):
        fault, _, name = self.path.lstrip("/").partition("/")
        status, kind, body = self.origins[fault.replace("_", " ")].answer(name)
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class OriginTest(Directory):
    """One run of the verifier for each fault, all at once."""

    FAULTS = {
        "none": set(),
        "stuck": {"D1"},
        "changed": {"D3"},
        "ahead": {"D4", "D5"},
        "not yet": {"D5"},
        "early": {"D5"},
        "gone": {"D5"},
        "shifted": {"D6"},
        "no clock": {"D10"},
        "patch": set(),
        "wrong patch": {"D11"},
    }

    def test_each_fault_is_told_by_its_rule(self):
        listed = make_media(self.directory)
        server = serve(OriginHandler)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        OriginHandler.origins = {fault: Origin(self.directory, listed, fault) for fault in self.FAULTS}

        def run(fault):
            return verify(f"http://127.0.0.1:{server.server_port}/{fault.replace(' ', '_')}/live.mpd", seconds=WATCHED)

        with concurrent.futures.ThreadPoolExecutor(len(self.FAULTS)) as pool:
            reports = dict(zip(self.FAULTS, pool.map(run, self.FAULTS)))
        for fault, expected in self.FAULTS.items():
            with self.subTest(fault=fault):
                exit_code, report = reports[fault]
                self.assertEqual(expected, rules(report, "broken"), report["findings"])
                self.assertEqual(1 if expected else 0, exit_code)
                self.assertEqual(2, report["representations"])
                self.assertGreaterEqual(report["segments"], 2 * WATCHED)
                self.assertEqual([], report["notes"])


class FileTest(Directory):
    def test_a_static_presentation_of_ffmpeg_breaks_nothing(self):
        make_media(self.directory)
        server = serve(functools.partial(PlainHandler, directory=str(self.directory)))
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        exit_code, report = verify(f"http://127.0.0.1:{server.server_port}/all.mpd", seconds=2)
        self.assertEqual([], report["findings"])
        self.assertEqual(0, exit_code)
        self.assertGreaterEqual(report["segments"], 2 * 10)

    def test_what_is_no_presentation(self):
        (self.directory / "all.mpd").write_text("<MPD/>")
        server = serve(functools.partial(PlainHandler, directory=str(self.directory)))
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        exit_code, message = verify(f"http://127.0.0.1:{server.server_port}/all.mpd", seconds=1)
        self.assertEqual(69, exit_code)
        self.assertIn("an MPD that can't be read", message)


class SimulatorTest(unittest.TestCase):
    """Our own live simulator, in each way of addressing."""

    OPTIONS = ("", "segtimeline_1", "segtimelinenr_1", "segtimeline_1/patch_60", "segtimeline_1/periods_60", "tsbd_4",
               "ato_1.5/chunkdur_0.5", "utc_httpiso", "startrel_-20/segtimeline_1")

    def test_nothing_is_broken(self):
        with DashServer() as server:
            make_asset(server.root / "even")
            server.start("even/manifest.mpd")
            urls = [f"http://127.0.0.1:{server.port}/livesim2/{options}{'/' if options else ''}even/manifest.mpd"
                    for options in self.OPTIONS]
            with concurrent.futures.ThreadPoolExecutor(len(urls)) as pool:
                reports = list(pool.map(functools.partial(verify, seconds=12), urls))
        for options, (exit_code, report) in zip(self.OPTIONS, reports):
            with self.subTest(options=options):
                self.assertEqual([], report["findings"])
                self.assertEqual(0, exit_code)
                self.assertGreaterEqual(report["segments"], 8)


if __name__ == "__main__":
    verify_test.PROGRAM = str(pathlib.Path(BIN) / "continuo")
    sys.exit(unittest.main(verbosity=2))
