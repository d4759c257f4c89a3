#!/usr/bin/env python3
"""Every kind of input on air: `continuo verify` finds nothing, and no picture is lost."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from house import BIN, House, Recorder, frame_numbers, free_port
from sources import AAC, H264, Origin, frame_count, make_clip, numbered_picture, publish

VERIFIED = 20  # seconds
SHORT = 20     # of a clip: less than the record, so that the seam of the loop is in it
LONG = 60      # no seam
GOP = ["-g", "25", "-keyint_min", "25"]
HEVC = ["-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-tag:v", "hvc1", "-x265-params",
        "keyint=25:min-keyint=25:scenecut=0:log-level=error"]
MPEG2 = ["-c:v", "mpeg2video", "-b:v", "1500k", "-bf", "2", "-g", "25", "-sc_threshold", "1000000000", "-pix_fmt", "yuv420p"]
INTERLACED = ["-flags", "+ildct+ilme", "-top", "1"]


def config_of(sources):
    return "defaults: { segment_time: 2s, window: 6, preset: ultrafast }\nchannels:\n" + "".join(f"""
  - name: {name}
    target_duration: 4s
    sources: [ {source} ]
    variants:
      - {{ name: source, copy: true }}
      - {{ name: 144p, height: 144, video_bitrate: 200k, audio_bitrate: 64k }}
""" for name, source in sources.items())


def looped(clip):
    return f"{{ file: \"{clip}\", loop: true }}"


def url(text):
    return f"{{ url: \"{text}\" }}"


class Inputs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clips = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="continuo-clips-", dir="/dev/shm")))

    def clip(self, name, video=(*H264, *GOP), audio=tuple(AAC), seconds=SHORT, **options):
        return make_clip(self.clips / name, seconds, video, audio, **options)

    def check(self, sources, frames):
        """`sources`: channel -> source in YAML. `frames`: channel -> length of its loop in pictures; None: never repeats."""
        with House(config_of(sources)) as house:
            for name in sources:
                house.wait_on_air(30, name)
                for variant in ("source", "144p"):
                    house.recorders[name, variant] = Recorder(house.port, name, variant, house.folder / name)
                    house.recorders[name, variant].start()
            verifiers = {name: subprocess.Popen(
                [BIN / "continuo", "verify", f"http://127.0.0.1:{house.port}/live/{name}/master.m3u8", "--seconds", str(VERIFIED),
                 "--json"], stdout=subprocess.PIPE) for name in sources}
            reports = {name: json.loads(verifier.communicate(timeout=VERIFIED + 30)[0]) for name, verifier in verifiers.items()}
            for recorder in house.recorders.values():
                recorder.finish()
            log = house.log()
            for name in sources:
                with self.subTest(input=name):
                    self.assertEqual([f for f in reports[name]["findings"] if f["weight"] == "broken"], [])
                    self.assertGreater(reports[name]["segments"], 10)
                    self.assertNotIn(f'channel "{name}": source (', "".join(
                        line for line in log.splitlines() if "restart in" in line))
                    for variant in ("source", "144p"):
                        self.check_record(house.recorders[name, variant], frames[name])

    def check_record(self, recorder, loop):
        self.assertEqual(recorder.complaints, [])
        self.assertGreater(len(recorder.segments), 8)
        seen = frame_numbers(recorder.files())
        self.assertGreater(len(seen), 200)
        steps = [(b - a) % loop if loop else b - a for a, b in zip(seen, seen[1:])]
        broken = [(seen[i], seen[i + 1]) for i, step in enumerate(steps) if step != 1]
        self.assertEqual(broken, [], recorder.base)

    def check_files(self, **clips):
        lengths = {name: frame_count(clip) for name, clip in clips.items()}
        self.check({name: looped(clip) for name, clip in clips.items()}, lengths)

    def test_files_of_each_container(self):
        self.check_files(mp4=self.clip("a.mp4"), mkv=self.clip("a.mkv"), ts=self.clip("a.ts", seconds=LONG))

    def test_a_looped_ts_file(self):
        self.check_files(ts=self.clip("loop.ts"))

    def test_files_of_each_codec(self):
        self.check_files(hevc=self.clip("hevc.mp4", HEVC), hevc_ts=self.clip("hevc.ts", HEVC, seconds=LONG),
                         mpeg2=self.clip("mpeg2.ts", MPEG2, ["-c:a", "mp2", "-b:a", "128k"], LONG),
                         ac3=self.clip("ac3.mkv", audio=["-c:a", "ac3", "-b:a", "128k"]))

    def test_pictures_of_each_kind(self):
        # Of each five frames one is dropped before they are numbered: neither the rate nor the distance is constant.
        vfr = numbered_picture(frames="mod(n\\,5)")
        self.check_files(
            silent=self.clip("silent.mp4", audio=()),
            vfr=self.clip("vfr.mkv", [*H264, "-force_key_frames", "expr:gte(t,n_forced)"], picture=vfr),
            b_frames=self.clip("b.mp4", [*H264, *GOP, "-bf", "3", "-b_strategy", "0"]),
            ntsc=self.clip("ntsc.mp4", [*H264, "-g", "30", "-keyint_min", "30"], picture=numbered_picture(rate="30000/1001")))

    def test_interlaced_and_open_gop(self):
        open_gop = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-bf", "2", "-x264-params",
                    "open-gop=1:keyint=25:min-keyint=25:scenecut=0"]
        self.check_files(interlaced=self.clip("interlaced.ts", [*MPEG2, *INTERLACED], seconds=LONG),
                         interlaced_h264=self.clip("interlaced.mp4", [*H264, *GOP, "-x264-params", "tff=1"]),
                         open_gop=self.clip("open.ts", open_gop, seconds=LONG))

    def test_what_comes_over_the_network(self):
        clip = self.clip("network.ts", seconds=90)
        with Origin() as origin:
            rtmp, srt, udp = (free_port() for _ in range(3))
            publishers = [publish(clip, "-f", "flv", "-listen", "1", f"rtmp://127.0.0.1:{rtmp}/live/clip"),
                          publish(clip, "-f", "mpegts", f"srt://127.0.0.1:{srt}?mode=listener"),
                          publish(clip, "-f", "mpegts", f"udp://127.0.0.1:{udp}?pkt_size=1316")]
            for publisher in publishers:
                self.addCleanup(publisher.__exit__)
            sources = {"rtmp": url(f"rtmp://127.0.0.1:{rtmp}/live/clip"), "srt": url(f"srt://127.0.0.1:{srt}"),
                       "udp": url(f"udp://127.0.0.1:{udp}"), "hls_live": url(origin.live_hls(clip)),
                       "hls_vod": url(origin.vod_hls(clip))}
            self.check(sources, dict.fromkeys(sources))


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
