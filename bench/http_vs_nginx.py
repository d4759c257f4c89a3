#!/usr/bin/env python3
"""Compares continuo-http with nginx on the same bytes, one thread against one worker, and prints ratios.

usage: http_vs_nginx.py [--help] [--seconds N] [--rounds N] [--connections N]

Needs the release build (scripts/build release), nginx and wrk. Both servers are pinned to the first core and the client to the
second; rounds alternate, and the table shows the median of each round's ratio. From about 100 KB on wrk, which copies every
byte, is the limit on loopback, so ratios tend to 1; nginx runs with its defaults and the system's own congestion control.
Exit codes: 0 measured, 1 something could not be started, 64 wrong usage.
"""
import argparse
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "integration"))

from snapshot_tree import Channel  # noqa: E402 (the path is set above)

PROGRAM = pathlib.Path(os.environ.get("CONTINUO_BIN", ROOT / "build" / "release" / "bin")) / "continuo-http"
SIZES = {"100 KB": 100_000, "1 MB": 1_000_000}

CONFIG = """
runtime_dir: {folder}/run
log_level: warn
http: {{ listen: "127.0.0.1:{port}", threads: 1 }}
channels:
  - name: demo
    sources: [ {{ test: {{}} }} ]
    variants: [ {{ name: source, copy: true }} ]
"""
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
    open_file_cache max=1000;
    types {{ application/vnd.apple.mpegurl m3u8; video/mp2t ts; }}
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    add_header Cache-Control "max-age=1";
    add_header Access-Control-Allow-Origin *;
    add_header Access-Control-Expose-Headers "Content-Length, Content-Range, Date, ETag";
    server {{ listen 127.0.0.1:{port} backlog=4096 reuseport; root {folder}/www; }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()


def wait_for(url, process):
    deadline = time.monotonic() + 10
    while True:
        try:
            return fetch(url)
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{url}: not served")
            time.sleep(0.05)


def requests_per_second(url, seconds, connections):
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", url]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if failed := re.search(r"Non-2xx.*|Socket errors.*", output):
        raise SystemExit(f"{url}: {failed.group(0)}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))


def start(command):
    return subprocess.Popen(["taskset", "-c", "0", *command])


def prepare(folder):
    """{what: path}, the same bytes below both servers."""
    channel = Channel(folder / "run", "demo", variants=("source",))
    channel.window = 14
    channel.publish(channel.snapshot(100, 14))
    paths = {"playlist": "/live/demo/source/index.m3u8"}
    for number, (name, size) in enumerate(SIZES.items()):
        paths[name] = channel.write_segment("source", number, os.urandom(size))
    return paths


def measure(options, folder):
    paths = prepare(folder)
    ours, theirs = free_port(), free_port()
    (folder / "config.yaml").write_text(CONFIG.format(folder=folder, port=ours))
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=theirs))
    processes = [start([PROGRAM, "--config", folder / "config.yaml"])]
    try:
        for name, path in paths.items():
            copy = folder / "www" / path[1:]
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(wait_for(f"http://127.0.0.1:{ours}{path}", processes[0]))
        processes.append(start(["nginx", "-c", folder / "nginx.conf"]))
        for name, path in paths.items():
            size = len(wait_for(f"http://127.0.0.1:{theirs}{path}", processes[1]))
            rounds = [
                [requests_per_second(f"http://127.0.0.1:{port}{path}", options.seconds, options.connections)
                 for port in (ours, theirs)]
                for _ in range(options.rounds)
            ]
            ratio = statistics.median(mine / other for mine, other in rounds)
            mine, other = (statistics.median(column) for column in zip(*rounds))
            print(f"{name:9} {size:9} B {mine:11.0f} /s {other:11.0f} /s   {ratio:5.2f}", flush=True)
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=2, help="of each measurement (2)")
    parser.add_argument("--rounds", type=int, default=5, help="of each pair (5)")
    parser.add_argument("--connections", type=int, default=64, help="kept open by the client (64)")
    try:
        options = parser.parse_args()
    except SystemExit as exit:
        return 64 if exit.code else 0
    for program in ("nginx", "wrk", "taskset", str(PROGRAM)):
        if not shutil.which(program):
            print(f"http_vs_nginx.py: {program} is missing", file=sys.stderr)
            return 1
    print(f"load before {os.getloadavg()[0]:.2f}; {options.connections} connections, {options.rounds} x {options.seconds} s")
    print(f"{'':9} {'':11} {'continuo':>14} {'nginx':>14}   ratio")
    # On tmpfs, like the real thing. nginx started as root serves as nobody, who must be able to read here.
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="continuo-bench-") as folder:
        os.chmod(folder, 0o755)
        measure(options, pathlib.Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
