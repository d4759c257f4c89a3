#!/usr/bin/env python3
"""DASH assets served as if they were live: what MPDs list is there and what they don't is not, to the millisecond; faults;
chunks at their times; absurd requests. Runs the vectors of the predecessors too, where CONTINUO_VECTORS names their folder
or they lie beside the checkout.

usage: CONTINUO_BIN=build/dev/bin dashlive_test.py [unittest arguments]
"""
import base64
import importlib.util
import json
import os
import random
import sys
import threading
import time
import unittest
import urllib.parse
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

from dash_live import DashServer, Manifest, find_boxes, header_of, make_asset, segment_of

NOW = 1_800_000_000_000  # ms since 1970: what tests take for "now" where any time will do
EVEN, ODD = "even/manifest.mpd", "odd/manifest.mpd"
MODES = ("segtimeline_1", "segtimelinenr_1")


def vectors_folder():
    beside = Path(__file__).resolve().parents[2].parent / "shared/vectors"
    return Path(os.environ.get("CONTINUO_VECTORS", beside))


class Served(unittest.TestCase):
    """One server with assets of 25 and of 29.97 pictures a second, whose sound is no whole number of frames a segment."""

    @classmethod
    def setUpClass(cls):
        cls.server = DashServer()
        cls.addClassCleanup(cls.server.__exit__, None)
        make_asset(cls.server.root / "even")
        make_asset(cls.server.root / "odd", rate="30000/1001", gop=60, seconds="8.008", segment="2.002", sound_rate=44100,
                   muxer=("-use_timeline", "1"))
        cls.server.start(EVEN, ODD)

    def get(self, path, now=None, **more):
        joint = "&" if "?" in path else "?"
        return self.server.get(path if now is None else f"{path}{joint}nowMS={now}", **more)

    def manifest(self, options, asset, now, dialect="livesim2"):
        return self.server.manifest(f"/{dialect}/{options}{'/' if options else ''}{asset}?nowMS={now}")

    def check_segments(self, manifest, now, kinds=("video", "audio")):
        """All that is listed is there, says what the list says, and leaves no gap."""
        for period in range(len(manifest.periods)):
            for kind in kinds:
                track = manifest.track(kind, period)
                header = header_of(self.get(track.initialisation, now).body)
                self.assertEqual(header.timescale, track.timescale)
                listed = list(track.segments())
                self.assertTrue(listed)
                for segment in listed:
                    answer = self.get(segment.url, now)
                    self.assertEqual(answer.status, 200, (segment, answer.body))
                    said = segment_of(answer.body, header.default_duration)
                    shown = max(0, said.start - header.edit), said.start + said.duration - header.edit
                    self.assertEqual(shown, (segment.start, segment.start + segment.duration), segment)
                    if "$Number" in track.template.get("media"):
                        self.assertEqual(said.number, segment.number)


class Addressing(Served):
    def test_what_a_timeline_lists_is_there_as_it_says(self):
        dice = random.Random(6)
        for mode in MODES:
            for asset in (EVEN, ODD):
                for now in (dice.randint(0, 60_000), NOW + dice.randint(0, 10_000)):
                    with self.subTest(mode=mode, asset=asset, now=now):
                        self.check_segments(self.manifest(f"{mode}/tsbd_12", asset, now), now)

    def test_numbers_are_counted_from_the_availability_start(self):
        for asset, seconds in ((EVEN, Fraction(2)), (ODD, Fraction(2002, 1000))):
            manifest = self.manifest("", asset, NOW)
            last = int(Fraction(NOW, 1000) / seconds) - 1
            for kind in ("video", "audio"):
                track = manifest.track(kind)
                self.assertEqual(track.template.get("startNumber"), "0")
                timescale = header_of(self.get(track.initialisation, NOW).body).timescale
                for number in range(last - 5, last + 1):
                    said = segment_of(self.get(track.expanded(track.template.get("media"), number), NOW).body)
                    self.assertEqual(said.number, number % 2**32)
                    offset = said.start - number * seconds * timescale
                    self.assertTrue(0 <= offset < (1024 if kind == "audio" else 1), (number, offset))

    def test_lists_of_overlapping_times_agree(self):
        dice = random.Random(7)
        for mode in MODES:
            seen = {}
            for now in sorted(dice.randint(NOW, NOW + 60_000) for _ in range(12)):
                manifest = self.manifest(f"{mode}/tsbd_20", ODD, now)
                for kind in ("video", "audio"):
                    for segment in manifest.track(kind).segments():
                        times = segment.start, segment.duration
                        self.assertEqual(seen.setdefault((kind, segment.url), times), times)

    def test_edges_are_exact_to_the_millisecond(self):
        for options, ahead, depth in (("", 0, 60), ("ato_1.5", 1500, 60), ("tsbd_8", 0, 8), ("start_1000", 0, 60)):
            base = f"/livesim2/{options}{'/' if options else ''}even"
            start = 1_000_000 if "start" in options else 0
            for track in (0, 1):
                url = self.server.manifest(f"{base}/manifest.mpd?nowMS={start + 100_000}").tracks()[track].numbered(98)
                begin = start + 100_000 - ahead
                end = begin + depth * 1000 + 10_000
                for now, status in ((begin - 1, 425), (begin, 200), (end, 200), (end + 1, 410)):
                    answer = self.get(url, now)
                    self.assertEqual(answer.status, status, (url, now, answer.body[:200]))
                    if status != 200:
                        self.assertRegex(json.loads(answer.text)["detail"], r"\b1 ms$")

    def test_what_sessions_of_all_kinds_list_is_there(self):
        dice = random.Random(9)
        kinds = ("", "snr_7", "start_1799999000", "start_1799999990", "tsbd_8", "ato_1.5", "start_1799999000/timeoffset_1000",
                 "periods_60", "periods_60/continuous_1", "scte35_2", "sidx_1", "chunkdur_0.5", "timesubswvtt_en", "eccp_cbcs",
                 "eccp_cenc", "periods_60/etp_60", "periods_60/peroff_1", "dur_3600", "modulo_10", "cont_1", "tfdt_32",
                 "utc_direct")
        for dialect in ("livesim", "livesim2"):
            for kind in kinds:
                mode, now = dice.choice(MODES), NOW + dice.randint(0, 59_000)
                options = f"{kind}/{mode}" if kind else mode
                if "tsbd" not in kind:
                    options += "/tsbd_14"
                with self.subTest(dialect=dialect, options=options, now=now):
                    manifest = self.manifest(options, EVEN, now, dialect)
                    for period in range(len(manifest.periods)):
                        for track in manifest.tracks(period):
                            self.assertEqual(self.get(track.initialisation, now).status, 200)
                            for segment in track.segments():
                                answer = self.get(segment.url, now)
                                self.assertEqual(answer.status, 200, (segment, answer.body))
                                said = segment_of(answer.body)
                                self.assertLessEqual(abs(said.start - segment.start), 1024, segment)

    def test_the_urls_of_the_older_simulator_work(self):
        begin, now = 1504191600, NOW
        manifest = self.manifest(f"start_{begin}/tsbd_3000000000", EVEN, now, "livesim")
        self.assertEqual(manifest.root.get("availabilityStartTime"), "2017-08-31T15:00:00Z")
        self.assertEqual(manifest.root.get("timeShiftBufferDepth"), "PT833333H20M")
        for ago in (4, 1000, 295_808_000):
            url = manifest.track("video").numbered(now // 1000 - begin - ago)
            whole = self.get(url, now)
            self.assertEqual(whole.status, 200, (url, whole.body))
            part = self.get(url, now, headers={"Range": "bytes=100-199"})
            self.assertEqual((part.status, part.body), (206, whole.body[100:200]))

    def test_a_segment_has_the_same_bytes_under_all_its_names(self):
        names = []
        for mode, media in (("", "number"), ("segtimeline_1", "time"), ("segtimelinenr_1", "number")):
            manifest = self.manifest(mode, EVEN, NOW)
            track = manifest.track("video")
            names.append(track.numbered(NOW // 1000 - 4) if not mode else list(track.segments())[-2].url)
        bodies = {self.get(name, NOW).body for name in names}
        self.assertEqual(len(bodies), 1, names)

    def test_a_wrap_leaves_no_gap(self):
        manifest = self.manifest("segtimeline_1/tsbd_20", ODD, NOW)
        for kind in ("video", "audio"):
            segments = list(manifest.track(kind).segments())
            self.assertGreater(len(segments), 8)
            for before, after in zip(segments, segments[1:]):
                self.assertEqual(before.start + before.duration, after.start)

    def test_what_is_not_there_is_404(self):
        for path in ("/livesim2/nothing/manifest.mpd", "/livesim2/even/other.mpd", "/livesim2/even/manifest.mp4",
                     "/livesim2/foo_1/nothing/manifest.mpd", "/livesim2/even/", "/livesim2/even/chunk-stream9-00001.m4s",
                     "/livesim2/segtimeline_1/even/chunk-stream0-00001.m4s", "/livesim2/even/../../etc/passwd",
                     "/livesim2/even/%2e%2e/%2e%2e/config.yaml"):
            self.assertEqual(self.get(path, NOW).status, 404, path)

    def test_old_and_new_prefix_serve_the_same_media(self):
        self.assertEqual(self.get("/livesim/even/init-stream0.m4s").body, self.get("/livesim2/even/init-stream0.m4s").body)


class Http(Served):
    def setUp(self):
        self.mpd = "/livesim2/segtimeline_1/even/manifest.mpd"
        track = self.server.manifest(self.mpd).track("video")
        self.segment, self.header = list(track.segments())[-3].url, track.initialisation

    def test_types_and_lifetimes(self):
        for path, kind, caching in ((self.mpd, "application/dash+xml", "max-age=1"),
                                    (self.segment, "video/mp4", "public, max-age=120, immutable"),
                                    (self.header, "video/mp4", "public, max-age=120, immutable")):
            answer = self.get(path)
            self.assertEqual((answer.headers["content-type"], answer.headers["cache-control"]), (kind, caching), path)
            self.assertEqual(answer.headers["access-control-allow-origin"], "*")
        self.assertEqual(self.get(self.segment, int(time.time() * 1000)).headers["cache-control"], "no-store")
        self.assertEqual(self.get(self.mpd, NOW).headers["cache-control"], "no-store")
        missing = self.get("/livesim2/even/none.mpd")
        self.assertIn(missing.headers["cache-control"], ("no-store", "max-age=1"))
        self.assertEqual(missing.headers["access-control-allow-origin"], "*")

    def test_ranges_are_parts_of_the_whole(self):
        for path in (self.segment, self.header, self.mpd):
            whole = self.get(path, headers={"Accept-Encoding": "identity"})
            self.assertEqual(whole.headers["accept-ranges"], "bytes")
            size = len(whole.body)
            for first, last in ((0, 0), (5, 99), (size // 2, size - 1), (size - 1, size - 1), (0, size + 5)):
                part = self.get(path, headers={"Range": f"bytes={first}-{last}", "If-Range": whole.headers["etag"]})
                if part.headers.get("etag") != whole.headers["etag"]:
                    continue  # the MPD has changed meanwhile
                self.assertEqual((part.status, part.body), (206, whole.body[first:last + 1]), (path, first, last))
                self.assertEqual(part.headers["content-range"], f"bytes {first}-{min(last, size - 1)}/{size}")
            self.assertEqual(self.get(path, headers={"Range": f"bytes={size + 9999}-"}).status, 416)

    def test_head_says_what_get_says(self):
        for path in (self.segment, self.header):
            whole, head = self.get(path), self.get(path, method="HEAD")
            self.assertEqual(head.body, b"")
            self.assertEqual(head.headers["content-length"], str(len(whole.body)))
            self.assertEqual(head.headers["etag"], whole.headers["etag"])

    def test_what_has_not_changed_is_304(self):
        for path in (self.segment, self.header):
            tag = self.get(path).headers["etag"]
            self.assertEqual(self.get(path, headers={"If-None-Match": tag}).status, 304)
            self.assertEqual(self.get(path, headers={"If-None-Match": '"x"'}).status, 200)

    def test_other_sites_may_ask(self):
        answer = self.get(self.mpd, method="OPTIONS", headers={"Origin": "https://example.com"})
        self.assertEqual(answer.status, 204)
        self.assertIn("Range", answer.headers["access-control-allow-headers"])
        self.assertEqual(self.get(self.mpd, method="PUT").status, 405)

    def test_clocks_of_ours_tell_the_time(self):
        for path in ("/time.iso", "/dash/time.txt", "/static/time.txt"):
            before, answer, after = time.time(), self.get(path), time.time()
            told = datetime.fromisoformat(answer.text.strip().replace("Z", "+00:00")).timestamp()
            self.assertTrue(before - 0.002 <= told <= after + 0.002, (path, answer.text))
            self.assertEqual(answer.headers["cache-control"], "no-store")
            self.assertIn("date", answer.headers)
            self.assertIn("Date", answer.headers["access-control-expose-headers"])

    def test_an_mpd_changes_when_its_list_does(self):
        """In real time, since what is answered from memory must not be answered too long."""
        deadline, seen = time.monotonic() + 5, set()
        while time.monotonic() < deadline and len(seen) < 3:
            before = time.time()
            manifest = self.server.manifest(self.mpd)
            after = time.time()
            last = list(manifest.track("video").segments())[-1]
            end = (last.start + last.duration) / last.timescale
            self.assertTrue(end <= after and before < end + 2 + 0.005, (before, end, after))
            seen.add(manifest.root.get("publishTime"))
        self.assertGreaterEqual(len(seen), 3)


class Faults(Served):
    def test_statuscode_fails_the_same_segment_each_cycle(self):
        fault = urllib.parse.quote("[{cycle:10,rsq:2,code:503}]", safe="")
        manifest = self.manifest(f"segtimelinenr_1/statuscode_{fault}/tsbd_30", EVEN, NOW)
        for kind in ("video", "audio"):
            for segment in manifest.track(kind).segments():
                expected = 503 if segment.number % 5 == 2 else 200
                self.assertEqual(self.get(segment.url, NOW).status, expected, segment)

    def test_statuscode_concerns_one_representation(self):
        fault = urllib.parse.quote("[{cycle:2,code:404,rep:1}]", safe="")
        manifest = self.manifest(f"statuscode_{fault}", EVEN, NOW)
        for kind, status in (("video", 200), ("audio", 404)):
            track = manifest.track(kind)
            self.assertEqual(self.get(track.numbered(NOW // 1000 - 10), NOW).status, status)
            self.assertEqual(self.get(track.initialisation, NOW).status, 200)

    def test_faults_reach_players_of_hls(self):
        fault = urllib.parse.quote("[{cycle:10,rsq:2,code:503}]", safe="")
        master = f"/livesim2/statuscode_{fault}/even/manifest.m3u8"

        def uris(path):
            answer = self.get(path) if "nowMS" in path else self.get(path, NOW)
            self.assertEqual(answer.status, 200, answer.body)
            return [urllib.parse.urljoin(path, line) for line in answer.text.splitlines() if line and line[0] != "#"]

        segments = uris(uris(master)[0])
        statuses = [self.get(segment).status for segment in segments]
        first = statuses.index(503)
        self.assertLess(first, 5)
        self.assertEqual(statuses, [503 if i % 5 == first else 200 for i in range(len(statuses))])

    def test_traffic_follows_the_clock(self):
        base = "/livesim2/traffic_u20d10,u10/even"
        manifest = self.server.manifest(f"{base}/manifest.mpd?nowMS=20000")
        bases = [element.text for element in manifest.root.iter("{urn:mpeg:dash:schema:mpd:2011}BaseURL")]
        self.assertEqual(bases, ["bu0/", "bu1/"])
        track = manifest.track("video")
        name = track.numbered(4).rpartition("/")[2]
        for bu, now, status in ((0, 19_999, 200), (0, 20_000, 404), (0, 29_999, 404), (0, 30_000, 200), (1, 20_000, 200),
                                (2, 20_000, 404)):
            self.assertEqual(self.get(f"{base}/bu{bu}/{name}", now).status, status, (bu, now))

    def test_traffic_slows_and_hangs(self):
        results = {}

        def ask(kind):
            begin = time.monotonic()
            answer = self.get(f"/livesim2/traffic_{kind}/even/bu0/init-stream0.m4s", NOW)
            results[kind] = (answer.status, time.monotonic() - begin)

        threads = [threading.Thread(target=ask, args=(kind,)) for kind in ("u10", "s10", "h10")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for kind, status, least, most in (("u10", 200, 0, 1), ("s10", 200, 2, 4), ("h10", 503, 10, 13)):
            self.assertEqual(results[kind][0], status)
            self.assertTrue(least <= results[kind][1] < most, (kind, results[kind]))

    def test_annexi_wants_its_query_for_mpds_and_pictures(self):
        base = "/livesim2/annexI_a=1,b=3/even"
        track = Manifest(f"{base}/manifest.mpd", self.get(f"{base}/manifest.mpd?a=1&b=3", NOW).text)
        video, audio = (track.track(kind).numbered(NOW // 1000 - 10) for kind in ("video", "audio"))
        self.assertEqual(self.get(f"{base}/manifest.mpd", NOW).status, 400)
        self.assertEqual(self.get(f"{base}/manifest.mpd?a=1&b=4", NOW).status, 400)
        for url, without in ((video, 400), (audio, 200)):
            self.assertEqual(self.get(url, NOW).status, without)
            self.assertEqual(self.get(url + "?b=3&a=1", NOW).status, 200)


class LowLatency(Served):
    def stream(self, path):
        """When which bytes came, in seconds since 1970."""
        came = []
        with self.server.connect() as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            fields = {name.lower(): value for name, value in response.getheaders()}
            status = response.status
            while data := response.read1(1 << 16):
                came.append((time.time(), data))
        return status, fields, came

    def test_chunks_come_at_their_times(self):
        """In real time. A chunk is complete when its last picture has been shown, and comes then, not before."""
        base = "/livesim2/ato_1.5/chunkdur_0.5/ltgt_2500/even"
        manifest = self.server.manifest(f"{base}/manifest.mpd")
        for kind in ("video", "audio"):
            track = manifest.track(kind)
            self.assertEqual(track.template.get("availabilityTimeComplete"), "false")
            begin = int(time.time() / 2 + 1) * 2  # of the next segment
            url = track.numbered(begin)
            time.sleep(max(0, begin + 0.5 - time.time()))
            header = header_of(self.get(track.initialisation).body)
            status, fields, came = self.stream(url)
            self.assertEqual((status, fields.get("transfer-encoding")), (200, "chunked"))
            data, complete, late = b"", 0, []
            for when, part in came:
                data += part
                ends = [end for _, end in find_boxes(data, "mdat") if end <= len(data)]
                for end in ends[complete:]:
                    said = segment_of(data[:end], header.default_duration)
                    due = float(Fraction(said.start + said.duration, header.timescale))
                    self.assertGreaterEqual(when, due - 0.002, f"chunk {complete} of {kind} is early")
                    late.append(when - due)
                    complete += 1
            self.assertEqual(complete, 4, kind)
            print(f"{kind}: chunks come {1000 * min(late[1:]):.0f} to {1000 * max(late[1:]):.0f} ms after they are due")
            self.assertLess(max(late[1:]), 0.25)

    def test_what_is_complete_comes_at_once(self):
        track = self.manifest("ato_1.5/chunkdur_0.5", EVEN, NOW).track("video")
        url = track.numbered(NOW // 1000 - 20)
        begin = time.monotonic()
        answer = self.get(url, NOW)
        self.assertLess(time.monotonic() - begin, 0.5)
        self.assertEqual(segment_of(answer.body).fragments, 4)
        plain = segment_of(self.get(url.replace("/chunkdur_0.5", ""), NOW).body)
        self.assertEqual(segment_of(answer.body).media, plain.media)


class Absurd(Served):
    BAD = ("tsbd_a", "tsbd_-1", "tsbd_99999999999999999999", "snr_-1", "snr_9223372036854775808", "mup_0", "mup_-5", "utc_unknown",
           "utc_keep-direct", "ato_x", "ato_-5", "ato_inf/segtimeline_1", "chunkdur_-1", "chunkdur_0", "chunkdur_nan", "ltgt_x",
           "periods_3600", "periods_-1", "periods_1000", "continuous_1", "scte35_4", "scte35_0", "timesubsreg_2",
           "statuscode_[{cycle:0,code:404}]", "statuscode_[{cycle:30,code:200}]", "statuscode_[{cycle:30,rsq:-1}]",
           "statuscode_x", "traffic_", "traffic_u0", "traffic_x10", "annexI_a", "start_x", "start_99999999999999999999",
           "stop_x", "startrel_99999999999999999999", "timeoffset_x", "timeoffset_1e300", "dur_x", "dur_-1", "modulo_0",
           "chunkdurssr_1,1.0", "ssras_1", "ssras_1,2/chunkdurssr_1,100", "patch_x", "patch_0", "eccp_x",
           "segtimeline_1/segtimelinenr_1", "sgai_10:20", "steer_a,b", "cdn_a", "drm_x", "timecc608_CC1-en", "xlink_1x",
           "foo_1", "tsbd_20/foo_1/bar_2")

    def test_bad_options_are_400_that_name_them(self):
        for options in self.BAD:
            with self.subTest(options=options):
                begin = time.monotonic()
                answer = self.get(f"/livesim2/{urllib.parse.quote(options, safe='/')}/{EVEN}", NOW)
                self.assertLess(time.monotonic() - begin, 0.1)
                self.assertEqual(answer.status, 400, answer.body)
                keys = [option.split("_")[0] for option in options.split("/")]
                detail = json.loads(answer.text)["detail"]
                self.assertTrue(any(key in detail for key in keys), detail)
                self.assertGreater(len(detail), len(options) + 8, detail)

    def test_absurd_times_are_400(self):
        for query in ("nowMS=9e18", "nowMS=9000000000000000000", "nowMS=-1", "nowMS=", "nowMS=1.5", "nowDate=x",
                      "nowDate=2024-13-01T00:00:00Z", "publishTime=x"):
            for path in (f"/livesim2/{EVEN}", "/livesim2/even/init-stream0.m4s"):
                answer = self.server.get(f"{path}?{query}")
                self.assertEqual(answer.status, 400, query)
                self.assertIn(query.split("=")[0], answer.text)

    def test_absurd_names_are_no_segments(self):
        track = self.manifest("", EVEN, NOW).track("video")
        for number in (-1, 2**31, 2**63 - 1, 2**63, 2**64, 10**30, "x", "", "1e3", "+1", "0x1", "1.0", "%00"):
            name = track.template.get("media").replace("$RepresentationID$", track.id).replace("$Number%05d$", str(number))
            begin = time.monotonic()
            answer = self.get(f"/livesim2/even/{name}", NOW)
            self.assertIn(answer.status, (400, 404, 425), (number, answer.body))
            self.assertLess(time.monotonic() - begin, 0.1)

    # What each option may have; those of odd values are drawn now and then.
    GOOD = {
        "segtimeline": ("1", "pattern"), "segtimelinenr": ("1", "pattern"), "snr": ("0", "1", "7", "2000000000"),
        "start": ("0", "1000", "1504191600", "1799999990"), "stop": ("1800000100", "1900000000"), "startrel": ("-20", "-60"),
        "stoprel": ("20", "100"), "tsbd": ("0", "8", "60", "3600"), "ato": ("0", "1.5", "inf"), "mup": ("2", "30"), "spd": ("5",),
        "dur": ("60", "600"), "init": ("10",), "modulo": ("10",), "cont": ("1",), "utc": ("none", "head-direct", "keep", "ntp"),
        "tfdt": ("32",), "sidx": ("1",), "periods": ("60", "30", "0"), "continuous": ("1",), "etp": ("60",), "etpDuration": ("5",),
        "insertad": ("1",), "peroff": ("1",), "xlink": ("1", "60"), "mpdcallback": ("30",), "baseurl": ("u40_d20",),
        "segtimelineloss": ("1",), "chunkdur": ("0.5", "2"), "ltgt": ("2500",), "ssras": ("1,0",), "chunkdurssr": ("1,0.5",),
        "scte35": ("1", "2", "3"), "timesubsstpp": ("en", "en,sv"), "timesubswvtt": ("en",), "timesubsdur": ("600",),
        "timesubsreg": ("0", "1"), "statuscode": ("[{cycle:30,rsq:0}]",), "traffic": ("u20d10", "u10,d10"), "annexI": ("a=1",),
        "eccp": ("cbcs", "cenc"), "patch": ("60",), "timeoffset": ("-1.5", "2")}
    ODD_VALUES = ("", "-1", "1e9", "3600", "9223372036854775807", "inf", "x" * 500, "1,2", "en")
    TAILS = ("even/manifest.mpd", "odd/manifest.mpd", "even/init-stream0.m4s", "even/chunk-stream0-{n:05}.m4s",
             "odd/chunk-stream1-{n:05}.m4s", "even/manifest.m3u8", "even/hls/0.m3u8", "even/timestpp-en/init.mp4",
             "even/timestpp-en/{n}.m4s", "odd/bu0/chunk-stream0-{n:05}.m4s", "even/manifest.mpd?period=P1", "even/manifest.mpd?a=1")

    def random_path(self, dice, now):
        def option():
            key = dice.choice(tuple(self.GOOD))
            return f"{key}_{dice.choice(self.GOOD[key] if dice.random() < 0.93 else self.ODD_VALUES)}/"
        options = "".join(option() for _ in range(dice.randint(0, 3)))
        tail = dice.choice(self.TAILS).format(n=max(0, now // 2000 - dice.randint(-1, 20)))
        joint = "&" if "?" in tail else "?"
        return f"/{dice.choice(('livesim', 'livesim2'))}/{urllib.parse.quote(options, safe='/')}{tail}{joint}nowMS={now}"

    def test_no_request_makes_it_grow_or_fail(self):
        dice = random.Random(8)
        statuses, slowest = {}, 0.0
        for i in range(3000):
            path = self.random_path(dice, dice.choice((0, 1, 999, 800_000, 802_000, NOW, NOW + 1234, 68_719_476_736_000)))
            with self.server.connect(5) as connection:
                begin = time.monotonic()
                connection.request("GET", path)
                response = connection.getresponse()
                slowest = max(slowest, time.monotonic() - begin)  # what is not due yet may take its time
            statuses[response.status] = statuses.get(response.status, 0) + 1
            self.assertIn(response.status, (200, 400, 404, 410, 425), path)
            if i == 1000:
                before = self.resident()
        print(f"answers: {dict(sorted(statuses.items()))}; the slowest took {1000 * slowest:.0f} ms")
        self.assertGreater(statuses[200], 500)
        self.assertLess(slowest, 0.5)
        self.assertLess(self.resident() - before, 40_000)

    def resident(self):
        """KiB that the server takes."""
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])


class Features(Served):
    def test_a_patch_makes_the_next_mpd_of_the_one_before(self):
        options = "patch_60/segtimeline_1"
        old = self.manifest(options, EVEN, NOW)
        published = old.root.get("publishTime")
        url = f"/patch/livesim2/{options}/even/manifest.mpp?publishTime={published}"
        self.assertEqual(self.get(url, NOW + 1).status, 425)
        answer = self.get(url, NOW + 4000)
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/dash-patch+xml"))
        self.assertIn(self.manifest(options, EVEN, NOW + 4000).root.get("publishTime"), answer.text)
        self.assertEqual(self.get(url, NOW + 72_001).status, 410)
        self.assertEqual(self.get(f"/patch/livesim2/{options}/even/manifest.mpp", NOW).status, 400)
        old = datetime.fromisoformat(published.replace("Z", "+00:00"))
        self.assertEqual(answer.headers["expires"], (old + timedelta(seconds=70)).strftime("%a, %d %b %Y %H:%M:%S GMT"))

    def test_a_licence_has_the_keys_that_are_asked_for(self):
        manifest = self.manifest("eccp_cbcs", EVEN, NOW)
        kid = manifest.text.split('default_KID="')[1].split('"')[0]
        other = self.manifest("eccp_cbcs", ODD, NOW).text.split('default_KID="')[1].split('"')[0]
        self.assertNotEqual(kid, other)
        asked = base64.urlsafe_b64encode(bytes.fromhex(kid.replace("-", ""))).decode().rstrip("=")
        answer = self.server.get("/livesim2/eccp_cbcs/even/manifest.mpd/eccp.json", method="POST",
                                 headers={"Content-Type": "application/json"},
                                 body=json.dumps({"kids": [asked], "type": "temporary"}))
        self.assertEqual(answer.status, 200, answer.body)
        key = json.loads(answer.text)["keys"][0]
        self.assertEqual((key["kty"], key["kid"]), ("oct", asked))
        self.assertEqual(len(base64.urlsafe_b64decode(key["k"] + "==")), 16)
        for body in (b"", b"x", b"[]", b'{"kids": 5}', b'{"kids": ["' + b"A" * 22 + b'"]}'):
            answer = self.server.get("/livesim2/eccp_cbcs/even/manifest.mpd/eccp.json", method="POST", body=body)
            self.assertIn(answer.status, (400, 404), body)

    def test_periods_follow_each_other_without_a_gap(self):
        manifest = self.manifest("segtimeline_1/periods_60/tsbd_90", EVEN, NOW + 30_000)
        self.assertEqual(len(manifest.periods), 3)
        self.check_segments(manifest, NOW + 30_000)

    def test_an_hls_view_has_the_same_media(self):
        master = self.get("/livesim2/even/manifest.m3u8", NOW)
        self.assertEqual((master.status, master.headers["content-type"]), (200, "application/vnd.apple.mpegurl"))
        uri = [line for line in master.text.splitlines() if line and not line.startswith("#")][0]
        listed = self.get(urllib.parse.urljoin("/livesim2/even/manifest.m3u8", uri)) if "nowMS" in uri else \
            self.get(urllib.parse.urljoin("/livesim2/even/manifest.m3u8", uri), NOW)
        self.assertEqual(listed.status, 200, listed.body)
        last = [line for line in listed.text.splitlines() if line and not line.startswith("#")][-1]
        url = urllib.parse.urljoin(urllib.parse.urljoin("/livesim2/even/manifest.m3u8", uri), last).partition("?")[0]
        track = self.manifest("", EVEN, NOW).track("video")
        self.assertEqual(self.get(url, NOW).body, self.get(track.numbered(NOW // 1000 - 2), NOW).body)


@unittest.skipUnless((vectors_folder() / "check_vectors.py").exists(), f"no vectors in {vectors_folder()}")
class Vectors(unittest.TestCase):
    """What tests of the predecessors expect, and what was seen of them; and what they do wrong."""

    @classmethod
    def setUpClass(cls):
        folder = vectors_folder()
        spec = importlib.util.spec_from_file_location("check_vectors", folder / "check_vectors.py")
        cls.check = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(cls.check)
        cls.known = json.loads((folder / "dash_live_vectors.json").read_text())
        cls.server = DashServer(root=Path(cls.check.ASSETS).resolve())
        cls.addClassCleanup(cls.server.__exit__, None)
        cls.server.start("testpic_2s/Manifest.mpd")

    def test_all_that_is_expected(self):
        failed = []
        for vector in self.known["vectors"]:
            url = self.server_url(vector["url"])
            errors = self.check.chk(vector["expect"], self.check.get(url))
            if errors:
                failed.append(f"{vector['id']} {vector['url']}: {errors}")
        passed = len(self.known["vectors"]) - len(failed)
        print(f"vectors: {passed} of {len(self.known['vectors'])} pass")
        self.assertEqual(failed, [], "\n" + "\n".join(failed))

    def server_url(self, path):
        return f"http://127.0.0.1:{self.server.port}" + urllib.parse.quote(path, safe="/?&=%,:;+.-_~[]{}")

    def test_what_the_predecessors_do_wrong_is_right(self):
        for defect in self.known["upstream_defects"]:
            suggested = defect["suggested"]
            if isinstance(suggested, dict):
                joint = "&" if "?" in defect["url"] else "?"
                answer = self.server.get(f"{defect['url']}{joint}nowMS={defect['now_ms']}")
                with self.subTest(url=defect["url"]):
                    self.assertEqual(answer.status, suggested["status"], answer.body[:300])
                    if "tfdt" in suggested:
                        self.assertEqual(segment_of(answer.body).start, suggested["tfdt"])

    def test_what_the_predecessors_write_wrong_is_right(self):
        def manifest(path, now):
            return self.server.manifest(f"/livesim2/{path}?nowMS={now}")

        late = manifest("start_1000000/periods_60/testpic_2s/Manifest.mpd", 1000100000)
        starts = [period.get("start") for period in late.periods]
        self.assertEqual(starts, ["PT0S", "PT1M"])
        beeps = "WAVE/vectors/cfhd_sets/14.985_29.97_59.94/t1/2022-10-17/stream_w_beeps.mpd"
        self.assertEqual(manifest(f"segtimeline_1/{beeps}", 500500).root.get("publishTime"), "1970-01-01T00:08:20.5Z")
        direct = manifest("utc_direct/testpic_2s/Manifest.mpd", 100000)
        timing = direct.root.find("{urn:mpeg:dash:schema:mpd:2011}UTCTiming")
        self.assertEqual(timing.get("value"), "1970-01-01T00:01:40Z")
        split = manifest("segtimeline_1/periods_60/testpic_2s/Manifest.mpd", 960000)
        for period in range(len(split.periods)):
            self.assertTrue(list(split.track("video", period).segments()))
        numbers = [period for period in manifest("snr_7/periods_60/testpic_2s/Manifest.mpd", 1001000).periods]
        self.assertEqual([next(p.iter("{urn:mpeg:dash:schema:mpd:2011}SegmentTemplate")).get("startNumber") for p in numbers],
                         ["457", "487"])
        text = manifest("segtimelinenr_1/timesubswvtt_en/testpic_2s/Manifest.mpd", 100000).track("text")
        self.assertEqual(text.template.get("media"), "$RepresentationID$/$Number$.m4s")
        kids = {manifest(f"eccp_cbcs/{asset}/Manifest.mpd", 100000).text.split('default_KID="')[1].split('"')[0]
                for asset in ("testpic_8s", "testpic_2s", "testpic_6s")}
        self.assertEqual(len(kids), 3)
        self.assertEqual(self.server.get("/livesim2/ato_-5/testpic_2s/Manifest.mpd?nowMS=100000").status, 400)


if __name__ == "__main__":
    if not (vectors_folder() / "check_vectors.py").exists():
        print(f"\n*** THE PREDECESSORS' VECTORS ARE NOT HERE ({vectors_folder()}): THEY ARE NOT CHECKED ***\n", file=sys.stderr)
    unittest.main(verbosity=2, warnings="ignore")  # check_vectors leaves files to the collector
