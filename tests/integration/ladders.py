"""HLS ladders to be resegmented: made by ffmpeg, with pictures that say their number.

ffmpeg's muxer shifts all times by 1.4 s, and AAC's first frame comes before the first picture; `offset` adds to that.
"""
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from house import die_with_us, parse_playlist
from sources import H264, QUIET, SOUND, numbered_picture

X264 = (*H264, "-preset", "ultrafast", "-crf", "32")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:open-gop=0:scenecut=0")
WRAP_SECONDS = 2**33 / 90000
FIRST_PTS = 127920  # of the pictures, where there is AAC beside them and no offset
MPEG2 = ("-c:v", "mpeg2video", "-b:v", "700k", "-bf", "2", "-sc_threshold", "1000000000", "-flags", "+cgop")


@dataclass(frozen=True)
class Kind:
    """What a ladder is made of."""
    seconds: float = 12
    gop: int = 50  # pictures
    rate: str = "25"
    sizes: tuple = ("320x180", "256x144", "192x108")
    video: tuple = X264
    audio: tuple = ("-c:a", "aac", "-b:a", "64k")
    rendition: bool = False  # the sound beside the variants instead of in them
    offset: float = 0  # s
    segment_time: float = 2
    hls: tuple = ()  # options of ffmpeg's HLS muxer

    @property
    def frame(self):
        """Ticks that a picture lasts."""
        number, _, divisor = self.rate.partition("/")
        return round(90000 * int(divisor or 1) / int(number))

    @property
    def pictures(self):
        number, _, divisor = self.rate.partition("/")
        return round(self.seconds * int(number) / int(divisor or 1))


@dataclass
class Ladder:
    kind: Kind
    folder: Path
    names: list = field(default_factory=list)  # folders of the variants, and of the rendition last

    @property
    def master(self):
        return self.folder / "master.m3u8"

    def playlist(self, name):
        return self.folder / name / "index.m3u8"

    def files(self, name):
        """The segments of a playlist, in order; a file that holds many once."""
        segments = parse_playlist(self.playlist(name).read_text(), 0).segments
        return [self.folder / name / uri for uri in dict.fromkeys(segment.uri for segment in segments)]


def attributes(size, rate, rendition):
    """Of EXT-X-STREAM-INF, with one that nobody knows."""
    peak = 200_000 + 20 * int(size.split("x")[0]) * int(size.split("x")[1])
    sound = ',AUDIO="sound"' if rendition else ""
    return f'BANDWIDTH={peak},RESOLUTION={size},CODECS="avc1.42c01e,mp4a.40.2"{sound},X-OURS="{size}"'


def make_ladder(folder, kind):
    """All variants at once, and a master playlist that names them: hi, mid, low (and sound)."""
    folder.mkdir(parents=True, exist_ok=True)
    ladder = Ladder(kind, folder, ["hi", "mid", "low"][:len(kind.sizes)])
    hls = [*kind.video, "-g", str(kind.gop), "-keyint_min", str(kind.gop)]
    command = [*QUIET, "-f", "lavfi", "-i", numbered_picture(kind.sizes[0], kind.rate), "-f", "lavfi", "-i", SOUND]
    lines = ["#EXTM3U"]
    if kind.rendition:
        lines.append('#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,URI="sound/index.m3u8"')
    for name, size in zip(ladder.names, kind.sizes):
        sound = ["-map", "1:a", *kind.audio] if kind.audio and not kind.rendition else []
        command += ["-map", "0:v", "-vf", f"scale={size.replace('x', ':')}", *sound, *hls, *output(ladder, name)]
        lines += [f"#EXT-X-STREAM-INF:{attributes(size, kind.rate, kind.rendition)}", f"{name}/index.m3u8"]
    if kind.rendition:
        ladder.names.append("sound")
        command += ["-map", "1:a", *kind.audio, *output(ladder, "sound")]
    subprocess.run(command, check=True, preexec_fn=die_with_us)
    ladder.master.write_text("\n".join(lines) + "\n")
    return ladder


def output(ladder, name):
    """ffmpeg's arguments for one playlist."""
    kind = ladder.kind
    (ladder.folder / name).mkdir()
    return ["-t", str(kind.seconds), "-output_ts_offset", repr(kind.offset), "-f", "hls", "-hls_time", str(kind.segment_time),
            "-hls_playlist_type", "vod", *kind.hls, str(ladder.playlist(name))]


def as_stream(ladder, name="hi"):
    """One transport stream of a playlist's segments: each has its tables, times go on, continuity counters may jump."""
    return b"".join(file.read_bytes() for file in ladder.files(name))
