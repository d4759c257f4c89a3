#!/usr/bin/env python3
"""continuo-segment --from: HLS playlists read whole, and from where it is wanted."""
import itertools
import subprocess
import sys
import threading
import time
import unittest
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from clips import FFMPEG  # noqa: E402
from hls_reader import NEEDS_FFMPEG, OK, RATE, Reader, ReaderTest  # noqa: E402
from hls_server import http_date, playlist  # noqa: E402
from segment_ladder import wait_for  # noqa: E402
from sources import Origin  # noqa: E402


class Complete(ReaderTest):
    def test_an_ended_list_is_read_whole(self):
        self.put_list(range(self.COUNT), ended=True)
        reader = self.read()
        self.assert_ends(reader, OK)
        self.assert_frames(reader, range(self.COUNT))
        self.assertLessEqual(self.server.connections, 2)  # kept alive
        self.assertEqual(len(self.server.requests_of("x.m3u8")), 1)

    def test_a_live_list_from_its_second_newest_segment_to_its_end(self):
        self.play_live(range(8))
        reader = self.read()
        self.assert_ends(reader, OK)
        self.assert_frames(reader, range(1, 8))
        self.assertLessEqual(self.server.connections, 2)
        asked = self.server.requests_of("x.m3u8")
        for before, after in itertools.pairwise(asked):
            self.assertGreater(after[0] - before[0], 0.45)  # half a target duration, and no less
        self.assertTrue(any("If-None-Match" in headers for _, _, headers in asked))
        self.assertTrue(all("gzip" in headers["Accept-Encoding"] for _, _, headers in asked))
        self.assertTrue(asked[0][2]["User-Agent"].startswith("continuo/"))

    def test_uris_of_all_kinds_and_redirects(self):
        for i in range(4):
            self.server.put(f"deep/{i}.ts", self.bytes[i])
        self.server.put("to/4", status=302, headers={"Location": "/4.ts"})
        names = ["0.ts", "../deep/1.ts?a=/b", self.server.url("2.ts"), "/3.ts", "/to/4", f"//{self.server.url('')[7:]}5.ts"]
        self.server.put("deep/1.ts?a=/b", self.bytes[1])
        self.put_list(names, path="deep/x.m3u8", ended=True)
        self.server.put("x.m3u8", status=301, headers={"Location": "deep/x.m3u8"})
        reader = self.read()
        self.assert_ends(reader, OK)
        self.assert_frames(reader, range(6))

    def test_the_best_variant_that_has_its_sound_with_it(self):
        self.put_list(range(4), path="hd/x.m3u8", ended=True)
        for i in range(4):
            self.server.put(f"hd/{i}.ts", self.bytes[i])
        self.server.put("x.m3u8", '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="n",DEFAULT=YES\n'
                        '#EXT-X-STREAM-INF:BANDWIDTH=1\nsd/x.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2,AUDIO="a"\nhd/x.m3u8\n'
                        '#EXT-X-STREAM-INF:BANDWIDTH=3,CODECS="mp4a.40.2"\nsound.m3u8\n')
        reader = self.read()
        self.assert_ends(reader, OK)
        self.assert_frames(reader, range(4))

    def test_cookies_are_sent_back(self):
        def wants_cookie(request):
            return "pass=7" not in request.headers.get("Cookie", "") and (request.send(403, {}, b"") or True)

        for i in range(2):
            self.server.put(f"{i}.ts", self.bytes[i], script=wants_cookie)
        self.put_list(range(2), ended=True, headers={"Set-Cookie": "pass=7; Path=/"})
        reader = self.read()
        self.assert_ends(reader, OK)
        self.assert_frames(reader, range(2))

    def test_byte_ranges(self):
        self.server.put("all.ts", b"".join(self.bytes))
        lines, offset = ["#EXTM3U", "#EXT-X-TARGETDURATION:1"], 0
        for i, data in enumerate(self.bytes):
            lines += ["#EXTINF:1,", f"#EXT-X-BYTERANGE:{len(data)}" + (f"@{offset}" if i % 2 == 0 else ""), "all.ts"]
            offset += len(data)
        self.server.put("x.m3u8", "\n".join([*lines, "#EXT-X-ENDLIST", ""]))
        reader = self.read()
        self.assert_ends(reader, OK)
        self.assert_frames(reader, range(self.COUNT))

    def test_byte_ranges_of_a_server_that_sends_all(self):
        whole = b"".join(self.bytes[:3])
        self.server.put("all.ts", script=lambda request: request.send(200, {}, whole) or True)
        begin = len(self.bytes[0])
        self.server.put("x.m3u8", f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n#EXT-X-BYTERANGE:{len(self.bytes[1])}@{begin}\n"
                        "all.ts\n#EXTINF:1,\n2.ts\n#EXT-X-ENDLIST\n")
        reader = self.read()
        self.assert_ends(reader, OK)
        self.assert_frames(reader, [1, 2])

    def test_files(self):
        for i in range(4):
            (self.folder / f"{i}.ts").write_bytes(self.bytes[i])
        path = self.folder / "x.m3u8"
        names = [f"{i}.ts" for i in range(4)]
        path.write_text(playlist(names[:2]))
        readers = [Reader(self.folder, path), Reader(self.folder, f"file://{path}", name="second")]
        wait_for(lambda: all((reader.directory / "run.json").exists() for reader in readers), 5, "both have begun")
        (self.folder / "new").write_text(playlist([*names, self.server.url("4.ts")], ended=True))
        (self.folder / "new").rename(path)
        for reader in readers:
            self.assert_ends(reader, OK)
            self.assert_frames(reader, range(5))

    def test_a_playlist_of_the_net_names_no_file_of_ours(self):
        secret = self.folder / "secret.ts"
        secret.write_bytes(self.bytes[1])
        self.put_list([0, f"file://{secret}", 2], ended=True)
        reader = self.read()
        self.assert_ends(reader, OK, "the segment is left out")
        self.assert_frames(reader, [0, 2])

    def test_live_behind_nginx(self):
        with Origin() as origin:
            url = origin.live_hls(self.clip(seconds=12, gop=RATE), segment_time=1)
            reader = Reader(self.folder, url)
            wait_for(lambda: len(reader.segments()) >= 2, 15, "two segments")
            code, stderr = reader.stop()
            self.assertEqual((code, stderr), (OK, ""))
            frames = self.frames(reader.directory)
            self.assertEqual(frames, list(range(frames[0], frames[0] + len(frames))))
            self.assertEqual(frames[0] % RATE, 0)


class Start(ReaderTest):
    def dated_list(self, numbers, date, **more):
        """The first of `numbers` is dated `date`."""
        text = datetime.fromtimestamp(date, timezone.utc).isoformat(timespec="milliseconds")
        self.put_list(numbers, before={f"{numbers[0]}.ts": f"#EXT-X-PROGRAM-DATE-TIME:{text}"}, **more)

    def test_at_a_date_frame_by_frame(self):
        # GOPs of a second: each segment holds one, so two make one of four
        for i in range(4):
            self.server.put(f"pair{i}.ts", self.bytes[2 * i] + self.bytes[2 * i + 1])
        begin = round(time.time()) - 8
        text = datetime.fromtimestamp(begin, timezone.utc).isoformat()
        self.put_list([f"pair{i}.ts" for i in range(4)], duration=2, ended=True,
                      before={"pair0.ts": f"#EXT-X-PROGRAM-DATE-TIME:{text}"})
        for wanted, first in ((-100, 0), (2, 2), (2.5, 3), (3, 3), (3.01, 3), (3.05, 4), (6, 6)):
            reader = self.read("--at", str(round((begin + wanted) * 1e6)), name=f"at{wanted}")
            self.assert_ends(reader, OK)
            with self.subTest(wanted=wanted):
                self.assert_frames(reader, range(first, 8))
                pts, date = reader.made()
                self.assertEqual(pts, reader.segments()[0]["start"])
                self.assertAlmostEqual(date, begin + first, delta=0.001)

    def test_a_short_first_segment_is_one_gop_and_a_cut(self):
        self.put_list(range(8), ended=True)
        plain, short = self.read("--short-first", name="short"), self.read()
        self.assert_ends(plain, OK)
        self.assert_ends(short, OK)
        first = plain.segments()[0]
        self.assertEqual(first["duration"], 90000)
        if first["end"] == "cut":
            self.assertEqual((plain.directory / "cuts").read_text(), f"{first['start'] + 90000} overlong\n")
        self.assert_frames(plain, range(8))

    def test_the_date_of_the_first_picture_by_the_servers_header(self):
        written = time.time() - 0.5
        self.put_list(range(3), headers={"Last-Modified": http_date(written)})
        reader = self.read()
        pts, date = reader.made()
        self.assertAlmostEqual(date, written - 2, delta=1.1)
        reader.stop()

    def test_the_date_of_the_first_picture_by_when_the_list_grows(self):
        stop = threading.Event()
        published = {}

        def publish():
            for end in range(3, self.COUNT):
                published[end - 1] = time.time()
                self.put_list(range(end - 3, end), first=end - 3)
                if stop.wait(1):
                    return

        publisher = threading.Thread(target=publish, daemon=True)
        publisher.start()
        self.addCleanup(lambda: (stop.set(), publisher.join()))
        wait_for(lambda: published, 5, "the list")
        reader = self.read()
        wait_for(lambda: len(reader.segments()) >= 2, 10, "two segments")
        frame = self.frames(reader.directory)[0]
        self.assertAlmostEqual(reader.made()[1], published[2] - 3 + frame / RATE, delta=0.55)
        reader.stop()

    def test_never_in_front_of_a_jump_back(self):
        far = self.clip("far.ts", seconds=4, gop=RATE, offset=5000).read_bytes()
        self.server.put("far.ts", far)
        mark = {"0.ts": "#EXT-X-DISCONTINUITY"}
        self.put_list(["far.ts", 0], before=mark)
        reader = self.read()
        wait_for(lambda: self.server.requests_of("0.ts"), 5, "the newest one fetched")
        self.put_list(["far.ts", 0, 1, 2], before=mark, ended=True)
        self.assert_ends(reader, OK)
        self.assert_frames(reader, range(3))
        self.assertEqual(self.server.requests_of("far.ts"), [])


class Encrypted(ReaderTest):
    """AES-128, RFC 8216 section 4.3.2.4."""
    KEYS = [bytes(range(16)), bytes(range(100, 116)), b"continuo's third"]

    def setUp(self):
        super().setUp()
        for i, key in enumerate(self.KEYS):
            self.server.put(f"{i}.key", key)

    def put_encrypted(self, number, key, iv=None):
        iv = number.to_bytes(16, "big") if iv is None else iv
        done = subprocess.run(["openssl", "enc", "-aes-128-cbc", "-K", key.hex(), "-iv", iv.hex()], input=self.bytes[number],
                              check=True, capture_output=True)
        self.server.put(f"{number}.ts", done.stdout)
        return done.stdout

    def test_keys_that_change_and_ivs_of_both_kinds(self):
        iv = bytes(range(16, 32))
        self.put_encrypted(1, self.KEYS[0], iv)
        self.put_encrypted(2, self.KEYS[0], iv)
        for i in (3, 4):
            self.put_encrypted(i, self.KEYS[1])
        self.put_encrypted(6, self.KEYS[2])
        self.put_list(range(8), ended=True, before={
            "1.ts": f'#EXT-X-KEY:METHOD=AES-128,URI="0.key",IV=0x{iv.hex()}',
            "3.ts": f'#EXT-X-KEY:METHOD=AES-128,URI="{self.server.url("1.key")}"',
            "5.ts": "#EXT-X-KEY:METHOD=NONE",
            "6.ts": '#EXT-X-KEY:METHOD=AES-128,URI="2.key",KEYFORMAT="identity"',
            "7.ts": "#EXT-X-KEY:METHOD=NONE"})
        reader = self.read("--from-start")
        self.assert_ends(reader, OK)
        self.assert_frames(reader, range(8))
        self.assertEqual([len(self.server.requests_of(f"{i}.key")) for i in range(3)], [1, 1, 1])

    def test_byte_ranges_and_a_torn_transfer(self):
        whole = b""
        lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:1", '#EXT-X-KEY:METHOD=AES-128,URI="0.key"']
        for i in range(4):
            part = self.put_encrypted(i, self.KEYS[0])
            lines += ["#EXTINF:1,", f"#EXT-X-BYTERANGE:{len(part)}@{len(whole)}", "all.ts"]
            whole += part
        torn = []

        def tear(request):
            first = int(request.headers["Range"].removeprefix("bytes=").split("-")[0])
            if first == 0 or torn:
                return False
            torn.append(first)
            request.send(206, {"Content-Range": f"bytes {first}-{len(whole) - 1}/{len(whole)}"}, whole[first:first + 10001],
                         length=len(whole) - first)
            request.close_connection = True
            return True

        self.server.put("all.ts", whole, script=tear)
        self.server.put("x.m3u8", "\n".join([*lines, "#EXT-X-ENDLIST", ""]))
        reader = self.read("--from-start")
        self.assert_ends(reader, OK, "/all.ts: transfer closed")
        self.assert_frames(reader, range(4))
        self.assertEqual(len(torn), 1)

    def test_a_key_server_that_fails_for_a_while(self):
        asked = []

        def busy(request):
            asked.append(time.monotonic())
            return len(asked) <= 5 and (request.send(503, {}, b"busy") or True)

        self.server.put("0.key", self.KEYS[0], script=busy)
        for i in range(1, 4):
            self.put_encrypted(i, self.KEYS[0])
        self.put_list(range(4), ended=True, before={"1.ts": '#EXT-X-KEY:METHOD=AES-128,URI="0.key"'})
        reader = self.read("--from-start")
        self.assert_ends(reader, OK, "/0.key: HTTP 503; tried again")
        self.assert_frames(reader, range(4))
        self.assertEqual(len(asked), 6)

    def test_a_key_that_is_refused_or_another_segments(self):
        self.server.put("0.key", status=403)
        self.server.put("1.key", b"too short")
        for i in (1, 2, 3):
            self.put_encrypted(i, self.KEYS[2])
        self.put_list(range(5), ended=True, before={
            f"{i + 1}.ts": f'#EXT-X-KEY:METHOD=AES-128,URI="{i}.key"' for i in range(3)}
            | {"4.ts": "#EXT-X-KEY:METHOD=NONE"})
        self.put_encrypted(3, self.KEYS[0])
        reader = self.read("--from-start")
        self.assert_ends(reader, OK, "/0.key: HTTP 403: the segment is left out", "/1.key: a key has 16 bytes",
                         "/3.ts: no transport stream with the key that is given for it")
        self.assert_frames(reader, [0, 4])

    def test_methods_that_need_another_client(self):
        self.put_list(range(3), ended=True, head='#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://x",KEYFORMAT="com.apple"')
        self.assert_ends(self.read("--from-start"), NEEDS_FFMPEG,
                         "x.m3u8: its segments are encrypted: METHOD SAMPLE-AES, KEYFORMAT com.apple")

    def test_files_encrypted_by_ffmpeg(self):
        info = self.folder / "info"
        (self.folder / "the.key").write_bytes(self.KEYS[1])
        info.write_text(f"the.key\n{self.folder}/the.key\n")
        clip = self.clip(seconds=6, gop=RATE)
        subprocess.run([*FFMPEG, "-i", clip, "-c", "copy", "-f", "hls", "-hls_time", "1", "-hls_playlist_type", "vod",
                        "-hls_key_info_file", info, self.folder / "x.m3u8"], check=True)
        reader = Reader(self.folder, self.folder / "x.m3u8", "--from-start")
        self.assert_ends(reader, OK)
        self.assert_frames(reader, range(6))


if __name__ == "__main__":
    unittest.main(verbosity=2)
