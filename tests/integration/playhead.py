"""Playhead channels under test: their config, a record of what they list, and what each switch cost, read off the pictures."""
import statistics
import subprocess
import time
from dataclasses import dataclass

from house import Listed, Recorder, wait_for
from live_sources import KINDS, Content, decode_all

COPY = ("source",)
LADDER = ("source", "90p")
VARIANTS = {"source": "{ name: source, copy: true }",
            "90p": "{ name: 90p, height: 90, video_bitrate: 150k, audio_bitrate: 64k, preset: ultrafast }"}


def channel_config(name, api, variants=COPY, playhead="", more=""):
    """YAML of one channel below `channels:`; `playhead`: further keys of it, `more`: further lines of the channel."""
    lines = "".join(f"      - {VARIANTS[variant]}\n" for variant in variants)
    return f"  - name: {name}\n    playhead: {{ api_url: \"{api.url}\"{playhead} }}\n    variants:\n{lines}{more}"


def wait_until(moment):
    """Until monotonic time has come that far: when something is done to the product is the test's to say."""
    wait_for(lambda: time.monotonic() >= moment, moment - time.monotonic() + 1, f"{moment}")


class Watcher(Recorder):
    """A recorder that also asks for the oldest segment of each list, which a slow player may be about to fetch."""

    def poll(self):
        known = len(self.updates)
        super().poll()
        if len(self.updates) > known:
            oldest = self.playlist.segments[0]
            status, _ = self.get(self.base + oldest.uri)
            if status != 200:
                self.complaints.append(f"{oldest.number}: {oldest.uri}, the oldest of a list, answers {status}")


def watch(house, channel, *variants):
    """Records variants of a channel; {variant: watcher}, which the house ends with itself."""
    found = {}
    for variant in variants:
        found[variant] = Watcher(house.port, channel, variant, house.folder / channel)
        found[variant].start()
        house.recorders[channel, variant] = found[variant]
    return found


@dataclass
class Visit:
    """Consecutive segments that show one stream."""
    kind: str
    segments: list  # of (Listed, Content)

    @property
    def first(self) -> Listed:
        return self.segments[0][0]

    @property
    def first_frame(self):
        return self.segments[0][1].numbers[0]

    @property
    def last_frame(self):
        return self.segments[-1][1].numbers[-1]


class Record:
    """What one variant listed, decoded. `complaints`: everything that mixes streams or breaks one; of a slate
    nothing is asked."""

    def __init__(self, watcher):
        self.listed = [watcher.segments[number] for number in sorted(watcher.segments)]
        self.contents = decode_all(watcher.files())
        self.complaints = []
        self.visits = []
        for listed, content in zip(self.listed, self.contents):
            self._judge(listed, content)
            kind = content.kind if len(content.marks) == 1 else None
            if not self.visits or self.visits[-1].kind != kind or listed.discontinuity:
                self.visits.append(Visit(kind, []))
            self.visits[-1].segments.append((listed, content))

    def _judge(self, listed, content: Content):
        def complain(of):
            self.complaints.append(f"{listed.number} ({listed.uri}): {of}")
        if content.complaints:
            complain(content.complaints)
        if len(content.marks) != 1 or content.kind is None:
            complain(f"pictures of streams {content.marks}")
            return
        if content.kind == "slate":
            return
        kind = KINDS[content.kind]
        if content.numbers != list(range(content.numbers[0], content.numbers[0] + len(content.numbers))):
            complain(f"frames {content.numbers}")
        if abs(len(content.numbers) / kind.rate - listed.duration) > 0.5 / kind.rate:
            complain(f"{len(content.numbers)} frames of {kind.rate} Hz in {listed.duration} s")
        if set(content.tones) - {kind.tone, 0} or content.tones.count(0) > 1:
            complain(f"tones {content.tones} in pictures of {content.kind}")


@dataclass
class Switch:
    """What a change from one stream to another cost; seconds."""
    channel: str
    variant: str
    before: str
    after: str
    took: float    # from the event to the list
    limit: float   # for that
    lost: float    # content that nobody saw; negative: seen twice
    gop: float     # of the new stream
    behind: float  # how long ago the second newest segment of the new stream may have begun: so much may be seen twice

    def __str__(self):
        return (f"{self.channel:10} {self.variant:7} {self.before:>7} -> {self.after:7} {self.took:6.2f} s (<= {self.limit:.2f})"
                f"  lost {self.lost:6.2f} s (<= {self.gop:.2f})")


def switches(channel, variant, record, studio, asked, segment_time):
    """One for each pair of visits; `asked`: when each was asked for, monotonic. `studio.live` is named after the kinds."""
    found = []
    visits = [visit for visit in record.visits if visit.kind in KINDS]
    for before, after, at in zip(visits, visits[1:], asked):
        kind = KINDS[after.kind]
        span = max(segment_time, kind.segment)
        lost = (studio.live[after.kind].time_of(after.first_frame) -
                studio.live[before.kind].time_of(before.last_frame + 1))
        found.append(Switch(channel, variant, before.kind, after.kind, after.first.seen - at, span + kind.gop + 1, lost, kind.gop,
                            2 * kind.segment + kind.gop))
    return found


def latency(visit, studio):
    """How old the newest picture of the list is, in the median over a visit, when a segment is seen first; seconds."""
    live = studio.live[visit.kind]
    return statistics.median(listed.seen - live.time_of(content.numbers[-1] + 1) for listed, content in visit.segments)


def what_ffmpeg_says(files):
    """Decodes segments as one stream, as they stand in the list; (pictures, complaints)."""
    data = b"".join(file.read_bytes() for file in files)
    done = subprocess.run(["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "repeat+error", "-f", "mpegts", "-i", "pipe:0", "-map", "0:v:0",
                           "-map", "0:a:0", "-fps_mode", "passthrough", "-progress", "pipe:1", "-f", "null", "-"],
                          input=data, capture_output=True, timeout=120)
    frames = [line for line in done.stdout.decode().splitlines() if line.startswith("frame=")]
    # That two streams' timestamps have nothing to do with each other is for a player to know, not for a decoder.
    complaints = [line for line in done.stderr.decode().splitlines() if "monotonically increasing dts" not in line]
    return int(frames[-1].split("=")[1]) if frames else 0, complaints + [f"exit {done.returncode}"] * bool(done.returncode)
