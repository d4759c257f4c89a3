#!/usr/bin/env python3
"""`continuo run --from-env` and what it writes, HTTP before its daemon. Port and directories are fixed: in namespaces of its own.

usage: CONTINUO_BIN=build/dev/bin environment_test.py [unittest arguments]     exits with 77 where namespaces can't be had
"""
import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

from house import BIN, children_of, die_with_us, wait_for
from sources import Process

CONTINUO = str(BIN.resolve() / "continuo")
RUNTIME_DIR = Path("/run/continuo")
FALLBACK = Path("/dev/shm/continuo-0")
FILES = ["from-env.password", "from-env.yaml"]
PORT = 8091
DEADLINE = 10  # s
PASSWORD = "not-to-be-seen"
NAMES = ("API_URL MUX_MODE HLS_SEGMENT_TIME HLS_LIST_SIZE TRANSITION_TIMEOUT ABR_PRESET ABR_GOP_SIZE ABR_VARIANTS ICECAST_ENABLED "
         "ICECAST_HOST ICECAST_PORT ICECAST_SOURCE_PASSWORD ICECAST_MOUNT ICECAST_AUDIO_BITRATE ICECAST_AUDIO_FORMAT "
         "RESTREAMER_INTERNAL_URL CORE_API_HOSTNAME").split()
EVERYTHING = {"API_URL": "http://127.0.0.1:1/v1/", "MUX_MODE": "abr", "HLS_SEGMENT_TIME": "2", "HLS_LIST_SIZE": "6",
              "TRANSITION_TIMEOUT": "5", "ABR_PRESET": "ultrafast", "ABR_GOP_SIZE": "48",
              "ABR_VARIANTS": '[{"name":"low","resolution":"160x90","bitrate":"150k","audio_bitrate":"64k"}]',
              "ICECAST_ENABLED": "true", "ICECAST_HOST": "127.0.0.1", "ICECAST_PORT": "1", "ICECAST_SOURCE_PASSWORD": PASSWORD,
              "ICECAST_MOUNT": "/live.mp3", "ICECAST_AUDIO_BITRATE": "64k", "ICECAST_AUDIO_FORMAT": "mp3",
              "RESTREAMER_INTERNAL_URL": "http://127.0.0.1:1", "CORE_API_HOSTNAME": "core.example.com"}


def mount(directory, *options):
    subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", directory], check=True)


class Running:
    """`continuo run --from-env`, its lines on stderr as they come."""

    def __init__(self, variables):
        self.process = subprocess.Popen([CONTINUO, "run", "--from-env"], env={"PATH": os.environ["PATH"], "HOME": "/", **variables},
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=die_with_us)
        self.lines = []
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stderr))
        self.reader.start()

    def wait_until_up(self):
        wait_for(lambda: get("/health") is not None, DEADLINE, f"/health; {self.lines}")
        return self

    def wait(self):
        code = self.process.wait(DEADLINE)
        self.reader.join()
        self.process.stderr.close()
        return code

    def end(self, number=signal.SIGTERM):
        if self.process.returncode is not None:
            return self.process.returncode
        self.process.send_signal(number)
        return self.wait()


def get(path):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    with contextlib.closing(connection), contextlib.suppress(OSError):
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read().decode()
        return body if response.status == 200 else None


class FromEnvironment(unittest.TestCase):
    def run_with(self, **variables):
        running = Running(variables)
        self.addCleanup(running.end)
        return running

    def assert_nothing_is_left(self):
        for directory in (RUNTIME_DIR, FALLBACK):
            self.assertEqual([], list(directory.iterdir()) if directory.exists() else [])

    def test_without_a_variable_it_is_the_mux_service_with_its_defaults(self):
        running = self.run_with().wait_until_up()
        self.assertEqual({"status": "ok", "mode": "copy", "stream_ready": False}, json.loads(get("/health")))
        self.assertEqual((RUNTIME_DIR / "from-env.yaml").read_text(),
                         (Path(__file__).parents[1] / "golden/from_env/copy.yaml").read_text())
        self.assertEqual(0, running.end())
        self.assert_nothing_is_left()

    def test_with_all_of_them_it_has_two_files_for_its_owner_alone(self):
        running = self.run_with(**EVERYTHING).wait_until_up()
        self.assertEqual("abr", json.loads(get("/health"))["mode"])
        for name in FILES:
            self.assertEqual(0o100600, (RUNTIME_DIR / name).stat().st_mode)
        self.assertEqual(PASSWORD + "\n", (RUNTIME_DIR / "from-env.password").read_text())
        checked = subprocess.run([CONTINUO, "check", RUNTIME_DIR / "from-env.yaml"], capture_output=True, text=True, timeout=30)
        self.assertEqual((0, ""), (checked.returncode, checked.stderr))
        self.assertEqual(0, running.end())
        self.assert_nothing_is_left()
        self.assertTrue(any("ABR_GOP_SIZE is not used" in line for line in running.lines), running.lines)

    def test_children_see_their_config_and_no_variable(self):
        running = self.run_with(**EVERYTHING).wait_until_up()
        family = children_of(running.process.pid)
        seen = 0
        for pid, line in family.items():
            try:
                environment = Path(f"/proc/{pid}/environ").read_text()
            except (FileNotFoundError, ProcessLookupError):  # one that only looked for something, and is over
                continue
            seen += 1
            given = {entry.split("=")[0] for entry in environment.split("\0")}
            self.assertEqual(set(), given & set(NAMES), line)
            self.assertNotIn(PASSWORD, environment + line)
        self.assertGreaterEqual(seen, 2)
        self.assertEqual(0, running.end())
        self.assertNotIn(PASSWORD, "".join(running.lines))

    def test_without_icecast_there_is_no_password(self):
        self.run_with(ICECAST_ENABLED="false", ICECAST_SOURCE_PASSWORD=PASSWORD).wait_until_up()
        self.assertFalse((RUNTIME_DIR / "from-env.password").exists())

    def test_each_mistake_is_a_line_and_nothing_starts(self):
        running = self.run_with(MUX_MODE="x", HLS_SEGMENT_TIME="4s", ABR_VARIANTS="unread", ICECAST_PORT="-1")
        self.assertEqual(78, running.wait())
        self.assertEqual(['HLS_SEGMENT_TIME: must be a number of seconds, got "4s"\n', 'MUX_MODE: must be copy or abr, got "x"\n',
                          'ICECAST_PORT: must be a whole number, got "-1"\n'], running.lines)
        self.assert_nothing_is_left()

    def test_a_second_one_ends_and_leaves_the_files_of_the_first(self):
        first = self.run_with(**EVERYTHING).wait_until_up()
        before = [(RUNTIME_DIR / name).read_text() for name in FILES]
        second = self.run_with(ICECAST_SOURCE_PASSWORD="another")
        self.assertEqual(71, second.wait())
        self.assertEqual(1, len(second.lines), second.lines)
        self.assertIn('"/run/continuo": another daemon answers there', second.lines[0])
        self.assertEqual(before, [(RUNTIME_DIR / name).read_text() for name in FILES])
        self.assertEqual(0, first.end())

    def test_what_a_killed_one_left_is_replaced(self):
        self.run_with(**EVERYTHING).wait_until_up().end(signal.SIGKILL)
        wait_for(lambda: get("/health") is None, DEADLINE, "the first gone")
        self.assertTrue((RUNTIME_DIR / "from-env.yaml").exists())
        (RUNTIME_DIR / "from-env.password").chmod(0o644)
        self.assertEqual(0, self.run_with(ICECAST_SOURCE_PASSWORD="another").wait_until_up().end())
        self.assert_nothing_is_left()

    def test_where_run_is_read_only_it_works_in_shared_memory(self):
        mount("/run", "-o", "ro")
        self.addCleanup(subprocess.run, ["umount", "/run"], check=True)
        running = self.run_with(**EVERYTHING).wait_until_up()
        self.assertEqual(FILES, sorted(path.name for path in FALLBACK.glob("from-env.*")))
        self.assertEqual(0, running.end())
        self.assertFalse(FALLBACK.exists())


CONFIG = f"""
http: {{ listen: 127.0.0.1:{PORT} }}
channels:
  - {{ name: demo, segment_time: 1s, sources: [ {{ test: {{ size: 320x180, gop: 1s }} }} ], variants: [ {{ name: source, copy: true }} ] }}
"""


class Daemon(unittest.TestCase):
    """HTTP is first, and finds an empty place in shared memory."""

    def setUp(self):
        FALLBACK.mkdir(exist_ok=True)
        self.addCleanup(shutil.rmtree, FALLBACK)

    def assert_it_is_found(self, place):
        config = self.enterContext(tempfile.NamedTemporaryFile("w", suffix=".yaml"))
        config.write(CONFIG)
        config.flush()
        self.enterContext(Process(BIN.resolve() / "continuo-http", "--config", config.name))
        wait_for(lambda: get("/healthz"), DEADLINE, "HTTP answers")
        self.assertIsNone(get("/readyz"))
        self.enterContext(Process(BIN.resolve() / "continuod", "--config", config.name))
        wait_for(lambda: get("/readyz"), DEADLINE, "on air")
        self.assertTrue((place / "channels").exists())
        names = [line for line in get("/live/demo/source/index.m3u8").splitlines() if not line.startswith("#")]
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
        with contextlib.closing(connection):
            connection.request("GET", f"/live/demo/source/{names[-1]}")
            self.assertEqual(200, connection.getresponse().status)
            connection.close()
            connection.request("POST", "/api/v1/channels/demo/restart")
            self.assertEqual(202, connection.getresponse().status)

    def test_it_is_found_in_its_own_place(self):
        shutil.rmtree(RUNTIME_DIR, ignore_errors=True)
        self.addCleanup(shutil.rmtree, RUNTIME_DIR)
        self.assert_it_is_found(RUNTIME_DIR)

    def test_where_run_is_read_only_it_is_found_in_shared_memory(self):
        mount("/run", "-o", "ro")
        self.addCleanup(subprocess.run, ["umount", "/run"], check=True)
        self.assert_it_is_found(FALLBACK)


INSIDE = "CONTINUO_TEST_INSIDE"
UNSHARE = ["unshare", "--map-root-user", "--net", "--mount"]


def main():
    if INSIDE not in os.environ:
        if subprocess.run([*UNSHARE, "true"], stderr=subprocess.DEVNULL).returncode != 0:
            sys.exit(77)
        os.execvpe("unshare", [*UNSHARE, sys.executable, *sys.argv], {**os.environ, INSIDE: "1"})
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for directory in ("/run", "/dev/shm", "/var/lib"):
        mount(directory)
    unittest.main()


if __name__ == "__main__":
    main()
