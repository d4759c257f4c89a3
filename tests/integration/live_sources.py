"""Live HLS streams side by side, as a playhead chooses among them: made by ffmpeg, served by nginx, told apart by picture and tone.

Frame n of each stream stands for the time `epoch` + n / rate. So what a switch from one to the other loses or repeats can be read
off the pictures.
"""
import array
import concurrent.futures
import datetime
import math
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from house import die_with_us, parse_playlist, wait_for
from sources import QUIET, Origin, Process

ROWS = 12         # a cell is 1/12 of the picture high, 1/16 wide
TONE_RATE = 8000  # samples per second that tones are told apart in
TONE_SPAN = 0.1   # s


@dataclass(frozen=True)
class Kind:
    """What a stream is made of; times in seconds."""
    mark: int  # drawn into each picture, 1 to 15
    size: str
    rate: int
    gop: float
    segment: float
    tone: int
    colour: str


KINDS = {
    "two": Kind(1, "256x144", 25, 2.0, 2.0, 300, "0x405060"),
    "double": Kind(2, "320x180", 50, 1.92, 3.84, 600, "0x604040"),
    "short": Kind(3, "192x108", 25, 1.92, 1.92, 450, "0x406040"),
    "five": Kind(4, "384x216", 30, 5.0, 5.0, 900, "0x606040"),
}
MARKS = {0: "slate", **{kind.mark: name for name, kind in KINDS.items()}}


def picture(kind):
    """lavfi text: a row of 16 cells that count the frames in binary, and one below it with the stream's mark."""
    width, height = map(int, kind.size.split("x"))
    cell, rows = width // 16, height // ROWS

    def box(column, row, columns, colour, when=""):
        return f",drawbox=x={column * cell}:y={row * rows}:w={columns * cell}:h={rows}:color={colour}:t=fill{when}"
    counter = "".join(box(bit, 0, 1, "white", f":enable='mod(floor(n/{1 << bit}),2)'") for bit in range(16))
    mark = "".join(box(bit, 1, 1, "white") for bit in range(4) if kind.mark >> bit & 1)
    return (f"color=c={kind.colour}:size={kind.size}:rate={kind.rate}{box(0, 0, 16, 'black')}{counter}{box(0, 1, 16, 'black')}{mark}")


def make_stream(path, kind, seconds, with_video=True):
    """One file of that kind, ready to be cut at its GOPs."""
    gop = str(round(kind.gop * kind.rate))
    command = [*QUIET]
    if with_video:
        command += ["-f", "lavfi", "-i", picture(kind)]
    command += ["-f", "lavfi", "-i", f"sine={kind.tone}:sample_rate=48000,volume=4", "-t", str(seconds)]
    if with_video:
        command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", gop, "-keyint_min", gop, "-sc_threshold", "0"]
    subprocess.run([*command, "-c:a", "aac", "-b:a", "64k", "-ac", "2", str(path)], check=True, preexec_fn=die_with_us)
    return path


class Live:
    """A stream on air at the origin: its publisher, its URLs, and when its first frame was."""

    def __init__(self, origin, name, kind, clip):
        self.origin, self.name, self.kind, self.clip = origin, name, kind, clip
        self.segment = KINDS[kind].segment
        self.folder = origin.root / name
        self.playlist = self.folder / "index.m3u8"
        self.publisher = None
        self.epoch = None  # monotonic seconds of frame 0
        self.publish()

    def publish(self):
        """From the clip's beginning, in real time."""
        self.folder.mkdir(exist_ok=True)
        self.publisher = Process(*QUIET, "-re", "-i", self.clip, "-c", "copy", "-f", "hls", "-hls_time", self.segment, "-hls_list_size",
                                 6, "-hls_delete_threshold", 12, "-hls_flags", "delete_segments+program_date_time", self.playlist)

    @property
    def url(self):
        return self.origin.url(f"{self.name}/index.m3u8")

    @property
    def undated_url(self):
        """The same stream without EXT-X-PROGRAM-DATE-TIME."""
        return self.origin.url(f"undated/{self.name}/index.m3u8")

    def wait_listed(self, count=2):
        wait_for(lambda: self.playlist.exists() and self.playlist.read_text().count("#EXTINF") >= count, 30,
                 f"{count} segments of {self.name} at the origin")
        first = parse_playlist(self.playlist.read_text(), 0).segments[0]
        date = datetime.datetime.fromisoformat(first.date).timestamp() - first.number * self.segment
        self.epoch = date - time.time() + time.monotonic()

    def time_of(self, frame):
        """When that frame was, monotonic."""
        return self.epoch + frame / KINDS[self.kind].rate

    def die(self):
        """The publisher ends; what it has published stays, and grows no more."""
        self.publisher.__exit__()

    def vanish(self):
        """The publisher ends, and all it has published is 404."""
        self.die()
        shutil.rmtree(self.folder)


class Studio(Origin):
    """An origin with live streams of all kinds that are wanted, each as long as the test needs."""

    locations = ("location /undated/ { alias %s/; sub_filter '#EXT-X-PROGRAM-DATE-TIME' '#UNDATED'; sub_filter_once off; "
                 "sub_filter_types application/vnd.apple.mpegurl; sub_filter_last_modified on; }")

    def __init__(self, kinds, seconds):
        super().__init__()
        self.clips = {}
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            made = {name: pool.submit(make_stream, self.folder / f"{name}.mp4", KINDS[name], seconds) for name in kinds}
            self.clips = {name: clip.result() for name, clip in made.items()}
        self.live = {}

    def __exit__(self, *_):
        for live in self.live.values():
            live.die()
        super().__exit__()

    def go_live(self, *kinds):
        """One stream of each kind, named like it; all start at the same moment."""
        for name in kinds or self.clips:
            self.another(name, name)
        for name in kinds or self.clips:
            self.live[name].wait_listed()
        return self.live

    def another(self, kind, name, clip=None):
        """One more stream of a kind, not waited for."""
        self.live[name] = Live(self, name, kind, self.clips[clip or kind])
        return self.live[name]


@dataclass
class Content:
    """What one segment shows, decoded on its own."""
    marks: set = field(default_factory=set)
    numbers: list = field(default_factory=list)  # of the frames, in order
    tones: list = field(default_factory=list)    # Hz, for each TONE_SPAN; 0 where it is silent
    complaints: str = ""                         # what ffmpeg had to say

    @property
    def kind(self):
        """The name of the one kind that this is; AssertionError where it is mixed or unknown."""
        assert len(self.marks) == 1, f"pictures of {self.marks}"
        return MARKS.get(next(iter(self.marks)))


def loudest_tone(samples):
    """Which kind's tone dominates (Goertzel), in Hz; 0: none."""
    energy = sum(sample * sample for sample in samples)
    if energy < len(samples) * 100**2:
        return 0
    powers = {kind.tone: tone_power(samples, kind.tone) for kind in KINDS.values()}
    tone = max(powers, key=powers.get)
    # A pure tone of energy E has power E x n / 2.
    return tone if powers[tone] > 0.5 * energy * len(samples) / 2 else -1


def tone_power(samples, frequency):
    factor = 2 * math.cos(2 * math.pi * frequency / TONE_RATE)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + factor * last - before
    return before * before + last * last - factor * before * last


def decode(file):
    """What is in a segment, decoded alone."""
    with tempfile.NamedTemporaryFile(dir=Path(file).parent) as sound:
        done = subprocess.run(
            ["ffmpeg", "-hide_banner", "-nostdin", "-y", "-loglevel", "error", "-f", "mpegts", "-i", str(file), "-map", "0:v:0", "-vf",
             f"crop=iw:ih/{ROWS // 2}:0:0,scale=16:2:flags=area,format=gray", "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1",
             "-map", "0:a:0", "-ac", "1", "-ar", str(TONE_RATE), "-f", "s16le", sound.name],
            capture_output=True, check=True)
        samples = array.array("h", Path(sound.name).read_bytes())
    content = Content(complaints=done.stderr.decode())
    for at in range(0, len(done.stdout) - 31, 32):
        cells = [value > 127 for value in done.stdout[at:at + 32]]
        content.numbers.append(sum(1 << bit for bit in range(16) if cells[bit]))
        content.marks.add(sum(1 << bit for bit in range(16) if cells[16 + bit]))
    span = round(TONE_SPAN * TONE_RATE)
    content.tones = [loudest_tone(samples[at:at + span]) for at in range(0, len(samples) - span + 1, span)]
    return content


def decode_all(files):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(decode, files))
