#!/usr/bin/env python3
"""The command `continuo`, as people and units call it: check, status, run, completion, and the systemd units around it.

usage: CONTINUO_BIN=build/dev/bin cli_test.py [unittest arguments]     UPDATE_GOLDEN=1 rewrites tests/golden/check/*.txt
"""
import contextlib
import functools
import http.client
import http.server
import json
import os
import pathlib
import pty
import select
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import unittest

from house import BIN, children_of, die_with_us, free_port, wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "check"
CONTINUO = str(BIN.resolve() / "continuo")
DEADLINE = 30  # s, for one command

CONFIG = """
runtime_dir: {runtime_dir}
state_dir: {folder}/state
http: {{ listen: "127.0.0.1:{port}" }}
defaults: {{ segment_time: 1s, window: 5, budget: 32MiB }}
channels:
  - name: demo
    sources: [ {{ test: {{ size: 160x90, rate: 25, gop: 1s }} }} ]
"""


def continuo(*arguments, **options):
    return subprocess.run([CONTINUO, *arguments], capture_output=True, text=True, timeout=DEADLINE, **options)


def write_program(path, text):
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


class Folders(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="continuo-cli-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path


class CheckTest(Folders):
    def test_golden_what_is_said_of_each_file(self):
        for config in sorted(GOLDEN.glob("*.yaml")):
            with self.subTest(config.name):
                result = continuo("check", config.name, cwd=GOLDEN)
                said = f"exit {result.returncode}\n{result.stdout}{result.stderr}"
                golden = config.with_suffix(".txt")
                if os.environ.get("UPDATE_GOLDEN") == "1":
                    golden.write_text(said)
                self.assertEqual(golden.read_text(), said)

    def test_the_shipped_file_is_good_but_for_its_clip(self):
        clip = self.folder / "build" / "demo" / "clip.mp4"
        clip.parent.mkdir(parents=True)
        make_media(clip, "libx264", "aac")
        shutil.copy(ROOT / "config.yaml", self.folder)
        result = continuo("check", cwd=self.folder)
        self.assertEqual((0, 'config.yaml: ok: 1 channel ("demo")\n'), (result.returncode, result.stdout))

    def test_a_file_that_is_not_there(self):
        result = continuo("check", str(self.folder / "none.yaml"))
        self.assertEqual((78, f"{self.folder}/none.yaml: No such file or directory\n"), (result.returncode, result.stderr))

    def test_files_are_looked_into(self):
        for name, video, audio, complaint in [
            ("good.mp4", "libx264", "aac", None),
            ("silent.mp4", "libx264", None, None),
            ("mpeg2.ts", "mpeg2video", "mp3", None),
            ("mpeg4.mp4", "mpeg4", "aac", "mpeg4 video can't be copied into MPEG-TS"),
            ("flac.mkv", "libx264", "flac", "flac audio can't be copied into MPEG-TS"),
            ("sound.m4a", None, "aac", "has no video"),
            ("rare_keyframes.mp4", "libx264", "aac", "GOP 7.0 s is longer than target_duration 6 s: set target_duration: 7s"),
            ("one_keyframe.ts", "libx264", "aac", "GOP is longer than 8.0 s, target_duration is 6 s"),
        ]:
            with self.subTest(name):
                gop_s = {"rare_keyframes.mp4": 7, "one_keyframe.ts": 60}.get(name, 1)
                make_media(self.folder / name, video, audio, seconds=8 if gop_s > 1 else 0.2, gop_s=gop_s)
                config = self.write("c.yaml", f"channels: [ {{ name: a, sources: [ {{ file: {name} }} ] }} ]\n")
                result = continuo("check", str(config))
                self.assertEqual(78 if complaint else 0, result.returncode, result.stderr)
                if complaint:
                    self.assertIn(f"{config}:1:43: channels[0].sources[0].file: {complaint}", result.stderr)

    def test_urls_are_asked_and_only_warned_of(self):
        make_media(self.folder / "good.ts", "libx264", "aac")
        make_media(self.folder / "rare_keyframes.ts", "libx264", "aac", seconds=9, gop_s=7)
        handler = functools.partial(QuietFiles, directory=self.folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.addCleanup(server.shutdown)
            origin = f"http://me:secret@127.0.0.1:{server.server_port}"
            for url, concern in [
                (f"{origin}/good.ts", None),
                (f"{origin}/rare_keyframes.ts", "GOP is longer than 7.0 s, target_duration is 6 s: set a longer target_duration for this "
                                                "channel, at least its distance of keyframes"),
                (f"{origin}/none.ts", "can't be read now: Server returned 404 Not Found"),
                ("http://127.0.0.1:9/live.m3u8", "can't be read now: Connection refused"),
                ("udp://127.0.0.1:9", None),
                ("srt://127.0.0.1:9?mode=listener", None),
            ]:
                with self.subTest(url):
                    config = self.write("c.yaml", "runtime_dir: /dev/shm/continuo-golden\n"
                                                  f"channels: [ {{ name: a, budget: 1MiB, sources: [ {{ url: '{url}' }} ] }} ]\n")
                    result = continuo("check", str(config))
                    said = f"{config}:2:56: channels[0].sources[0].url: warning: {concern}\n" if concern else ""
                    self.assertEqual((0, said), (result.returncode, result.stderr))

    def test_a_url_that_does_not_answer_is_said(self):
        config = self.write("c.yaml", "runtime_dir: /dev/shm/continuo-golden\n"
                                      "channels: [ { name: a, budget: 1MiB, sources: [ { url: 'http://127.0.0.1:9/' } ] } ]\n")
        write_program(self.folder / "ffmpeg", 'echo "ffmpeg version 6.0 Copyright"\n')
        write_program(self.folder / "ffprobe", '[ "$1" = -version ] || exec sleep 1000\n')
        result = continuo("check", str(config), env=self.only_our_programs())
        self.assertEqual((0, f"{config}:2:56: channels[0].sources[0].url: warning: does not answer within 8 s\n"),
                         (result.returncode, result.stderr))

    def test_a_file_that_can_not_be_examined_in_time_is_said(self):
        self.write("clip.mp4", "x")
        config = self.write("c.yaml", "channels: [ { name: a, sources: [ { file: clip.mp4 } ] } ]\n")
        write_program(self.folder / "ffmpeg", 'echo "ffmpeg version 6.0 Copyright"\n')
        write_program(self.folder / "ffprobe", '[ "$1" = -version ] || exec sleep 1000\n')
        result = continuo("check", str(config), env=self.only_our_programs())
        self.assertEqual(78, result.returncode)
        self.assertIn("could not be examined in 8 s", result.stderr)

    def test_ffmpeg_missing_or_too_old_is_one_line(self):
        config = self.write("c.yaml", "runtime_dir: /dev/shm/continuo-golden\n")
        result = continuo("check", str(config), env={"PATH": str(self.folder)})
        self.assertEqual(
            (78, "ffprobe: not found in PATH; install it: apt-get install ffmpeg\n"
                 "ffmpeg: not found in PATH; install it: apt-get install ffmpeg\n"),
            (result.returncode, result.stderr))
        write_program(self.folder / "ffprobe", "exit 0\n")
        write_program(self.folder / "ffmpeg", 'echo "ffmpeg version 4.4.2-0ubuntu1 Copyright"\n')
        result = continuo("check", str(config), env=self.only_our_programs())
        self.assertEqual(78, result.returncode)
        self.assertRegex(result.stderr, r"\Affmpeg 4\.4 is too old: 5\.1 or later is needed[^\n]*\n\Z")

    def test_warnings_do_not_fail(self):
        config = self.write("c.yaml", f"runtime_dir: /dev/shm/continuo-golden\nchannels:\n"
                                      f"  - {{ name: a, sources: [ {{ test: }} ], budget: 1024GiB }}\n")
        result = continuo("check", str(config))
        self.assertEqual(0, result.returncode)
        self.assertIn(f"{config}:1:14: runtime_dir: warning: the channels' budgets add up to 1048576 MiB", result.stderr)

    def test_a_password_that_everyone_may_read_is_warned_of(self):
        config = self.write("c.yaml", "runtime_dir: /dev/shm/continuo-golden\nchannels:\n"
                                      "  - { name: a, budget: 1MiB, playhead: {}, icecast: { password_file: secret } }\n")
        secret = self.write("secret", "hackme\n")
        for mode, warning in ((0o600, ""), (0o640, ""),
                              (0o644, f'{config}:3:70: channels[0].icecast.password_file: warning: "{secret}" can be read by '
                                      f"everyone on this machine: chmod o= {secret}\n")):
            secret.chmod(mode)
            result = continuo("check", str(config))
            self.assertEqual((0, warning), (result.returncode, result.stderr), oct(mode))

    def only_our_programs(self):
        return {"PATH": f"{self.folder}:/usr/bin:/bin"}


class QuietFiles(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def make_media(path, video, audio, seconds=0.2, gop_s=1):
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
    if video:
        command += ["-f", "lavfi", "-i", "color=size=64x64:rate=25"]
    if audio:
        command += ["-f", "lavfi", "-i", "sine=sample_rate=48000"]
    command += ["-t", str(seconds)]
    command += ["-c:v", video, "-g", str(25 * gop_s)] if video else []
    command += ["-c:a", audio] if audio else []
    subprocess.run([*command, str(path)], check=True, timeout=DEADLINE)


class UsageTest(Folders):
    def test_help_version_and_wrong_usage(self):
        self.assertEqual(0, continuo("--help").returncode)
        self.assertRegex(continuo("--version").stdout, r"^continuo \d+\.\d+\.\d+\n$")
        for mistake in ([], ["fly"], ["restart"], ["switch", "demo"], ["switch", "demo", "clip.mp4"],
                        ["completion", "csh"]):
            result = continuo(*mistake)
            self.assertEqual((64, ""), (result.returncode, result.stdout))
            self.assertNotEqual("", result.stderr)

    def test_completion_in_bash_completes(self):
        script = continuo("completion", "bash").stdout
        for words, position, completed in [
            ("continuo st", 1, "status"),
            ("continuo status --j", 2, "--json"),
            ("continuo completion z", 2, "zsh"),
        ]:
            probe = f'{script}\nCOMP_WORDS=({words}); COMP_CWORD={position}; _continuo; echo "${{COMPREPLY[@]}}"\n'
            result = subprocess.run(["bash", "-c", probe], capture_output=True, text=True, timeout=DEADLINE)
            self.assertEqual((completed + "\n", ""), (result.stdout, result.stderr))
        for shell in ("zsh", "fish"):
            self.assertIn("completion", continuo("completion", shell).stdout)

    def test_completion_knows_the_channels(self):
        script = continuo("completion", "bash").stdout
        status = "CHANNEL  STATE\nnews     on air\nnew-live starting\n\nnews: head http://h; API connected\n    2026-11-21  done\n"
        for command in ("restart", "switch"):
            probe = (f"{script}\ncontinuo() {{ printf '{status}'; }}\n"
                     f'COMP_WORDS=(continuo {command} ""); COMP_CWORD=2; _continuo; echo "${{COMPREPLY[@]}}"\n')
            result = subprocess.run(["bash", "-c", probe], capture_output=True, text=True, timeout=DEADLINE)
            self.assertEqual(("--config --help news new-live\n", ""), (result.stdout, result.stderr))

    def test_where_no_daemon_runs_that_is_said(self):
        config = self.write("c.yaml", f"runtime_dir: {self.folder}/run\n")
        expected = f"no daemon answers at {self.folder}/run/control.sock: start it with continuo run (or systemctl start continuo)\n"
        for command in (["status"], ["status", "--json"], ["reload"], ["restart", "demo"], ["switch", "demo", "http://h"]):
            result = continuo(*command, "--config", str(config))
            self.assertEqual((69, "", expected), (result.returncode, result.stdout, result.stderr))

    def test_a_daemon_that_does_not_answer_is_not_waited_for_for_ever(self):
        (self.folder / "run").mkdir()
        config = self.write("c.yaml", f"runtime_dir: {self.folder}/run\n")
        with socket.socket(socket.AF_UNIX) as mute:
            mute.bind(str(self.folder / "run" / "control.sock"))
            mute.listen()
            result = continuo("status", "--config", str(config))
        self.assertEqual(69, result.returncode)
        self.assertIn("no answer from the daemon", result.stderr)


class SwitchTest(Folders):
    URL = "https://user:secret@host/live.m3u8?token=abc"

    def setUp(self):
        super().setUp()
        (self.folder / "run").mkdir()
        self.config = self.write("c.yaml", f"runtime_dir: {self.folder}/run\n")

    def switch(self, reply):
        """What the command does when the daemon says `reply`, and what the daemon was asked."""
        asked = []
        with socket.socket(socket.AF_UNIX) as listener:
            listener.settimeout(DEADLINE)
            listener.bind(str(self.folder / "run" / "control.sock"))
            listener.listen()

            def serve():
                connection, _ = listener.accept()
                with connection:
                    asked.append(json.loads(connection.makefile().readline()))
                    connection.sendall(json.dumps(reply).encode() + b"\n")

            daemon = threading.Thread(target=serve)
            daemon.start()
            result = continuo("switch", "live", self.URL, "--config", str(self.config))
            daemon.join()
        return result, asked

    def test_the_daemon_is_asked_and_no_password_printed(self):
        result, asked = self.switch({"ok": True, "result": None})
        self.assertEqual([{"op": "switch", "channel": "live", "url": self.URL}], asked)
        self.assertEqual((0, 'channel "live" switches to https://***@host/live.m3u8?token=***\n', ""),
                         (result.returncode, result.stdout, result.stderr))

    def test_a_channel_without_a_playhead_is_78(self):
        result, _ = self.switch({"ok": False, "error": "conflict", "message": 'channel "live" has no playhead'})
        self.assertEqual((78, "", 'channel "live" has no playhead\n'), (result.returncode, result.stdout, result.stderr))


class Running:
    """`continuo run` in the background; what it prints is kept."""

    def __init__(self, config):
        self.process = subprocess.Popen([CONTINUO, "run", "--config", str(config)], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, preexec_fn=die_with_us)
        self.output, self.errors = [], []
        self.readers = [threading.Thread(target=self._read, args=pair)
                        for pair in ((self.process.stdout, self.output), (self.process.stderr, self.errors))]
        for reader in self.readers:
            reader.start()

    @staticmethod
    def _read(stream, lines):
        for line in stream:
            lines.append(line)

    def wait_for_page(self):
        wait_for(lambda: any(line.startswith("the page: ") for line in self.output), 10, f"the page; {self.errors}")

    def child(self, program):
        """The pid of one of the two, nothing while it does not run."""
        for pid, line in children_of(self.process.pid).items():
            if line.startswith(f"{BIN.resolve() / program} "):
                return pid
        return None

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(10)
        for reader in self.readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return code


class RunTest(Folders):
    def setUp(self):
        super().setUp()
        self.runtime_dir = pathlib.Path(tempfile.mkdtemp(prefix="continuo-cli-", dir="/dev/shm"))
        self.addCleanup(shutil.rmtree, self.runtime_dir, ignore_errors=True)
        self.port = free_port()
        self.config = self.write("c.yaml", CONFIG.format(folder=self.folder, runtime_dir=self.runtime_dir, port=self.port))

    def run_it(self):
        running = Running(self.config)
        self.addCleanup(running.end)
        return running

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(connection):
            with contextlib.suppress(OSError):
                connection.request("GET", path)
                response = connection.getresponse()
                return response.status if response.read() else None
        return None

    def is_on_air(self):
        return self.get("/live/demo/source/index.m3u8") == 200

    def status(self):
        return continuo("status", "--config", str(self.config)).stdout

    def test_from_start_to_stop(self):
        running = self.run_it()
        running.wait_for_page()
        self.assertEqual([f"the page: http://127.0.0.1:{self.port}/\n"], running.output)
        wait_for(self.is_on_air, 10, "a playlist")
        wait_for(lambda: "on air" in self.status(), 10, "status on air")
        family = [running.process.pid, *children_of(running.process.pid)]
        self.assertGreaterEqual(len(family), 5)  # run, daemon, http, ffmpeg, segmenter
        self.assertEqual(0, running.end(signal.SIGINT))
        self.assertEqual([], [pid for pid in family if os.path.exists(f"/proc/{pid}")])
        self.assertEqual([], list(self.runtime_dir.iterdir()))
        self.assertEqual(1, len(running.output))

    def test_whichever_dies_comes_back(self):
        running = self.run_it()
        running.wait_for_page()
        wait_for(self.is_on_air, 10, "a playlist")
        for program in ("continuod", "continuo-http"):
            first = running.child(program)
            os.kill(first, signal.SIGKILL)
            wait_for(lambda: running.child(program) not in (None, first), 5, f"{program} again")
            wait_for(self.is_on_air, 10, "a playlist again")
            self.assertTrue(any(f"{program}[{first}] killed by SIGKILL after" in line for line in running.errors))
        self.assertEqual(0, running.end())
        self.assertEqual([], list(self.runtime_dir.iterdir()))
        self.assertEqual(1, len(running.output))  # the page is announced once

    def run_at_terminal(self, answer):
        """What `continuo run` says at a terminal where `answer` is typed, up to its page or its end."""
        pid, terminal = pty.fork()
        if pid == 0:
            die_with_us()
            os.execv(CONTINUO, [CONTINUO, "run", "--config", str(self.config)])
        said = b""
        try:
            while b"the page: " not in said:
                ready, _, _ = select.select([terminal], [], [], 15)
                self.assertTrue(ready, said)
                try:
                    said += os.read(terminal, 4096)
                except OSError:  # it has ended
                    break
                if b"[Y/n] " in said and answer:
                    os.write(terminal, answer)
                    answer = None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)
            os.close(terminal)
        return said.decode()

    def test_who_sits_at_a_terminal_is_offered_another_port(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", self.port))
            other.listen()
            said = self.run_at_terminal(b"\n")
            self.assertIn(f"Another server has port {self.port}. Use ", said)
            offered = said.split("Use ")[1].split(" ")[0]
            self.assertIn(f"the page: http://127.0.0.1:{offered}/", said)
            said = self.run_at_terminal(b"n\n")
            self.assertIn("Address already in use", said)
            self.assertNotIn("the page: ", said)
        self.assertNotIn("Another server", self.run_at_terminal(None))

    def test_nothing_is_left_when_ctrl_c_takes_the_reader_of_the_log_first(self):
        reader, writer = os.pipe()
        process = subprocess.Popen([CONTINUO, "run", "--config", str(self.config)], stdout=writer, stderr=writer,
                                   preexec_fn=die_with_us)
        os.close(writer)
        self.addCleanup(process.wait, 10)
        self.addCleanup(process.terminate)
        wait_for(lambda: any(self.runtime_dir.rglob("*.ts")), 10, "a segment")
        os.close(reader)
        process.send_signal(signal.SIGINT)
        self.assertEqual(0, process.wait(10))
        self.assertEqual([], list(self.runtime_dir.iterdir()))

    def test_a_killed_run_leaves_no_process(self):
        running = self.run_it()
        running.wait_for_page()
        wait_for(self.is_on_air, 10, "a playlist")
        family = list(children_of(running.process.pid))
        self.assertEqual(-9, running.end(signal.SIGKILL))
        wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in family), 2, "all gone")

    def test_reload_restart_and_hangup_reach_the_daemon(self):
        running = self.run_it()
        running.wait_for_page()
        wait_for(lambda: "on air" in self.status(), 10, "status on air")
        self.assertEqual(0, continuo("restart", "demo", "--config", str(self.config)).returncode)
        unknown = continuo("restart", "nobody", "--config", str(self.config))
        self.assertEqual((64, 'no channel "nobody"\n'), (unknown.returncode, unknown.stderr))
        unknown = continuo("switch", "nobody", "http://127.0.0.1:9/a.m3u8", "--config", str(self.config))
        self.assertEqual((64, 'no channel "nobody"\n'), (unknown.returncode, unknown.stderr))

        text = self.config.read_text()
        self.config.write_text(text + "  - { name: second, sources: [ { test: { size: 160x90 } } ], budget: 32MiB }\n")
        self.assertEqual(0, continuo("reload", "--config", str(self.config)).returncode)
        wait_for(lambda: "second" in self.status(), 5, "the second channel")

        self.config.write_text(text)
        running.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "second" not in self.status(), 10, "the second channel gone")
        self.config.write_text(text + "colour: red\n")
        refused = continuo("reload", "--config", str(self.config))
        self.assertEqual(78, refused.returncode)
        self.assertIn(": colour: unknown key", refused.stderr)
        self.assertIn("demo", self.status())

    def test_a_port_in_use_is_one_line_and_the_end(self):
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind(("127.0.0.1", self.port))
            other.listen()
            running = self.run_it()
            self.assertEqual(71, running.process.wait(10))
            running.end()
        errors = [line for line in running.errors if str(self.port) in line]
        self.assertEqual(1, len(errors), running.errors)
        self.assertIn("in use", errors[0])
        self.assertEqual([], running.output)

    def test_a_second_one_on_the_same_directory_ends_and_harms_nothing(self):
        running = self.run_it()
        running.wait_for_page()
        wait_for(self.is_on_air, 10, "a playlist")
        second_config = self.write("second.yaml", self.config.read_text().replace(str(self.port), str(free_port())))
        second = Running(second_config)
        self.addCleanup(second.end)
        self.assertEqual(71, second.process.wait(10))
        self.assertTrue(self.is_on_air())
        self.assertIn("demo", self.status())

    def test_a_file_with_mistakes_starts_nothing(self):
        self.config.write_text("chanels: []\n")
        running = self.run_it()
        self.assertEqual(78, running.process.wait(10))
        running.end()
        self.assertEqual([f'{self.config}:1:1: chanels: unknown key; did you mean "channels"?\n'], running.errors)


class UnitsTest(Folders):
    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd is not installed")
    def test_systemd_takes_the_units_without_a_word(self):
        for unit in (ROOT / "systemd").glob("*.service"):
            text = unit.read_text().replace("/usr/bin/continuo", CONTINUO)
            self.write(unit.name, text)
        units = [str(unit) for unit in self.folder.glob("*.service")]
        self.assertEqual(2, len(units))
        result = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual((0, ""), (result.returncode, result.stdout + result.stderr))


if __name__ == "__main__":
    unittest.main()
