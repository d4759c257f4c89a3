"""A runtime directory as the daemon would leave it, made by hand: what the HTTP tests serve."""
import json
import os
import pathlib
import time

TICKS = 90_000


class Channel:
    """One channel with its variants; `publish` writes its snapshot the way the daemon does, by rename."""

    def __init__(self, runtime_dir: pathlib.Path, name: str, variants=("source", "720p"), run="18c2f3a9b01"):
        self.name, self.variants, self.run = name, variants, run
        self.directory = runtime_dir / "channels" / name
        self.segment_s, self.target_duration_s, self.window = 4, 6, 20
        for variant in variants:
            (self.directory / variant / run).mkdir(parents=True, exist_ok=True)

    def file_of(self, variant: str, number: int) -> str:
        return f"{variant}/{self.run}/{number:06}.ts"

    def write_segment(self, variant: str, number: int, data: bytes) -> str:
        """The segment's URL."""
        path = self.directory / self.file_of(variant, number)
        temporary = path.with_suffix(".tmp")
        temporary.write_bytes(data)
        temporary.rename(path)
        return f"/live/{self.name}/{variant}/{self.run}-{number:06}.ts"

    def snapshot(self, first: int, count: int, state="on air", discontinuities=(), **changes) -> dict:
        end = time.time() - 1
        segments = []
        for number in range(first, first + count):
            date = end - (first + count - number) * self.segment_s
            segments.append(
                {
                    "number": number,
                    "start": number * self.segment_s * TICKS % 2**33,
                    "duration": self.segment_s * TICKS,
                    "date_us": int(date * 1e6),
                    "discontinuity": number in discontinuities,
                    "run": self.run,
                    "files": [self.file_of(variant, number) for variant in self.variants],
                }
            )
        variants = [
            {
                "name": name,
                "bandwidth_bps": 3_000_000 - index * 1_000_000,
                "average_bandwidth_bps": 2_500_000 - index * 1_000_000,
                "width": 1280,
                "height": 720,
                "frame_rate": 25.0,
                "codecs": "avc1.64001f,mp4a.40.2",
            }
            for index, name in enumerate(self.variants)
        ]
        return {
            "version": 1,
            "channel": self.name,
            "target_duration_s": self.target_duration_s,
            "window": self.window,
            "discontinuity_sequence": 0,
            "ended": False,
            "variants": variants,
            "segments": segments,
            "state": {"state": state, "source": "test picture", "note": "", "since_us": int(end * 1e6)},
        } | changes

    def publish(self, snapshot: dict) -> None:
        self.publish_text(json.dumps(snapshot))

    def publish_text(self, text: str) -> None:
        temporary = self.directory / "channel.json.tmp"
        temporary.write_text(text)
        os.rename(temporary, self.directory / "channel.json")
