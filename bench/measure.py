"""What the benches share: a row of the table, percentiles, and what a process costs."""
import os
import time
from dataclasses import dataclass
from pathlib import Path

from house import children_of


@dataclass
class Row:
    """One line of the table. `figure` and `goal` share a unit; without a goal it is only told."""
    name: str
    figure: float
    unit: str
    goal: float | None = None
    note: str = ""

    def verdict(self):
        if self.goal is None:
            return ""
        return "yes" if self.figure <= self.goal else "NO"


def percentile(values, share):
    """The smallest value that at least `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def cpu_seconds(pid):
    """CPU time of a process with all its threads, to the nanosecond: ticks of /proc/PID/stat miss short wake-ups."""
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e9


def resident_bytes(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(pid)


def proportional_bytes(pid):
    """Memory of a process, what it shares with others counted in shares."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(pid)


def programs(house):
    """{program: pids} of the daemon's children."""
    found = {}
    for pid in children_of(house.daemon.pid):
        try:
            found.setdefault(os.path.basename(os.readlink(f"/proc/{pid}/exe")), []).append(pid)
        except FileNotFoundError:
            continue
    return found


def settled(house, ffmpegs):
    """Whether all channels are on air and only so many ffmpegs run: at the start, others make slates."""
    try:
        channels = house.ask(op="status")["channels"]
    except OSError:  # it does not listen yet
        return False
    return all(c["state"] == "on air" for c in channels) and len(programs(house).get("ffmpeg", [])) == ffmpegs
