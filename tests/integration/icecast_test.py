#!/usr/bin/env python3
"""Channels on a real Icecast server: what listeners hear over switches, outages and deaths, and who gets to know the password."""
import concurrent.futures
import json
import os
import sys
import time
import unittest
from pathlib import Path

from event_api import EventApi
from house import House, children_of, kill, wait_for
from icecast import LONGEST_GAP, Server, hears, length, silences, tones
from live_sources import KINDS, Studio
from playhead import COPY, LADDER, channel_config, wait_until, watch

PASSWORD = "s3cret & wörd"
WRONG = "n0t-it-at-all"
EVERY = 6           # s between switches
BACK_WITHIN = 5     # s
STREAMS = ("two", "double")
NAMES = {"two": "Ärger & 'Zwei'", "double": "Double — 50 Hz"}


def everything_visible(house):
    """What a process list, the logs and the API show; {where: text}."""
    found = {"log": house.log(), "status": json.dumps(house.ask(op="status")), "API": house.get("/api/v1/channels")[1].decode(),
             "dashboard": house.get("/")[1].decode()}
    for pid, line in children_of(house.daemon.pid).items():
        try:
            found[f"arguments of {pid}"] = line
            found[f"environment of {pid}"] = Path(f"/proc/{pid}/environ").read_text(errors="replace")
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


class OnTheRadio(unittest.TestCase):
    """A copy channel as MP3, a ladder as AAC, and a channel with the wrong password, all after the same playhead."""

    MOUNTS = ("/copy.mp3", "/ladder.aac")

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server(PASSWORD))
        cls.studio = cls.enterClassContext(Studio(STREAMS, 120))
        cls.studio.go_live()
        cls.api = EventApi()
        cls.addClassCleanup(cls.api.close)
        cls.switch_to("two")
        secrets = cls.studio.folder / "secrets"
        secrets.mkdir(mode=0o700)
        (secrets / "right").write_text(PASSWORD + "\n")
        (secrets / "wrong").write_text(WRONG + "\n")

        def icecast(mount, form="mp3", password="right"):
            return (f"    icecast: {{ host: 127.0.0.1, port: {cls.server.port}, mount: {mount}, format: {form},"
                    f" password_file: {secrets / password} }}\n")
        cls.house = cls.enterClassContext(House(
            "defaults: { segment_time: 2s, window: 6 }\nchannels:\n" +
            channel_config("copy", cls.api, COPY, more=icecast("/copy.mp3")) +
            channel_config("ladder", cls.api, LADDER, more=icecast("/ladder.aac", "aac")) +
            channel_config("locked", cls.api, COPY, more=icecast("/locked.mp3", password="wrong"))))
        for name in ("copy", "ladder", "locked"):
            cls.house.wait_on_air(30, name)
        cls.watchers = {name: watch(cls.house, name, "source")["source"] for name in ("copy", "ladder")}

    @classmethod
    def switch_to(cls, stream):
        return cls.api.head(cls.studio.live[stream].url, NAMES[stream])

    def state(self, channel):
        return self.house.channel(channel)["icecast"]["state"]

    def listen(self, mount):
        listener = hears(self.server.url(mount), 15)
        self.addCleanup(listener.finish)
        return listener

    def check_lists(self):
        for name, watcher in self.watchers.items():
            self.assertEqual(watcher.complaints, [], name)
            self.assertLessEqual(watcher.longest_wait(), 1.5 * watcher.target_duration, name)

    def test_1_switches_are_heard_without_a_gap_and_titles_follow(self):
        listeners = {mount: self.listen(mount) for mount in self.MOUNTS}
        for mount, listener in listeners.items():
            wait_for(lambda: listener.title() == NAMES["two"], 10, f"the title of {mount}, not {listener.titles}")
        began = time.monotonic()
        asked = {}
        for turn, stream in enumerate(("double", "two"), 1):
            wait_until(began + EVERY * (turn - 1))
            asked[stream] = self.switch_to(stream)
        for mount, listener in listeners.items():
            wait_for(lambda: listener.title() == NAMES["two"] and len(listener.titles) >= 3, 15,
                     f"the titles of {mount}, not {listener.titles}")
        wait_until(time.monotonic() + EVERY)
        for mount, listener in listeners.items():
            listener.finish()
            with self.subTest(mount):
                self.assertEqual([title for _, title in listener.titles], [NAMES["two"], NAMES["double"], NAMES["two"]])
                gaps = [end - start for start, end in silences(listener.heard)]
                print(f"\n{mount}: {len(listener.heard)} bytes, gaps {[f'{gap * 1000:.0f} ms' for gap in gaps]},"
                      f" longest wait {listener.longest_wait:.2f} s", flush=True)
                self.assertLessEqual(max(gaps, default=0), LONGEST_GAP)
                two, double = KINDS["two"].tone, KINDS["double"].tone
                self.assertEqual(tones(listener.heard), [two, double, two])
                self.assertGreater(length(listener.heard), 2 * EVERY)
        self.assertEqual(listeners["/copy.mp3"].headers["Content-Type"], "audio/mpeg")
        self.assertEqual(listeners["/ladder.aac"].headers["Content-Type"], "audio/aac")
        self.check_lists()

    def test_2_the_password_is_nowhere_to_be_seen(self):
        wait_for(lambda: self.state("locked") == "retrying: wrong password (HTTP 401)", 10, "the reason")
        self.assertEqual(json.loads(self.house.get("/api/v1/channels/locked")[1])["icecast"], {"state": self.state("locked")})
        self.assertIn("retrying: wrong password (HTTP 401)", self.house.log())
        self.assertEqual(self.house.log().count("wrong password"), 1)
        for where, text in everything_visible(self.house).items():
            for secret in (PASSWORD, WRONG, "s3cret"):
                self.assertNotIn(secret, text, where)

    def test_3_who_dies_is_replaced_and_listeners_hear_again(self):
        for program in ("ffmpeg", "continuo-icecast"):
            pids = self.house.channel("copy")["icecast"]["pids"]
            victim = next(pid for pid in pids if Path(os.readlink(f"/proc/{pid}/exe")).name == program)
            kill(victim)
            wait_for(lambda: victim not in self.house.channel("copy")["icecast"]["pids"], 5, f"{program} replaced")
            wait_for(lambda: self.state("copy") == "connected", 5, "connected again")
            self.listen("/copy.mp3").finish()
        self.check_lists()

    def test_4_icecast_dies_and_comes_back(self):
        self.server.kill()
        for name in ("copy", "ladder"):
            wait_for(lambda: self.state(name).startswith("retrying: "), 5, f"{name} tries again")
        wait_for(lambda: self.state("copy") == "retrying: connection refused", 10, "the reason")
        pids = self.house.channel("copy")["icecast"]["pids"]
        lists = {name: len(watcher.segments) for name, watcher in self.watchers.items()}
        wait_for(lambda: all(len(w.segments) >= lists[n] + 2 for n, w in self.watchers.items()), 10, "segments meanwhile")
        back = self.server.start()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            listeners = dict(zip(self.MOUNTS, pool.map(self.listen, self.MOUNTS)))
        for mount, listener in listeners.items():
            took = listener.began - back
            print(f"\n{mount}: heard {took:.2f} s after Icecast was back", flush=True)
            self.assertLessEqual(took, BACK_WITHIN)
            wait_for(lambda: listener.title() == NAMES["two"], 5, f"the title of {mount} after the return")
        self.assertEqual(self.house.channel("copy")["icecast"]["pids"], pids)
        self.check_lists()

    def test_5_when_the_house_ends_so_does_the_stream(self):
        listener = self.listen("/copy.mp3")
        self.house.daemon.terminate()
        self.assertEqual(self.house.daemon.wait(10), 0)
        listener.join(5)
        self.assertFalse(listener.is_alive())
        self.assertEqual(self.house.orphans().keys() - {self.house.http.pid}, set())


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
