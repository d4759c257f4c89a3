"""Cutting a recording again, against what else could: ffmpeg's HLS muxer, and cp, which only moves the bytes."""
import os
import shutil
import statistics
import subprocess
import sys
import time

from house import BIN, die_with_us
from measure import Row
from sources import H264, QUIET, make_clip, numbered_picture

SIZE = 620_000_000  # bytes of input, at least
SEGMENT_TIME = 6  # s
LOOK = 0.01  # s between two looks at a process's memory


def make_recording(folder):
    """1080p of 9 Mbit/s on tmpfs: half a minute of noise, repeated."""
    rate = ["-b:v", "8800k", "-minrate", "8800k", "-maxrate", "8800k", "-bufsize", "4400k", "-x264-params", "nal-hrd=cbr",
            "-preset", "ultrafast", "-g", "50", "-keyint_min", "50"]
    short = make_clip(folder / "short.ts", 30, [*H264, *rate], picture=numbered_picture("1920x1080") + ",noise=alls=20:allf=t")
    loops = -(-SIZE // short.stat().st_size)
    subprocess.run([*QUIET, "-stream_loop", str(loops - 1), "-i", str(short), "-c", "copy", str(folder / "recording.ts")], check=True)
    short.unlink()
    return folder / "recording.ts"


def peak_memory(pid):
    """Bytes that the process has held at most; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/status") as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as listed:
            return listed.read().split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def measure(command, folder, peaks=None):
    """Seconds that it takes into an empty folder. `peaks`: takes {program: bytes}; looking costs time, so such a run isn't timed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    begun = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               preexec_fn=die_with_us)
    while peaks is not None and process.poll() is None:
        for pid in [process.pid, *children(process.pid)]:
            try:
                name = os.path.basename(os.readlink(f"/proc/{pid}/exe"))
            except (FileNotFoundError, ProcessLookupError):
                continue
            peaks[name] = max(peaks.get(name, 0), peak_memory(pid))
        try:
            process.wait(LOOK)
        except subprocess.TimeoutExpired:
            pass
    assert process.wait() == 0, command
    return time.perf_counter() - begun


def run(clips, quick):
    recording = make_recording(clips.folder)
    size = recording.stat().st_size
    out = clips.folder / "resegmented"
    commands = {
        "resegment": [BIN / "continuo", "resegment", "-i", recording, "-o", ".", "-t", SEGMENT_TIME],
        "worker": [BIN / "continuo-segment", "--source", "--directory", "run", "--from", recording, "--from-start",
                   "--segment-time", f"{SEGMENT_TIME}s", "--target-duration", f"{SEGMENT_TIME + 2}s"],
        "ffmpeg": [*QUIET, "-i", recording, "-c", "copy", "-f", "hls", "-hls_time", SEGMENT_TIME, "-hls_playlist_type", "vod",
                   "index.m3u8"],
        "cp": ["cp", recording, "copy.ts"],
    }
    times = {name: [] for name in commands}
    measure(commands["cp"], out)  # so that all pages are there
    for _ in range(3 if quick else 9):
        for name, command in commands.items():
            times[name].append(measure(command, out))
    peaks = {}
    measure(commands["resegment"], out, peaks)
    shutil.rmtree(out)
    recording.unlink()
    return rows(size, {name: statistics.median(values) for name, values in times.items()}, times, peaks)


def rows(size, medians, times, peaks):
    def throughput(name):
        return size / medians[name] / 1e6

    def spread(name):
        return f"{size / max(times[name]) / 1e6:.0f} to {size / min(times[name]) / 1e6:.0f}"
    mine = medians["resegment"]
    print(f"{size / 1e6:.0f} MB, median of {len(times['cp'])}", file=sys.stderr)
    labels = {"resegment": "continuo resegment", "worker": "continuo-segment alone", "ffmpeg": "ffmpeg -c copy -f hls", "cp": "cp"}
    return [
        *(Row(f"1080p recording of {size / 1e6:.0f} MB, {label}", throughput(name), "MB/s", None, spread(name))
          for name, label in labels.items()),
        Row("its time, of ffmpeg's", mine / medians["ffmpeg"], "", 0.5, f"{medians['ffmpeg'] / mine:.2f} times as fast"),
        Row("its time, of cp's", mine / medians["cp"], "", 1 / 0.6, f"{medians['cp'] / mine:.2f} of its throughput"),
        *(Row(f"memory of {name}, at most", held / 1e6, "MB", 20) for name, held in sorted(peaks.items())),
    ]
