#!/usr/bin/env python3
"""Health, pages and the API: what is told of channels, and what is passed on to the daemon."""
import json
import os
import re
import socket
import tempfile
import threading
import time
import unittest

from http_server import WithServer


class Status(WithServer):
    def test_health_says_what_the_reference_says(self):
        self.assertEqual(self.server.get("/healthz")[0], 200)
        self.assertEqual(
            json.loads(self.server.get("/health")[2]), {"status": "ok", "mode": "abr", "stream_ready": False}
        )
        status, headers, body = self.server.get("/readyz")
        self.assertEqual(status, 503)
        self.assertIn("demo", json.loads(body)["detail"])
        self.on_air()
        self.assertEqual(
            json.loads(self.server.get("/health")[2]), {"status": "ok", "mode": "abr", "stream_ready": True}
        )
        self.assertEqual(self.server.get("/readyz")[0], 200)

    def test_a_list_that_stopped_growing_is_not_ready(self):
        channel = self.server.channel()
        snapshot = channel.snapshot(100, 25)
        for segment in snapshot["segments"]:
            segment["date_us"] -= 60_000_000
        channel.publish(snapshot)
        self.server.wait_until("/live/demo/master.m3u8", lambda status, _: status == 200)
        status, _, body = self.server.get("/readyz")
        self.assertEqual(status, 503)
        self.assertIn("stalled", json.loads(body)["detail"])

    def test_channels_as_json(self):
        self.on_air()
        status, headers, body = self.server.get("/api/v1/channels")
        self.assertEqual(headers["content-type"], "application/json")
        (channel,) = json.loads(body)["channels"]
        self.assertEqual(channel, json.loads(self.server.get("/api/v1/channels/demo")[2]))
        self.assertEqual((channel["state"], channel["newest_number"]), ("on air", 124))
        self.assertEqual(self.server.get(channel["urls"]["master"])[0], 200)
        for variant in channel["variants"]:
            self.assertEqual(self.server.get(variant["url"])[0], 200)
        self.assertEqual(channel["variants"][0]["bandwidth_bps"], 3_000_000)
        status, headers, body = self.server.get("/api/v1/channels/none")
        self.assertEqual((status, headers["content-type"]), (404, "application/problem+json"))
        problem = json.loads(body)
        self.assertEqual((problem["status"], problem["title"]), (404, "Not Found"))

    def control_socket(self, reply: bytes | None) -> list[bytes]:
        """Plays the daemon for one request; the list gets what it was asked."""
        asked: list[bytes] = []
        listener = socket.socket(socket.AF_UNIX)
        path = self.server.runtime_dir / "control.sock"
        path.unlink(missing_ok=True)
        listener.bind(str(path))
        listener.listen()

        def serve():
            connection, _ = listener.accept()
            with connection:
                asked.append(connection.makefile("rb").readline())
                if reply is not None:
                    connection.sendall(reply)
                connection.recv(1)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        self.addCleanup(listener.close)
        return asked

    def restart(self, headers=None):
        status, fields, body = self.server.request("POST", "/api/v1/channels/demo/restart", headers)
        return status, json.loads(body)

    def test_restart_is_passed_on_to_the_daemon(self):
        asked = self.control_socket(b'{"ok":true,"result":null}\n')
        self.assertEqual(self.restart(), (202, {"restarting": "demo"}))
        self.assertEqual(json.loads(asked[0]), {"op": "restart", "channel": "demo"})

    def test_what_the_daemon_refuses_is_a_problem(self):
        self.control_socket(b'{"ok":false,"error":"conflict","message":"it is stopping"}\n')
        status, problem = self.restart()
        self.assertEqual((status, problem["detail"]), (409, "it is stopping"))

    def test_a_daemon_that_is_not_there_or_does_not_answer_is_503(self):
        status, problem = self.restart()
        self.assertEqual(status, 503)
        self.control_socket(None)
        start = time.monotonic()
        status, problem = self.restart()
        self.assertEqual(status, 503)
        self.assertTrue(1.9 < time.monotonic() - start < 4)

    def switch(self, body, headers=None, channel="demo"):
        status, fields, answer = self.server.request("POST", f"/api/v1/channels/{channel}/switch", headers, body)
        self.assertEqual(fields["content-type"], "application/json" if status == 202 else "application/problem+json")
        self.assertEqual(fields["access-control-allow-origin"], "*")
        return status, json.loads(answer)

    def cue(self, body, headers=None, channel="demo"):
        status, fields, answer = self.server.request("POST", f"/api/v1/channels/{channel}/cues", headers, body)
        self.assertEqual(fields["content-type"], "application/json" if status == 202 else "application/problem+json")
        return status, json.loads(answer)

    def test_a_switch_is_passed_on_to_the_daemon(self):
        url = "https://user:secret@host/live.m3u8?token=abc"
        for body, headers in (
            (json.dumps({"url": url}), {"Content-Type": "application/json; charset=utf-8"}),
            (json.dumps({"url": url}), {}),
            (iter([b'{"url":', json.dumps(url).encode(), b"}"]), {"Content-Type": "application/json"}),  # in chunks
            (json.dumps({"url": url}), {"Content-Type": "application/x-www-form-urlencoded"}),
        ):
            asked = self.control_socket(b'{"ok":true,"result":null}\n')
            accepted = {"switching": "demo", "url": "https://***@host/live.m3u8?token=***"}
            self.assertEqual(self.switch(body, headers), (202, accepted))
            self.assertEqual(json.loads(asked[0]), {"op": "switch", "channel": "demo", "url": url})

    def test_a_switch_that_can_not_be_is_refused_before_the_daemon_is_asked(self):
        asked = self.control_socket(b'{"ok":true,"result":null}\n')
        good = json.dumps({"url": "https://host/live.m3u8"})
        for body, words in (
            ("", "is no JSON from byte 1 on"),
            (good[:-1], "is no JSON"),
            ("[]", "has to be an object such as"),
            ('{"URL": "https://host/live.m3u8"}', '"url" has to be a text'),
            ('{"url": "host/live.m3u8"}', "http:// or https://"),
            ('{"url": "https://user:secret@"}', "has to name a host"),
            ('{"url": "https://host/a b"}', "no blank"),
            (json.dumps({"url": "https://host/" + "x" * 5000}), "4096 bytes"),
        ):
            status, problem = self.switch(body)
            self.assertEqual((status, problem["status"], problem["title"]), (400, 400, "Bad Request"), body)
            self.assertIn(words, problem["detail"])
            self.assertNotIn("secret", problem["detail"])
        self.assertEqual(self.switch(good, {"Content-Type": "text/xml"})[0], 415)
        self.assertEqual(self.switch(good, channel="none")[0], 404)
        self.assertEqual(self.switch(good, {"Origin": "http://example.com"})[0], 403)
        self.assertEqual(self.server.request("POST", "/api/v1/channels/demo/switch", {}, "x" * 65537)[0], 413)
        self.assertEqual(self.server.request("GET", "/api/v1/channels/demo/switch")[0], 405)
        self.assertEqual(asked, [])

    def test_a_switch_that_the_daemon_refuses_or_does_not_hear_is_a_problem(self):
        good = json.dumps({"url": "https://host/live.m3u8"})
        self.assertEqual(self.switch(good)[0], 503)
        for error, expected in (("conflict", 409), ("not_found", 404), ("malformed", 400), ("unavailable", 503)):
            self.control_socket(json.dumps({"ok": False, "error": error, "message": "it has no playhead"}).encode() + b"\n")
            status, problem = self.switch(good)
            self.assertEqual((status, problem["detail"]), (expected, "it has no playhead"))

    def test_a_cue_is_passed_on_to_the_daemon_and_its_event_id_told(self):
        for cue in (
            {"out": True},
            {"out": True, "duration_s": 30.5, "at_s": 8, "event_id": 7, "auto_return": False},
            {"in": True, "event_id": 4294967295},
            {"section": "/DAcAAAAAAAAAP/wCwUAAAABfx8AAAEAAAAA3r8DiQ==", "at_s": 2},
        ):
            asked = self.control_socket(b'{"ok":true,"result":{"event_id":7,"kind":"out"}}\n')
            self.assertEqual(self.cue(json.dumps(cue)), (202, {"channel": "demo", "event_id": 7, "kind": "out"}))
            self.assertEqual(json.loads(asked[0]), {"op": "cue", "channel": "demo", "cue": cue})

    def test_a_cue_that_makes_no_sense_is_refused_before_the_daemon_is_asked(self):
        asked = self.control_socket(b'{"ok":true,"result":null}\n')
        for body, words in (
            ("", "JSON object such as"),
            ("{}", "A cue is {"),
            ('{"out": true, "in": true}', "not two"),
            ('{"out": true, "duration": 30}', "does not belong there"),
            ('{"out": true, "duration_s": 0}', "from 0.1 to 86400"),
            ('{"in": true, "event_id": -1}', '"event_id" has to be'),
        ):
            status, problem = self.cue(body)
            self.assertEqual((status, problem["status"]), (400, 400), body)
            self.assertIn(words, problem["detail"])
        self.assertEqual(self.cue('{"out": true}', {"Content-Type": "text/xml"})[0], 415)
        self.assertEqual(self.cue('{"out": true}', channel="none")[0], 404)
        self.assertEqual(self.cue('{"out": true}', {"Origin": "http://example.com"})[0], 403)
        self.assertEqual(self.server.request("GET", "/api/v1/channels/demo/cues")[0], 405)
        self.assertEqual(asked, [])

    def test_a_cue_that_the_daemon_refuses_or_does_not_hear_is_a_problem(self):
        self.assertEqual(self.cue('{"out": true}')[0], 503)
        self.control_socket(b'{"ok":false,"error":"conflict","message":"no source is on air"}\n')
        status, problem = self.cue('{"out": true}')
        self.assertEqual((status, problem["detail"]), (409, "no source is on air"))

    def test_only_this_machine_itself_may_change_something(self):
        self.assertEqual(self.restart({"Host": "example.com"})[0], 403)
        self.assertEqual(self.restart({"Origin": "http://example.com"})[0], 403)
        self.assertEqual(self.restart({"X-Forwarded-For": "192.0.2.1"})[0], 403)

    def test_pages(self):
        self.on_air()
        status, headers, body = self.server.get("/")
        self.assertEqual(headers["content-type"], "text/html; charset=utf-8")
        self.assertIn("default-src 'none'", headers["content-security-policy"])
        self.assertIn(b"/play/demo", body)
        self.assertIn(b"on air", body)
        status, headers, body = self.server.get("/play/demo")
        self.assertEqual(status, 200)
        self.assertNotIn(b"{{", body)
        self.assertEqual(self.server.get("/play/none")[0], 404)
        for url in re.findall(rb'(?:src|href)="(/assets/[^"]+)"', body):
            status, headers, data = self.server.get(url.decode())
            self.assertEqual(status, 200, url)
            self.assertTrue(data)
            if b"hls-" in url:
                self.assertIn("immutable", headers["cache-control"])


class Token(WithServer):
    def setUp(self):
        with tempfile.NamedTemporaryFile("w", delete=False) as file:
            file.write("correct horse\n")
        self.addCleanup(os.unlink, file.name)
        self.arguments = {"http": f"token_file: {file.name}"}
        super().setUp()

    def test_with_a_token_file_its_bearer_may_and_nobody_else(self):
        def restart(headers):
            return self.server.request("POST", "/api/v1/channels/demo/restart", headers)

        status, headers, _ = restart({})
        self.assertEqual((status, headers["www-authenticate"]), (401, "Bearer"))
        self.assertEqual(restart({"Authorization": "Bearer wrong horse"})[0], 401)
        self.assertEqual(restart({"Authorization": "Bearer correct horse"})[0], 503)

        def switch(headers):
            return self.server.request("POST", "/api/v1/channels/demo/switch", headers, '{"url": "http://h"}')[0]

        self.assertEqual([switch({}), switch({"Authorization": "Bearer correct horse"})], [401, 503])

        def cue(headers):
            return self.server.request("POST", "/api/v1/channels/demo/cues", headers, '{"out": true}')[0]

        self.assertEqual([cue({}), cue({"Authorization": "Bearer correct horse"})], [401, 503])


if __name__ == "__main__":
    unittest.main(verbosity=2)
