"""A viewer in Chromium with hls.js or Shaka Player, and what he would complain of."""
import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
from house import children_of, die_with_us, wait_for  # noqa: E402

SHORTEST_JUMP = 0.5  # s that samples may differ by without a jump
LONGEST_STEP = 0.2  # s between two samples, which are 0.1 s apart
VIEWER_NICENESS = -10  # the viewer's machine is not under test: other work on this one shall not hold it up


def start_as_viewer():
    """Between fork and exec."""
    die_with_us()
    if os.geteuid() == 0:
        os.nice(VIEWER_NICENESS)


def favour_sessions_below(pid):
    """Chromium has a session of its own, and the kernel shares the CPU among sessions before it looks at niceness."""
    if os.geteuid() != 0:
        return
    for child in children_of(pid):
        with contextlib.suppress(OSError):
            Path(f"/proc/{child}/autogroup").write_text(str(VIEWER_NICENESS))


class Browser:
    """A script of this folder in the background; its JSON lines are kept."""

    def __init__(self, house, script, *arguments):
        self.events = []
        # Chromium's profile goes where the house is cleaned up.
        self.process = subprocess.Popen(["node", HERE / script, *map(str, arguments)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, preexec_fn=start_as_viewer,
                                        env={**os.environ, "TMPDIR": str(house.folder)})
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def named(self, *names):
        return [event for event in self.events if event["event"] in names]

    def wait_for(self, condition, seconds, what):
        def ready():
            assert self.process.poll() is None, f"the browser ended: {self.events[-3:]}"
            return condition()
        try:
            return wait_for(ready, seconds, what)
        except AssertionError as error:
            others = [event for event in self.events if event["event"] != "sample"]
            raise AssertionError(f"{error}; last seen {self.events[-1:]}, before {others[-12:]}") from None

    def end(self, seconds=20):
        """Lets the script finish; an abandoned one takes its browser along."""
        if self.process.stdin.closed:
            return
        self.process.stdin.close()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.terminate()
            self.process.wait(5)
            raise
        finally:
            self.reader.join()
            self.process.stdout.close()


class Player(Browser):
    """The play page with one quality chosen. Times in seconds, on the page's own clock."""
    script, path = "play.mjs", "/play/{}"

    def __init__(self, house, height, screenshot, channel="demo"):
        super().__init__(house, self.script, f"http://127.0.0.1:{house.port}{self.path.format(channel)}", height, screenshot)

    def samples(self):
        return [{**sample, "at": sample["at"] / 1000} for sample in self.named("sample")]

    def newest(self):
        return next(({**event, "at": event["at"] / 1000} for event in reversed(self.events) if event["event"] == "sample"), None)

    def wait_playing(self):
        self.wait_for(lambda: (now := self.newest()) and now["ready"] >= 3 and now["position"] > 0, 40, "playback")

    def wait_time(self, seconds):
        """Until that much time has passed for the viewer."""
        start = self.newest()["at"]
        self.wait_for(lambda: self.newest()["at"] >= start + seconds, seconds + 10, f"{seconds} s of viewing")

    def wait_made_from_now_on(self):
        """Until the viewer has seen two segments that were not there yet when we were called."""
        position = self.newest()["buffered"] + 4
        self.wait_for(lambda: self.newest()["position"] >= position, 30, f"playback reaches {position}")


class ShakaPlayer(Player):
    """Shaka Player on a page of its own, with one variant chosen."""
    script, path = "shaka.mjs", "/live/{}/master.m3u8"


def without_pauses(samples):
    """The samples on a clock that stood still whenever the page's own timer did and the picture with it.

    A player can hold up the one or the other. When it is both, with seconds in the buffer, the machine had no CPU for Chromium.
    """
    pause, kept = 0.0, samples[:1]
    for before, after in zip(samples, samples[1:]):
        pause += max(0.0, after["at"] - before["at"] - max(after["position"] - before["position"], LONGEST_STEP))
        kept.append({**after, "at": after["at"] - pause})
    return kept


def lags(samples):
    """(begin, seconds) of every time in which the position moved less than half as far as time did."""
    found, lagging = [], False
    for before, after in zip(samples, samples[1:]):
        time_passed = after["at"] - before["at"]
        lag = time_passed - (after["position"] - before["position"])
        if lag <= time_passed / 2:
            lagging = False
        elif lagging:
            found[-1] = (found[-1][0], found[-1][1] + lag)
        else:
            found.append((before["at"], lag))
            lagging = True
    return found


def jumps(samples):
    """(at, seconds) of every time in which the position moved by more than the time that passed."""
    steps = [(b["at"], (b["position"] - a["position"]) - (b["at"] - a["at"])) for a, b in zip(samples, samples[1:])]
    return [(at, skipped) for at, skipped in steps if skipped > SHORTEST_JUMP]
