"""A continuo-http with a root of DASH assets, an asset made by ffmpeg, and a client's view of MPDs and segments."""
import contextlib
import http.client
import os
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import xml.etree.ElementTree
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from house import BIN, die_with_us, free_port, wait_for

MPD = "{urn:mpeg:dash:schema:mpd:2011}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        return self.body.decode()


class DashServer:
    """`settings`: more keys of `livesim`; `root`: of assets, else an empty folder of its own."""

    def __init__(self, root=None, settings="  allow_clock: true\n"):
        self.folder = Path(tempfile.mkdtemp(prefix="continuo-dash-", dir="/dev/shm"))
        self.root = Path(root) if root else self.folder / "dash"
        self.root.mkdir(exist_ok=True)
        (self.folder / "run").mkdir()
        self.port = free_port()
        self.process = None
        (self.folder / "config.yaml").write_text(
            f"runtime_dir: {self.folder}/run\nstate_dir: {self.folder}/state\nlog_level: debug\n"
            f"http: {{ listen: 127.0.0.1:{self.port} }}\nlivesim:\n  root: {self.root}\n{settings}channels: []\n")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.stop()
        if kind is not None:
            print(self.log()[-6000:])
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *assets, seconds=20):
        """Until all assets are read; `assets`: paths of MPDs that must be there."""
        with open(self.folder / "http.log", "ab") as log:
            self.process = subprocess.Popen([BIN / "continuo-http", "--config", self.folder / "config.yaml"], stderr=log,
                                            stdin=subprocess.DEVNULL, preexec_fn=die_with_us,
                                            env={**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=1"})
        wait_for(lambda: self.get("/healthz").status == 200, 10, f"HTTP answers; {self.log()[-2000:]}")
        wait_for(lambda: self.get("/livesim2/nothing/manifest.mpd").status == 404, seconds, f"assets; {self.log()[-2000:]}")
        for asset in assets:
            answer = self.get(f"/livesim2/{asset}")
            if answer.status != 200:
                raise AssertionError(f"{asset}: {answer}; {self.log()[-2000:]}")
        return self

    def stop(self):
        """The process's exit code."""
        if not self.process:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode

    def log(self):
        file = self.folder / "http.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def connect(self, seconds=20):
        return contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds))

    def get(self, path, method="GET", headers=None, body=None, seconds=20):
        """Status 0: nobody answered."""
        with self.connect(seconds) as connection:
            try:
                connection.request(method, path, body=body, headers=headers or {})
                response = connection.getresponse()
                fields = {name.lower(): value for name, value in response.getheaders()}
                return Answer(response.status, fields, response.read())
            except (OSError, http.client.HTTPException):
                return Answer(0, {}, b"")

    def manifest(self, path):
        answer = self.get(path)
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status} {answer.body[:300]}")
        return Manifest(path, answer.text)


def make_asset(folder, rate="25", gop=50, seconds=8, segment=2, sound_rate=48000, muxer=()):
    """Pictures and sound in fragments, with an MPD, as ffmpeg's dash muxer leaves them; the MPD's path."""
    folder = Path(folder)
    folder.mkdir(parents=True)
    subprocess.run(
        ["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", f"testsrc2=size=192x108:rate={rate}",
         "-f", "lavfi", "-i", f"sine=frequency=440:sample_rate={sound_rate}", "-t", str(seconds), "-map", "0:v", "-map", "1:a",
         "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", str(gop), "-keyint_min", str(gop),
         "-sc_threshold", "0", "-threads", "1", "-b:v", "200k", "-c:a", "aac", "-b:a", "48k", "-f", "dash",
         "-seg_duration", str(segment), "-use_template", "1", *(muxer or ("-use_timeline", "0")),
         "-adaptation_sets", "id=0,streams=v id=1,streams=a", folder / "manifest.mpd"], check=True, timeout=60)
    return folder / "manifest.mpd"


@dataclass(frozen=True)
class Listed:
    """A segment as an MPD lists it."""
    url: str
    number: int
    start: int  # in units of the timescale, as the media has it
    duration: int
    timescale: int


@dataclass
class Track:
    """A Representation in a Period."""
    id: str
    kind: str
    template: xml.etree.ElementTree.Element
    url: str  # what its names are relative to
    bandwidth: str
    timescale: int = field(init=False)

    def __post_init__(self):
        self.timescale = int(self.template.get("timescale", "1"))

    def expanded(self, name, number=0, time=0):
        def value(match):
            known = {"RepresentationID": self.id, "Bandwidth": self.bandwidth, "Number": number, "Time": time}[match[1]]
            return f"{int(known):{match[2][1:]}}" if match[2] else str(known)
        return urljoin(self.url, re.sub(r"\$(\w+)(%0\d+d)?\$", value, name).replace("$$", "$"))

    @property
    def initialisation(self):
        return self.expanded(self.template.get("initialization"))

    def segments(self):
        """Those of a SegmentTimeline."""
        timeline = self.template.find(MPD + "SegmentTimeline")
        number, time = int(self.template.get("startNumber", "1")), 0
        for s in timeline.findall(MPD + "S"):
            time = int(s.get("t", time))
            for _ in range(int(s.get("r", "0")) + 1):
                url = self.expanded(self.template.get("media"), number, time)
                yield Listed(url, number, time, int(s.get("d")), self.timescale)
                time, number = time + int(s.get("d")), number + 1

    def numbered(self, seconds):
        """The segment that plays `seconds` after the Period's start, of a template with @duration."""
        index = int(Fraction(seconds) * self.timescale / int(self.template.get("duration")))
        number = int(self.template.get("startNumber", "1")) + index
        return self.expanded(self.template.get("media"), number)


class Manifest:
    """An MPD as a client of `path` sees it."""

    def __init__(self, path, text):
        self.path, self.text = path, text
        self.root = xml.etree.ElementTree.fromstring(text)
        self.periods = self.root.findall(MPD + "Period")

    def tracks(self, period=0):
        inside = self.periods[period]
        location = self.root.findtext(MPD + "Location")
        base = urlsplit(location).path if location else self.path.partition("?")[0]
        for element in (self.root, inside):
            found = element.find(MPD + "BaseURL")
            base = urljoin(base, found.text) if found is not None else base
        found = []
        for group in inside.findall(MPD + "AdaptationSet"):
            for representation in group.findall(MPD + "Representation"):
                template = representation.find(MPD + "SegmentTemplate")
                template = group.find(MPD + "SegmentTemplate") if template is None else template
                kind = (group.get("contentType") or representation.get("mimeType") or group.get("mimeType")).split("/")[0]
                found.append(Track(representation.get("id"), kind, template, base, representation.get("bandwidth", "0")))
        return found

    def track(self, kind, period=0):
        return next(track for track in self.tracks(period) if track.kind == kind)


def boxes(data, start=0, end=None):
    end = len(data) if end is None else end
    while start + 8 <= end:
        size, name = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", data, start + 8)[0], 16
        yield name.decode("latin1"), start + head, start + size
        start += size


def find_boxes(data, path, start=0, end=None):
    """The places of all boxes at "moof/traf/tfdt"."""
    first, _, rest = path.partition("/")
    for name, begin, stop in boxes(data, start, end):
        if name == first:
            yield from find_boxes(data, rest, begin, stop) if rest else ((begin, stop),)


@dataclass(frozen=True)
class Segment:
    number: int
    start: int
    duration: int  # 0: by the default of the initialisation
    samples: int
    fragments: int
    media: bytes


def segment_of(data, default_duration=0):
    """What a segment of one track says of itself."""
    number = struct.unpack_from(">I", data, next(find_boxes(data, "moof/mfhd"))[0] + 4)[0]
    place = next(find_boxes(data, "moof/traf/tfdt"))[0]
    start = struct.unpack_from(">Q" if data[place] else ">I", data, place + 4)[0]
    duration = samples = fragments = 0
    for begin, end in find_boxes(data, "moof/traf"):
        fragments += 1
        duration_of_one = default_duration
        for name, place, _ in boxes(data, begin, end):
            flags = int.from_bytes(data[place + 1:place + 4], "big")
            if name == "tfhd" and flags & 8:
                skipped = 8 + 8 * bool(flags & 1) + 4 * bool(flags & 2)
                duration_of_one = struct.unpack_from(">I", data, place + skipped)[0]
            elif name == "trun":
                count, place = struct.unpack_from(">I", data, place + 4)[0], place + 8
                place += 4 * bool(flags & 1) + 4 * bool(flags & 4)
                step = 4 * sum(bool(flags & bit) for bit in (0x100, 0x200, 0x400, 0x800))
                samples += count
                for i in range(count):
                    duration += struct.unpack_from(">I", data, place + i * step)[0] if flags & 0x100 else duration_of_one
    media = b"".join(data[begin:end] for begin, end in find_boxes(data, "mdat"))
    return Segment(number, start, duration, samples, fragments, media)


@dataclass(frozen=True)
class Header:
    """What an initialisation says of its track."""
    timescale: int
    default_duration: int  # of samples
    edit: int  # how much of the media lies before what is shown


def header_of(data):
    mdhd = next(find_boxes(data, "moov/trak/mdia/mdhd"))[0]
    timescale = struct.unpack_from(">I", data, mdhd + (20 if data[mdhd] else 12))[0]
    default_duration = struct.unpack_from(">I", data, next(find_boxes(data, "moov/mvex/trex"))[0] + 12)[0]
    edit = 0
    for place, _ in find_boxes(data, "moov/trak/edts/elst"):
        wide = data[place] == 1
        for i in range(struct.unpack_from(">I", data, place + 4)[0]):
            start = struct.unpack_from(">q" if wide else ">i", data, place + 8 + i * (20 if wide else 12) + (8 if wide else 4))[0]
            edit = max(edit, start)
    return Header(timescale, default_duration, edit)
