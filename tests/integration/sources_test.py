#!/usr/bin/env python3
"""Sources that fail: the next one, the slate, and back; stalls; files that end or go on where they were."""
import http.server
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

from house import House, frame_numbers, kill, wait_for
from sources import Origin

VARIANTS = """
    variants:
      - { name: source, copy: true }
      - { name: 120p, height: 120, video_bitrate: 200k, audio_bitrate: 64k, preset: ultrafast }
    source_retry: 2s
"""


def make_clip(path, seconds, frequency=300, size="320x180", extra=()):
    cells = ",".join(f"drawbox=x={bit * 20}:y=0:w=20:h=15:color=white:t=fill:enable='mod(floor(n/{1 << bit}),2)'"
                     for bit in range(16))
    subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i",
                    f"color=c=gray:size={size}:rate=25,drawbox=x=0:y=0:w=iw:h=15:color=black:t=fill,{cells}", "-f", "lavfi", "-i",
                    f"sine={frequency}:sample_rate=48000", "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-g", "25",
                    "-keyint_min", "25", "-sc_threshold", "0", "-pix_fmt", "yuv420p", "-c:a", "aac", *extra, str(path)], check=True)


class Sources(unittest.TestCase):
    def open(self, sources, more="", wait=True):
        house = House(f"defaults: {{ segment_time: 2s, window: 8 }}\nchannels:\n  - name: demo\n    sources: {sources}{VARIANTS}{more}")
        self.addCleanup(house.__exit__, None)
        if wait:
            house.wait_on_air()
            house.record("source", "120p")
            house.wait_segments(2, 15)
        return house

    def check(self, house, longest=1.5):
        for name, recorder in house.recorders.items():
            recorder.finish()
            self.assertEqual(recorder.complaints, [], name)
            self.assertLessEqual(recorder.longest_wait(), longest * recorder.target_duration, name)
        tags = [recorder.discontinuities() for recorder in house.recorders.values()]
        self.assertEqual(tags[0], tags[1])
        return tags[0]

    def on_air_source(self, house):
        return house.channel()["source"]

    def test_the_next_source_takes_over_and_gives_back(self):
        clip = self.clip(8)
        house = self.open(f"[ {{ url: 'http://127.0.0.1:{self.server(clip)}/clip.ts' }}, {{ test: {{ size: 320x180, rate: 25, gop: 1s }} }} ]")
        self.assertIn("source 1 of 2", self.on_air_source(house))
        self.refuse = True
        wait_for(lambda: "source 2 of 2" in self.on_air_source(house), 25, "the second source is on air")
        house.wait_segments(1, 10)
        self.refuse = False
        wait_for(lambda: "source 1 of 2" in self.on_air_source(house), 25, "back on the first")
        house.wait_segments(1, 10)
        self.check(house)

    def test_the_slate_stands_in_and_gives_way(self):
        clip = self.clip(6)
        house = self.open(f"[ {{ url: 'http://127.0.0.1:{self.server(clip)}/clip.ts' }} ]",
                          more="    restart: { max_delay: 1s, burst: 100, limit: 3 }\n")
        self.refuse = True
        wait_for(lambda: house.channel()["state"] == "slate", 25, "the slate is on air")
        wait_for(lambda: "died more than 3 times" in house.log(), 20, "it is given up for now")
        # What delivered once is not given up, whatever a run of it begins with.
        self.unusable = self.clip(12, name="gop.ts", extra=("-g", "250", "-keyint_min", "250")).read_bytes()
        wait_for(lambda: "target_duration" in house.log(), 20, "it comes back, but with a GOP that can't be listed")
        self.unusable, self.refuse = None, False
        wait_for(lambda: house.channel()["state"] == "on air", 20, "back")
        house.wait_segments(2, 12)
        self.assertGreaterEqual(len(self.check(house)), 2)
        self.assertEqual(house.log().count("died more than"), 1)

    def test_a_slate_that_was_cut_short_is_made_again(self):
        clip = self.clip(4)
        house = House(f"channels: [ {{ name: demo, segment_time: 1s, sources: [ {{ file: '{clip}' }} ] }} ]")
        self.addCleanup(house.__exit__, None)
        slate = house.runtime / "channels" / "demo" / "_slate" / "source.ts"
        wait_for(lambda: slate.exists() and not [line for line in house.orphans().values() if line.startswith("ffmpeg") and str(slate) in line],
                 15, "the slate is made")
        slate.write_bytes(b"")
        wait_for(lambda: slate.stat().st_size, 15, "it is made again")
        number = house.channel()["next_number"]
        wait_for(lambda: house.channel()["source"] == "slate" and house.channel()["next_number"] > number, 15, "and on air")
        self.assertLess(house.log().count("the slate goes on air"), 5)

    def test_a_stopped_ingest_is_bridged_by_the_slate_and_comes_back(self):
        # Pushed at us over UDP, nothing is read ahead: the hole would be seen at once.
        sender = subprocess.Popen(["ffmpeg", "-hide_banner", "-loglevel", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25",
                                   "-f", "lavfi", "-i", "sine=300:sample_rate=48000", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "0",
                                   "-c:a", "aac", "-f", "mpegts", "udp://127.0.0.1:29871?pkt_size=1316"], stdin=subprocess.DEVNULL)
        self.addCleanup(sender.wait)
        self.addCleanup(sender.kill)
        house = self.open("[ { url: 'udp://127.0.0.1:29871?fifo_size=100000&overrun_nonfatal=1' } ]")
        kill(house.source_pids()["ffmpeg"], signal.SIGSTOP)
        wait_for(lambda: house.channel()["state"] == "slate", 15, "the slate is on air")
        wait_for(lambda: house.channel()["state"] == "on air", 30, "replaced and back on air")
        house.wait_segments(2, 12)
        self.check(house)

    def stopped(self, source, program):
        """Whoever reads is replaced, and no list waits long: what was read ahead bridges that, or the slate. The source's frames."""
        house = self.open(f"[ {source} ]")
        stopped = house.source_pids()[program]
        kill(stopped, signal.SIGSTOP)
        wait_for(lambda: "shows no segment for 10 s, ended" in house.log(), 25, "found by the stall rule")
        self.assertFalse(os.path.exists(f"/proc/{stopped}"))
        wait_for(lambda: all(r.discontinuities() for r in house.recorders.values()), 15, "the next run, or the slate, is listed")
        wait_for(lambda: house.channel()["state"] == "on air", 15, "back on air")
        house.wait_segments(3, 15)
        self.check(house)
        numbers = frame_numbers(house.recorders["source"].files())
        self.assertTrue(numbers[-1], "the slate shows 0")
        return [number for number in numbers if number]

    def test_a_stopped_ingest_of_a_file_is_replaced(self):
        clip = self.clip(90, name="long.mp4", extra=("-movflags", "+faststart"))
        numbers = self.stopped(f"{{ file: '{clip}' }}", "ffmpeg")
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))

    def test_a_stopped_reader_of_recorded_hls_is_replaced(self):
        origin = self.enterContext(Origin())
        self.stopped(f"{{ url: '{origin.vod_hls(self.clip(90))}' }}", "continuo-segment")

    def test_a_stopped_reader_of_live_hls_is_replaced(self):
        origin = self.enterContext(Origin())
        self.stopped(f"{{ url: '{origin.live_hls(self.clip(90))}' }}", "continuo-segment")

    def test_a_killed_ingest_of_a_file_goes_on_where_it_was(self):
        clip = self.clip(60, name="long.mp4", extra=("-movflags", "+faststart"))
        house = self.open(f"[ {{ file: '{clip}' }} ]")
        kill(house.source_pids()["ffmpeg"])
        # What was read ahead is listed first.
        wait_for(lambda: all(r.discontinuities() for r in house.recorders.values()), 30, "the next run is listed")
        house.wait_segments(2, 12)
        tags = self.check(house)
        self.assertEqual(len(tags), 1)
        recorder = house.recorders["source"]
        numbers = frame_numbers(recorder.files())
        lost = sum(b - a - 1 for a, b in zip(numbers, numbers[1:]) if b > a + 1)
        self.assertLessEqual(lost, 2 * 25, "at most one segment is lost")
        self.assertFalse([1 for a, b in zip(numbers, numbers[1:]) if b < a - 50], "nothing is repeated from the start")

    def test_a_file_that_ends_gives_way_to_the_next(self):
        clip = self.clip(7)
        house = self.open(f"[ {{ file: '{clip}' }}, {{ test: {{ size: 320x180, rate: 25, gop: 1s }} }} ]")
        wait_for(lambda: all(r.discontinuities() for r in house.recorders.values()), 25, "the second source is listed")
        self.check(house)
        recorder = house.recorders["source"]
        first_run = [f for f, s in zip(recorder.files(), recorder.segments.values()) if s.number < min(recorder.discontinuities())]
        self.assertEqual(len(frame_numbers(first_run)), 7 * 25, "every frame of the file was listed")

    def test_a_file_that_ends_alone_leaves_the_air_to_the_slate_until_its_channel_goes(self):
        clip = self.clip(6)
        house = House(f"channels: [ {{ name: demo, segment_time: 1s, window: 3, sources: [ {{ file: '{clip}' }} ] }} ]")
        self.addCleanup(house.__exit__, None)
        house.wait_on_air()
        recorder = house.record("source")["source"]
        wait_for(recorder.discontinuities, 20, "the slate is listed")
        house.wait_segments(3, 10)
        self.assertIn("has played to its end", house.channel()["note"])
        self.assertFalse(recorder.ended)
        house.write_config("channels: []")
        house.ask(op="reload")
        wait_for(lambda: recorder.ended, 10, "ENDLIST")
        wait_for(lambda: house.get("/live/demo/source/index.m3u8")[0] != 200, 15, "its files are gone")
        self.assertEqual(recorder.finish().complaints, [])
        slate, = recorder.discontinuities()
        film = [recorder.folder / f"{number}.ts" for number in recorder.segments if number < slate]
        self.assertEqual(frame_numbers(film), list(range(6 * 25)), "all of it, once")

    def test_a_loop_has_no_seam(self):
        clip = self.clip(5, name="loop.mp4")
        house = self.open(f"[ {{ file: '{clip}', loop: true }} ]")
        house.wait_segments(5, 30)
        self.assertEqual(self.check(house), [])

    def test_what_cannot_be_used_is_said_in_words(self):
        clip = self.clip(12, name="gop.mp4", extra=("-g", "250", "-keyint_min", "250"))
        house = self.open(f"[ {{ file: '{clip}' }}, {{ test: {{ size: 320x180, rate: 25, gop: 1s }} }} ]")
        self.assertRegex(house.log(), r"target_duration")
        self.assertIn("target_duration", house.channel()["note"])

    def clip(self, seconds, name="clip.ts", extra=()):
        folder = Path(tempfile.mkdtemp(prefix="continuo-clip-"))
        self.addCleanup(shutil.rmtree, folder)
        make_clip(folder / name, seconds, extra=extra)
        return folder / name

    def server(self, clip):
        """Serves the clip as a live TS that never ends, or refuses; `self.refuse` says which."""
        self.refuse = False
        self.unusable = None  # bytes to be served instead
        test = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if test.refuse and not test.unusable:
                    return self.send_error(404)
                self.send_response(200)
                self.send_header("Content-Type", "video/mp2t")
                self.end_headers()
                if test.unusable:
                    self.wfile.write(test.unusable)
                    return
                sender = subprocess.Popen(["ffmpeg", "-hide_banner", "-loglevel", "error", "-re", "-stream_loop", "-1", "-i", clip,
                                           "-c", "copy", "-f", "mpegts", "-flush_packets", "1", "pipe:1"],
                                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
                try:
                    while not test.refuse and (chunk := sender.stdout.read1(65536)):
                        self.wfile.write(chunk)
                except OSError:
                    pass
                finally:
                    sender.kill()
                    sender.communicate()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.addCleanup(setattr, self, "refuse", True)
        return server.server_address[1]


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
