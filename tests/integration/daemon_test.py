#!/usr/bin/env python3
"""The daemon through its own life: killed, stopped, reloaded, out of room, misconfigured."""
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from house import BIN, House, first_video_pts, kill, wait_for

SMALL = "{ test: { size: 320x180, rate: 25, gop: 1s } }"
CHANNEL = f"""
  - name: demo
    sources: [ {SMALL} ]
    variants:
      - {{ name: source, copy: true }}
      - {{ name: 120p, height: 120, video_bitrate: 200k, audio_bitrate: 64k, preset: ultrafast }}
"""
CONFIG = f"defaults: {{ segment_time: 2s, window: 6 }}\nchannels:{CHANNEL}"


class Daemon(unittest.TestCase):
    def house(self, config=CONFIG, record=("source", "120p")):
        house = House(config)
        self.addCleanup(lambda: house.__exit__(None if self.passed() else AssertionError))
        house.wait_on_air()
        house.record(*record)
        house.wait_segments(2, 15)
        return house

    def passed(self):
        return all(not problem for _, problem in self._outcome.errors) if hasattr(self._outcome, "errors") else self._outcome.success

    def check(self, house, discontinuities):
        for name, recorder in house.recorders.items():
            recorder.finish()
            self.assertEqual(recorder.complaints, [], name)
            self.assertEqual(len(recorder.discontinuities()), discontinuities, name)

    def test_killed_leaves_no_child_and_goes_on_with_its_numbers(self):
        house = self.house()
        kill(house.daemon.pid)
        house.daemon.wait()
        wait_for(lambda: not [line for line in house.orphans().values() if "continuo-http" not in line], 1,
                 "no child is left")
        status, body = house.get("/live/demo/source/index.m3u8")
        self.assertEqual((status, body[:7]), (200, b"#EXTM3U"), "HTTP serves the old window")
        house.start_daemon()
        house.wait_segments(3, 20)
        self.check(house, discontinuities=1)

    def test_http_killed_is_not_noticed(self):
        house = self.house()
        before = house.source_pids(), house.variant_pids("120p")
        for recorder in house.recorders.values():
            recorder.patience = 5
        kill(house.http.pid)
        house.http.wait()
        house.start_http()
        house.wait_segments(2, 15)
        self.assertEqual((house.source_pids(), house.variant_pids("120p")), before)
        self.check(house, discontinuities=0)

    def test_stop_takes_everything_along_and_numbers_never_come_back(self):
        house = self.house()
        last = max(house.recorders["source"].segments)
        for recorder in house.recorders.values():
            recorder.finish()
        begun = time.monotonic()
        house.daemon.terminate()
        self.assertEqual(house.daemon.wait(5), 0)
        self.assertLess(time.monotonic() - begun, 2)
        self.assertEqual([line for line in house.orphans().values() if "continuo-http" not in line], [])
        self.assertEqual([str(p) for p in house.runtime.rglob("*") if p.is_file()], [])
        house.start_daemon()
        house.wait_on_air()
        self.assertGreater(house.channel()["next_number"], last)

    def test_a_reboot_takes_all_but_the_state_along_and_nothing_comes_back(self):
        house = self.house(CONFIG.replace("segment_time: 2s", "segment_time: 1s"), record=("source",))
        seen = house.recorders["source"]
        for how in (signal.SIGKILL, signal.SIGTERM):
            with self.subTest(how=how.name):
                house.reboot(how)
                house.wait_on_air()
                again = house.record("source")["source"]
                house.wait_segments(2, 10)
                first, last = again.segments[min(again.segments)], seen.segments[seen.newest()]
                self.assertGreater(first.number, last.number)
                self.assertGreater(first.discontinuity_sequence, last.discontinuity_sequence)
                self.assertFalse({s.uri for s in again.segments.values()} & {s.uri for s in seen.segments.values()})
                self.assertEqual(seen.finish().complaints, [])
                seen = again

    def test_where_systemd_made_the_directory_a_restart_goes_on_with_the_list(self):
        # It sets this variable, and removes the directory itself unless the service is restarted.
        house = House(CONFIG, environment={"RUNTIME_DIRECTORY": "/run/other"})
        self.addCleanup(lambda: house.__exit__(None if self.passed() else AssertionError))
        house.environment["RUNTIME_DIRECTORY"] += f":{house.runtime}"
        house.daemon.terminate()
        house.daemon.wait(5)
        self.assertEqual([str(path) for path in house.runtime.rglob("*") if path.is_file()], [], "not that directory")
        house.start_daemon()
        house.wait_on_air()
        house.record("source", "120p")
        house.wait_segments(3, 20)
        house.daemon.terminate()
        self.assertEqual(house.daemon.wait(5), 0)
        self.assertEqual([line for line in house.orphans().values() if "continuo-http" not in line], [])
        self.assertEqual(house.get("/live/demo/source/index.m3u8")[0], 200, "HTTP serves the old list")
        house.start_daemon()
        house.wait_segments(3, 20)
        self.check(house, discontinuities=2)  # one for each life that there was before

    def test_stop_is_quick_though_the_source_hangs(self):
        listener = subprocess.Popen([sys.executable, "-c",
                                     "import socket,sys;s=socket.create_server(('127.0.0.1',0));print(s.getsockname()[1],flush=True);"
                                     "c=s.accept();print(flush=True);sys.stdin.read()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (listener.kill(), listener.communicate()))
        port = int(listener.stdout.readline())
        house = House(f"channels: [ {{ name: demo, sources: [ {{ url: 'http://127.0.0.1:{port}/live.ts' }} ] }} ]")
        self.addCleanup(house.__exit__, None)
        listener.stdout.readline()  # the ingest has connected
        begun = time.monotonic()
        house.daemon.terminate()
        wait_for(lambda: "stopping" in house.log(), 5, "it stops")
        house.write_config("channels: []")
        house.daemon.send_signal(signal.SIGHUP)
        self.assertEqual(house.daemon.wait(5), 0)
        self.assertIn("reload: the daemon is stopping", house.log())
        self.assertLess(time.monotonic() - begun, 2)
        self.assertEqual([line for line in house.orphans().values() if "continuo-http" not in line], [])

    def test_reload_with_mistakes_changes_nothing_and_names_the_place(self):
        house = self.house()
        before = house.source_pids()
        house.write_config(CONFIG.replace("segment_time: 2s", "segment_time: 0s"))
        house.daemon.send_signal(signal.SIGHUP)
        line = wait_for(lambda: [l for l in house.log().splitlines() if "segment_time" in l and "config.yaml:" in l], 5,
                        "the mistake is logged")[0]
        self.assertRegex(line, r"config\.yaml:\d+:\d+: defaults\.segment_time: ")
        house.wait_segments(1, 10)
        self.assertEqual(house.source_pids(), before)
        self.check(house, discontinuities=0)

    def test_reload_adds_changes_and_removes_channels(self):
        config = CONFIG.replace("segment_time: 2s, window: 6", "segment_time: 1s, window: 3")
        house = self.house(config)
        second = CHANNEL.replace("name: demo", "name: second")
        house.write_config(config.replace("window: 3", "window: 4") + second)
        house.daemon.send_signal(signal.SIGHUP)
        house.wait_on_air(name="second")
        house.wait_segments(3, 20)
        self.assertEqual([len(recorder.discontinuities()) for recorder in house.recorders.values()], [1, 1])
        house.write_config(config.replace("window: 3", "window: 4").replace(CHANNEL, second))
        house.daemon.send_signal(signal.SIGHUP)
        wait_for(lambda: all(recorder.ended for recorder in house.recorders.values()), 10, "the old channel ends properly")
        numbers = [recorder.newest() for recorder in house.recorders.values()]
        number = house.channel("second")["next_number"]
        wait_for(lambda: house.channel("second")["next_number"] >= number + 2, 15, "time goes on")
        self.check(house, discontinuities=1)
        self.assertEqual([recorder.newest() for recorder in house.recorders.values()], 2 * numbers[:1], "both to the same number")

    def test_reload_while_a_channel_is_leaving(self):
        house = House(CONFIG)
        self.addCleanup(lambda: house.__exit__(None if self.passed() else AssertionError))
        house.wait_on_air()
        house.record("source")
        house.wait_segments(1, 15)
        changed = CONFIG.replace("120p, height: 120", "100p, height: 100")

        def reload(config):
            house.write_config(config)
            return house.ask(op="reload")

        # Removed and wanted again, before its files are gone: it goes on.
        self.assertEqual(reload("channels: []"), "0 channels added, 0 changed, 1 removed")
        wait_for(lambda: house.recorders["source"].ended, 10, "it has ended")
        self.assertEqual(reload(CONFIG), "1 channels added, 0 changed, 0 removed")
        house.wait_on_air()
        house.wait_segments(1, 15)
        self.check(house, discontinuities=1)
        # Changed twice: the newer one counts. Changed and removed: it is gone.
        reload(changed)
        reload(CONFIG.replace("window: 6", "window: 7"))
        house.wait_on_air()
        self.assertEqual([variant["name"] for variant in house.channel()["variants"]], ["source", "120p"])
        reload(changed)
        reload("channels: []")
        wait_for(lambda: b"#EXT-X-ENDLIST" in house.get("/live/demo/source/index.m3u8")[1], 10, "it has ended")
        self.assertEqual([line for line in house.orphans().values() if "continuod" not in line and "continuo-http" not in line], [])

    def test_another_daemon_on_the_same_directory_is_refused(self):
        house = self.house(record=("source",))
        second = subprocess.run([BIN / "continuod", "--config", house.config_file], capture_output=True, text=True, timeout=10)
        self.assertEqual(second.returncode, 71)
        self.assertIn("another daemon answers there", second.stderr)

    def test_budget_holds_and_says_so(self):
        house = self.house(CONFIG.replace("window: 6", "window: 60, budget: 1MiB"), record=("source",))
        wait_for(lambda: "whole budget" in house.log(), 30, "the budget is reached")
        house.wait_segments(2, 15)
        held = sum(p.stat().st_size for p in house.runtime.rglob("0*.ts"))
        self.assertLess(held, 2 << 20)
        self.assertEqual(house.recorders["source"].finish().complaints, [])

    def test_no_ffmpeg_is_said_in_one_line(self):
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "config.yaml"
            config.write_text(f"runtime_dir: {folder}/run\nstate_dir: {folder}/state\nchannels: [ {{ name: demo, sources: [ {SMALL} ] }} ]\n")
            daemon = subprocess.Popen([BIN / "continuod", "--config", config], stderr=subprocess.PIPE, text=True,
                                      env={**os.environ, "PATH": folder})
            lines = []
            wait_for(lambda: lines.append(daemon.stderr.readline()) or any("ffmpeg is missing" in l for l in lines), 5,
                     "ffmpeg's absence is named")
            daemon.terminate()
            daemon.communicate(timeout=5)

    @unittest.skipUnless(os.geteuid() == 0, "mounting needs root")
    def test_full_tmpfs_lists_nothing_corrupt_and_goes_on_when_there_is_room(self):
        house = House(CONFIG)
        self.addCleanup(house.__exit__, None)
        house.daemon.terminate()
        house.daemon.wait()
        house.http.terminate()
        house.http.wait()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", house.runtime]).returncode != 0:
            self.skipTest("no mount here")
        self.addCleanup(lambda: subprocess.run(["umount", "-l", house.runtime]))
        house.start_daemon()
        house.start_http()
        house.wait_on_air()
        house.record("source", "120p")
        house.wait_segments(2, 15)
        ballast = house.runtime / "ballast"
        with open(ballast, "wb") as file:
            try:
                while True:
                    file.write(bytes(65536))
                    file.flush()
            except OSError:
                pass
        wait_for(lambda: "No space left" in house.log(), 15, "the log names it")
        ballast.unlink()
        house.wait_segments(3, 30)
        for name, recorder in house.recorders.items():
            recorder.finish()
            self.assertEqual(recorder.complaints, [], name)
            for file in recorder.files():
                self.assertGreater(file.stat().st_size, 0)
                self.assertEqual(file.stat().st_size % 188, 0)
                first_video_pts(file)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
