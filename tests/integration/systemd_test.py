#!/usr/bin/env python3
"""The units under a systemd of their own: a small Debian in a container, with the built programs and these units installed.

usage: CONTINUO_BIN=build/release/bin systemd_test.py ROOT [unittest arguments]
ROOT: a folder for the Debian, made once (a minute, 1 GB, from the package mirror) and never written to again: it boots under an
overlay that goes with it. Needs root and `apt-get install debootstrap systemd-container`; exits with 77 where they are lacking.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from house import BIN, children_of, die_with_us, parse_playlist, wait_for

UNITS = Path(__file__).resolve().parents[2] / "systemd"
PROGRAMS = ("continuo", "continuod", "continuo-http", "continuo-segment", "continuo-icecast",
            "continuo-egress")
CONFIG = """
http: { listen: 127.0.0.1:8080 }
defaults: { segment_time: 2s, window: 5, budget: 64MiB }
channels:
  - name: demo
    sources: [ { test: { size: 320x180, rate: 25, gop: 1s } } ]
"""
SECOND_CHANNEL = "  - { name: second, sources: [ { test: { size: 160x90, gop: 1s } } ], budget: 32MiB }\n"
SERVICES = ("continuo", "continuo-http")


def packages_of(programs):
    """The Debian packages of the libraries that our programs load."""
    libraries = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=True).stdout
    paths = {line.split("=> ")[1].split()[0] for line in libraries.splitlines() if "=> /" in line}
    packages = set()
    for path in paths:  # dpkg knows them under the one name or under the other, since /lib became a link
        for name in (path, f"/usr{path}"):
            owner = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True)
            packages |= {owner.stdout.split(":")[0]} if owner.returncode == 0 else set()
    return sorted(packages)


def make_root(root):
    """A minimal Debian with what our packages would depend on; a half-made one, or one for other packages, is made anew."""
    # procps has /bin/kill, which the units reload with.
    wanted = ["ffmpeg", "fonts-dejavu-core", "procps", *packages_of([BIN / program for program in PROGRAMS])]
    complete = root / ".complete"
    if complete.exists() and complete.read_text().split() == wanted:
        return
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for command in (["debootstrap", "--variant=minbase", "--include=systemd,systemd-sysv,dbus", "bookworm", root],
                    ["chroot", root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq",
                     "--no-install-recommends", *wanted]):
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if result.returncode != 0:
            raise RuntimeError(f"{command[0]}: exit {result.returncode}\n{result.stdout[-3000:]}")
    complete.write_text("\n".join(wanted))


class Machine:
    """A booted container; its /etc/continuo is `folder`."""

    def __init__(self, root, folder):
        binds = [f"--bind-ro={BIN.resolve() / program}:/usr/bin/{program}" for program in PROGRAMS]
        binds += [f"--bind-ro={unit}:/etc/systemd/system/{unit.name}" for unit in UNITS.glob("*.service")]
        binds += [f"--bind-ro={UNITS}/continuo.sysusers.conf:/usr/lib/sysusers.d/continuo.conf", f"--bind-ro={folder}:/etc/continuo"]
        self.console = open(folder / "console.log", "wb")
        self.process = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--boot", f"--directory={root}", "--volatile=overlay", "--register=no", "--keep-unit",
             "--private-network", f"--machine=continuo-test-{os.getpid()}", *binds],
            stdin=subprocess.DEVNULL, stdout=self.console, stderr=subprocess.STDOUT, preexec_fn=die_with_us)
        self.init = wait_for(self._init, 20, "the container's init")
        wait_for(lambda: self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded"), 60, "booted")

    def _init(self):
        assert self.process.poll() is None, "systemd-nspawn ended"
        return next((pid for pid, line in children_of(self.process.pid).items() if "/systemd" in line.split(" ")[0]), None)

    def run(self, *command):
        return subprocess.run(["nsenter", f"--target={self.init}", "--all", "--", *command], capture_output=True, text=True,
                              timeout=60)

    def show(self, service, name):
        return self.run("systemctl", "show", "--property", name, "--value", service).stdout.strip()

    def get(self, path):
        return subprocess.run(["nsenter", f"--target={self.init}", "--net", "--", "curl", "-sf", "--max-time", "5",
                               f"http://127.0.0.1:8080{path}"], capture_output=True, text=True).stdout

    def hold_port(self):
        """A process that has HTTP's port, to be used with `with`: it ends with its stdin."""
        holder = subprocess.Popen(["nsenter", f"--target={self.init}", "--net", "--", sys.executable, "-c",
                                   "import socket, sys; held = socket.create_server(('127.0.0.1', 8080)); print(flush=True); "
                                   "sys.stdin.read()"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=die_with_us)
        holder.stdout.readline()
        return holder

    def journal(self, service):
        lines = self.run("journalctl", "--unit", service, "--output", "json", "--no-pager").stdout.splitlines()
        return [json.loads(line) for line in lines]

    def power_off(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.console.close()


class Units(unittest.TestCase):
    root = None

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="continuo-systemd-"))
        cls.folder.chmod(0o755)
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.machine = Machine(cls.root, cls.folder)
        cls.addClassCleanup(cls.machine.power_off)
        created = cls.machine.run("systemd-sysusers", "continuo.conf")  # as a package would when it is installed
        assert created.returncode == 0, created.stderr

    def setUp(self):
        self.write(CONFIG)
        self.addCleanup(self.machine.run, "systemctl", "reset-failed")
        self.addCleanup(self.machine.run, "systemctl", "stop", *SERVICES)

    def write(self, text):
        (self.folder / "config.yaml").write_text(text)

    def start(self):
        result = self.machine.run("systemctl", "start", "continuo")  # which wants HTTP
        self.assertEqual((0, ""), (result.returncode, result.stderr))
        wait_for(self.segments, 10, "a playlist")

    def segments(self, channel="demo"):
        text = self.machine.get(f"/live/{channel}/source/index.m3u8")
        return {segment.number: segment for segment in parse_playlist(text, 0).segments}

    def pids(self):
        return {service: self.machine.show(service, "MainPID") for service in SERVICES}

    def wait_restarted(self, service, before):
        """Seconds until systemd has it running again, ready as it says itself."""
        killed = time.monotonic()
        wait_for(lambda: self.machine.show(service, "MainPID") not in ("0", before)
                 and self.machine.show(service, "ActiveState") == "active", 5, f"{service} again")
        return time.monotonic() - killed

    def kill(self, service):
        return self.machine.run("systemctl", "kill", "--signal=KILL", "--kill-whom=main", service)

    def test_start_and_stop(self):
        self.start()
        wait_for(lambda: len(self.segments()) >= 2, 10, "a second segment")
        began = time.monotonic()
        self.assertEqual(0, self.machine.run("systemctl", "stop", *SERVICES).returncode)
        self.assertLess(time.monotonic() - began, 2)
        self.assertEqual("", self.machine.run("pgrep", "--list-full", "--euid", "continuo").stdout)
        self.assertNotEqual(0, self.machine.run("test", "-e", "/run/continuo").returncode)
        for service in SERVICES:
            self.assertEqual(("success", "0"), (self.machine.show(service, "Result"), self.machine.show(service, "NRestarts")))

    def test_the_journal_has_priorities_and_clean_lines(self):
        self.start()
        ours = [entry for service in SERVICES for entry in self.machine.journal(service)
                if entry.get("SYSLOG_IDENTIFIER") in ("continuod", "continuo-http")]
        self.assertIn("6", {entry["PRIORITY"] for entry in ours})
        self.assertEqual([], [entry["MESSAGE"] for entry in ours if entry["MESSAGE"].startswith("<")])

    def test_a_killed_daemon_is_back_within_a_second_and_numbering_goes_on(self):
        self.start()
        wait_for(lambda: len(self.segments()) >= 3, 15, "three segments")
        before, pids = self.segments(), self.pids()
        self.kill("continuo")
        self.assertLess(self.wait_restarted("continuo", pids["continuo"]), 1)
        newest = max(before)
        after = wait_for(lambda: (now := self.segments()) and max(now) >= newest + 2 and now, 15, "two more segments")
        self.assertEqual(pids["continuo-http"], self.pids()["continuo-http"])
        kept = before.keys() & after.keys()
        self.assertEqual({n: before[n].uri for n in kept}, {n: after[n].uri for n in kept})
        self.assertEqual(list(range(min(after), max(after) + 1)), sorted(after))
        self.assertEqual([newest + 1], [n for n in after if n > newest and after[n].discontinuity])

    def test_a_restart_goes_on_with_the_list(self):
        self.start()
        wait_for(lambda: len(self.segments()) >= 3, 15, "three segments")
        before = self.segments()
        self.assertEqual(0, self.machine.run("systemctl", "restart", "continuo").returncode)
        newest = max(before)
        after = wait_for(lambda: (now := self.segments()) and max(now) >= newest + 3 and now, 15, "three more segments")
        kept = before.keys() & after.keys()
        self.assertTrue(kept)
        self.assertEqual({n: before[n].uri for n in kept}, {n: after[n].uri for n in kept})
        self.assertEqual(list(range(min(after), max(after) + 1)), sorted(after))
        self.assertEqual(1, sum(after[n].discontinuity for n in after if n > newest))

    def test_a_killed_http_is_back_and_the_daemon_did_not_notice(self):
        self.start()
        pids = self.pids()
        self.kill("continuo-http")
        self.assertLess(self.wait_restarted("continuo-http", pids["continuo-http"]), 1)
        self.assertTrue(self.segments())
        self.assertEqual(pids["continuo"], self.pids()["continuo"])

    def test_http_may_be_there_before_the_daemon(self):
        self.assertEqual(0, self.machine.run("systemctl", "start", "continuo-http").returncode)
        self.start()
        self.assertEqual(0, self.machine.run("systemctl", "stop", "continuo").returncode)  # its directory goes
        wait_for(lambda: not self.segments(), 5, "no channel")
        self.start()
        self.assertEqual("0", self.machine.show("continuo-http", "NRestarts"))

    def test_http_waits_for_its_port(self):
        with self.machine.hold_port():
            self.machine.run("systemctl", "start", "--no-block", "continuo-http")
            wait_for(lambda: int(self.machine.show("continuo-http", "NRestarts")) > 12, 20, "a dozen attempts")
        wait_for(lambda: self.machine.get("/healthz"), 5, "an answer")

    def test_reload_takes_a_good_file_and_leaves_a_bad_one(self):
        self.start()
        self.write(CONFIG.replace("channels:", "chanels:"))
        self.machine.run("systemctl", "reload", *SERVICES)
        place = "/etc/continuo/config.yaml:4:1: chanels"
        for service in SERVICES:
            wait_for(lambda: any(place in entry["MESSAGE"] and entry["PRIORITY"] == "3" for entry in self.machine.journal(service)),
                     5, f"{service} says {place}")
        self.assertTrue(self.segments())
        self.write(CONFIG + SECOND_CHANNEL)
        self.assertEqual(0, self.machine.run("systemctl", "reload", *SERVICES).returncode)
        wait_for(lambda: self.segments("second"), 15, "the second channel")

    def test_a_bad_file_is_not_tried_again(self):
        self.write("chanels: []\n")
        self.assertNotEqual(0, self.machine.run("systemctl", "start", "continuo").returncode)
        self.assertEqual(("failed", "78", "0"),
                         tuple(self.machine.show("continuo", name) for name in ("ActiveState", "ExecMainStatus", "NRestarts")))


if __name__ == "__main__":
    if os.geteuid() != 0 or not (shutil.which("systemd-nspawn") and shutil.which("debootstrap")):
        print("systemd_test: needs root, and apt-get install debootstrap systemd-container", file=sys.stderr)
        sys.exit(77)
    Units.root = Path(sys.argv.pop(1)).resolve()
    make_root(Units.root)
    sys.exit(unittest.main(verbosity=2))
