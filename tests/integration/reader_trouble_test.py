#!/usr/bin/env python3
"""continuo-segment --from: servers that fail, hang, begin anew, or send what nobody can use."""
import os
import shutil
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from hls_reader import BROKE, NEEDS_FFMPEG, OK, RATE, Reader, ReaderTest, media_of  # noqa: E402
from hls_server import HlsServer, http_date, playlist  # noqa: E402
from segment_ladder import wait_for  # noqa: E402


class Trouble(ReaderTest):
    def test_a_segment_that_appears_late(self):
        tries = []

        def late(request):
            tries.append(1)
            return len(tries) < 4 and (request.send(404, {}, b"<html>") or True)

        self.server.put("2.ts", self.bytes[2], script=late)
        self.put_list(range(4), ended=True)
        reader = self.read()
        self.assert_ends(reader, OK, "/2.ts: HTTP 404; tried again")
        self.assert_frames(reader, range(4))
        self.assertEqual(len(tries), 4)

    def test_segments_that_never_come_are_left_out(self):
        self.server.put("2.ts", "<html>all is well</html>" * 100)
        self.server.remove("5.ts")
        self.put_list(range(8), ended=True)
        reader = self.read()
        self.assert_ends(reader, OK, "/5.ts: HTTP 404: the segment is left out", "/2.ts: no transport stream: the segment is left out")
        self.assert_frames(reader, [0, 1, 3, 4, 6, 7])
        self.assertEqual(len(self.server.requests_of("5.ts")), 4)

    def test_a_segment_whose_connection_breaks_goes_on_where_it_was(self):
        def broken(request):
            if "Range" in request.headers:
                return False
            data = self.bytes[2]
            request.send(200, {}, data[:len(data) // 2], length=len(data))
            request.close_connection = True
            return True

        self.server.put("2.ts", self.bytes[2], script=broken)
        self.put_list(range(4), ended=True)
        reader = self.read()
        self.assert_ends(reader, OK, "/2.ts: transfer closed")
        self.assert_frames(reader, range(4))
        ranges = [headers.get("Range") for _, _, headers in self.server.requests_of("2.ts")]
        self.assertEqual(ranges, [None, f"bytes={len(self.bytes[2]) // 2}-"])

    def test_a_segment_that_hangs_is_asked_for_again_while_the_list_goes_on(self):
        release = threading.Event()

        def hang(request):
            if "Range" in request.headers:
                return False
            request.send(200, {}, self.bytes[3][:5000], length=len(self.bytes[3]))
            request.wfile.flush()
            release.wait(20)
            return True

        self.addCleanup(release.set)
        self.server.put("3.ts", self.bytes[3], script=hang)
        self.play_live(range(6), window=6, seconds=0.1)
        self.put_list(range(6))
        reader = self.read("--at", str(round((time.time() - 100) * 1e6)))
        wait_for(lambda: len(self.server.requests_of("3.ts")) == 2, 8, "asked for twice")
        self.put_list(range(7), ended=True)
        self.assert_ends(reader, OK, "/3.ts: nothing more for 5 s; tried again")
        self.assert_frames(reader, range(7))
        self.assertGreater(len(self.server.requests_of("x.m3u8")), 3)

    def test_the_playlist_is_gone_and_comes_back(self):
        self.put_list(range(3))
        reader = self.read()
        wait_for(lambda: self.server.requests_of("2.ts"), 5, "the newest one fetched")
        seen = len(self.server.requests_of("x.m3u8"))
        self.server.remove("x.m3u8")
        wait_for(lambda: len(self.server.requests_of("x.m3u8")) > seen + 1, 5, "two loads that fail")
        self.server.put("x.m3u8", "<html>back soon</html>")
        wait_for(lambda: len(self.server.requests_of("x.m3u8")) > seen + 2, 5, "a load that brings nonsense")
        self.put_list(range(5), ended=True)
        self.assert_ends(reader, OK, "/x.m3u8: HTTP 404; tried again", "a web page instead of a playlist; tried again")
        self.assert_frames(reader, range(1, 5))

    def test_a_source_that_began_anew_ends_the_run_where_time_goes_back(self):
        self.put_list(range(10, 13), first=10)
        reader = self.read()
        wait_for(lambda: self.server.requests_of("12.ts"), 5, "the newest one fetched")
        self.put_list(range(3), first=0)
        self.assert_ends(reader, BROKE, "the playlist began anew: media sequence 0 after 10", "the source's time went back")
        self.assert_frames(reader, [11, 12])
        behind = self.read(name="behind")
        self.put_list(range(5), first=0, ended=True)
        self.assert_ends(behind, OK)
        self.assertLessEqual(set(self.frames(behind.directory)), set(range(5 * RATE)))

    def test_a_jump_back_in_the_list_ends_the_run_and_the_next_begins_behind_it(self):
        self.put_list([8, 9])
        reader = self.read()
        wait_for(lambda: self.server.requests_of("9.ts"), 5, "the newest one fetched")
        mark = {"0.ts": "#EXT-X-DISCONTINUITY"}
        self.put_list([8, 9, 0], before=mark)
        self.assert_ends(reader, BROKE, "the source's time went back")
        self.assert_frames(reader, [8, 9])
        behind = self.read(name="behind")
        wait_for(lambda: len(self.server.requests_of("0.ts")) == 2, 5, "begun")
        self.put_list([8, 9, 0, 1], before=mark, ended=True)
        self.assert_ends(behind, OK)
        self.assert_frames(behind, [0, 1])

    def test_falling_out_of_the_list_is_said(self):
        self.put_list(range(3))
        reader = self.read()
        wait_for(lambda: self.server.requests_of("2.ts"), 5, "the newest one fetched")
        self.put_list(range(5, 8), first=5, ended=True)
        self.assert_ends(reader, OK, "2 segments were gone before they were read")
        self.assert_frames(reader, [1, 2, 5, 6, 7])

    def test_what_only_ffmpeg_reads(self):
        mp4 = b"\0\0\0\x18styp" + bytes(4000)
        texts = {
            "map": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MAP:URI=\"i.mp4\"\n#EXTINF:1,\n0.ts\n",
            "key": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"k\"\n#EXTINF:1,\n0.ts\n",
            "sound": "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"n\",URI=\"a\"\n"
                     "#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO=\"a\"\nv\n",
            "mp4": playlist(["mp4"]),
            "packed": playlist(["packed"]),
        }
        words = {"map": "its segments are fragmented MP4", "key": "its segments are encrypted",
                 "sound": "its sound is in a playlist of its own", "mp4": "/mp4: fragmented MP4",
                 "packed": "/packed: audio that is no AAC"}
        self.server.put("mp4", mp4)
        self.server.put("packed", b"ID3" + bytes(4000))
        for name, text in texts.items():
            with self.subTest(name):
                self.server.put("x.m3u8", text)
                self.assert_ends(self.read(name=name), NEEDS_FFMPEG, words[name])

    def test_no_credentials_are_said(self):
        self.server.put("x.m3u8", playlist(["0.ts?token=very-secret"], ended=True))
        reader = Reader(self.folder, self.server.url("x.m3u8", user="anna:very-secret@"))
        code, stderr = reader.finish()
        self.assertEqual(code, BROKE)
        self.assertIn("HTTP 404: the segment is left out", stderr)
        self.assertNotIn("very-secret", stderr)
        sent = self.server.requests_of("0.ts?token=very-secret")[0][2]
        self.assertIn("Authorization", sent)  # as for the playlist

    def test_memory_is_bounded_whatever_is_sent(self):
        parts = [b"".join(self.bytes[:2]), *[(b"\x47\x1f\xff\x10" + bytes(184)) * 20000] * 80, b"".join(self.bytes[2:])]
        size = sum(map(len, parts))  # 300 MB

        def send(request):
            request.send(200, {}, b"", length=size)
            for part in parts:
                request.wfile.write(part)
            return True

        self.server.put("large.ts", script=send)
        self.put_list(["large.ts"], ended=True)
        with mock.patch.dict(os.environ, ASAN_OPTIONS="quarantine_size_mb=1"):
            reader = self.read("--lead", "2s")
        wait_for(lambda: len(reader.segments()) >= 2, 15, "two segments")
        status = Path(f"/proc/{reader.process.pid}/status").read_text()
        peak = int(status.split("VmHWM:")[1].split()[0])
        self.assertLess(peak * 1024, size / 2)  # some 20 MB of it; sanitizers take more
        self.assertLess(media_of(reader), 8)  # paced
        self.assertEqual(reader.stop()[0], OK)

    def test_asked_to_stop_it_is_gone_at_once(self):
        self.put_list(range(3))
        reader = self.read()
        wait_for(lambda: self.server.requests_of("2.ts"), 5, "the newest one fetched")
        asked = time.monotonic()
        self.assertEqual(reader.stop(), (OK, ""))
        self.assertLess(time.monotonic() - asked, 0.5)


class NeverWorking:
    """Sources that are given up after ten seconds: begun in front of all tests, judged behind them."""
    WORDS = {"gone.m3u8?token=very-secret": "/gone.m3u8?token=***: HTTP 404",
             "busy.m3u8": "HTTP 503",
             "page.m3u8": "a web page instead of a playlist",
             "empty.m3u8": "the playlist lists no segment",
             "hang.m3u8": "no answer for 5 s",
             "old.m3u8": "the playlist has not changed for 36",
             "loop.m3u8": "redirects",
             "missing.m3u8": "/b: HTTP 404"}

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="continuo-reader-"))
        self.server, self.release, self.lives = HlsServer(), threading.Event(), {}
        put = self.server.put
        put("hang.m3u8", script=lambda _: self.release.wait(60))
        put("page.m3u8", "<!DOCTYPE html><title>Welcome</title>")
        put("empty.m3u8", playlist([]))
        put("old.m3u8", playlist(["a", "b"]), headers={"Last-Modified": http_date(time.time() - 3600)})
        put("missing.m3u8", playlist(["a", "b"]))
        put("loop.m3u8", status=302, headers={"Location": "/loop.m3u8"})
        put("busy.m3u8", "busy", status=503)
        self.readers = {path: Reader(self.folder, self.server.url(path, user="anna:very-secret@"), name=path.split(".")[0])
                        for path in self.WORDS}
        self.readers["refused"] = Reader(self.folder, "http://127.0.0.1:1/x.m3u8", name="refused")
        self.threads = [threading.Thread(target=self.wait_for_end, args=[path]) for path in self.readers]
        for thread in self.threads:
            thread.start()

    def wait_for_end(self, path):
        began = time.monotonic()
        end = self.readers[path].finish(60)
        self.lives[path] = (time.monotonic() - began, *end)

    def close(self):
        self.release.set()
        for reader in self.readers.values():
            reader.process.kill()
        for thread in self.threads:
            thread.join()
        self.server.close()
        shutil.rmtree(self.folder)


class Unusable(unittest.TestCase):
    def test_what_never_works_is_given_up_after_ten_seconds_with_a_reason(self):
        for thread in never_working.threads:
            thread.join(30)
        for path, words in {**NeverWorking.WORDS, "refused": "Failed to connect to 127.0.0.1 port 1"}.items():
            with self.subTest(path):
                life, code, stderr = never_working.lives[path]
                self.assertEqual(code, BROKE)
                self.assertIn(words, stderr)
                self.assertNotIn("very-secret", stderr)
                self.assertGreater(life, 9.5)
                self.assertLess(life, 20)


def setUpModule():
    global never_working
    never_working = NeverWorking()
    unittest.addModuleCleanup(never_working.close)


if __name__ == "__main__":
    unittest.main(verbosity=2)
