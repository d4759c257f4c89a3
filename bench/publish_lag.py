"""From the rename of a segment that is due until a client sees it in the playlist over HTTP.

A segment is listed when its media time has passed, so only one that comes late is due on arrival: the sources send at 0.9 of
real time. Both ends are taken by one process: the rename by inotify, as the daemon gets it, the list by asking without a pause.
"""
import ctypes
import os
import select
import socket
import struct
import time

from house import House, free_port, wait_for
from measure import Row, percentile, settled
from sources import QUIET, Process

IN_MOVED_TO = 0x80
CHANNELS = 10
DUE_MARGIN = 0.02  # seconds; the channel's clock is read from its first listing, which we see a little late


class Watch:
    """inotify over run directories."""

    def __init__(self):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.fd = self.libc.inotify_init1(os.O_NONBLOCK)
        self.directories = {}

    def add(self, directory, key):
        number = self.libc.inotify_add_watch(self.fd, str(directory).encode(), IN_MOVED_TO)
        assert number >= 0, os.strerror(ctypes.get_errno())
        self.directories[number] = key

    def renamed(self, timeout):
        """[(key, file name, when we woke)] of the next renames; empty after `timeout` seconds."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return []
        now = time.monotonic()
        records, found = os.read(self.fd, 65536), []
        while records:
            number, _, _, length = struct.unpack_from("iIII", records)
            found.append((self.directories[number], records[16:16 + length].rstrip(b"\0").decode(), now))
            records = records[16 + length:]
        return found


class Client:
    """GET over one kept connection, as cheap as Python can."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path):
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        answer = self.socket.recv(65536)
        head, _, body = answer.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        while len(body) < int(fields[b"content-length"]):
            body += self.socket.recv(65536)
        return body.decode()


def listing(client, channel):
    """{URI: end of its media, counted from the first one listed}"""
    ends, end, duration = {}, 0.0, 0.0
    for line in client.get(f"/live/{channel}/source/index.m3u8").splitlines():
        if line.startswith("#EXTINF:"):
            duration = float(line[8:].split(",")[0])
        elif line and not line.startswith("#"):
            end += duration
            ends[line] = end
    return ends


def source_run(house, channel):
    """The run directory that the source writes (a slate's has no run.json)."""
    return max(info.parent for info in (house.runtime / "channels" / channel / "source").glob("*/run.json"))


def observe(house, channels, wanted):
    """Lags in seconds of `wanted` segments that were due, and how many were not."""
    client, watch = Client(house.port), Watch()
    for channel in channels:
        watch.add(source_run(house, channel), channel)
    anchors, lags, early, waiting = {}, [], 0, {}
    deadline = time.monotonic() + 30 + 3 * wanted / len(channels)
    while len(lags) < wanted:
        assert time.monotonic() < deadline, f"only {len(lags)} segments were due"
        for channel, name, at in watch.renamed(0 if waiting else 1):
            if name.endswith(".ts"):
                waiting[channel, f"{source_run(house, channel).name}-{name}"] = at
        for key, renamed in list(waiting.items()):
            channel, uri = key
            ends = listing(client, channel)
            seen = time.monotonic()
            if uri not in ends:
                continue
            del waiting[key]
            clock, media = anchors.setdefault(channel, (seen, ends[uri]))
            if renamed >= clock + ends[uri] - media + DUE_MARGIN:
                lags.append(seen - renamed)
            else:
                early += 1
    os.close(watch.fd)
    return lags, early


def run(clips, quick):
    ports = [free_port() for _ in range(CHANNELS)]
    channels = [f"c{i}" for i in range(CHANNELS)]
    # The target duration leaves so much patience that no slate comes first.
    config = "defaults: { segment_time: 1s, window: 200 }\nchannels:\n" + "".join(
        f"  - {{ name: {name}, target_duration: 10s, sources: [ {{ url: \"udp://127.0.0.1:{port}\" }} ] }}\n"
        for name, port in zip(channels, ports))
    senders = [Process(*QUIET, "-readrate", "0.9", "-stream_loop", "-1", "-i", clips.small, "-c", "copy", "-f", "mpegts",
                       f"udp://127.0.0.1:{port}?pkt_size=1316") for port in ports]
    try:
        with House(config) as house:
            wait_for(lambda: settled(house, CHANNELS), 60, "all channels on air")
            lags, early = observe(house, channels, 100 if quick else 300)
    finally:
        for sender in senders:
            sender.__exit__()
    note = f"{len(lags)} segments of {CHANNELS} channels; {early} more were not due yet"
    milliseconds = [1000 * lag for lag in lags]
    worst = f"max {max(milliseconds):.1f}"
    return [Row("rename of a due segment -> in the playlist, p50", percentile(milliseconds, 50), "ms", None, note),
            Row("rename of a due segment -> in the playlist, p99", percentile(milliseconds, 99), "ms", 5, worst)]
