"""A continuo-http over loopback, on a tree made by hand."""
import functools
import http.client
import os
import pathlib
import re
import resource
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from house import BIN
from snapshot_tree import Channel

PROGRAM = BIN / "continuo-http"
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
