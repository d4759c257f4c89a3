"""Watching together: how soon there is something to see, what a session costs, and how far apart its viewers are.

Viewers are Chromium's pages behind a network on which everything takes 200 ms, give or take 100, each way. How far apart they are is
read off the numbers in their pictures, for each two of them several times a second, from ten seconds after the last one came.
"""
import http.client
import itertools
import json
import os
import statistics
import sys
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "browser"))

import films
from house import House, children_of, wait_for
from jittery_network import JitteryNetwork
from measure import Row, cpu_seconds, percentile
from sources import Origin
from viewer import Browser

PLAYERS, MEAN, JITTER = 10, 0.2, 0.1  # and seconds
SETTLED = 10  # s after the last one came
RATE = 25
BUSY = "mandelbrot=maxiter=200"  # all of the picture moves all of the time, as in few films
STEP = 0.5  # s between two looks at all of them
STALE = 0.5  # s: who showed no new picture for so long stands still, and counts with the one he shows
CONFIG = "watch: {{ enabled: true, allow_private: true, max_sessions: 20, {more} }}\n"


def ask(house, method, path, body=None):
    with closing(http.client.HTTPConnection("127.0.0.1", house.port, timeout=10)) as connection:
        connection.request(method, path, body and json.dumps(body), {"Content-Type": "application/json"} if body else {})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise AssertionError(f"{method} {path}: {answer.status} {text[:300]}")
        return json.loads(text) if text else None


def open_session(house, url):
    return ask(house, "POST", "/api/v1/sessions", {"url": url})


def first_segments(house, origin, count):
    """Seconds from POST until the list has a segment that can be fetched."""
    took = []
    for turn in range(count):
        began = time.monotonic()
        session = open_session(house, origin.url(f"film.mkv?{turn}"))

        def listed():
            status, text = house.get(session["urls"]["playlist"])
            return status == 200 and b"EXTINF" in text
        wait_for(listed, 20, "the first segment")
        took.append(time.monotonic() - began)
        ask(house, "DELETE", f"/api/v1/sessions/{session['id']}?hard=true")
    return took


def cost_of_a_session(house, origin, seconds):
    """CPU seconds for each second of film, by program; where it is read ahead, more is made than is shown."""
    session = open_session(house, origin.url("busy.mkv"))
    path = f"/api/v1/sessions/{session['id']}"
    wait_for(lambda: ask(house, "GET", path)["state"] == "playing", 20, "playing")
    began = ask(house, "GET", path)["buffered"]
    before = costs(house)
    wait_for(lambda: ask(house, "GET", path)["buffered"] >= began + seconds, 4 * seconds, f"{seconds} s of film")
    made = ask(house, "GET", path)["buffered"] - began
    after = costs(house)
    ask(house, "DELETE", f"{path}?hard=true")
    return {name: (after[name] - before.get(name, 0)) / made for name in after}


def costs(house):
    found = {"daemon": cpu_seconds(house.daemon.pid), "http": cpu_seconds(house.http.pid)}
    for pid in children_of(house.daemon.pid):
        try:
            name = os.path.basename(os.readlink(f"/proc/{pid}/exe"))
            found[name] = found.get(name, 0) + cpu_seconds(pid)
        except (FileNotFoundError, OSError):
            continue
    return found


def sync_errors(house, origin, seconds):
    """Seconds between each two of all viewers, over time."""
    session = open_session(house, origin.url("film.mkv?together"))
    with JitteryNetwork(house.port, MEAN, JITTER) as network:
        url = f"http://127.0.0.1:{network.port}{session['urls']['page']}"
        players = Browser(house, "players.mjs", PLAYERS, url)
        try:
            players.wait_for(lambda: players.named("open"), 120, "all pages open")
            players.wait_for(lambda: len({each["who"] for each in players.named("seen")}) == PLAYERS, 60, "a picture everywhere")
            begin = time.time() + SETTLED
            players.wait_for(lambda: time.time() > begin + seconds, seconds + SETTLED + 5, "watched")
        finally:
            players.end()
    return pairs_apart(players.named("seen"), begin, begin + seconds)


def pairs_apart(seen, begin, end):
    """What each player shows goes on from its newest picture, for a while."""
    by_player = {}
    for each in seen:
        by_player.setdefault(each["who"], []).append(each)
    apart, at = [], begin
    while at < end:
        positions = []
        for pictures in by_player.values():
            newest = max((each for each in pictures if each["wall"] <= at), key=lambda each: each["wall"], default=None)
            if newest:
                positions.append(newest["frame"] / RATE + min(at - newest["wall"], STALE))
        apart += [abs(one - other) for one, other in itertools.combinations(positions, 2)]
        at += STEP
    return apart


def run(_, quick):
    with Origin() as origin:
        films.SIZE = (1280, 720)
        subtitles = ("styled.ass", "ger", "Words", True)
        films.Films(origin.root, 30 if quick else 80, BUSY).mux("busy.mkv", subtitles, attach="font.ttf")
        films.Films(origin.root, 60 if quick else 240).mux("film.mkv", subtitles, attach="font.ttf")
        with House(CONFIG.format(more="height: 720")) as house:
            took = first_segments(house, origin, 3 if quick else 7)
            spent = cost_of_a_session(house, origin, 20 if quick else 60)
        with House(CONFIG.format(more="height: 180, video_bitrate: 300k")) as house:
            apart = sync_errors(house, origin, 20 if quick else 60)
    whole = sum(spent.values())
    words = "; ".join(f"{name} {100 * share:.1f} %" for name, share in sorted(spent.items()))
    near = sum(each <= 0.1 for each in apart) / len(apart)
    return [Row("POST -> first segment of a local film, median", statistics.median(took), "s", 2, f"worst {max(took):.2f} s"),
            Row("one 720p session with ASS subtitles, CPU", 100 * whole, "% of a core", None, words),
            Row("sessions a core", 1 / whole, "", None),
            Row(f"{PLAYERS} viewers, 200 +- 100 ms: apart, median", 1000 * percentile(apart, 50), "ms", None),
            Row("apart, 95th percentile", 1000 * percentile(apart, 95), "ms", 100, f"{100 * near:.1f} % of all pairs are within 100 ms"),
            Row("apart, 99th percentile", 1000 * percentile(apart, 99), "ms", None, f"worst {1000 * max(apart):.0f} ms")]
