#!/usr/bin/env python3
"""Sessions over HTTP, with the daemon, mpv and ffmpeg: both dialects of the API, events, streams, who may do what.

usage: CONTINUO_BIN=build/dev/bin watch_test.py [unittest arguments]
"""
import contextlib
import http.client
import json
import re
import shutil
import socket
import tempfile
import threading
import time
import unittest
from pathlib import Path

import films
from house import House, by_program, children_of, parse_playlist, wait_for
from sources import Origin

CONFIG = """
watch: {{ enabled: true, allow_private: true, max_sessions: 2, session_timeout: {timeout}s, heartbeat: 1s, reaper: 1s,
          height: 180, video_bitrate: 300k, preset: ultrafast, segment_time: 2s, read_ahead: 10s{more} }}
"""
OPENING = 20  # s, at most, until there is a list; two seconds on a machine that does nothing else


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Client:
    """Asks one server; `address`: what a proxy would call the client."""

    def __init__(self, port, token=None, address=None):
        self.port = port
        self.fields = {}
        if token:
            self.fields["Authorization"] = f"Bearer {token}"
        if address:
            self.fields["X-Forwarded-For"] = address

    def ask(self, method, path, body=None, **fields):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            headers = {**self.fields, **fields}
            if isinstance(body, dict):
                body = json.dumps(body)
                headers.setdefault("Content-Type", "application/json")
            connection.request(method, path, body, headers)
            return Answer(connection.getresponse())

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body=None, **fields):
        return self.ask("POST", path, body, **fields)

    def open(self, url, **wishes):
        answer = self.post("/api/v1/sessions", {"url": url, **wishes})
        assert answer.status in (200, 201), (answer.status, answer.body)
        return answer.json()

    def state(self, session):
        return self.get(f"/api/v1/sessions/{session}").json()

    def wait_state(self, session, *states, seconds=OPENING):
        return wait_for(lambda: (seen := self.state(session))["state"] in states and seen, seconds, f"{states} of {session}")

    def playlist(self, session):
        answer = self.get(f"/streams/{session}/playlist.m3u8")
        return parse_playlist(answer.body.decode(), time.monotonic()) if answer.status == 200 else None

    def wait_list(self, session, count=1):
        return wait_for(lambda: (seen := self.playlist(session)) and len(seen.segments) >= count and seen, OPENING,
                        f"{count} segments of {session}")


class Events(threading.Thread):
    """What a session's event stream says, as (name, data), until it ends."""

    def __init__(self, port, session):
        super().__init__(daemon=True)
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.sendall(f"GET /api/v1/sessions/{session}/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        self.seen = []
        self.ended = False
        self.head = ""
        self.start()

    def run(self):
        response = http.client.HTTPResponse(self.socket)
        try:
            response.begin()
            self.head = str(response.headers)
            text = b""
            while piece := response.read1(65536):
                text += piece
                *blocks, text = text.split(b"\n\n")
                for block in blocks:
                    if found := re.fullmatch(rb"event: (\w+)\ndata: (.*)", block):
                        self.seen.append((found[1].decode(), json.loads(found[2])))
            self.ended = True
        except (OSError, http.client.HTTPException):
            pass

    def wait(self, name, holds=lambda data: True, seconds=OPENING):
        def found():
            return next((data for event, data in list(self.seen) if event == name and holds(data)), None)
        return wait_for(found, seconds, f"event {name} among {[event for event, _ in self.seen]}")

    def forget(self):
        self.seen.clear()

    def close(self):
        self.socket.close()


class Watching(unittest.TestCase):
    """One origin of films for all; each test has a house of its own."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="continuo-watch-", dir="/dev/shm"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.origin = cls.enterClassContext(Origin())
        made = films.Films(cls.origin.root, 60)
        made.mux("film.mkv", ("plain.srt", "ger", "Words", False))
        for number in (2, 3):
            (cls.origin.root / f"film{number}.mkv").symlink_to("film.mkv")

    def open_house(self, timeout=30, more=""):
        house = House(CONFIG.format(timeout=timeout, more=more))
        self.addCleanup(house.__exit__, None)
        self.addCleanup(lambda: self.assertEqual({}, house.orphans()) if house.daemon.poll() is not None else None)
        return house, Client(house.port)

    def film(self, number=""):
        return self.origin.url(f"film{number}.mkv")

    def pipelines(self, house):
        return [name for name in ("mpv", "ffmpeg") if name in by_program(list(children_of(house.daemon.pid)))]


class Api(Watching):
    def test_a_session_from_opening_to_its_end(self):
        house, client = self.open_house()
        self.assertIn(b"/assets/watch.js", client.get("/").body)
        self.assertEqual([], client.get("/api/v1/sessions").json()["sessions"])

        opened = client.post("/api/v1/sessions", {"url": self.film(), "subtitle": "off", "alias": "friday"})
        self.assertEqual(201, opened.status, opened.body)
        session = opened.json()["id"]
        self.assertRegex(session, "^[0-9a-f]{32}$")
        self.assertEqual(f"/api/v1/sessions/{session}", opened.headers["location"])
        self.assertEqual("opening", opened.json()["state"])
        self.assertEqual(200, client.get(opened.headers["location"]).status)
        events = Events(house.port, session)
        self.addCleanup(events.close)
        events.wait("state")
        self.assertIn("text/event-stream", events.head)

        listed = client.wait_list(session, 3)
        segment = client.get(f"/streams/{session}/{listed.segments[0].uri}")
        self.assertEqual((200, "video/mp2t", 0x47), (segment.status, segment.headers["content-type"], segment.body[0]))
        self.assertEqual(segment.body, client.get(f"/streams/friday/{listed.segments[0].uri}").body)
        master = client.get(f"/streams/{session}/master.m3u8").body.decode()
        variant = next(line for line in master.splitlines() if line and not line.startswith("#"))
        self.assertEqual(200, client.get(f"/streams/{session}/{variant}").status)

        playing = client.wait_state(session, "playing")
        self.assertAlmostEqual(60, playing["duration"], delta=1)
        kinds = [(track["kind"], track["language"]) for track in playing["tracks"]]
        self.assertIn(("audio", "jpn"), kinds)
        self.assertIn(("subtitle", "ger"), kinds)
        self.assertIsNotNone(playing["anchor_ms"])
        events.wait("state", lambda data: data["state"] == "playing")
        dated = client.wait_list(session, 3).segments[0].date
        self.assertTrue(dated)

        joined = client.post("/api/v1/sessions", {"url": self.film(), "subtitle": "off"})
        self.assertEqual((200, session), (joined.status, joined.json()["id"]))
        self.assertEqual(["mpv", "ffmpeg"], self.pipelines(house))

        for viewer in ("ann", "bob"):
            self.assertEqual(204, client.post(f"/api/v1/sessions/{session}/heartbeat", {"viewer": viewer}).status)
        events.wait("viewers", lambda data: data["viewers"] == 2)
        self.assertEqual(204, client.post(f"/api/v1/sessions/{session}/leave?viewer=bob").status)

        paused = client.post(f"/api/v1/sessions/{session}/pause")
        self.assertEqual((200, "paused"), (paused.status, paused.json()["state"]))
        self.assertIsNotNone(paused.json()["standing_at_ms"])
        events.wait("state", lambda data: data["state"] == "paused")
        self.assertEqual("playing", client.post(f"/api/v1/sessions/{session}/resume").json()["state"])

        events.forget()
        jumps = client.state(session)["jumps"]
        moved = client.post(f"/api/v1/sessions/{session}/seek", {"position": 30})
        self.assertEqual(200, moved.status, moved.body)
        self.assertGreater(moved.json()["jumps"], jumps)
        there = wait_for(lambda: (seen := client.state(session))["state"] == "playing" and seen, OPENING, "playing again")
        self.assertGreaterEqual(there["position"], 25)
        changed = client.post(f"/api/v1/sessions/{session}/tracks", {"audio": "jpn"})
        self.assertEqual(200, changed.status, changed.body)

        def shown():
            return [(track["kind"], track["language"]) for track in client.state(session)["tracks"] if track["shown"]]
        wait_for(lambda: ("audio", "jpn") in shown(), OPENING, "other sound")
        self.assertNotIn("subtitle", [kind for kind, _ in shown()])  # as it was

        self.assertEqual(204, client.ask("DELETE", f"/api/v1/sessions/{session}?hard=true").status)
        events.wait("state", lambda data: data["state"] == "closed", 5)
        wait_for(lambda: not self.pipelines(house), 5, "no process left")
        wait_for(lambda: client.get(f"/streams/{session}/playlist.m3u8").status in (404, 410), 5, "no list")
        self.assertEqual(409, client.post(f"/api/v1/sessions/{session}/pause").status)

    def test_a_film_ends_and_goes_on_where_somebody_seeks(self):
        house, client = self.open_house()
        session = client.open(self.film(), start=52)["id"]
        events = Events(house.port, session)
        self.addCleanup(events.close)
        ended = client.wait_state(session, "ended", seconds=OPENING + 10)
        self.assertAlmostEqual(60, ended["position"], delta=1)
        self.assertTrue(client.playlist(session).ended)
        events.wait("state", lambda data: data["state"] == "ended")
        last = client.playlist(session).segments[-1]
        self.assertEqual(200, client.get(f"/streams/{session}/{last.uri}").status)
        self.assertEqual(409, client.post(f"/api/v1/sessions/{session}/pause").status)
        self.assertEqual(200, client.post(f"/api/v1/sessions/{session}/seek", {"position": 10}).status)
        self.assertLess(client.wait_state(session, "playing")["position"], 20)
        wait_for(lambda: (seen := client.playlist(session)) and not seen.ended, 10, "a list that goes on")

    def test_http_may_die_meanwhile(self):
        house, client = self.open_house()
        session = client.open(self.film(), alias="friday")["id"]
        listed = client.wait_list(session, 2)
        house.http.kill()
        house.http.wait()
        house.start_http()
        self.assertEqual(session, client.state("friday")["id"])
        again = client.wait_list("friday", 3)
        self.assertEqual([s.uri for s in listed.segments], [s.uri for s in again.segments[:len(listed.segments)]])
        self.assertFalse(any(s.discontinuity for s in again.segments))

    def test_dead_sources_say_why(self):
        house, client = self.open_house()
        session = client.open(self.origin.url("missing.mkv"))["id"]
        failed = client.wait_state(session, "failed")
        self.assertTrue(failed["error"])
        answer = client.get(f"/streams/{session}/playlist.m3u8")
        self.assertEqual(502, answer.status)
        self.assertEqual(failed["error"], answer.json()["detail"])
        self.assertEqual(502, client.post(f"/api/v1/sessions/{session}/pause").status)

    def test_full_and_refused(self):
        house, client = self.open_house()
        for number in (2, 3):
            client.open(self.film(number))
        full = client.post("/api/v1/sessions", {"url": self.film()})
        self.assertEqual(503, full.status)
        self.assertTrue(int(full.headers["retry-after"]) > 0)
        full = client.post("/stream/mine", {"url": self.film()})
        self.assertEqual((503, {"error": "Server is at full capacity"}), (full.status, full.json()))
        for url in ("file:///etc/passwd", "ftp://h/f", "--script=x", "magnet:?xt=urn:btih:" + "0" * 40, ""):
            refused = client.post("/api/v1/sessions", {"url": url})
            self.assertEqual(400, refused.status, url)
            self.assertTrue(refused.json()["detail"])
        self.assertEqual(403, client.post("/api/v1/sessions", {"url": self.film()}, Origin="http://evil.example").status)


class Plain(Watching):
    def test_the_other_services_routes(self):
        house, client = self.open_house(timeout=4)
        status = client.get("/status").json()
        self.assertEqual((True, True, True, True), tuple(status[key] for key in ("ffmpeg", "mpv", "ffprobe", "is_ramdisk")))
        self.assertIsInstance(status["ramdisk_instructions"], str)
        self.assertEqual(400, client.post("/stream/mine").status)
        self.assertEqual(400, client.post("/stream/mine", {"url": "gopher://host/"}).status)

        form = f"url={self.film()}&subtitle_index=0"
        opened = client.post("/stream/mine", form, **{"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual((200, {"status": "ok"}), (opened.status, opened.json()))
        self.assertEqual({"status": "ok"}, client.post("/stream/yours", {"url": self.film(), "subtitle_index": 0}).json())
        session = client.state("mine")
        self.assertEqual(["mine", "yours"], sorted(session["aliases"]))
        client.wait_list("mine")
        stop = threading.Event()
        self.addCleanup(stop.set)

        def beat():
            while not stop.wait(1):
                client.post("/heartbeat/mine")
        threading.Thread(target=beat, daemon=True).start()
        wait_for(lambda: client.get("/progress/mine").json()["buffered"] > 0, OPENING, "progress")
        progress = client.get("/progress/mine").json()
        self.assertEqual({"session", "state", "note", "position", "duration", "buffered", "speed", "viewers", "torrent"}, set(progress))

        self.assertEqual({"status": "stopped"}, client.post("/stop/yours").json())
        self.assertEqual(200, client.post("/heartbeat/mine").status)
        stop.set()
        wait_for(lambda: not self.pipelines(house), 4 + 5, "reaped after its last heartbeat")
        self.assertEqual((404, {"status": "session_not_found"}),
                         (client.post("/heartbeat/mine").status, client.post("/heartbeat/mine").json()))
        self.assertEqual(404, client.get("/progress/nobody").status)

        self.assertEqual(200, client.post("/stream/mine", {"url": self.film(2)}).status)
        client.wait_list("mine")
        self.assertEqual({"status": "stopped"}, client.post("/stop/mine?hard=true").json())
        wait_for(lambda: not self.pipelines(house), 5, "no process left")
        wait_for(lambda: not list(house.runtime.glob("channels/_watch-*/*/*/*.ts")), 5, "no file left")


class Access(Watching):
    def test_token_and_limits(self):
        token_file = self.folder / "token"
        token_file.write_text("secret\n")
        house, stranger = self.open_house(more=f", token_file: {token_file}")
        self.assertTrue(stranger.get("/api/v1/sessions").json()["settings"]["needs_token"])
        self.assertEqual(401, stranger.post("/api/v1/sessions", {"url": self.film()}).status)
        self.assertEqual(401, stranger.post("/stream/mine", {"url": self.film()}).status)
        owner = Client(house.port, token="secret")
        session = owner.open(self.film())["id"]
        for request in (("POST", "/pause"), ("POST", "/seek"), ("POST", "/tracks"), ("POST", "/resume"), ("DELETE", "")):
            self.assertEqual(401, stranger.ask(request[0], f"/api/v1/sessions/{session}{request[1]}").status)
        self.assertEqual(204, stranger.post(f"/api/v1/sessions/{session}/heartbeat?viewer=x").status)

        far = Client(house.port, token="secret", address="192.0.2.1")
        answers = [far.post("/api/v1/sessions", {"url": self.film()}).status for _ in range(15)]
        self.assertEqual([200] * 10 + [429] * 5, answers)
        other = Client(house.port, token="secret", address="192.0.2.2")
        self.assertEqual(200, other.post("/api/v1/sessions", {"url": self.film()}).status)
        self.assertEqual(204, owner.ask("DELETE", f"/api/v1/sessions/{session}").status)

    def test_nothing_is_there_when_it_is_off(self):
        house = House("watch: { enabled: false }\n")
        self.addCleanup(house.__exit__, None)
        client = Client(house.port)
        for path in ("/watch", "/status", "/time", "/api/v1/sessions", "/streams/x/playlist.m3u8"):
            self.assertEqual(404, client.get(path).status, path)
        self.assertEqual(404, client.post("/api/v1/sessions", {"url": self.film()}).status)
        self.assertNotIn(b"/watch", client.get("/").body)

    def test_beside_channels_the_dashboard_leads_to_the_page(self):
        house = House("watch: { enabled: true }\nchannels: [ { name: demo, sources: [ { test: { size: 160x90 } } ] } ]\n")
        self.addCleanup(house.__exit__, None)
        page = Client(house.port).get("/").body
        self.assertIn(b'<a href="/watch">', page)
        self.assertIn(b"demo", page)
        self.assertNotIn(b"{{", page)


if __name__ == "__main__":
    unittest.main(verbosity=2)
