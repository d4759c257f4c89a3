"""Films for tests: numbered pictures, sound in two languages, subtitles of every kind; and ways to look at what came of them."""
import re
import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import pgs  # noqa: E402

SIZE = (640, 360)
RATE = 25
CUE = (2, 6)  # seconds: when every subtitle is shown, where nothing else is said
TONES = {"eng": 400, "jpn": 1500}  # Hz
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf")

SRT = "1\n00:00:{0:02},000 --> 00:00:{1:02},000\nHere is what they say,\nand a good deal more of it\n"
ASS = """[Script Info]
ScriptType: v4.00+
PlayResX: 640
PlayResY: 360

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, Bold, BorderStyle, Outline, Alignment, MarginV
Style: Default,{font},40,&H0000FFFF,&H00000000,0,1,2,2,20

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:{0:02}.00,0:00:{1:02}.00,Default,,0,0,0,,illiilli WMWM
"""


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", *map(str, arguments)], check=True)


def make_pictures(path, seconds, ground="color=c=gray"):
    """H.264 with the frame's number as cells in the top row, and a tone for each language. `ground`: a lavfi source, what is behind."""
    width, height = SIZE
    cell, tall = width // 16, height // 12
    cells = ",".join(f"drawbox=x={bit * cell}:y=0:w={cell}:h={tall}:color=white:t=fill:enable='mod(floor(n/{1 << bit}),2)'"
                     for bit in range(16))
    sounds = [option for tone in TONES.values() for option in ("-f", "lavfi", "-i", f"sine={tone}:sample_rate=48000")]
    ffmpeg("-f", "lavfi", "-i", f"{ground}:size={width}x{height}:rate={RATE},drawbox=x=0:y=0:w=iw:h={tall}:color=black:t=fill,{cells}",
           *sounds, "-t", seconds, "-map", "0", "-map", "1", "-map", "2", "-c:v", "libx264", "-preset", "ultrafast", "-g", RATE * 3,
           "-pix_fmt", "yuv420p", "-c:a", "aac", *(part for index, language in enumerate(TONES)
                                                   for part in (f"-metadata:s:a:{index}", f"language={language}")), path)
    return path


def renamed_font(path):
    """A font that no system has: one of Debian's under another name."""
    old, new = "DejaVu Sans Mono", "Continuo Of Test"
    data = FONT.read_bytes()
    for encoding in ("utf-16-be", "latin-1"):
        data = data.replace(old.encode(encoding), new.encode(encoding))
    path.write_bytes(data)
    return new


class Films:
    """MKVs in `folder`, all with the same pictures. `cue`: when every subtitle is shown, in whole seconds."""

    def __init__(self, folder, seconds, ground="color=c=gray", cue=CUE):
        self.folder = folder
        self.pictures = make_pictures(folder / "pictures.mkv", seconds, ground)
        (folder / "plain.srt").write_text(SRT.format(*cue))
        font = renamed_font(folder / "font.ttf")
        (folder / "styled.ass").write_text(ASS.format(*cue, font=font))
        pgs.write(folder / "bars.sup", SIZE, [cue])

    def mux(self, name, *tracks, attach=None):
        """`tracks`: (file, language, title, flagged)."""
        command = ["mkvmerge", "-q", "-o", str(self.folder / name), str(self.pictures)]
        for file, language, title, flagged in tracks:
            command += ["--language", f"0:{language}", "--track-name", f"0:{title}", "--default-track-flag", f"0:{int(flagged)}",
                        str(self.folder / file)]
        if attach:
            command += ["--attachment-mime-type", "font/ttf", "--attach-file", str(self.folder / attach)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return self.folder / name


LOWER_THIRD = "crop=iw:ih/3:0:ih*2/3"
UPPER_HALF = "crop=iw:ih/2:0:0"


def likeness(one, other, part, first, last):
    """SSIM of `part` of the pictures `first` to `last` (by number) of two recordings."""
    select = f"select='between(n,{first},{last})',setpts=N/TB/25,{part}"
    result = subprocess.run(["ffmpeg", "-hide_banner", "-i", one, "-i", other, "-lavfi",
                             f"[0:v]{select}[a];[1:v]{select}[b];[a][b]ssim", "-f", "null", "-"], capture_output=True, text=True, check=True)
    return float(re.search(r"SSIM .*All:([0-9.]+)", result.stderr).group(1))


def brightness(recording, part, count):
    """The luma of the brightest point of `part` in each of the first `count` pictures."""
    measured = subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-i", recording, "-frames:v", str(count), "-vf",
                               f"{part},signalstats,metadata=print:key=lavfi.signalstats.YMAX:file=-", "-f", "null", "-"],
                              capture_output=True, text=True, check=True).stdout
    return [int(value) for value in re.findall(r"YMAX=(\d+)", measured)]


def pitch(recording):
    """The frequency in Hz of a recording's sound, from its zero crossings in the second second."""
    raw = subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-ss", "1", "-i", recording, "-t", "1", "-map", "0:a:0",
                          "-ac", "1", "-ar", "48000", "-f", "s16le", "-"], capture_output=True, check=True).stdout
    samples = struct.unpack(f"<{len(raw) // 2}h", raw)
    rises = sum(a < 0 <= b for a, b in zip(samples, samples[1:]))
    return rises * 48000 / len(samples)
