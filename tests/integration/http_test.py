#!/usr/bin/env python3
"""continuo-http over loopback, on trees made by hand.

usage: http_test.py PATH_TO_CONTINUO_HTTP [unittest arguments]
"""
import concurrent.futures
import contextlib
import functools
import gzip
import http.client
import json
import os
import pathlib
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

from snapshot_tree import Channel

PROGRAM = ""
DEADLINE = 10  # s, for everything that should happen soon

CONFIG = """
runtime_dir: {runtime_dir}
log_level: debug
http: {{ listen: "127.0.0.1:8080", threads: 2, header_timeout: 1s, idle_timeout: 3s, send_timeout: 2s{http} }}
channels:
{channels}
"""
CHANNEL = """
  - name: {name}
    sources: [ {{ test: {{}} }} ]
    variants: [ {variants} ]
"""
COPY = "{ name: source, copy: true }"
LADDER = COPY + ", { name: 720p, height: 720, video_bitrate: 2800k }"


class Server:
    """A continuo-http of its own on a free port, with a runtime directory in memory."""

    def __init__(self, channels=("demo",), http="", make_tree=True, variants=LADDER, open_files=None):
        base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="continuo-http-test-", dir=base))
        self.runtime_dir = self.directory / "run"
        self.config = self.directory / "config.yaml"
        self.write_config(channels, http, variants)
        self.runtime_dir.mkdir()
        if make_tree:
            (self.runtime_dir / "channels").mkdir()
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [PROGRAM, "--config", self.config, "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True,
            preexec_fn=open_files and functools.partial(resource.setrlimit, resource.RLIMIT_NOFILE, (64, open_files)),
        )
        self._condition = threading.Condition()
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        try:
            self.port = int(self.wait_for_line(r"listening on 127\.0\.0\.1:(\d+)").group(1))
        except AssertionError:
            self.close()
            raise

    def write_config(self, channels, http="", variants=LADDER):
        text = "".join(CHANNEL.format(name=name, variants=variants) for name in channels) or "  []"
        extra = f", {http}" if http else ""
        self.config.write_text(CONFIG.format(runtime_dir=self.runtime_dir, http=extra, channels=text))

    def _read_log(self):
        for line in self.process.stderr:
            with self._condition:
                self.lines.append(line)
                self._condition.notify_all()

    def wait_for_line(self, pattern: str, after: int = 0):
        def found():
            return next((match for line in self.lines[after:] if (match := re.search(pattern, line))), None)

        with self._condition:
            match = self._condition.wait_for(found, DEADLINE)
            if not match:
                raise AssertionError(f"no line like {pattern!r} in {self.lines}")
            return match

    def channel(self, name="demo", **arguments) -> Channel:
        return Channel(self.runtime_dir, name, **arguments)

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), DEADLINE)
        connection.settimeout(DEADLINE)
        return connection

    def keep_alive(self, test: unittest.TestCase) -> http.client.HTTPConnection:
        """One connection for many requests, closed at the end of `test`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        test.addCleanup(connection.close)
        return connection

    def request(self, method: str, path: str, headers=None, body=None):
        """(status, headers with small names, body)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def get(self, path: str, headers=None):
        return self.request("GET", path, headers)

    def wait_until(self, path: str, accept):
        """Asks again until `accept(status, body)`; there is no event to wait for on the far side of HTTP."""
        limit = time.monotonic() + DEADLINE
        while True:
            status, headers, body = self.get(path)
            if accept(status, body):
                return status, headers, body
            if time.monotonic() > limit:
                raise AssertionError(f"{path} is {status} {body[:500]!r}")

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE)
        self._reader.join(DEADLINE)
        self.process.stderr.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def receive_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def receive_answers(connection: socket.socket, count: int) -> list[tuple[int, bytes]]:
    """(status, body) of `count` answers that carry Content-Length."""
    stream = connection.makefile("rb")
    answers = []
    for _ in range(count):
        status = int(stream.readline().split()[1])
        length = 0
        while (line := stream.readline().strip().lower()) != b"":
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        answers.append((status, stream.read(length)))
    return answers


class WithServer(unittest.TestCase):
    arguments: dict = {}

    def setUp(self):
        self.server = Server(**self.arguments)
        self.addCleanup(self.server.close)

    def on_air(self, **arguments):
        channel = self.server.channel()
        channel.publish(channel.snapshot(100, 25, **arguments))
        self.server.wait_until("/live/demo/master.m3u8", lambda status, _: status == 200)
        return channel


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


class Protocol(WithServer):
    def exchange(self, data: bytes) -> bytes:
        with self.server.connect() as connection:
            connection.sendall(data)
            return receive_all(connection)

    def status_of(self, data: bytes) -> int:
        return int(self.exchange(data).split()[1])

    def test_requests_in_one_connection_one_after_the_other(self):
        with self.server.connect() as connection:
            for _ in range(20):
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                self.assertEqual(receive_answers(connection, 1)[0][0], 200)

    def test_pipelined_requests_are_answered_in_order(self):
        channel = self.on_air()
        bodies = [os.urandom(size) for size in (10, 200_000, 0, 16_384, 5)]
        urls = [channel.write_segment("720p", index, body) for index, body in enumerate(bodies)]
        with self.server.connect() as connection:
            connection.sendall(b"".join(f"GET {url} HTTP/1.1\r\nHost: a\r\n\r\n".encode() for url in urls))
            self.assertEqual(receive_answers(connection, len(urls)), [(200, body) for body in bodies])

    def test_a_request_in_single_bytes(self):
        with self.server.connect() as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n":
                connection.sendall(bytes([byte]))
            self.assertEqual(receive_answers(connection, 1)[0][0], 200)

    def test_http_1_0_and_connection_close_end_the_connection(self):
        answer = self.exchange(b"GET /healthz HTTP/1.0\r\n\r\n")
        self.assertIn(b"\r\nConnection: close\r\n", answer)
        answer = self.exchange(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        self.assertIn(b"\r\nConnection: close\r\n", answer)
        with self.server.connect() as connection:
            for _ in range(2):
                connection.sendall(b"GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                self.assertEqual(receive_answers(connection, 1)[0][0], 200)

    def test_refusals(self):
        head = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
        self.assertEqual(self.status_of(b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"), 414)
        self.assertEqual(self.status_of(b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"), 414)
        self.assertEqual(self.status_of(head + b"X: " + b"a" * 40000 + b"\r\n\r\n"), 431)
        self.assertEqual(self.status_of(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n"), 413)
        self.assertEqual(self.status_of(b"GET / HTTP/2.0\r\n\r\n"), 505)
        self.assertEqual(self.status_of(b"GET / HTTP/1.1\r\n\r\n"), 400)
        self.assertEqual(self.status_of(b"nonsense\r\n\r\n"), 400)
        self.assertEqual(self.status_of(b"GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n"), 400)
        self.assertEqual(self.status_of(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"), 501)
        self.assertEqual(
            self.status_of(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"), 400
        )
        self.assertEqual(self.status_of(head + b"Expect: miracles\r\n\r\n"), 417)
        self.assertEqual(self.server.get("/healthz")[0], 200)

    def test_a_header_of_12_kb_is_taken(self):
        fields = {f"X-{index}": "v" * 1000 for index in range(12)}
        self.assertEqual(self.server.get("/healthz", fields)[0], 200)

    def test_methods(self):
        status, headers, _ = self.server.request("POST", "/healthz")
        self.assertEqual((status, headers["allow"]), (405, "GET, HEAD, OPTIONS"))
        status, headers, _ = self.server.request("DELETE", "/live/demo/master.m3u8")
        self.assertEqual((status, headers["allow"]), (405, "GET, HEAD, OPTIONS"))
        self.assertEqual(self.server.request("GET", "/api/v1/channels/demo/restart")[0], 405)
        self.assertEqual(self.server.request("POST", "/nothing/here")[0], 404)
        status, headers, body = self.server.request("OPTIONS", "/live/demo/720p/1-000001.ts")
        self.assertEqual((status, body), (204, b""))
        self.assertIn("Range", headers["access-control-allow-headers"])
        self.assertEqual(headers["access-control-allow-methods"], "GET, HEAD, OPTIONS")
        self.assertEqual(headers["access-control-allow-origin"], "*")
        self.assertNotIn("content-length", headers)

    def test_expect_100_continue_is_answered_before_the_body(self):
        with self.server.connect() as connection:
            connection.sendall(
                b"POST /healthz HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
            )
            self.assertEqual(connection.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
            connection.sendall(b"hello")
            self.assertEqual(receive_answers(connection, 1)[0][0], 405)

    def test_a_body_in_chunks_is_taken_and_the_request_behind_it_found(self):
        head = b"POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        with self.server.connect() as connection:
            connection.sendall(head + b"6000\r\n" + bytes(0x6000) + b"\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertEqual([status for status, _ in receive_answers(connection, 2)], [405, 200])
        self.assertEqual(self.status_of(head + b"10001\r\n"), 413)
        self.assertEqual(self.status_of(head + b"hello\r\n"), 400)

    def test_a_body_that_trickles_is_cut_off_in_time(self):
        start = time.monotonic()
        for length in (b"Content-Length: 9", b"Transfer-Encoding: chunked"):
            head = b"POST /healthz HTTP/1.1\r\nHost: a\r\n" + length + b"\r\n\r\n"
            with self.server.connect() as connection:
                connection.sendall(head + b"5\r\nhe")
                self.assertTrue(receive_all(connection).startswith(b"HTTP/1.1 408 "))
        self.assertLess(time.monotonic() - start, 12)

    def test_the_request_behind_a_body_is_found(self):
        with self.server.connect() as connection:
            head = b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"
            connection.sendall(head + b"x" * 60000 + b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertEqual([status for status, _ in receive_answers(connection, 2)], [405, 200])

    def test_the_date_is_now(self):
        date = self.server.get("/healthz")[1]["date"]
        parsed = time.mktime(time.strptime(date, "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
        self.assertLess(abs(parsed - time.time()), 2)

    def test_a_header_that_trickles_is_cut_off_in_time(self):
        start = time.monotonic()
        with self.server.connect() as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n")
            answer = b""
            while True:
                readable, _, _ = select.select([connection], [], [], 0.2)
                if readable:
                    part = connection.recv(4096)
                    if not part:
                        break
                    answer += part
                elif not answer:
                    connection.sendall(b"X: y\r\n")
                self.assertLess(time.monotonic() - start, DEADLINE)
        self.assertTrue(answer.startswith(b"HTTP/1.1 408 "))
        self.assertLess(time.monotonic() - start, 6)

    def test_an_idle_connection_is_closed_in_time(self):
        start = time.monotonic()
        with self.server.connect() as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            receive_answers(connection, 1)
            self.assertEqual(connection.recv(1), b"")
        self.assertTrue(2.9 < time.monotonic() - start < 7)

    def test_a_reader_that_stops_is_cut_off(self):
        channel = self.on_air()
        url = channel.write_segment("720p", 1, bytes(50_000_000))
        with self.server.connect() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            connection.sendall(f"GET {url} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            poll = select.poll()
            poll.register(connection, select.POLLERR | select.POLLHUP)
            self.assertTrue(poll.poll(DEADLINE * 1000), "still connected")

    def test_a_client_that_goes_away_in_the_middle_does_no_harm(self):
        channel = self.on_air()
        url = channel.write_segment("720p", 1, bytes(20_000_000))
        for _ in range(20):
            with self.server.connect() as connection:
                connection.sendall(f"GET {url} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
                connection.recv(1000)
        self.assertEqual(self.server.get("/healthz")[0], 200)


class Limits(WithServer):
    arguments = {"http": "max_connections: 4"}

    def test_one_connection_too_many_is_503(self):
        held = [self.server.connect() for _ in range(4)]
        try:
            for connection in held:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                self.assertEqual(receive_answers(connection, 1)[0][0], 200)
            with self.server.connect() as connection:
                self.assertTrue(receive_all(connection).startswith(b"HTTP/1.1 503 "))
        finally:
            for connection in held:
                connection.close()
        self.server.wait_until("/healthz", lambda status, _: status == 200)


def listed(playlist: bytes) -> list[str]:
    return [line for line in playlist.decode().splitlines() if line and not line.startswith("#")]


class AliasOfALadder(WithServer):
    """The channel `live` at the URLs of the mux service."""

    arguments = {"channels": ("live", "stream", "stream_0")}

    def on_air(self, name="live", **arguments):
        channel = self.server.channel(name)
        channel.publish(channel.snapshot(100, 25, **arguments))
        self.server.wait_until(f"/live/{name}/master.m3u8", lambda status, _: status == 200)
        return channel

    def test_before_there_is_anything_each_playlist_is_empty_and_200(self):
        def check(path):
            status, headers, body = self.server.get(path)
            self.assertEqual((status, headers["content-type"]), (200, "application/vnd.apple.mpegurl"), path)
            self.assertEqual((headers["cache-control"], headers["access-control-allow-origin"]), ("max-age=1", "*"))
            self.assertTrue(body.startswith(b"#EXTM3U\n"))
            self.assertIn(b"\n#EXT-X-TARGETDURATION:6\n", body)
            self.assertEqual(listed(body), [])

        paths = ("/live/stream.m3u8", "/live/stream_0/playlist.m3u8", "/live/stream_1/playlist.m3u8")
        for path in paths:
            check(path)
        channel = self.server.channel("live")
        snapshot = channel.snapshot(100, 0)
        for variant in snapshot["variants"]:
            variant.update(bandwidth_bps=0, codecs="")
        channel.publish(snapshot)
        self.server.wait_for_line('channel "live": has a snapshot')
        for path in paths:
            check(path)

    def test_the_master_leads_to_every_variant_and_each_list_to_its_segments(self):
        channel = self.on_air(discontinuities={110})
        _, _, master = self.server.get("/live/stream.m3u8")
        self.assertEqual(listed(master), ["stream_0/playlist.m3u8", "stream_1/playlist.m3u8"])
        _, _, own_master = self.server.get("/live/live/master.m3u8")
        for number, variant in enumerate(channel.variants):
            url = channel.write_segment(variant, 124, variant.encode())
            path = f"/live/stream_{number}/playlist.m3u8"
            self.assertEqual(listed(own_master)[number], f"{variant}/index.m3u8")
            _, _, text = self.server.get(path)
            _, _, own = self.server.get(f"/live/live/{variant}/index.m3u8")
            prefix = f"../live/{variant}/"
            self.assertEqual(text.replace(prefix.encode(), b""), own)
            self.assertEqual(urllib.parse.urljoin(path, listed(text)[-1]), url)
            self.assertEqual(self.server.get(url)[2], variant.encode())

    def test_a_number_out_of_range_or_none_at_all_is_404(self):
        for _ in range(2):  # by the configuration, then by the list
            for name in ("stream_2", "stream_99999999999999999999", "stream_-1", "stream_01", "stream_x", "stream_", "demo"):
                status, headers, _ = self.server.get(f"/live/{name}/playlist.m3u8")
                self.assertEqual((status, headers["content-type"]), (404, "application/problem+json"), name)
            self.on_air()

    def test_it_is_served_like_every_other_playlist(self):
        channel = self.on_air()
        for path in ("/live/stream.m3u8", "/live/stream_1/playlist.m3u8"):
            status, plain, text = self.server.get(path, {"Accept-Encoding": "identity"})
            self.assertEqual((status, plain["cache-control"], plain["vary"]), (200, "max-age=1", "Accept-Encoding"))
            _, packed, data = self.server.get(path, {"Accept-Encoding": "gzip"})
            self.assertEqual(gzip.decompress(data), text)
            self.assertEqual(self.server.get(path, {"If-None-Match": plain["etag"]})[0], 304)
            self.assertEqual(self.server.request("HEAD", path)[2], b"")
            self.assertEqual(self.server.request("OPTIONS", path)[0], 204)
            self.assertEqual(self.server.request("POST", path)[0], 405)
        channel.publish(channel.snapshot(101, 25))
        _, _, text = self.server.wait_until("/live/stream_1/playlist.m3u8", lambda _, text: text.endswith(b"-000125.ts\n"))
        self.assertIn(b"#EXT-X-MEDIA-SEQUENCE:106\n", text)

    def test_channels_of_like_names_keep_their_urls(self):
        for name in ("stream", "stream_0"):
            channel = self.on_air(name)
            url = channel.write_segment("720p", 124, name.encode())
            self.assertEqual(self.server.get(url)[2], name.encode())
            self.assertEqual(listed(self.server.get(f"/live/{name}/master.m3u8")[2])[0], "source/index.m3u8")
            self.assertIn(b"-000124.ts", self.server.get(f"/live/{name}/720p/index.m3u8")[2])
        self.assertEqual(listed(self.server.get("/live/stream.m3u8")[2]), [])
        self.assertEqual(listed(self.server.get("/live/stream_0/playlist.m3u8")[2]), [])


class AliasOfACopy(WithServer):
    arguments = {"channels": ("live",), "variants": COPY}

    def test_the_stream_is_the_list_itself_and_its_segments_lie_beside_it(self):
        self.assertEqual(listed(self.server.get("/live/stream.m3u8")[2]), [])
        self.assertEqual(json.loads(self.server.get("/health")[2]), {"status": "ok", "mode": "copy", "stream_ready": False})
        channel = self.server.channel("live", variants=("source",))
        channel.publish(channel.snapshot(100, 25))
        self.server.wait_until("/live/stream.m3u8", lambda _, text: text.endswith(b"-000124.ts\n"))
        text = self.server.get("/live/stream.m3u8")[2]
        self.assertEqual(text, self.server.get("/live/live/source/index.m3u8")[2])
        self.assertEqual(json.loads(self.server.get("/health")[2]), {"status": "ok", "mode": "copy", "stream_ready": True})

        data = os.urandom(100_000)
        own = channel.write_segment("source", 124, data)
        alias = urllib.parse.urljoin("/live/stream.m3u8", listed(text)[-1])
        self.assertEqual(alias, f"/live/{channel.run}-000124.ts")
        for url in (own, alias):
            status, headers, body = self.server.get(url)
            self.assertEqual((status, headers["content-type"], body), (200, "video/mp2t", data))
            self.assertEqual(headers["cache-control"], "public, max-age=126, immutable")
        self.assertEqual(self.server.get(alias, {"Range": "bytes=5-9"})[2], data[5:10])
        numbered = "/live/stream_0/playlist.m3u8"
        self.assertEqual(urllib.parse.urljoin(numbered, listed(self.server.get(numbered)[2])[-1]), own)

    def test_what_is_no_segment_is_404_and_no_path_leaves_the_tree(self):
        for _ in range(2):
            for name in ("nothing", "nothing.ts", "1-000001.ts", "..%2fchannel.json", "channel.json"):
                self.assertIn(self.server.get(f"/live/{name}")[0], (400, 404), name)
            channel = self.server.channel("live", variants=("source",))
            channel.publish(channel.snapshot(100, 25))
            self.server.wait_until("/live/live/master.m3u8", lambda status, _: status == 200)


class AliasOfNothing(WithServer):
    def test_without_a_channel_of_that_name_there_is_nothing(self):
        self.on_air()
        for path in ("stream.m3u8", "stream_0/playlist.m3u8", "18c2f3a9b01-000124.ts"):
            status, headers, _ = self.server.get(f"/live/{path}")
            self.assertEqual((status, headers["content-type"]), (404, "application/problem+json"))


class Status(WithServer):
    def test_health_says_what_the_reference_says(self):
        self.assertEqual(self.server.get("/healthz")[0], 200)
        self.assertEqual(
            json.loads(self.server.get("/health")[2]), {"status": "ok", "mode": "abr", "stream_ready": False}
        )
        status, headers, body = self.server.get("/readyz")
        self.assertEqual(status, 503)
        self.assertIn("demo", json.loads(body)["detail"])
        self.on_air()
        self.assertEqual(
            json.loads(self.server.get("/health")[2]), {"status": "ok", "mode": "abr", "stream_ready": True}
        )
        self.assertEqual(self.server.get("/readyz")[0], 200)

    def test_a_list_that_stopped_growing_is_not_ready(self):
        channel = self.server.channel()
        snapshot = channel.snapshot(100, 25)
        for segment in snapshot["segments"]:
            segment["date_us"] -= 60_000_000
        channel.publish(snapshot)
        self.server.wait_until("/live/demo/master.m3u8", lambda status, _: status == 200)
        status, _, body = self.server.get("/readyz")
        self.assertEqual(status, 503)
        self.assertIn("stalled", json.loads(body)["detail"])

    def test_channels_as_json(self):
        self.on_air()
        status, headers, body = self.server.get("/api/v1/channels")
        self.assertEqual(headers["content-type"], "application/json")
        (channel,) = json.loads(body)["channels"]
        self.assertEqual(channel, json.loads(self.server.get("/api/v1/channels/demo")[2]))
        self.assertEqual((channel["state"], channel["newest_number"]), ("on air", 124))
        self.assertEqual(self.server.get(channel["urls"]["master"])[0], 200)
        for variant in channel["variants"]:
            self.assertEqual(self.server.get(variant["url"])[0], 200)
        self.assertEqual(channel["variants"][0]["bandwidth_bps"], 3_000_000)
        status, headers, body = self.server.get("/api/v1/channels/none")
        self.assertEqual((status, headers["content-type"]), (404, "application/problem+json"))
        problem = json.loads(body)
        self.assertEqual((problem["status"], problem["title"]), (404, "Not Found"))

    def control_socket(self, reply: bytes | None) -> list[bytes]:
        """Plays the daemon for one request; the list gets what it was asked."""
        asked: list[bytes] = []
        listener = socket.socket(socket.AF_UNIX)
        path = self.server.runtime_dir / "control.sock"
        path.unlink(missing_ok=True)
        listener.bind(str(path))
        listener.listen()

        def serve():
            connection, _ = listener.accept()
            with connection:
                asked.append(connection.makefile("rb").readline())
                if reply is not None:
                    connection.sendall(reply)
                connection.recv(1)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        self.addCleanup(listener.close)
        return asked

    def restart(self, headers=None):
        status, fields, body = self.server.request("POST", "/api/v1/channels/demo/restart", headers)
        return status, json.loads(body)

    def test_restart_is_passed_on_to_the_daemon(self):
        asked = self.control_socket(b'{"ok":true,"result":null}\n')
        self.assertEqual(self.restart(), (202, {"restarting": "demo"}))
        self.assertEqual(json.loads(asked[0]), {"op": "restart", "channel": "demo"})

    def test_what_the_daemon_refuses_is_a_problem(self):
        self.control_socket(b'{"ok":false,"error":"conflict","message":"it is stopping"}\n')
        status, problem = self.restart()
        self.assertEqual((status, problem["detail"]), (409, "it is stopping"))

    def test_a_daemon_that_is_not_there_or_does_not_answer_is_503(self):
        status, problem = self.restart()
        self.assertEqual(status, 503)
        self.control_socket(None)
        start = time.monotonic()
        status, problem = self.restart()
        self.assertEqual(status, 503)
        self.assertTrue(1.9 < time.monotonic() - start < 4)

    def switch(self, body, headers=None, channel="demo"):
        status, fields, answer = self.server.request("POST", f"/api/v1/channels/{channel}/switch", headers, body)
        self.assertEqual(fields["content-type"], "application/json" if status == 202 else "application/problem+json")
        self.assertEqual(fields["access-control-allow-origin"], "*")
        return status, json.loads(answer)

    def cue(self, body, headers=None, channel="demo"):
        status, fields, answer = self.server.request("POST", f"/api/v1/channels/{channel}/cues", headers, body)
        self.assertEqual(fields["content-type"], "application/json" if status == 202 else "application/problem+json")
        return status, json.loads(answer)

    def test_a_switch_is_passed_on_to_the_daemon(self):
        url = "https://user:secret@host/live.m3u8?token=abc"
        for body, headers in (
            (json.dumps({"url": url}), {"Content-Type": "application/json; charset=utf-8"}),
            (json.dumps({"url": url}), {}),
            (iter([b'{"url":', json.dumps(url).encode(), b"}"]), {"Content-Type": "application/json"}),  # in chunks
            (json.dumps({"url": url}), {"Content-Type": "application/x-www-form-urlencoded"}),
        ):
            asked = self.control_socket(b'{"ok":true,"result":null}\n')
            accepted = {"switching": "demo", "url": "https://***@host/live.m3u8?token=***"}
            self.assertEqual(self.switch(body, headers), (202, accepted))
            self.assertEqual(json.loads(asked[0]), {"op": "switch", "channel": "demo", "url": url})

    def test_a_switch_that_can_not_be_is_refused_before_the_daemon_is_asked(self):
        asked = self.control_socket(b'{"ok":true,"result":null}\n')
        good = json.dumps({"url": "https://host/live.m3u8"})
        for body, words in (
            ("", "is no JSON from byte 1 on"),
            (good[:-1], "is no JSON"),
            ("[]", "has to be an object such as"),
            ('{"URL": "https://host/live.m3u8"}', '"url" has to be a text'),
            ('{"url": "host/live.m3u8"}', "http:// or https://"),
            ('{"url": "https://user:secret@"}', "has to name a host"),
            ('{"url": "https://host/a b"}', "no blank"),
            (json.dumps({"url": "https://host/" + "x" * 5000}), "4096 bytes"),
        ):
            status, problem = self.switch(body)
            self.assertEqual((status, problem["status"], problem["title"]), (400, 400, "Bad Request"), body)
            self.assertIn(words, problem["detail"])
            self.assertNotIn("secret", problem["detail"])
        self.assertEqual(self.switch(good, {"Content-Type": "text/xml"})[0], 415)
        self.assertEqual(self.switch(good, channel="none")[0], 404)
        self.assertEqual(self.switch(good, {"Origin": "http://example.com"})[0], 403)
        self.assertEqual(self.server.request("POST", "/api/v1/channels/demo/switch", {}, "x" * 65537)[0], 413)
        self.assertEqual(self.server.request("GET", "/api/v1/channels/demo/switch")[0], 405)
        self.assertEqual(asked, [])

    def test_a_switch_that_the_daemon_refuses_or_does_not_hear_is_a_problem(self):
        good = json.dumps({"url": "https://host/live.m3u8"})
        self.assertEqual(self.switch(good)[0], 503)
        for error, expected in (("conflict", 409), ("not_found", 404), ("malformed", 400), ("unavailable", 503)):
            self.control_socket(json.dumps({"ok": False, "error": error, "message": "it has no playhead"}).encode() + b"\n")
            status, problem = self.switch(good)
            self.assertEqual((status, problem["detail"]), (expected, "it has no playhead"))

    def test_a_cue_is_passed_on_to_the_daemon_and_its_event_id_told(self):
        for cue in (
            {"out": True},
            {"out": True, "duration_s": 30.5, "at_s": 8, "event_id": 7, "auto_return": False},
            {"in": True, "event_id": 4294967295},
            {"section": "/DAcAAAAAAAAAP/wCwUAAAABfx8AAAEAAAAA3r8DiQ==", "at_s": 2},
        ):
            asked = self.control_socket(b'{"ok":true,"result":{"event_id":7,"kind":"out"}}\n')
            self.assertEqual(self.cue(json.dumps(cue)), (202, {"channel": "demo", "event_id": 7, "kind": "out"}))
            self.assertEqual(json.loads(asked[0]), {"op": "cue", "channel": "demo", "cue": cue})

    def test_a_cue_that_makes_no_sense_is_refused_before_the_daemon_is_asked(self):
        asked = self.control_socket(b'{"ok":true,"result":null}\n')
        for body, words in (
            ("", "JSON object such as"),
            ("{}", "A cue is {"),
            ('{"out": true, "in": true}', "not two"),
            ('{"out": true, "duration": 30}', "does not belong there"),
            ('{"out": true, "duration_s": 0}', "from 0.1 to 86400"),
            ('{"in": true, "event_id": -1}', '"event_id" has to be'),
        ):
            status, problem = self.cue(body)
            self.assertEqual((status, problem["status"]), (400, 400), body)
            self.assertIn(words, problem["detail"])
        self.assertEqual(self.cue('{"out": true}', {"Content-Type": "text/xml"})[0], 415)
        self.assertEqual(self.cue('{"out": true}', channel="none")[0], 404)
        self.assertEqual(self.cue('{"out": true}', {"Origin": "http://example.com"})[0], 403)
        self.assertEqual(self.server.request("GET", "/api/v1/channels/demo/cues")[0], 405)
        self.assertEqual(asked, [])

    def test_a_cue_that_the_daemon_refuses_or_does_not_hear_is_a_problem(self):
        self.assertEqual(self.cue('{"out": true}')[0], 503)
        self.control_socket(b'{"ok":false,"error":"conflict","message":"no source is on air"}\n')
        status, problem = self.cue('{"out": true}')
        self.assertEqual((status, problem["detail"]), (409, "no source is on air"))

    def test_only_this_machine_itself_may_change_something(self):
        self.assertEqual(self.restart({"Host": "example.com"})[0], 403)
        self.assertEqual(self.restart({"Origin": "http://example.com"})[0], 403)
        self.assertEqual(self.restart({"X-Forwarded-For": "192.0.2.1"})[0], 403)

    def test_pages(self):
        self.on_air()
        status, headers, body = self.server.get("/")
        self.assertEqual(headers["content-type"], "text/html; charset=utf-8")
        self.assertIn("default-src 'none'", headers["content-security-policy"])
        self.assertIn(b"/play/demo", body)
        self.assertIn(b"on air", body)
        status, headers, body = self.server.get("/play/demo")
        self.assertEqual(status, 200)
        self.assertNotIn(b"{{", body)
        self.assertEqual(self.server.get("/play/none")[0], 404)
        for url in re.findall(rb'(?:src|href)="(/assets/[^"]+)"', body):
            status, headers, data = self.server.get(url.decode())
            self.assertEqual(status, 200, url)
            self.assertTrue(data)
            if b"hls-" in url:
                self.assertIn("immutable", headers["cache-control"])


class Token(WithServer):
    def setUp(self):
        with tempfile.NamedTemporaryFile("w", delete=False) as file:
            file.write("correct horse\n")
        self.addCleanup(os.unlink, file.name)
        self.arguments = {"http": f"token_file: {file.name}"}
        super().setUp()

    def test_with_a_token_file_its_bearer_may_and_nobody_else(self):
        def restart(headers):
            return self.server.request("POST", "/api/v1/channels/demo/restart", headers)

        status, headers, _ = restart({})
        self.assertEqual((status, headers["www-authenticate"]), (401, "Bearer"))
        self.assertEqual(restart({"Authorization": "Bearer wrong horse"})[0], 401)
        self.assertEqual(restart({"Authorization": "Bearer correct horse"})[0], 503)

        def switch(headers):
            return self.server.request("POST", "/api/v1/channels/demo/switch", headers, '{"url": "http://h"}')[0]

        self.assertEqual([switch({}), switch({"Authorization": "Bearer correct horse"})], [401, 503])

        def cue(headers):
            return self.server.request("POST", "/api/v1/channels/demo/cues", headers, '{"out": true}')[0]

        self.assertEqual([cue({}), cue({"Authorization": "Bearer correct horse"})], [401, 503])


class Process(WithServer):
    def test_a_reload_takes_channels_over_and_a_bad_file_changes_nothing(self):
        self.server.write_config(["demo", "second"])
        self.server.process.send_signal(signal.SIGHUP)
        self.server.wait_for_line("configuration reloaded")
        self.assertEqual(self.server.get("/live/second/master.m3u8")[0], 503)
        self.server.config.write_text("channels: [ { nam: x } ]\n")
        self.server.process.send_signal(signal.SIGHUP)
        self.server.wait_for_line(r"config\.yaml:1:\d+: ")
        self.server.wait_for_line("not reloaded")
        self.assertEqual(self.server.get("/live/second/master.m3u8")[0], 503)

    def test_stopping_lets_a_running_response_finish(self):
        channel = self.on_air()
        data = os.urandom(8_000_000)
        url = channel.write_segment("720p", 1, data)
        idle = self.server.connect()
        self.addCleanup(idle.close)
        with self.server.connect() as connection:
            connection.sendall(f"GET {url} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            first = connection.recv(1000)
            start = time.monotonic()
            self.server.process.send_signal(signal.SIGTERM)
            self.server.wait_for_line("stopping")
            answer = first + receive_all(connection)
        self.assertTrue(answer.endswith(data))
        self.assertEqual(self.server.process.wait(DEADLINE), 0)
        self.assertLess(time.monotonic() - start, 1.9)
        self.assertEqual(idle.recv(1), b"")

    def test_stopping_lets_the_responses_of_every_thread_finish(self):
        channel = self.on_air()
        data = os.urandom(8_000_000)
        url = channel.write_segment("720p", 1, data)
        connections = [self.server.connect() for _ in range(8)]
        for connection in connections:
            self.addCleanup(connection.close)
            connection.sendall(f"GET {url} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        started = [connection.recv(1000) for connection in connections]
        self.server.process.send_signal(signal.SIGTERM)
        self.server.wait_for_line("stopping")
        for connection, first in zip(connections, started):
            self.assertTrue((first + receive_all(connection)).endswith(data))
        self.assertEqual(self.server.process.wait(DEADLINE), 0)

    def test_stopping_does_not_wait_for_a_reader_that_stopped(self):
        channel = self.on_air()
        url = channel.write_segment("720p", 1, bytes(50_000_000))
        with self.server.connect() as connection:
            connection.sendall(f"GET {url} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            connection.recv(1000)
            start = time.monotonic()
            self.server.process.send_signal(signal.SIGINT)
            self.assertEqual(self.server.process.wait(DEADLINE), 0)
            self.assertLess(time.monotonic() - start, 1.9)


class CommandLine(unittest.TestCase):
    def run_program(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=DEADLINE)

    def test_help_and_version_go_to_stdout(self):
        for argument, text in (("--help", "--config"), ("--version", "continuo-http ")):
            result = self.run_program(argument)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertIn(text, result.stdout)

    def test_wrong_usage_is_64(self):
        self.assertEqual(self.run_program().returncode, 64)
        self.assertEqual(self.run_program("--config", "x", "--listen", "nowhere").returncode, 64)

    def test_a_wrong_config_is_78_with_its_place(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("http: { threads: many }\n")
            file.flush()
            result = self.run_program("--config", file.name)
        self.assertEqual(result.returncode, 78)
        self.assertRegex(result.stderr, rf"{re.escape(file.name)}:1:\d+: http\.threads: ")

    def test_who_may_open_too_few_files_for_his_connections_is_warned(self):
        enough = 2 * 100 + 2 * 640 + 256  # of 100 connections and two threads
        for limit, lines in ((enough, 0), (enough - 1, 1)):
            with self.subTest(limit=limit):
                server = Server(http="max_connections: 100", open_files=limit)
                self.addCleanup(server.close)
                self.assertEqual(lines, sum(f"limit of open files ({limit})" in line for line in server.lines), server.lines)

    def test_a_port_in_use_is_71_and_says_what_to_do_even_to_a_second_one_of_us(self):
        server = Server(http="max_connections: 100")  # no machine allows too few files for these
        self.addCleanup(server.close)
        result = self.run_program("--config", str(server.config), "--listen", f"127.0.0.1:{server.port}")
        self.assertEqual(result.returncode, 71)
        self.assertEqual(
            result.stderr,
            f"<3>listen 127.0.0.1:{server.port}: Address already in use: another server runs there; "
            "set http.listen or --listen\n",
        )


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
