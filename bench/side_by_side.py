"""Two HTTP servers that serve the same bytes, on the first core in turn, and wrk on the second: who answers more often."""
import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTINUO_HTTP = Path(os.environ.get("CONTINUO_BIN", ROOT / "build" / "release" / "bin")) / "continuo-http"

NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    open_file_cache max=4000;
    types {{ application/vnd.apple.mpegurl m3u8; video/mp2t ts; application/dash+xml mpd; video/mp4 m4s; }}
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    add_header Cache-Control "max-age=1";
    add_header Access-Control-Allow-Origin *;
    add_header Access-Control-Expose-Headers "Content-Length, Content-Range, Date, ETag";
    server {{ listen 127.0.0.1:{port} backlog=4096 reuseport; root {folder}/www; }}
}}
"""

# wrk's own way to ask for several URLs, one after the other.
IN_TURN = """
local requests, last = {{}}, 0
function init(args)
    for _, path in ipairs({{{paths}}}) do requests[#requests + 1] = wrk.format("GET", path) end
end
function request()
    last = last % #requests + 1
    return requests[last]
end
"""


@dataclass
class Load:
    """What wrk saw in one round."""
    per_second: float
    p99_ms: float


@dataclass
class Comparison:
    """Medians of all rounds; the ratio is that of the rounds' ratios."""
    ours: Load
    theirs: Load
    ratio: float


@dataclass
class Row:
    """One line of the table. `goal`: the least ratio, if one was promised."""
    name: str
    size: int  # bytes
    result: Comparison
    goal: float | None = None

    def __str__(self):
        sides = (f"{side.per_second:9.0f} /s {side.p99_ms:6.1f} ms" for side in (self.result.ours, self.result.theirs))
        goal = "" if self.goal is None else f"   >= {self.goal} {'yes' if self.result.ratio >= self.goal else 'NO'}"
        return f"{self.name:26} {self.size:9} B {'   '.join(sides)}   {self.result.ratio:5.2f}{goal}"


class SideBySide:
    """continuo-http and nginx on ports of their own; `folder` is on tmpfs, `www` below it nginx's."""

    def __init__(self, folder, config, options):
        """`config`: text with {folder} and {port}; `options`: seconds, rounds and connections."""
        self.folder, self.options = folder, options
        self.ours, self.theirs = free_port(), free_port()
        os.chmod(folder, 0o755)  # nginx started as root serves as nobody, who must be able to read here
        (folder / "config.yaml").write_text(config.format(folder=folder, port=self.ours))
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=self.theirs))
        (folder / "www").mkdir()
        self.processes = []

    def __enter__(self):
        self.processes.append(pinned([CONTINUO_HTTP, "--config", self.folder / "config.yaml"]))
        self.processes.append(pinned(["nginx", "-c", self.folder / "nginx.conf"]))
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
            process.wait()

    def copy(self, path):
        """Gives nginx what we answer, which is returned."""
        data = wait_for(f"http://127.0.0.1:{self.ours}{path}", self.processes[0])
        file = self.folder / "www" / path[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return data

    def compare(self, paths):
        """Of `paths`, asked for in turn."""
        wait_for(f"http://127.0.0.1:{self.theirs}{paths[0]}", self.processes[1])
        rounds = [[load(port, paths, self.options) for port in (self.ours, self.theirs)]
                  for _ in range(self.options.rounds)]
        ours, theirs = (Load(statistics.median(load.per_second for load in column),
                             statistics.median(load.p99_ms for load in column)) for column in zip(*rounds))
        ratio = statistics.median(mine.per_second / other.per_second for mine, other in rounds)
        return Comparison(ours, theirs, ratio)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()


def wait_until(holds, what, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit(f"not in time: {what}")
        time.sleep(0.05)


def wait_for(url, process):
    """What it answers, once it does."""
    answer = []

    def answered():
        try:
            answer.append(fetch(url))
        except OSError:
            if process.poll() is not None:
                raise SystemExit(f"{url}: the server has ended") from None
        return answer

    wait_until(answered, url, 10)
    return answer[0]


def pinned(command):
    return subprocess.Popen(["taskset", "-c", "0", *command])


def load(port, paths, options):
    """One round of wrk."""
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{options.connections}", f"-d{options.seconds}s", "--latency"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if len(paths) > 1:
            script.write(IN_TURN.format(paths=", ".join(f'"{path}"' for path in paths)))
            script.flush()
            command += ["-s", script.name]
        command.append(f"http://127.0.0.1:{port}{paths[0]}")
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    per_second = re.search(r"Requests/sec:\s+([\d.]+)", output)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", output)
    if re.search(r"Non-2xx|Socket errors", output) or not per_second or not p99:
        raise SystemExit(f"{paths[0]} on port {port}:\n{output}")
    return Load(float(per_second[1]), float(p99[1]) * {"us": 1e-3, "ms": 1, "s": 1e3}[p99[2]])


def run_comparison(description, measure):
    """A program: `measure` (options, folder) yields lines of its table. Returns the exit code."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=2, help="of each measurement (2)")
    parser.add_argument("--rounds", type=int, default=5, help="of each pair (5)")
    parser.add_argument("--connections", type=int, default=64, help="kept open by the client (64)")
    try:
        options = parser.parse_args()
    except SystemExit as stop:
        return 64 if stop.code else 0
    for program in ("nginx", "wrk", "taskset", str(CONTINUO_HTTP)):
        if not shutil.which(program):
            print(f"{Path(sys.argv[0]).name}: {program} is missing", file=sys.stderr)
            return 1
    print(f"load before {os.getloadavg()[0]:.2f}; {options.connections} connections, {options.rounds} x {options.seconds} s")
    print(f"{'':38} {'continuo, p99':>24}   {'nginx, p99':>24}   ratio   goal")
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="continuo-bench-") as folder:
        for line in measure(options, Path(folder)):
            print(line, flush=True)
    return 0
