#!/usr/bin/env python3
"""New heads that fail, APIs that fail, the operator's own switch: what is on air stays or comes back, and it is said once why."""
import json
import os
import socket
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

from event_api import EventApi, event
from house import BIN, House, children_of, free_port, kill, wait_for
from live_sources import KINDS, Studio, make_stream
from playhead import COPY, LADDER, Record, channel_config, watch

TIMEOUT = 6       # s, the channels' transition_timeout: as long as a stream may need for its first segment, and shorter than readers try
API_SILENCE = 60  # s after which an API that says nothing is asked anew
EMPTY_LIST = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n"
RETRY = "    source_retry: 2s\n    restart: { max_delay: 1s, burst: 100, limit: 1000 }\n"
NO_STREAMS = ("missing", "refused", "hanging", "bytes", "page", "noise", "radio")
CHANNELS = {**dict.fromkeys(NO_STREAMS, COPY), "late": LADDER,
            "doomed": LADDER, "cheap": COPY, "secret": COPY, "both": COPY, "hasty": LADDER, "renamed": COPY, "operated": COPY, "odd": COPY, "away": COPY, "mute": COPY}


class Failures(unittest.TestCase):
    """One house; each test has a channel of its own, named as in CHANNELS, on air with the stream "two"."""

    @classmethod
    def setUpClass(cls):
        cls.studio = cls.enterClassContext(Studio(("two", "double"), 240))
        make_stream(cls.studio.folder / "radio.mp4", KINDS["two"], 120, with_video=False)
        cls.studio.clips["radio"] = cls.studio.folder / "radio.mp4"
        cls.studio.go_live("two", "double")
        cls.apis = {name: EventApi() for name in CHANNELS}
        for api in cls.apis.values():
            cls.addClassCleanup(api.close)
            api.head(cls.studio.live["two"].url, "Two")
        cls.house = cls.enterClassContext(House("defaults: { segment_time: 2s, window: 8 }\nchannels:\n" + "".join(
            channel_config(name, cls.apis[name], variants,
                           f", transition_timeout: {TIMEOUT}s", RETRY)
            for name, variants in CHANNELS.items())))
        for name in CHANNELS:
            cls.house.wait_on_air(40, name)
        wait_for(lambda: all(api.clients for api in cls.apis.values()), 10, "all listen to their APIs")
        cls.apis["mute"].mute = True
        cls.muted = time.monotonic()

    def open(self, name):
        """Records a channel from now on; its API."""
        self.name = name
        self.watchers = watch(self.house, name, *CHANNELS[name])
        wait_for(lambda: all(watcher.segments for watcher in self.watchers.values()), 5, "lists")
        return self.apis[name]

    def playhead(self):
        return self.house.channel(self.name)["playhead"]

    def wait_grown(self, segments):
        want = {watcher: watcher.newest() + segments for watcher in self.watchers.values()}
        wait_for(lambda: all(watcher.newest() >= number for watcher, number in want.items()), 4 * segments + 10,
                 f"{segments} more segments")

    def wait_shown(self, switches):
        wait_for(lambda: all(len(watcher.discontinuities()) >= switches for watcher in self.watchers.values()), 20,
                 f"switch {switches} is listed")

    def close(self, *shown, longest=1.5):
        """Ends the record: all rules kept, and these streams shown in that order, in all variants."""
        for variant, watcher in self.watchers.items():
            record = Record(watcher.finish())
            self.assertEqual(watcher.complaints, [], variant)
            self.assertEqual(record.complaints, [], variant)
            self.assertLessEqual(watcher.longest_wait(), longest * watcher.target_duration, variant)
            self.assertEqual([visit.kind for visit in record.visits], list(shown), variant)

    def warnings(self, *words):
        """Warnings in the daemon's log about this channel with all these words."""
        return [line for line in self.house.log().splitlines()
                if line.startswith(f'<4>channel "{self.name}"') and all(word in line for word in words)]

    def check_refused(self, url, reason):
        """A head that has failed: it was said once, with the reason (a pattern), and what was on air has stayed."""
        latest = self.playhead()["latest"][0]
        self.assertEqual((latest["url"], latest["outcome"], latest["took_ms"]), (url, "failed", None))
        channel = self.house.channel(self.name)
        self.assertEqual(channel["state"], "on air")
        self.assertIn(self.studio.live["two"].url, channel["source"])
        told = self.warnings(f"no switch to {url}: not ready within transition_timeout", "keeping what is on air")
        self.assertEqual(len(told), 1, told)
        self.assertRegex(told[0], reason)
        self.assertRegex(channel["note"], reason)

    def heads_that_are_no_streams(self):
        """{channel: (URL, what may be said of it)}"""
        folder = self.studio.root / "garbage"
        folder.mkdir()
        (folder / "bytes.m3u8").write_bytes(os.urandom(5000))
        (folder / "page.m3u8").write_text("<!DOCTYPE html><title>Sign in</title>")
        (folder / "noise.ts").write_bytes(os.urandom(100_000))
        (folder / "noise.m3u8").write_text(f"{EMPTY_LIST}#EXTINF:2,\nnoise.ts\n#EXTINF:2,\nnoise.ts\n")
        silent = self.enterContext(socket.create_server(("127.0.0.1", 0)))  # the kernel takes connections; nobody answers
        radio = self.studio.another("two", "radio", clip="radio")
        wait_for(radio.playlist.exists, 10, "the radio is on")
        return {"missing": (self.studio.url("nowhere/index.m3u8"), "404"),
                "refused": (f"http://127.0.0.1:{free_port()}/live.m3u8", "onnect"),
                "hanging": (f"http://127.0.0.1:{silent.getsockname()[1]}/live.m3u8", "no answer"),
                "bytes": (self.studio.url("garbage/bytes.m3u8"), "no playlist"),
                "page": (self.studio.url("garbage/page.m3u8"), "web page"),
                "noise": (self.studio.url("garbage/noise.m3u8"), "no transport stream"),
                "radio": (radio.url, "video")}

    def test_a_head_that_is_no_stream_changes_nothing(self):
        heads = self.heads_that_are_no_streams()
        watchers = {name: watch(self.house, name, "source") for name in heads}
        asked = {name: self.apis[name].head(url) for name, (url, _) in heads.items()}
        for name in heads:
            wait_for(lambda: self.house.channel(name)["playhead"]["failures"] == 1, TIMEOUT + 2, f"{name} has failed")
            self.assertLess(time.monotonic() - asked[name], TIMEOUT + 2)
        newest = {name: watchers[name]["source"].newest() for name in heads}
        wait_for(lambda: all(watchers[name]["source"].newest() >= newest[name] + 2 for name in heads), 15, "all lists grow")
        for self.name, (url, reason) in heads.items():
            with self.subTest(channel=self.name):
                self.check_refused(url, reason)
                self.watchers = watchers[self.name]
                self.close("two")

    def test_a_head_that_comes_late_is_taken_when_it_is_there(self):
        self.open("late")
        folder = self.studio.root / "late"
        folder.mkdir()
        (folder / "index.m3u8").write_text(EMPTY_LIST)
        url = self.studio.url("late/index.m3u8")
        self.apis["late"].head(url)
        wait_for(lambda: self.playhead()["failures"] == 1, TIMEOUT + 2, "it has failed")
        self.check_refused(url, "the playlist lists no segment")
        self.wait_grown(2)
        self.assertEqual([watcher.discontinuities() for watcher in self.watchers.values()], [[], []])
        self.studio.another("double", "late")
        self.wait_shown(1)
        self.wait_grown(1)
        self.close("two", "double")

    def show_a_head_that_dies(self, name):
        """Its URL; it is gone when its first segment is listed."""
        api = self.open(name)
        doomed = self.studio.another("double", f"{name}-head")
        doomed.wait_listed()
        api.head(doomed.url)
        self.wait_shown(1)
        doomed.vanish()
        return doomed.url

    def wait_for_the_one_before(self):
        wait_for(lambda: self.studio.live["two"].url in self.house.channel(self.name)["source"], 20, "the one before is on air")
        self.wait_shown(2)
        self.wait_grown(2)
        self.assertEqual(self.house.channel(self.name)["state"], "on air")

    def test_a_head_that_dies_at_once_gives_way_to_the_one_before(self):
        doomed = self.show_a_head_that_dies("doomed")
        note = wait_for(lambda: self.house.channel("doomed")["note"], 10, "it is said why")
        self.assertRegex(note, f"{doomed}.*404.*; head .*{self.studio.live['two'].url}.* is started in its place")
        self.wait_for_the_one_before()
        self.assertRegex(self.house.channel("doomed")["note"], f"{doomed}.*404")
        self.close("two", "double", "slate", "two")

    def test_where_nothing_is_encoded_the_one_before_follows_a_head_that_dies_without_a_hole(self):
        doomed = self.show_a_head_that_dies("cheap")
        self.wait_for_the_one_before()
        self.assertRegex(self.house.channel("cheap")["note"], f"{doomed}.*404")
        self.close("two", "double", "two")

    def test_the_slate_is_on_when_both_are_gone_and_gives_way(self):
        api = self.open("both")
        first, second = self.studio.another("two", "first"), self.studio.another("double", "second")
        first.wait_listed()
        second.wait_listed()
        for shown, live in enumerate((first, second), start=1):
            api.head(live.url)
            self.wait_shown(shown)
        wait_for(lambda: self.readers() == 1, 20, "the second has proved itself, and the first is let go")
        first.vanish()
        second.vanish()
        wait_for(lambda: self.house.channel("both")["state"] == "slate", 30, "the slate is on air")
        self.wait_grown(2)
        second.publish()
        wait_for(lambda: self.house.channel("both")["state"] == "on air", 30, "the head is back on air")
        self.wait_shown(4)
        self.wait_grown(1)
        self.close("two", "two", "double", "slate", "double")

    def test_of_ten_heads_in_a_second_the_last_one_wins(self):
        api = self.open("hasty")
        began = api.say(": ten heads\n\n")
        most = 0
        for turn in range(10):
            wait_for(lambda moment=began + turn / 10: time.monotonic() >= moment, 2, "the next head")
            api.head(self.studio.live["double"].url + f"?take={turn}", f"Take {turn}")
            most = max(most, self.readers())
        wait_for(lambda: self.playhead()["latest"][0]["outcome"] == "done", 20, "the last head is on air")
        most = max(most, self.readers())
        self.wait_grown(2)
        state = self.playhead()
        self.assertEqual((state["head"], state["name"]), (self.studio.live["double"].url + "?take=9", "Take 9"))
        self.assertLessEqual(state["switches"], 3)
        self.assertEqual(state["failures"], 0)
        self.assertEqual({switch["outcome"] for switch in state["latest"]}, {"done", "superseded"})
        self.assertLessEqual(most, 4, "what was superseded is stopped, not kept")
        wait_for(lambda: self.readers() == 1, 10, "one source is left")
        shown = 1 + len(self.watchers["source"].discontinuities())
        self.close("two", *["double"] * (shown - 1))

    def readers(self):
        """Processes that read a source of the channel."""
        return sum("--source" in line and f"/channels/{self.name}/" in line for line in children_of(self.house.daemon.pid).values())

    def test_a_new_name_alone_switches_nothing(self):
        api = self.open("renamed")
        before = self.playhead()["switches"]
        api.head(self.studio.live["two"].url, "Zwei – \"Gänse\"")
        wait_for(lambda: self.playhead()["name"] == "Zwei – \"Gänse\"", 3, "the new name")
        self.wait_grown(2)
        self.assertEqual(self.playhead()["switches"], before)
        self.close("two")

    def test_an_operator_switches_by_command_and_by_http(self):
        self.open("operated")
        double, two = self.studio.live["double"].url, self.studio.live["two"].url
        subprocess.run([BIN / "continuo", "switch", "operated", double, "--config", self.house.config_file], check=True, timeout=10)
        self.wait_shown(1)
        request = urllib.request.Request(f"http://127.0.0.1:{self.house.port}/api/v1/channels/operated/switch", method="POST",
                                         data=json.dumps({"url": two}).encode(), headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            self.assertEqual(answer.status, 202)
        self.wait_shown(2)
        self.wait_grown(1)
        self.assertEqual(self.playhead()["head"], two)
        self.close("two", "double", "two")

    def test_what_a_url_keeps_secret_is_seen_nowhere(self):
        api = self.open("secret")
        secret = "hun'ter2"

        def guarded(url):
            return url.replace("http://", f"http://user:{secret}@") + f"?token={secret}"
        api.head(guarded(self.studio.url("nowhere/index.m3u8")))
        wait_for(lambda: self.playhead()["failures"] == 1, TIMEOUT + 2, "the first has failed")
        self.assertRegex(self.house.channel("secret")["note"], "404")
        api.head(guarded(self.studio.live["double"].url))
        self.wait_shown(1)
        self.wait_grown(1)
        seen = {"log": self.house.log(), "status": json.dumps(self.house.ask(op="status")), "page": self.house.get("/")[1].decode(),
                "API": self.house.get("/api/v1/channels")[1].decode(), "processes": str(children_of(self.house.daemon.pid))}
        for where, text in seen.items():
            self.assertNotIn("ter2", text, where)
        self.close("two", "double")

    def test_events_come_through_however_they_are_written(self):
        api = self.open("odd")
        double, two = self.studio.live["double"].url, self.studio.live["two"].url
        api.chunk = 1
        for odd in (": nothing\r\n\r\n", "event: weather\ndata: {\"head\": \"http://127.0.0.1:9/weather.m3u8\"}\n\n",
                    "data: not JSON\n\n", "event: playhead\ndata: {}\n\n", "data: {\"head\": \"\"}\n\n", "data: {\"head\": 7}\n\n",
                    "data: {\"head\": \"ftp://127.0.0.1/x.m3u8\"}\n\n", "data\n\n", "\n\n", b"\xff\xfe\x00\n\n"):
            api.say(odd)
        api.say(event(f"{{\"head\":\n\"{double}\",\n\"name\": \"In parts\"}}", name="", end="\r\n"))
        self.wait_shown(1)
        self.assertEqual(self.playhead()["name"], "In parts")
        api.preamble = b"\xef\xbb\xbf"
        api.newest = event(json.dumps({"head": two}), end="\r")
        api.drop()
        self.wait_shown(2)
        self.wait_grown(1)
        self.assertEqual(self.playhead()["failures"], 0)
        self.close("two", "double", "two")

    def test_the_stream_plays_on_while_the_api_is_away_or_broken(self):
        api = self.open("away")
        for fault, mend in ((api.go_away, api.come_back), (lambda: setattr(api, "status", 500), lambda: setattr(api, "status", 200))):
            fault()
            api.drop()
            wait_for(lambda: not self.playhead()["api_connected"], 5, "the API is missed")
            self.wait_grown(2)
            mend()
            asked = len(api.requests)
            wait_for(lambda: self.playhead()["api_connected"], 15, "the API is back")
            self.assertEqual(api.requests[asked].fields.get("last-event-id"), "1")
        api.head(self.studio.live["double"].url)
        self.wait_shown(1)
        self.wait_grown(1)
        self.close("two", "double")

    def test_without_a_word_for_a_minute_the_api_is_asked_again(self):
        api = self.open("mute")
        wait_for(lambda: len(api.requests) > 1, self.muted + API_SILENCE + 15 - time.monotonic(), "the API is asked again")
        self.assertGreater(api.requests[1].at - self.muted, API_SILENCE - 10)
        api.mute = False
        api.head(self.studio.live["double"].url)
        self.wait_shown(1)
        self.wait_grown(1)
        self.close("two", "double")


class ADaemonThatIsKilled(unittest.TestCase):
    def test_the_last_head_is_back_though_the_api_is_away(self):
        with Studio(("two", "double"), 60) as studio:
            studio.go_live()
            api = EventApi()
            self.addCleanup(api.close)
            api.head(studio.live["two"].url, "Two")
            with House("defaults: { segment_time: 2s, window: 8 }\nchannels:\n" + channel_config("live", api, LADDER)) as house:
                house.wait_on_air(30, "live")
                watchers = watch(house, "live", *LADDER)
                api.head(studio.live["double"].url, "Double")
                wait_for(lambda: all(watcher.discontinuities() for watcher in watchers.values()), 15, "the switch is listed")
                api.go_away()
                kill(house.daemon.pid)
                house.daemon.wait()
                house.start_daemon()
                wait_for(lambda: all(len(watcher.discontinuities()) > 1 for watcher in watchers.values()), 20, "a new run is listed")
                state = house.channel("live")["playhead"]
                self.assertEqual((state["head"], state["name"], state["api_connected"]), (studio.live["double"].url, "Double", False))
                for watcher in watchers.values():
                    record = Record(watcher.finish())
                    self.assertEqual(watcher.complaints, [])
                    self.assertEqual(record.complaints, [])
                    self.assertEqual([visit.kind for visit in record.visits], ["two", "double", "double"])


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
