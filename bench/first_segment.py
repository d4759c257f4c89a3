"""From the start of daemon and HTTP until the first segment of every variant has been served."""
import time

from house import House, parse_playlist, wait_for
from measure import Row, percentile
from sources import Origin

LADDERS = {
    "copy": ("- { name: source, copy: true }",),
    "ABR": ("- { name: source, copy: true }", "- { name: 480p, height: 480, video_bitrate: 1200k }",
            "- { name: 360p, height: 360, video_bitrate: 600k }"),
}
GOALS = {"copy": 1.5, "ABR": 3.0}


def served(house, variant):
    status, body = house.get(f"/live/demo/{variant}/index.m3u8")
    segments = parse_playlist(body.decode(), 0).segments if status == 200 else []
    return bool(segments) and house.get(f"/live/demo/{variant}/{segments[0].uri}")[0] == 200


def time_to_first(source, ladder):
    names = [line.split("name: ")[1].split(",")[0] for line in LADDERS[ladder]]
    lines = "\n".join(f"      {line}" for line in LADDERS[ladder])
    config = f"channels:\n  - name: demo\n    sources: [ {source} ]\n    variants:\n{lines}\n"
    began = time.monotonic()
    with House(config) as house:
        wait_for(lambda: all(served(house, name) for name in names), 30, "first segments")
        return time.monotonic() - began


def run(clips, quick):
    rows = []
    with Origin() as origin:
        sources = {"file": f"{{ file: \"{clips.demo}\", loop: true }}",
                   "live HLS": f"{{ url: \"{origin.live_hls(clips.demo)}\" }}"}
        for kind, source in sources.items():
            for ladder in LADDERS:
                times = [time_to_first(source, ladder) for _ in range(1 if quick else 5)]
                rows.append(Row(f"start -> first segment served, {kind}, {ladder}", percentile(times, 50), "s", GOALS[ladder],
                                f"median of {len(times)}, worst {max(times):.2f}"))
    return rows
