"""A whole Continuo for tests: daemon and HTTP on loopback, a recorder that watches every playlist, and ways to hurt it.

Needs CONTINUO_BIN: the folder of the built binaries. CONTINUO_LOGS: a folder that keeps the daemons' logs.
"""
import contextlib
import ctypes
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

BIN = Path(os.environ["CONTINUO_BIN"])
PR_SET_PDEATHSIG = 1


def die_with_us():
    """Between fork and exec: a test that is killed takes what it started along."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_for(condition, seconds, what):
    """Polls until `condition()` is truthy and returns it; fails with `what` at the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children_of(pid):
    """All descendants of a process, as {pid: command line}."""
    parents, lines = {}, {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text()
            lines[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            parents[int(entry.name)] = int(stat.rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found = {}
    frontier = {pid}
    while frontier:
        frontier = {child for child, parent in parents.items() if parent in frontier}
        found.update({child: lines[child] for child in frontier})
    return found


@dataclass
class Listed:
    """A segment as a playlist showed it first."""
    number: int
    uri: str
    duration: float
    discontinuity: bool
    date: str
    discontinuity_sequence: int
    seen: float  # monotonic seconds
    cues: tuple = ()  # its tags that tell of breaks

    def what_stays(self):
        """All but the time; a DATERANGE may be repeated at the head of the list."""
        cues = [tag for tag in self.cues if not tag.startswith("#EXT-X-DATERANGE")]
        return self.uri, self.duration, self.discontinuity, self.date, self.discontinuity_sequence, cues


@dataclass
class Playlist:
    media_sequence: int = 0
    discontinuity_sequence: int = 0
    target_duration: int = 0
    ended: bool = False
    segments: list = field(default_factory=list)


CUE_TAGS = ("#EXT-X-CUE-OUT", "#EXT-X-CUE-OUT-CONT", "#EXT-X-CUE-IN", "#EXT-X-SCTE35", "#EXT-X-DATERANGE",
            "#EXT-X-SPLICEPOINT-SCTE35")


def parse_playlist(text, seen):
    playlist = Playlist()
    duration, discontinuity, date, cues = 0.0, False, "", ()
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if name == "#EXT-X-MEDIA-SEQUENCE":
            playlist.media_sequence = int(value)
        elif name == "#EXT-X-DISCONTINUITY-SEQUENCE":
            playlist.discontinuity_sequence = int(value)
        elif name == "#EXT-X-TARGETDURATION":
            playlist.target_duration = int(value)
        elif name == "#EXT-X-ENDLIST":
            playlist.ended = True
        elif name == "#EXT-X-DISCONTINUITY":
            discontinuity = True
        elif name == "#EXT-X-PROGRAM-DATE-TIME":
            date = value
        elif name == "#EXTINF":
            duration = float(value.split(",")[0])
        elif name in CUE_TAGS:
            cues += (line,)
        elif line and not line.startswith("#"):
            tags = sum(s.discontinuity for s in playlist.segments) + discontinuity
            playlist.segments.append(Listed(playlist.media_sequence + len(playlist.segments), line, duration, discontinuity,
                                            date, playlist.discontinuity_sequence + tags, seen, cues))
            discontinuity, date, cues = False, "", ()
    return playlist


class Recorder(threading.Thread):
    """Watches one variant: every segment once, with its bytes, and every rule that a change of the list can break."""

    def __init__(self, port, channel, variant, folder, fetch=True):
        super().__init__(daemon=True)
        self.address = ("127.0.0.1", port)
        self.base = f"/live/{channel}/{variant}/"
        self.folder = folder / variant
        self.folder.mkdir(parents=True, exist_ok=True)
        self.fetch = fetch
        self.segments = {}
        self.complaints = []
        self.updates = []
        self.finished_at = None
        self.target_duration = 0
        self.ended = False
        self.playlist = Playlist()  # the newest
        self.patience = 0  # s to ask again for a segment where nobody listens: of tests that kill HTTP
        self.done = threading.Event()
        self._connection = None

    def get(self, path):
        for _ in range(2):
            try:
                if self._connection is None:
                    self._connection = http.client.HTTPConnection(*self.address, timeout=5)
                self._connection.request("GET", path)
                response = self._connection.getresponse()
                return response.status, response.read()
            except (OSError, http.client.HTTPException):
                self._connection = None
        return 0, b""

    def run(self):
        while not self.done.wait(0.1):
            self.poll()

    def poll(self):
        status, body = self.get(self.base + "index.m3u8")
        if status != 200:
            return
        now = time.monotonic()
        playlist = self.playlist = parse_playlist(body.decode(), now)
        self.target_duration = self.target_duration or playlist.target_duration
        if playlist.target_duration != self.target_duration:
            self.complaints.append(f"TARGETDURATION {self.target_duration} -> {playlist.target_duration}")
        grown = False
        for segment in playlist.segments:
            known = self.segments.get(segment.number)
            if known is None:
                if self.segments and segment.number != max(self.segments) + 1:
                    self.complaints.append(f"number {segment.number} after {max(self.segments)}")
                self.segments[segment.number] = segment
                grown = True
                if round(segment.duration) > self.target_duration:
                    self.complaints.append(f"{segment.number}: {segment.duration} s over TARGETDURATION")
                if self.fetch:
                    self.save(segment)
            elif known.what_stays() != segment.what_stays():
                self.complaints.append(f"{segment.number} changed: {known} -> {segment}")
        if grown:
            self.updates.append(now)
            if self.ended and playlist.ended:
                self.complaints.append(f"{self.newest()} after ENDLIST")
        self.ended = playlist.ended

    def save(self, segment):
        path = os.path.normpath(self.base + segment.uri)
        status, body = self.get(path)
        enough = time.monotonic() + self.patience
        while not status and time.monotonic() < enough and not self.done.wait(0.1):
            status, body = self.get(path)
        if status != 200:
            self.complaints.append(f"{segment.number}: {segment.uri} answers {status}")
            return
        (self.folder / f"{segment.number}.ts").write_bytes(body)

    def finish(self):
        self.done.set()
        if self.is_alive():
            self.join()
            self.finished_at = time.monotonic()
        if self._connection:
            self._connection.close()
        return self

    def newest(self):
        """The highest number seen; -1 before the first."""
        return max(list(self.segments), default=-1)

    def longest_wait(self):
        """The longest time in seconds between two growths of the list, and from the last one to now or the recorder's end."""
        times = self.updates + [self.finished_at or time.monotonic()]
        return max(b - a for a, b in zip(times, times[1:]))

    def discontinuities(self):
        return [s.number for s in self.segments.values() if s.discontinuity]

    def files(self):
        return [self.folder / f"{number}.ts" for number in sorted(self.segments)]


class House:
    """`config`: YAML of everything below the keys that the house sets itself; `environment`: what the programs have beside ours."""

    def __init__(self, config, with_http=True, environment=None):
        self.environment = {**os.environ, **(environment or {})}
        self.folder = Path(tempfile.mkdtemp(prefix="continuo-test-"))
        self.runtime = Path(tempfile.mkdtemp(prefix="cnt-", dir="/dev/shm"))
        self.port = free_port()
        self.config_file = self.folder / "config.yaml"
        self.recorders = {}
        self.write_config(config)
        self.daemon = self.http = None
        self.start_daemon()
        if with_http:
            self.start_http()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        for recorder in self.recorders.values():
            recorder.finish()
        for process in (self.daemon, self.http):
            if process and process.poll() is None:
                process.terminate()
                try:
                    process.wait(5)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        if kind is not None:
            print(self.log()[-6000:])
        if kept := os.environ.get("CONTINUO_LOGS"):
            shutil.copy(self.folder / "continuod.log", Path(kept) / f"{self.folder.name}.log")
        shutil.rmtree(self.runtime, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def write_config(self, config):
        self.config_file.write_text(f"runtime_dir: {self.runtime}\nstate_dir: {self.folder}/state\nlog_level: debug\n"
                                    f"http: {{ listen: 127.0.0.1:{self.port} }}\n{config}")

    def start(self, program):
        with open(self.folder / f"{program}.log", "ab") as log:
            return subprocess.Popen([BIN / program, "--config", self.config_file], stderr=log, stdin=subprocess.DEVNULL,
                                    preexec_fn=die_with_us, env=self.environment)

    def start_daemon(self):
        self.daemon = self.start("continuod")
        return self.daemon

    def start_http(self):
        self.http = self.start("continuo-http")
        wait_for(lambda: self.get("/healthz")[0] == 200, 5, "HTTP answers")
        return self.http

    def reboot(self, how):
        """Both programs get that signal, the runtime directory is emptied as tmpfs is, and both start again."""
        for recorder in self.recorders.values():
            recorder.finish()
        for process in (self.daemon, self.http):
            process.send_signal(how)
        for process in (self.daemon, self.http):
            process.wait(5)
        wait_for(lambda: not self.orphans(), 2, "all are gone")
        shutil.rmtree(self.runtime)
        self.start_daemon()
        self.start_http()

    def log(self):
        return (self.folder / "continuod.log").read_text(errors="replace")

    def get(self, path):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                return response.status, response.read()
            except (OSError, http.client.HTTPException):
                return 0, b""

    def ask(self, **request):
        """One request on the control socket; the result, or AssertionError with the daemon's words."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.runtime / "control.sock"))
            connection.sendall(json.dumps(request).encode() + b"\n")
            text = b""
            while not text.endswith(b"\n"):
                chunk = connection.recv(65536)
                if not chunk:
                    break
                text += chunk
        reply = json.loads(text)
        assert reply["ok"], reply
        return reply["result"]

    def channel(self, name="demo"):
        return next(c for c in self.ask(op="status")["channels"] if c["name"] == name)

    def wait_on_air(self, seconds=15, name="demo"):
        def ready():
            try:
                return self.channel(name)["state"] == "on air"
            except (OSError, StopIteration, ValueError):
                return False
        wait_for(ready, seconds, f"channel {name} on air")

    def record(self, *variants, channel="demo", fetch=True):
        for variant in variants:
            recorder = Recorder(self.port, channel, variant, self.folder / "recorded", fetch)
            recorder.start()
            self.recorders[variant] = recorder
        return self.recorders

    def wait_segments(self, count, seconds):
        """Until every recorder has `count` more segments than now."""
        want = {variant: len(r.segments) + count for variant, r in self.recorders.items()}
        wait_for(lambda: all(len(r.segments) >= want[v] for v, r in self.recorders.items()), seconds,
                 f"{count} more segments in {list(want)}")

    def source_pids(self, channel="demo"):
        """{"ffmpeg": pid, "continuo-segment": pid} of the source on air."""
        on_air = next(s for s in self.channel(channel)["sources"] if s["running"])
        return by_program(on_air["pids"])

    def variant_pids(self, variant, channel="demo"):
        return by_program(next(v for v in self.channel(channel)["variants"] if v["name"] == variant)["pids"])

    def orphans(self):
        """Processes anywhere that work below this house's runtime directory."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) not in (os.getpid(),):
                try:
                    line = (entry / "cmdline").read_bytes().decode(errors="replace")
                except (FileNotFoundError, ProcessLookupError):
                    continue
                if str(self.runtime) in line:
                    found[int(entry.name)] = line.replace("\0", " ")
        return found


def by_program(pids):
    return {Path(os.readlink(f"/proc/{pid}/exe")).name: pid for pid in pids if os.path.exists(f"/proc/{pid}/exe")}


def frame_numbers(files):
    """Reads the frame numbers back that the test picture draws into its top row; the files are decoded as one stream."""
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-f", "mpegts", "-i", "pipe:0", "-map", "0:v:0", "-vf",
               "crop=iw:ih/12:0:0,scale=16:1:flags=area,format=gray", "-fps_mode", "passthrough", "-f", "rawvideo", "-"]
    data = b"".join(Path(file).read_bytes() for file in files)
    cells = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    return [sum(1 << bit for bit in range(16) if cells[at + bit] > 127) for at in range(0, len(cells) - 15, 16)]


def packet_times(files, stream):
    """PTS in 90 kHz ticks of the packets of stream "v" or "a", in order."""
    command = ["ffprobe", "-v", "error", "-f", "mpegts", "-select_streams", f"{stream}:0", "-show_entries", "packet=pts",
               "-of", "csv=p=0", "pipe:0"]
    data = b"".join(Path(file).read_bytes() for file in files)
    lines = subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode().split()
    return [int(line.strip(",")) for line in lines if line.strip(",").lstrip("-").isdigit()]


def first_video_pts(file):
    return min(packet_times([file], "v")[:4])


def missing(numbers):
    """Runs of frame numbers that are lacking between the first and the last."""
    return [(a + 1, b - 1) for a, b in zip(numbers, numbers[1:]) if b > a + 1]


def kill(pid, number=signal.SIGKILL):
    os.kill(pid, number)
