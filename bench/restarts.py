"""From kill -9 of a variant's ffmpeg until the ffmpeg that replaces it runs."""
import os
import random
import time
from pathlib import Path

from house import House, kill, wait_for
from measure import Row, percentile

CHANNELS = 4
VARIANTS = ("108p", "90p")
STABLE = 1.0  # seconds; the shortest stable_after, so that each death counts as the first

CONFIG = """
defaults: { segment_time: 1s, window: 5, preset: ultrafast }
channels:
""" + "".join(f"""
  - name: c{i}
    sources: [ {{ test: {{ size: 320x180, rate: 25, gop: 500ms }} }} ]
    variants:
      - {{ name: source, copy: true }}
      - {{ name: 108p, height: 108, video_bitrate: 100k, audio_bitrate: 48k }}
      - {{ name: 90p, height: 90, video_bitrate: 80k, audio_bitrate: 48k }}
    restart: {{ stable_after: 1s, burst: 1000, limit: 1000 }}
""" for i in range(CHANNELS))


def children(pid):
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def is_ffmpeg(pid):
    try:
        return os.readlink(f"/proc/{pid}/exe").endswith("/ffmpeg")
    except (FileNotFoundError, ProcessLookupError):
        return False


def has_been_ready(house, channel, variant):
    """Whether the unit's newest run has shown a segment for as long as makes it stable."""
    run = max((house.runtime / "channels" / channel / variant).iterdir())
    shown = [file.stat().st_mtime for file in run.glob("*.ts")]
    return bool(shown) and time.time() - min(shown) > STABLE + 0.2


def kill_and_wait(house, pid):
    """Seconds until another ffmpeg runs in its place."""
    before = children(house.daemon.pid)
    killed = time.monotonic()
    kill(pid)
    while not any(is_ffmpeg(new) for new in children(house.daemon.pid) - before):
        assert time.monotonic() - killed < 5, "not restarted"
        time.sleep(0.001)  # who polls without a pause takes a processor from what it measures
    return time.monotonic() - killed


def run(_clips, quick):
    times, wanted = [], 20 if quick else 100
    with House(CONFIG) as house:
        units = [(f"c{i}", variant) for i in range(CHANNELS) for variant in VARIANTS]
        for channel, _ in units:
            house.wait_on_air(30, channel)
        for _ in range(wanted):
            ready = wait_for(lambda: [u for u in units if has_been_ready(house, *u)], 15, "a unit that runs well")
            channel, variant = random.choice(ready)
            times.append(1000 * kill_and_wait(house, house.variant_pids(variant, channel)["ffmpeg"]))
    return [Row("kill -9 of a variant's ffmpeg -> its successor runs, p50", percentile(times, 50), "ms", None, f"{wanted} kills"),
            Row("kill -9 of a variant's ffmpeg -> its successor runs, p99", percentile(times, 99), "ms", 250,
                f"max {max(times):.1f}")]
