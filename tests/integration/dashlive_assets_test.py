#!/usr/bin/env python3
"""Assets of the DASH live simulator as they come from ffmpeg, Shaka Packager and in Bento4's layout: all that is listed is there
and says what the list says, over wraps; what is refused says why; what comes, changes and goes is seen; a thousand are no burden.

usage: CONTINUO_BIN=build/dev/bin dashlive_assets_test.py [unittest arguments]
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from dash_live import DashServer, header_of, make_asset, segment_of
from house import BIN, wait_for
from vod_assets import PACKAGER

NOW = 1_800_000_000_000
PICKED_UP = 10
QUIET = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]


def pictures(seconds=8, rate="25", size="192x108"):
    return ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}"]


def sound(seconds=8, rate=48000):
    return ["-f", "lavfi", "-i", f"sine=frequency=440:sample_rate={rate}:duration={seconds}"]


def x264(gop=50, *more):
    return ["-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-pix_fmt", "yuv420p", "-g", str(gop), "-keyint_min",
            str(gop), "-sc_threshold", "0", *more]


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", *QUIET, *map(str, arguments)], check=True, timeout=60)


def by_ffmpeg(folder, *arguments, segment=2):
    """An asset of ffmpeg's dash muxer; `arguments`: inputs, codecs and options of the muxer."""
    folder.mkdir(parents=True)
    ffmpeg(*arguments, "-f", "dash", "-seg_duration", segment, folder / "m.mpd")


def in_bento4s_layout(folder):
    """Representations in folders of their own, named by BaseURL, their templates on the AdaptationSets."""
    made = folder.parent / "plain"
    make_asset(made, seconds=10, segment=1, gop=25)
    for stream, name in (("0", "video-hev1"), ("1", "audio-en")):
        (folder / "media" / name).mkdir(parents=True)
        shutil.copy(made / f"init-stream{stream}.m4s", folder / "media" / name / "init.mp4")
        for number, file in enumerate(sorted(made.glob(f"chunk-stream{stream}-*.m4s")), 1):
            shutil.copy(file, folder / "media" / name / f"{number}.m4s")
    shutil.rmtree(made)
    template = '<SegmentTemplate media="$RepresentationID$/$Number$.m4s" initialization="$RepresentationID$/init.mp4" ' \
               'duration="1000" timescale="1000" startNumber="1"/>'
    (folder / "stream.mpd").write_text(f"""<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" minBufferTime="PT1S"
     mediaPresentationDuration="PT10S" type="static">
 <Period><BaseURL>media/</BaseURL>
  <AdaptationSet mimeType="video/mp4" segmentAlignment="true">{template}
   <Representation id="video-hev1" bandwidth="200000" codecs="avc1.42c00c" width="192" height="108"/></AdaptationSet>
  <AdaptationSet mimeType="audio/mp4" lang="en">{template}
   <Representation id="audio-en" bandwidth="48000" codecs="mp4a.40.2" audioSamplingRate="48000"/></AdaptationSet>
 </Period></MPD>
""")


class Assets(unittest.TestCase):
    @classmethod
    def start(cls, *assets):
        """Waits until all are ready."""
        cls.server.start()
        wait_for(lambda: cls.listed()["complete"], 30, "all assets have been read")
        for name in assets:
            entry = cls.entry(name)
            if not entry or entry["state"] != "ready" or entry["refused"]:
                raise AssertionError(f"{name}: {entry}")

    @classmethod
    def listed(cls):
        return json.loads(cls.server.get("/api/v1/assets").text)

    @classmethod
    def entry(cls, name):
        return next((asset for asset in cls.listed()["assets"] if asset["name"] == name), None)

    def check(self, asset, mode, loose=()):
        """Of every track all segments that an MPD lists, three laps of them. `loose`: tracks whose samples last less."""
        entry = self.entry(asset)
        loop = entry["loop"]["units"] / entry["loop"]["timescale"]
        path = f"/livesim2/{mode}/tsbd_{int(3 * loop)}/{asset}/{entry['manifests'][0]}"
        manifest = self.server.manifest(f"{path}?nowMS={NOW}")
        tracks = manifest.tracks()
        self.assertEqual(sorted(track.id for track in tracks), sorted(track["id"] for track in entry["tracks"]))
        for track in tracks:
            header = header_of(self.server.get(f"{track.initialisation}?nowMS={NOW}").body)
            edit = header.edit if track.kind == "audio" else 0
            listed = list(track.segments())
            self.assertGreater(len(listed), 2 * entry["loop"]["segments"])
            for segment in listed:
                answer = self.server.get(f"{segment.url}?nowMS={NOW}")
                self.assertEqual(answer.status, 200, (segment, answer.body))
                said = segment_of(answer.body, header.default_duration)
                self.assertEqual(said.start - edit, segment.start, segment)
                if track.id not in loose:
                    self.assertEqual(said.duration, segment.duration, segment)


class FromFfmpeg(Assets):
    """What the dash muxer makes, in all its layouts, with what is awkward in them."""

    @classmethod
    def setUpClass(cls):
        cls.server = DashServer()
        cls.addClassCleanup(cls.server.__exit__, None)
        root = cls.server.root
        plain = [*pictures(), *sound(), *x264(), "-c:a", "aac"]
        by_ffmpeg(root / "timeline", *plain)
        by_ffmpeg(root / "duration", *plain, "-use_timeline", "0")
        by_ffmpeg(root / "single_file", *plain, "-single_file", "1")
        by_ffmpeg(root / "list", *plain, "-use_template", "0")
        by_ffmpeg(root / "b_frames", *pictures(), *sound(), "-c:v", "libx264", "-preset", "medium", "-bf", "3", "-g", "50",
                  "-keyint_min", "50", "-sc_threshold", "0", "-c:a", "aac")
        by_ffmpeg(root / "ntsc", *pictures(10, "30000/1001"), *sound(10, 44100), *x264(30), "-c:a", "aac", segment="1.001")
        by_ffmpeg(root / "odd", *pictures("9.6"), *sound("9.6"), *x264(48), "-c:a", "ac3", segment="1.92")
        by_ffmpeg(root / "hevc", *pictures(4), *sound(4), "-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
                  "log-level=error:keyint=25:min-keyint=25:scenecut=0", "-c:a", "eac3", segment=1)
        by_ffmpeg(root / "ladder", *pictures(), *sound(), "-map", "0:v", "-map", "0:v", "-map", "1:a", *x264(), "-s:v:1", "96x54",
                  "-c:a", "aac", "-adaptation_sets", "id=0,streams=v id=1,streams=a")
        by_ffmpeg(root / "short_end", *pictures("7.4"), *sound("7.4"), *x264(), "-c:a", "aac")
        by_ffmpeg(root / "one_segment", *pictures(2), *sound(2), *x264(), "-c:a", "aac")
        by_ffmpeg(root / "only_sound", *sound(), "-c:a", "aac")
        by_ffmpeg(root / "webm_sound", *pictures(), *sound(), *x264(), "-c:a", "libopus")
        (root / "in_hls/hls").mkdir(parents=True)
        ffmpeg(*plain, "-init_seg_name", "hls/init$RepresentationID$.m4s", "-media_seg_name", "hls/$RepresentationID$-$Number$.m4s",
               "-f", "dash", "-seg_duration", 2, root / "in_hls/m.mpd")
        in_bento4s_layout(root / "fork" / "4k_1s")
        cls.ready = [folder.name for folder in root.iterdir() if folder.name != "fork"] + ["fork/4k_1s"]
        cls.start(*cls.ready)

    def test_all_that_is_listed_is_there(self):
        for asset in self.ready:
            for mode in ("segtimeline_1", "segtimelinenr_1"):
                with self.subTest(asset=asset, mode=mode):
                    self.check(asset, mode)

    def test_a_codec_that_ffmpeg_only_names_is_told_in_full(self):
        manifest = self.server.manifest("/livesim2/hevc/m.mpd")
        self.assertRegex(manifest.text, r'codecs="hev1\.1\.6\.L\d+')

    def test_what_is_no_mp4_is_left_out_and_said(self):
        self.assertIn('"audio/webm" is not served', self.entry("webm_sound")["notes"][0])
        self.assertEqual([track.kind for track in self.server.manifest("/livesim2/webm_sound/m.mpd").tracks()], ["video"])

    def test_the_forks_nested_paths(self):
        now = 1_504_191_660_000
        path = "/livesim/start_1504191600/tsbd_3000000000/fork/4k_1s"
        track = self.server.manifest(f"{path}/stream.mpd?nowMS={now}").track("video")
        self.assertIn("/video-hev1/", track.numbered(30))
        whole = self.server.get(f"{track.numbered(30)}?nowMS={now}")
        self.assertEqual(whole.status, 200, whole.body)
        part = self.server.get(f"{track.numbered(30)}?nowMS={now}", headers={"Range": "bytes=10-99"})
        self.assertEqual((part.status, part.body), (206, whole.body[10:100]))

    def test_a_folder_of_the_asset_called_hls_is_no_obstacle_to_its_playlists(self):
        segment = f"hls/0-{NOW // 2000 - 9}.m4s?nowMS={NOW}"
        as_dash = self.server.get(f"/livesim2/in_hls/{segment}")
        as_hls = self.server.get(f"/livesim2/in_hls/hls/{segment}")
        self.assertEqual((as_dash.status, as_hls.status, as_hls.body), (200, 200, as_dash.body))
        playlist = self.server.get(f"/livesim2/in_hls/hls/0.m3u8?nowMS={NOW}")
        self.assertIn(f"\n{segment}\n", playlist.text)

    def test_files_as_they_lie_on_disk(self):
        file = self.server.root / "timeline/m.mpd"
        answer = self.server.get("/vod/timeline/m.mpd")
        self.assertEqual((answer.status, answer.body, answer.headers["content-type"]),
                         (200, file.read_bytes(), "application/dash+xml"))
        again = self.server.get("/vod/timeline/m.mpd", headers={"If-None-Match": answer.headers["etag"]})
        self.assertEqual(again.status, 304)
        ranged = self.server.get("/vod/single_file/m-stream0.mp4", headers={"Range": "bytes=4-7"})
        self.assertEqual((ranged.status, ranged.body), (206, b"ftyp"))
        for path in ("timeline/none.m4s", "none/m.mpd", "timeline/.hidden", "timeline/%2e%2e/%2e%2e/config.yaml", "../config.yaml",
                     "timeline"):
            self.assertIn(self.server.get(f"/vod/{path}").status, (400, 404), path)
        page = self.server.get("/assets")
        self.assertIn("/vod/fork/4k_1s/stream.mpd", page.text)
        self.assertEqual(json.loads(self.server.get("/assets?format=json").text), self.listed())

    def test_analyze_says_what_check_and_server_say(self):
        report = subprocess.run([BIN / "continuo", "analyze", self.server.root / "ntsc/m.mpd"], capture_output=True, text=True,
                                timeout=20)
        self.assertEqual(report.returncode, 0, report.stderr)
        self.assertIn("A loop of 10 segments, 10.010 s (300300/30000)", report.stdout)
        said = subprocess.run([BIN / "continuo", "analyze", "--json", self.server.root / "ntsc/m.mpd"], capture_output=True,
                              timeout=20)
        self.assertEqual(json.loads(said.stdout), self.entry("ntsc"))


@unittest.skipUnless(PACKAGER.exists(), f"NOT TESTED: assets of Shaka Packager; {PACKAGER} is not there (scripts/setup)")
class FromShakaPackager(Assets):
    @classmethod
    def setUpClass(cls):
        cls.server = DashServer()
        cls.addClassCleanup(cls.server.__exit__, None)
        cls.scratch = Path(tempfile.mkdtemp(prefix="continuo-packager-", dir="/dev/shm"))
        cls.addClassCleanup(shutil.rmtree, cls.scratch)
        ffmpeg(*pictures(), "-c:v", "libx264", "-preset", "medium", "-bf", "2", "-g", "50", "-keyint_min", "50", "-sc_threshold",
               "0", cls.scratch / "v.mp4")
        ffmpeg(*sound(), "-c:a", "aac", cls.scratch / "a.mp4")
        (cls.scratch / "t.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nOne\n\n00:03.000 --> 00:07.500\nTwo\n")
        live = ["--generate_static_live_mpd"]
        key = "00112233445566778899aabbccddeeff"
        cls.package("on_demand", *(f"in={cls.scratch}/{x}.mp4,stream={kind},output={x}.mp4"
                                   for x, kind in (("v", "video"), ("a", "audio"))))
        cls.package("numbers", cls.templated("v", "video"), cls.templated("a", "audio"),
                    cls.templated("t", "text", file="t.vtt", more=",format=mp4,lang=en"), *live)
        cls.package("times", cls.templated("v", "video", "$Time$"), cls.templated("a", "audio", "$Time$"), *live)
        cls.package("locked", cls.templated("v", "video", more=",drm_label=x"), cls.templated("a", "audio", more=",drm_label=x"),
                    *live, "--enable_raw_key_encryption", "--keys", f"label=x:key_id={key}:key={key}", "--clear_lead", "0")
        cls.start("on_demand", "numbers", "times", "locked")

    @classmethod
    def templated(cls, name, kind, number="$Number$", file=None, more=""):
        return f"in={cls.scratch}/{file or name + '.mp4'},stream={kind},init_segment={name}/init.mp4," \
               f"segment_template={name}/{number}.m4s{more}"

    @classmethod
    def package(cls, asset, *arguments):
        folder = cls.server.root / asset
        folder.mkdir()
        # Its MPD is moved into place from there: by rename, so from the same file system.
        around = {**os.environ, "TMPDIR": str(cls.scratch)}
        subprocess.run([PACKAGER, *arguments, "--segment_duration", "2", "--mpd_output", "m.mpd"], cwd=folder, env=around,
                       check=True, timeout=60, capture_output=True)

    def test_all_that_is_listed_is_there(self):
        loose = {track["id"] for track in self.entry("locked")["tracks"] if track["content"] == "audio"}
        for asset in ("on_demand", "numbers", "times", "locked"):
            for mode in ("segtimeline_1", "segtimelinenr_1"):
                with self.subTest(asset=asset, mode=mode):
                    self.check(asset, mode, loose if asset == "locked" else ())

    def test_what_is_encrypted_already_is_known(self):
        self.assertTrue(all(track.get("encrypted") for track in self.entry("locked")["tracks"]))


class Changing(Assets):
    """What happens to assets while others are served."""

    def setUp(self):
        type(self).server = DashServer()
        self.addCleanup(self.server.__exit__, None, None, None)
        self.asset = self.server.root / "a"
        make_asset(self.asset)

    def wait_state(self, name, state):
        wait_for(lambda: (self.entry(name) or {}).get("state") == state, PICKED_UP, f"{name} is {state}: {self.entry(name)}")

    def test_a_missing_segment_is_named_everywhere_and_its_return_is_seen(self):
        self.start("a")
        file = self.asset / "chunk-stream0-00002.m4s"
        away = self.server.folder / "away"
        file.rename(away)
        self.wait_state("a", "refused")
        reason = 'Representation "0" segment 2 ("chunk-stream0-00002.m4s") is missing, though "chunk-stream0-00003.m4s" is there'
        self.assertEqual(self.entry("a")["refused"], [{"manifest": "manifest.mpd", "reason": reason}])
        self.assertEqual(self.server.get("/livesim2/a/manifest.mpd").status, 404)
        analysis = subprocess.run([BIN / "continuo", "analyze", self.asset / "manifest.mpd"], capture_output=True, text=True)
        self.assertEqual((analysis.returncode, analysis.stdout), (65, f"manifest.mpd can't be served: {reason}\n"))
        check = subprocess.run([BIN / "continuo", "check", self.server.folder / "config.yaml"], capture_output=True, text=True)
        self.assertIn(f'livesim.root: warning: "a/manifest.mpd" is not served: {reason}', check.stderr)
        away.rename(file)
        self.wait_state("a", "ready")

    def test_a_segment_that_is_cut_off_says_where(self):
        file = self.asset / "chunk-stream1-00003.m4s"
        file.write_bytes(file.read_bytes()[:-100])
        self.start()
        self.assertRegex(self.entry("a")["refused"][0]["reason"],
                         r'^Representation "1" segment 3 \("chunk-stream1-00003.m4s"\) is cut off: its box mdat at byte \d+')

    def test_assets_come_and_go(self):
        self.start("a")
        shutil.copytree(self.asset, self.server.root / "deep/er/b")
        self.wait_state("deep/er/b", "ready")
        self.assertEqual(self.server.get("/livesim2/deep/er/b/manifest.mpd").status, 200)
        shutil.rmtree(self.server.root / "deep")
        wait_for(lambda: self.server.get("/livesim2/deep/er/b/manifest.mpd").status == 404, PICKED_UP, "the asset is gone")
        self.assertEqual(self.server.get("/livesim2/a/manifest.mpd").status, 200)

    def test_what_was_measured_may_be_deleted_or_broken(self):
        self.start("a")
        index = self.server.folder / "state/dashlive/index/a.json"
        before = index.read_text()
        for broken in (None, "", "{", '{"version":1,"segments":{"x":[]}}', before[:100]):
            self.server.stop()
            index.unlink() if broken is None else index.write_text(broken)
            self.start("a")
            self.assertEqual(json.loads(index.read_text()), json.loads(before))

    def test_a_thousand_assets_are_no_burden(self):
        for number in range(1000):
            (self.server.root / f"many{number // 100}").mkdir(exist_ok=True)
            (self.server.root / f"many{number // 100}/{number}").symlink_to(self.asset)
        began = time.monotonic()
        self.server.start()
        slowest = 0
        while not self.listed()["complete"]:
            self.assertLess(time.monotonic() - began, 60, "a thousand assets are not read within a minute")
            asked = time.monotonic()
            self.assertEqual(self.server.get("/healthz").status, 200)
            slowest = max(slowest, time.monotonic() - asked)
        self.assertEqual(len(self.listed()["assets"]), 1001)
        self.assertLess(slowest, 0.5)
        self.assertEqual(self.server.get("/livesim2/many9/999/manifest.mpd").status, 200)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + (sys.argv[1:] or ["-v"]))
