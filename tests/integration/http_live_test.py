#!/usr/bin/env python3
"""Playlists and segments: what channels published, whatever becomes of the tree."""
import concurrent.futures
import contextlib
import gzip
import json
import os
import pathlib
import re
import shutil
import threading
import time
import unittest

from http_server import WithServer, receive_all, receive_answers


class Live(WithServer):
    def test_a_configured_channel_without_a_snapshot_is_503_and_an_unknown_one_404(self):
        for path in ("master.m3u8", "720p/index.m3u8"):
            status, headers, body = self.server.get(f"/live/demo/{path}")
            self.assertEqual(status, 503)
            self.assertEqual(headers["retry-after"], "1")
            self.assertEqual(headers["access-control-allow-origin"], "*")
            status, headers, body = self.server.get(f"/live/nobody/{path}")
            self.assertEqual(status, 404)
            self.assertEqual(headers["content-type"], "application/problem+json")
            self.assertEqual(headers["cache-control"], "max-age=1")
            self.assertEqual(json.loads(body)["status"], 404)

    def test_playlists_follow_the_snapshot(self):
        channel = self.on_air(discontinuities={110})
        status, headers, body = self.server.get("/live/demo/master.m3u8")
        self.assertEqual(headers["content-type"], "application/vnd.apple.mpegurl")
        self.assertEqual(headers["cache-control"], "max-age=1")
        self.assertIn(b"#EXT-X-INDEPENDENT-SEGMENTS\n", body)
        self.assertIn(b"\nsource/index.m3u8\n", body)
        status, headers, body = self.server.get("/live/demo/720p/index.m3u8")
        text = body.decode()
        self.assertEqual(status, 200)
        self.assertEqual(headers["content-type"], "application/vnd.apple.mpegurl")
        self.assertIn("#EXT-X-MEDIA-SEQUENCE:105\n", text)
        self.assertEqual(text.count("#EXTINF:4.000000,"), 20)
        self.assertEqual(text.count("#EXT-X-PROGRAM-DATE-TIME:"), 20)
        self.assertEqual(text.count("#EXT-X-DISCONTINUITY\n"), 1)
        self.assertTrue(text.endswith("18c2f3a9b01-000124.ts\n"))
        channel.publish(channel.snapshot(101, 25))
        self.server.wait_until("/live/demo/720p/index.m3u8", lambda _, text: text.endswith(b"-000125.ts\n"))
        self.assertEqual(self.server.get("/live/demo/1080p/index.m3u8")[0], 404)

    def test_a_variant_without_segments_is_503(self):
        channel = self.server.channel()
        snapshot = channel.snapshot(100, 4)
        for segment in snapshot["segments"]:
            segment["files"][1] = ""
        channel.publish(snapshot)
        self.server.wait_until("/live/demo/source/index.m3u8", lambda status, _: status == 200)
        status, headers, _ = self.server.get("/live/demo/720p/index.m3u8")
        self.assertEqual((status, headers["retry-after"]), (503, "1"))

    def test_gzip_is_sent_to_who_accepts_it_and_holds_the_same_text(self):
        self.on_air()
        path = "/live/demo/720p/index.m3u8"
        _, plain, text = self.server.get(path, {"Accept-Encoding": "identity"})
        _, packed, data = self.server.get(path, {"Accept-Encoding": "br, gzip"})
        self.assertEqual(packed["content-encoding"], "gzip")
        self.assertEqual(gzip.decompress(data), text)
        self.assertNotIn("content-encoding", plain)
        self.assertNotEqual(plain["etag"], packed["etag"])
        self.assertEqual({plain["vary"], packed["vary"]}, {"Accept-Encoding"})

    def test_an_unchanged_playlist_is_304_until_it_changes(self):
        channel = self.on_air()
        path = "/live/demo/720p/index.m3u8"
        tag = self.server.get(path)[1]["etag"]
        status, headers, body = self.server.get(path, {"If-None-Match": tag})
        self.assertEqual((status, body, headers["etag"]), (304, b"", tag))
        self.assertNotIn("content-length", headers)
        channel.publish(channel.snapshot(101, 25))
        self.server.wait_until(path, lambda _, text: text.endswith(b"-000125.ts\n"))
        self.assertEqual(self.server.get(path, {"If-None-Match": tag})[0], 200)

    def test_a_segment_comes_whole_in_ranges_and_as_head(self):
        channel = self.on_air()
        data = os.urandom(10_000_019)
        url = channel.write_segment("720p", 124, data)
        status, headers, body = self.server.get(url)
        self.assertEqual(status, 200)
        self.assertTrue(body == data)
        self.assertEqual(headers["content-type"], "video/mp2t")
        self.assertEqual(headers["cache-control"], "public, max-age=126, immutable")
        self.assertEqual(headers["accept-ranges"], "bytes")
        _, of_head, nothing = self.server.request("HEAD", url)
        self.assertEqual(nothing, b"")
        self.assertEqual({**of_head, "date": ""}, {**headers, "date": ""})

        size = len(data)
        for field, first, last in (
            ("bytes=0-0", 0, 0),
            ("bytes=100-70099", 100, 70099),
            (f"bytes={size - 1}-", size - 1, size - 1),
            ("bytes=-1000", size - 1000, size - 1),
            ("bytes=5000000-99999999", 5000000, size - 1),
        ):
            status, headers, body = self.server.get(url, {"Range": field})
            self.assertEqual(status, 206, field)
            self.assertEqual(headers["content-range"], f"bytes {first}-{last}/{size}")
            self.assertTrue(body == data[first : last + 1], field)
        status, headers, body = self.server.get(url, {"Range": f"bytes={size}-"})
        self.assertEqual((status, headers["content-range"], body), (416, f"bytes */{size}", b""))
        self.assertEqual(headers["access-control-allow-origin"], "*")
        tag = of_head["etag"]
        self.assertEqual(self.server.get(url, {"Range": "bytes=0-9", "If-Range": tag})[0], 206)
        self.assertEqual(self.server.get(url, {"Range": "bytes=0-9", "If-Range": '"other"'})[0], 200)
        self.assertEqual(self.server.get(url, {"If-None-Match": tag})[0], 304)

    def test_a_deleted_segment_is_404_and_its_memory_is_given_back(self):
        channel = self.on_air()
        url = channel.write_segment("720p", 124, b"x" * 1000)
        path = channel.directory / channel.file_of("720p", 124)
        self.assertEqual(self.server.get(url)[0], 200)
        path.unlink()

        def is_held():
            for link in pathlib.Path(f"/proc/{self.server.process.pid}/fd").iterdir():
                with contextlib.suppress(FileNotFoundError):  # closed since it was listed
                    if "000124.ts" in os.readlink(link):
                        return True
            return False

        self.server.wait_until(url, lambda status, _: status == 404 and not is_held())

    def test_no_path_leaves_the_tree(self):
        channel = self.on_air()
        (self.server.runtime_dir / "secret.ts").write_text("secret")
        (channel.directory / "720p" / channel.run / "000001.ts").symlink_to(self.server.config)
        for path in (
            "/live/demo/720p/../../../secret.ts",
            "/live/demo/720p/..%2f..%2f..%2fsecret.ts",
            "/live/demo/720p/%2e%2e/%2e%2e/%2e%2e/secret.ts",
            "/live/demo/720p/....//secret.ts",
            "/live/demo/720p/../../secret.ts",
            "/live/demo/720p/" + channel.run + "-000001.ts",
            "/live/demo/720p/" + channel.run + "-..%5c..%5csecret.ts",
            "/live/../../etc/passwd",
            "/live/demo/720p/channel.json",
            "/live/demo/channel.json",
            "/live/demo/720p/%00.ts",
        ):
            with self.server.connect() as connection:
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
                answer = receive_all(connection)
            self.assertIn(int(answer.split()[1]), (400, 404, 503), path)
            self.assertNotIn(b"secret\n", answer)
            self.assertNotIn(b"runtime_dir", answer)

    def test_dot_segments_within_the_tree_are_resolved(self):
        channel = self.on_air()
        channel.write_segment("source", 124, b"x")
        with self.server.connect() as connection:
            path = f"/live/demo/720p/../source/{channel.run}-000124.ts"
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            self.assertEqual(receive_answers(connection, 1), [(200, b"x")])

    def test_each_body_is_one_version_whole_while_snapshots_are_replaced(self):
        channel = self.on_air()
        versions = 1000
        stop = threading.Event()

        def poll(path):
            seen = set()
            connection = self.server.keep_alive(self)
            while not stop.is_set():
                connection.request("GET", path)
                answer = connection.getresponse()
                text = answer.read().decode()
                first = int(re.search(r"#EXT-X-MEDIA-SEQUENCE:(\d+)", text).group(1))
                names = re.findall(r"-(\d{6})\.ts$", text, re.MULTILINE)
                if [int(name) for name in names] != list(range(first, first + 20)) or not text.endswith(".ts\n"):
                    return text
                seen.add(first)
            return len(seen)

        paths = ["/live/demo/720p/index.m3u8", "/live/demo/source/index.m3u8"] * 2
        with concurrent.futures.ThreadPoolExecutor(len(paths)) as pool:
            polls = [pool.submit(poll, path) for path in paths]
            texts = [json.dumps(channel.snapshot(100 + version, 25)) for version in range(1, versions + 1)]
            for text in texts:
                channel.publish_text(text)
            last = f"-{100 + versions + 24:06}.ts\n".encode()
            self.server.wait_until(paths[0], lambda _, text: text.endswith(last))
            stop.set()
            for result in polls:
                self.assertIsInstance(result.result(), int, "a torn playlist")
                self.assertGreater(result.result(), 5)

    def test_a_broken_snapshot_leaves_the_one_before_it(self):
        channel = self.on_air()
        before = self.server.get("/live/demo/720p/index.m3u8")[2]
        channel.publish_text('{"version":1,"channel":"demo"')
        self.server.wait_for_line('channel "demo": .*serving the snapshot before it')
        self.assertEqual(self.server.get("/live/demo/720p/index.m3u8")[2], before)

    def test_a_channel_that_goes_is_503_again_and_comes_back(self):
        channel = self.on_air()
        shutil.rmtree(channel.directory)
        self.server.wait_until("/live/demo/master.m3u8", lambda status, _: status == 503)
        self.on_air()

    def test_publish_lag(self):
        channel = self.on_air()
        path = "/live/demo/720p/index.m3u8"
        connection = self.server.keep_alive(self)
        lags = []
        for version in range(1, 201):
            text = json.dumps(channel.snapshot(100 + version, 25))
            wanted = f"-{100 + version + 24:06}.ts\n".encode()
            start = time.perf_counter()
            channel.publish_text(text)
            while True:
                connection.request("GET", path)
                if connection.getresponse().read().endswith(wanted):
                    break
            lags.append(time.perf_counter() - start)
        lags.sort()
        print(f"publish lag: p50 {lags[100] * 1e3:.2f} ms, p99 {lags[197] * 1e3:.2f} ms, max {lags[-1] * 1e3:.2f} ms")
        self.assertLess(lags[100], 0.02)  # the figure itself is the benchmark's


class WithoutTree(WithServer):
    arguments = {"make_tree": False}

    def test_the_tree_may_come_after_the_server_and_go_and_come_again(self):
        self.assertEqual(self.server.get("/readyz")[0], 503)
        self.on_air()
        shutil.rmtree(self.server.runtime_dir / "channels")
        self.server.wait_until("/live/demo/master.m3u8", lambda status, _: status == 503)
        self.on_air()


if __name__ == "__main__":
    unittest.main(verbosity=2)
