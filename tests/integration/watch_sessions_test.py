#!/usr/bin/env python3
"""Sessions of those who watch together, over the control socket: real mpv and ffmpeg, films served by nginx.

usage: CONTINUO_BIN=build/dev/bin watch_sessions_test.py [unittest arguments]
"""
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import films
from house import House, children_of, frame_numbers, kill, wait_for
from sources import EmptyServer, Origin

CONFIG = ("watch: {{ enabled: true, allow_private: {private}, max_sessions: 2, session_timeout: {timeout}s, heartbeat: 1s, reaper: 1s, "
          "finished_kept: {kept}s, probe_timeout: 5s, height: 180, video_bitrate: 300k, preset: ultrafast, segment_time: 2s{more} }}\n")
OPENING = 20  # s, at most, until there is a picture; two seconds on a machine that does nothing else
RATE = films.RATE
PROGRAMS = ("mpv", "ffmpeg", "continuo-segment")


class SlowOrigin(Origin):
    """Below /slow/ films come at less than half the speed at which they are watched."""
    locations = ("location /slow/ { alias %s/; limit_rate_after 150k; limit_rate 8k; }"
                 "location /private/ { alias %s/; auth_basic films; auth_basic_user_file %s/users; }")


class Refused(Exception):
    def __init__(self, reply):
        super().__init__(reply)
        self.kind, self.message = reply["error"], reply["message"]


class SmallHouse(House):
    """What it writes lies on a file system of its own."""

    def __init__(self, config, size):
        self.size = size
        super().__init__(config, with_http=False)

    def start_daemon(self):
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.size}", "tmpfs", self.runtime], check=True)
        return super().start_daemon()

    def __exit__(self, *what):
        self.daemon.terminate()
        self.daemon.wait(5)
        subprocess.run(["umount", self.runtime], check=True)
        super().__exit__(*what)


class SystemdHouse(House):
    """Its runtime directory is systemd's, which keeps it over a restart."""

    def __init__(self, config):
        super().__init__(config, with_http=False)

    def start_daemon(self):
        self.environment["RUNTIME_DIRECTORY"] = str(self.runtime)
        return super().start_daemon()


class Sessions(unittest.TestCase):
    """One origin of films for all; each test has a house of its own."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="continuo-films-", dir="/dev/shm"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.origin = cls.enterClassContext(SlowOrigin())
        (cls.origin.root / "users").write_text("gateway:{PLAIN}secret\n")
        made = films.Films(cls.origin.root, 60)
        made.mux("film.mkv", ("plain.srt", "ger", "Words", False), ("styled.ass", "eng", "Signs", True), attach="font.ttf")
        made.mux("plain.mkv", ("plain.srt", "ger", "Words", False))
        for number in (2, 3):
            (cls.origin.root / f"film{number}.mkv").symlink_to("film.mkv")
        whole = (cls.origin.root / "film.mkv").read_bytes()
        (cls.origin.root / "truncated.mkv").write_bytes(whole[:len(whole) // 3])
        (cls.origin.root / "noise.mkv").write_bytes(os.urandom(200_000))
        short = cls.folder / "short"
        short.mkdir()
        shutil.copy(films.Films(short, 5).mux("short.mkv", ("plain.srt", "ger", "Words", False)), cls.origin.root)
        cls.url = cls.origin.url("film.mkv")

    def open_house(self, timeout=30, kept=3600, private="true", more="", size=None):
        config = CONFIG.format(timeout=timeout, kept=kept, private=private, more=more)
        self.house = SmallHouse(config, size) if size else House(config, with_http=False)
        self.addCleanup(self.house.__exit__, None)
        self.wait_ready()
        return self.house

    def wait_ready(self):
        wait_for(lambda: any("continuo-egress" in line for line in children_of(self.house.daemon.pid).values()), 5, "the egress proxy")
        wait_for(lambda: "listening on" in self.house.log(), 5, "its port")

    def watch(self, **request):
        try:
            return self.house.ask(op="watch", watch=request)
        except AssertionError as refusal:
            raise Refused(refusal.args[0]) from None

    def open(self, url=None, **more):
        return self.watch(do="open", url=url or self.url, **more)["id"]

    def file_of(self, session):
        return self.house.runtime / "watch" / f"{session}.json"

    def state(self, session):
        return json.loads(self.file_of(session).read_text())

    def wait_phase(self, session, *phases, seconds=OPENING):
        return wait_for(lambda: (seen := self.state(session))["phase"] in phases and seen, seconds, f"{phases}: {self.state(session)}")

    def folder_of(self, session):
        return self.house.runtime / "channels" / f"_watch-{session}"

    def snapshot(self, session):
        return json.loads((self.folder_of(session) / "channel.json").read_text())

    def listed(self, session, since=0):
        """Segments of the list with numbers from `since` on."""
        return [segment for segment in self.snapshot(session)["segments"] if segment["number"] >= since]

    def pictures(self, session, segments):
        return frame_numbers([self.folder_of(session) / segment["files"][0] for segment in segments])

    def next_number(self, session):
        return self.listed(session)[-1]["number"] + 1

    def pids(self):
        """{program: [pid, ...]} of what works for sessions."""
        found = {}
        for pid in children_of(self.house.daemon.pid):
            try:
                found.setdefault(Path(os.readlink(f"/proc/{pid}/exe")).name, []).append(pid)
            except OSError:
                continue
        return found

    def working(self):
        return {name: pids for name, pids in self.pids().items() if name in (*PROGRAMS, "ffprobe")}

    def is_quiet(self):
        return not self.working()

    def keep_watching(self, session, viewer="tester"):
        done = threading.Event()

        def beat():
            while not done.wait(0.5):
                try:
                    self.watch(do="beat", session=session, viewer=viewer)
                except (Refused, OSError, ValueError):
                    pass
        thread = threading.Thread(target=beat, daemon=True)
        thread.start()

        def stop():
            done.set()
            thread.join()
        self.addCleanup(stop)
        return stop

    def assert_contiguous(self, segments):
        for one, two in zip(segments, segments[1:]):
            self.assertAlmostEqual(two["date_us"], one["date_us"] + one["duration"] * 100 / 9, delta=2000, msg=f"{one} {two}")


class Watching(Sessions):
    def test_a_session_begins_soon_and_is_shared_by_all_who_ask_for_the_same(self):
        self.open_house()
        begin = time.monotonic()
        session = self.open()
        wait_for(lambda: list(self.folder_of(session).glob("source/*/*.ts")), OPENING, "the first segment")
        first = time.monotonic() - begin
        state = self.wait_phase(session, "playing")
        print(f"first segment after {first:.2f} s, playing after {time.monotonic() - begin:.2f} s", flush=True)
        self.assertEqual(self.open(self.url.replace("http:", "HTTP:"), session="anna"), session)
        self.assertEqual(state["jumps"], 0)
        self.assertEqual(self.house.channel(f"_watch-{session}")["state"], "on air")
        self.assertEqual([(t["kind"], t["shown"]) for t in state["tracks"]],
                         [("video", True), ("audio", True), ("audio", False), ("subtitle", False), ("subtitle", True)])
        self.watch(do="beat", session="anna", viewer="anna")
        self.watch(do="beat", session=session, viewer="berta")
        state = self.wait_phase(session, "playing")
        self.assertEqual((state["viewers"], state["aliases"]), (2, ["anna"]))
        self.assertEqual({name: len(pids) for name, pids in self.working().items() if name == "mpv"}, {"mpv": 1})
        self.watch(do="forget", session="anna")
        self.assertEqual((self.state(session)["viewers"], self.state(session)["aliases"]), (1, []))
        with self.assertRaises(Refused) as refusal:
            self.watch(do="beat", session="anna", viewer="anna")
        self.assertEqual(refusal.exception.kind, "not_found")

        segments = self.listed(session)
        self.assertEqual(segments[0]["date_us"], state["anchor_us"])
        self.assertAlmostEqual(state["clock_zero_us"] / 1e6 + time.monotonic(), time.time(), delta=1)
        numbers = self.pictures(session, segments)
        self.assertEqual(numbers, list(range(len(numbers))))
        self.assert_contiguous(segments)

    def test_one_more_than_there_may_be_is_refused_until_there_is_room(self):
        self.open_house()
        first = self.open()
        self.open(self.origin.url("film2.mkv"))
        with self.assertRaises(Refused) as refusal:
            self.open(self.origin.url("film3.mkv"))
        self.assertEqual((refusal.exception.kind, refusal.exception.message), ("unavailable", "Server is at full capacity"))
        self.assertEqual(self.open(), first)
        self.watch(do="close", session=first, discards=True)
        wait_for(lambda: not self.folder_of(first).exists(), 3, "its files are gone")
        self.assertEqual(self.state(first)["phase"], "closed")
        self.open(self.origin.url("film3.mkv"))

    def test_without_heartbeats_it_ends_and_nothing_is_left(self):
        self.open_house(timeout=3)
        session = self.open()
        stop = self.keep_watching(session)
        self.wait_phase(session, "playing")
        time.sleep(4)
        self.assertEqual(self.state(session)["phase"], "playing")
        stop()
        begin = time.monotonic()
        state = self.wait_phase(session, "closed", seconds=3 + 5)
        print(f"reaped {time.monotonic() - begin:.2f} s after the last heartbeat", flush=True)
        self.assertIn("Nobody", state["note"])
        wait_for(self.is_quiet, 2, f"no process: {self.working()}")
        wait_for(lambda: not self.folder_of(session).exists(), 2, "no file")
        self.assertEqual(list((self.house.folder / "state").glob("channels/_watch*")), [])

    def test_a_seek_and_other_tracks_begin_elsewhere_behind_a_discontinuity(self):
        self.open_house()
        session = self.open()
        self.wait_phase(session, "playing")
        before = self.next_number(session)
        self.watch(do="seek", session=session, position_ms=30_000)
        self.assertEqual((self.state(session)["phase"], self.state(session)["jumps"]), ("opening", 1))
        state = self.wait_phase(session, "playing")
        self.assertAlmostEqual(state["position_ms"], 30_000, delta=100)
        segments = [s for s in self.listed(session, before) if s["date_us"] >= state["anchor_us"]]
        self.assertTrue(segments[0]["discontinuity"])
        self.assertEqual(segments[0]["date_us"], state["anchor_us"])
        self.assertEqual(self.pictures(session, segments)[0], 30 * RATE)

        self.watch(do="tracks", session=session, tracks={"audio": "jpn", "subtitle": "off"})
        state = self.wait_phase(session, "playing")
        self.assertEqual([t["number"] for t in state["tracks"] if t["shown"] and t["kind"] != "video"], [2])
        self.assertGreaterEqual(state["position_ms"], 30_000)
        self.assertLess(state["position_ms"], 40_000)
        self.assertEqual(state["jumps"], 2)
        for wrong, words in ((dict(do="seek", position_ms=600_000), "has no"),
                             (dict(do="tracks", tracks={"subtitle": "fre"}), "fre")):
            with self.assertRaises(Refused) as refusal:
                self.watch(session=session, **wrong)
            self.assertEqual(refusal.exception.kind, "malformed")
            self.assertIn(words, refusal.exception.message)
        self.assertEqual(self.state(session)["jumps"], 2)

    def test_a_seek_while_all_stand_shows_the_new_picture_and_stands(self):
        self.open_house()
        session = self.open()
        self.wait_phase(session, "playing")
        self.watch(do="pause", session=session)
        self.watch(do="seek", session=session, position_ms=20_000)
        state = self.wait_phase(session, "paused")
        self.assertEqual((state["jumps"], state["standing_at_us"]), (1, state["anchor_us"]))
        self.assertAlmostEqual(state["position_ms"], 20_000, delta=100)
        self.watch(do="resume", session=session)
        self.assertIsNone(self.wait_phase(session, "playing").get("standing_at_us"))
        first = next(s for s in self.listed(session) if s["date_us"] == state["anchor_us"])
        wait_for(lambda: len(self.listed(session, first["number"])) > 5, 15, "it goes on")
        numbers = self.pictures(session, self.listed(session, first["number"]))
        self.assertEqual(numbers, list(range(20 * RATE, 20 * RATE + len(numbers))))

    def test_after_a_long_pause_the_film_goes_on_with_the_next_picture(self):
        self.open_house(timeout=60, more=", read_ahead: 8s")
        session = self.open()
        self.wait_phase(session, "playing")
        self.watch(do="pause", session=session)
        wait_for(self.is_quiet, 40, "its processes end")
        self.assertEqual(self.state(session)["phase"], "paused")
        listed = self.next_number(session)
        self.watch(do="resume", session=session)
        wait_for(lambda: self.next_number(session) > listed + 2, 20, "it goes on")
        segments = self.listed(session)
        numbers = self.pictures(session, segments)
        self.assertEqual(numbers, list(range(len(numbers))))
        self.assert_contiguous(segments)

    def test_all_wait_together_for_a_source_that_is_too_slow(self):
        self.open_house(more=", read_ahead: 60s")
        session = self.open(self.origin.url("slow/plain.mkv"))
        self.keep_watching(session)
        before = self.wait_phase(session, "playing", seconds=40)
        waiting = wait_for(lambda: (s := self.state(session)).get("standing_at_us") and s, 40, "all stand")
        self.assertEqual((waiting["phase"], waiting["note"]), ("playing", "Waiting for the source."))
        after = wait_for(lambda: not (s := self.state(session)).get("standing_at_us") and s, 40, "all go on")
        self.assertGreater(after["delay_ms"], before["delay_ms"])
        newest = self.listed(session)[-1]
        shown = time.time() * 1e6 - after["delay_ms"] * 1e3
        self.assertLess(shown, newest["date_us"] + newest["duration"] * 100 / 9)

    def test_a_pause_holds_all_and_its_end_lengthens_the_delay(self):
        self.open_house(more=", read_ahead: 12s")
        session = self.open()
        before = self.wait_phase(session, "playing")
        self.watch(do="pause", session=session)
        begin = time.monotonic()
        standing = self.wait_phase(session, "paused")["standing_at_us"]
        time.sleep(4)
        listed = self.next_number(session)
        time.sleep(2)
        self.assertEqual(self.next_number(session), listed, "nothing more is listed")
        self.assertEqual(self.state(session)["standing_at_us"], standing)
        self.watch(do="resume", session=session)
        paused = time.monotonic() - begin
        after = self.wait_phase(session, "playing")
        self.assertAlmostEqual(after["delay_ms"] - before["delay_ms"], paused * 1000, delta=300)
        wait_for(lambda: self.next_number(session) > listed + 1, 15, "it goes on")
        segments = self.listed(session)
        self.assert_contiguous(segments)
        numbers = self.pictures(session, segments)
        self.assertEqual(numbers, list(range(len(numbers))))

    def test_at_its_end_the_list_ends_and_later_the_files_go(self):
        self.open_house(kept=4)
        session = self.open(self.origin.url("short.mkv"))
        self.keep_watching(session)
        self.wait_phase(session, "playing")
        self.wait_phase(session, "ended", seconds=15)
        ended = time.monotonic()
        self.assertTrue(self.snapshot(session)["ended"])
        self.assertEqual(self.pictures(session, self.listed(session)), list(range(5 * RATE)))
        wait_for(self.is_quiet, 2, "no process")
        wait_for(lambda: not self.file_of(session).exists(), 10, "it is forgotten")
        self.assertGreater(time.monotonic() - ended, 3.5)
        wait_for(lambda: not self.folder_of(session).exists(), 2, "its files are gone")


class Deaths(Sessions):
    def test_the_death_of_any_process_loses_no_picture(self):
        self.open_house(more=", read_ahead: 8s")
        session = self.open()
        self.keep_watching(session)
        self.wait_phase(session, "playing")
        for victim in PROGRAMS:
            before = wait_for(lambda: set(PROGRAMS) <= set(self.working()) and self.working(), 15, "three processes")
            kill(before[victim][0])
            wait_for(lambda: set(PROGRAMS) <= set(now := self.working()) and now["mpv"] != before["mpv"], 15, f"{victim} anew")
            listed = self.next_number(session)
            wait_for(lambda: self.next_number(session) > listed, 15, "it goes on")
        state = self.state(session)
        self.assertEqual((state["phase"], state["jumps"]), ("playing", 0))
        numbers = self.pictures(session, self.listed(session))
        self.assertEqual(numbers, list(range(len(numbers))))
        self.assert_contiguous(self.listed(session))

    def test_the_way_out_comes_back_on_its_port(self):
        self.open_house(more=", read_ahead: 8s")
        session = self.open()
        self.wait_phase(session, "playing")
        first, *_ = re.findall(r"listening on \S+", self.house.log())
        kill(self.pids()["continuo-egress"][0])
        wait_for(lambda: self.house.log().count("continuo-egress: listening on") == 2, 5, "it listens again")
        self.assertEqual(re.findall(r"listening on \S+", self.house.log()), [first, first])
        listed = self.next_number(session)
        wait_for(lambda: self.next_number(session) > listed + 2, 20, "the film goes on")
        numbers = self.pictures(session, self.listed(session))
        self.assertEqual(numbers, list(range(len(numbers))))

    def test_the_death_of_the_daemon_leaves_nothing_but_the_reason(self):
        house = self.open_house()
        session = self.open(session="anna")
        self.wait_phase(session, "playing")
        pids = [pid for of_program in self.pids().values() for pid in of_program]
        kill(house.daemon.pid)
        house.daemon.wait()
        wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), 2, "no process is left")
        house.start_daemon()
        state = self.wait_phase(session, "closed", seconds=5)
        self.assertIn("started anew", state["note"])
        self.assertEqual(state["aliases"], ["anna"])
        wait_for(lambda: not self.folder_of(session).exists(), 2, "no file is left")
        self.assertEqual(list((house.folder / "state").glob("channels/_watch*")), [])
        wait_for(lambda: house.log().count("continuo-egress: listening on") == 2, 5, "the new one's egress proxy")
        self.assertNotEqual(self.open(), session)

    def test_a_daemon_that_is_stopped_takes_everything_along(self):
        house = self.open_house()
        session = self.open()
        self.wait_phase(session, "playing")
        pids = [pid for of_program in self.pids().values() for pid in of_program]
        house.daemon.send_signal(signal.SIGTERM)
        house.daemon.wait(5)
        wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), 1, "no process is left")
        self.assertEqual([entry.name for entry in house.runtime.iterdir()], [])

    def test_a_daemon_that_is_restarted_leaves_what_it_told_and_no_file_of_a_film(self):
        house = self.house = SystemdHouse(CONFIG.format(timeout=30, kept=3600, private="true", more=""))
        self.addCleanup(house.__exit__, None)
        self.wait_ready()
        session = self.open()
        self.wait_phase(session, "playing")
        house.daemon.send_signal(signal.SIGTERM)
        house.daemon.wait(5)

        def assert_told():
            state = self.state(session)
            self.assertEqual((state["phase"], state["note"]), ("closed", "The server was stopped."))
            self.assertFalse(self.folder_of(session).exists())
        assert_told()
        house.start_daemon()
        wait_for(lambda: house.log().count("continuo-egress: listening on") == 2, 5, "the new one's egress proxy")
        assert_told()

    def test_switched_off_by_a_reload_all_sessions_end(self):
        house = self.open_house()
        session = self.open()
        self.wait_phase(session, "playing")
        house.write_config("watch: { enabled: false }\n")
        house.ask(op="reload")
        self.assertEqual(self.wait_phase(session, "closed", seconds=2)["note"], "Watching together was switched off.")
        wait_for(lambda: not self.pids(), 3, f"no process: {self.pids()}")
        with self.assertRaises(Refused):
            self.open()


class Trouble(Sessions):
    def setUp(self):
        self.stranger = self.enterContext(EmptyServer())

    def test_what_can_not_be_shown_has_failed_with_the_reason_in_words(self):
        self.open_house()
        cases = {self.origin.url("absent.mkv"): "404",
                 self.origin.url("noise.mkv"): "",
                 self.stranger.url("phrase.mkv"): "no \ufffd.",
                 self.stranger.url("silent.mkv"): ""}
        for url, words in cases.items():
            with self.subTest(url):
                session = self.open(url)
                state = self.wait_phase(session, "failed", seconds=20)
                print(f"{url}: {state['note']}", flush=True)
                self.assertRegex(state["note"], r"^[A-Z\"].*\.$")
                self.assertIn(words, state["note"].lower())
                wait_for(self.is_quiet, 2, "no process")

    def test_what_there_is_of_a_truncated_film_is_shown_and_then_why_there_is_no_more(self):
        self.open_house(more=", read_ahead: 60s")
        session = self.open(self.origin.url("truncated.mkv"))
        self.keep_watching(session)
        self.wait_phase(session, "playing")
        state = self.wait_phase(session, "failed", seconds=40)
        print(f"truncated: {state['note']}", flush=True)
        numbers = self.pictures(session, self.listed(session))
        self.assertEqual(numbers, list(range(len(numbers))))
        self.assertGreaterEqual(len(numbers), 10 * RATE)

    @unittest.skipUnless(os.geteuid() == 0, "mounts a small file system")
    def test_where_there_is_no_room_left_viewers_are_told(self):
        self.open_house(size="9m", more=", read_ahead: 60s")
        session = self.open()
        self.keep_watching(session)
        self.wait_phase(session, "playing")
        filler = self.house.runtime / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
        self.wait_phase(session, "failed", seconds=70)
        self.assertEqual(self.state(session)["note"], "There is no room left on this machine for more of the film.")
        with self.assertRaises(Refused) as refusal:
            self.open(self.origin.url("film2.mkv"))
        self.assertEqual(refusal.exception.kind, "unavailable")
        self.watch(do="close", session=session, discards=True)
        filler.unlink()
        self.open(self.origin.url("film2.mkv"))

    def test_a_magnet_link_goes_to_the_gateway_and_nothing_else_does(self):
        gateway = self.origin.url("private/film.mkv?magnet={magnet}").replace("//", "//gateway:secret@")
        self.open_house(private="false", more=f', torrent_gateway: "{gateway}"')
        session = self.open("magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&dn=Film")
        self.assertTrue(self.state(session)["url"].startswith("magnet:?xt="))
        self.wait_phase(session, "playing")
        with self.assertRaises(Refused) as refusal:
            self.open(self.url)
        self.assertEqual(refusal.exception.kind, "malformed")

    def test_private_places_are_refused_before_anything_is_fetched(self):
        self.open_house(private="false")
        here = self.stranger.url("film.mkv")
        for url in (here, here.replace("127.0.0.1", "localhost"), "file:///etc/passwd", "--help"):
            with self.assertRaises(Refused, msg=url) as refusal:
                self.open(url)
            self.assertEqual(refusal.exception.kind, "malformed")
            self.assertTrue(refusal.exception.message)
        self.assertEqual(self.stranger.seen, [])
        wait_for(self.is_quiet, 2, "no process")


if __name__ == "__main__":
    unittest.main(verbosity=2)
