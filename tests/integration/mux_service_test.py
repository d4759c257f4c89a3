#!/usr/bin/env python3
"""`continuo run --from-env` in the place of the mux service: its variables, its port, its URLs, and no config file."""
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from event_api import EventApi
from house import BIN, children_of, die_with_us, free_port, parse_playlist, wait_for
from live_sources import Studio, decode

PORT = 8091  # fixed: the mux service's
NOBODY = 65534  # whose directories for state and segments are no system's
PASSWORD = "hackme-not-5309"
CORE = "core.example.org"
RENDITION = {"name": "90p", "height": 90, "video_bitrate": "150k", "audio_bitrate": "64k"}


def get(path):
    """(status, body); 0 while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except OSError:
        return 0, b""
    finally:
        connection.close()


def get_text(path):
    status, body = get(path)
    return status, body.decode()


def beside(path, uri):
    """The path that a URI in the playlist at `path` means."""
    return os.path.normpath(os.path.join(os.path.dirname(path), uri))


def uris(text):
    return [line for line in text.splitlines() if line and not line.startswith("#")]


class FromEnvironment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.studio = cls.enterClassContext(Studio(("two", "double"), 90))
        cls.studio.go_live()
        cls.programs = BIN
        if not all(folder.stat().st_mode & 0o005 == 0o005 for folder in [BIN, *BIN.parents]):
            cls.programs = shutil.copytree(BIN, cls.studio.folder / "bin", ignore=lambda _, names: {
                name for name in names if not name.startswith("continuo")})

    def run_in(self, mode):
        """Starts `continuo run --from-env`; the first head is said when all listen."""
        if get("/health")[0]:
            self.skipTest(f"port {PORT} is somebody else's")
        self.api = EventApi()
        self.addCleanup(self.api.close)
        variables = {"API_URL": self.api.url, "MUX_MODE": mode, "HLS_SEGMENT_TIME": "2", "HLS_LIST_SIZE": "6", "TRANSITION_TIMEOUT": "5",
                     "ABR_PRESET": "ultrafast", "ABR_GOP_SIZE": "48", "ABR_VARIANTS": json.dumps([RENDITION]),
                     "CORE_API_HOSTNAME": CORE, "RESTREAMER_INTERNAL_URL": self.studio.url("").rstrip("/"),
                     "ICECAST_HOST": "127.0.0.1", "ICECAST_PORT": str(free_port()), "ICECAST_SOURCE_PASSWORD": PASSWORD}
        state = Path(tempfile.mkdtemp(dir=self.studio.folder))
        state.chmod(0o777)
        self.log = state / "log"
        other_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [self.programs / "continuo", "run", "--from-env"], cwd=state, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                env={"PATH": os.environ["PATH"], "XDG_STATE_HOME": str(state), **variables}, preexec_fn=die_with_us, **other_user)
        self.addCleanup(self.end)
        wait_for(lambda: get("/health")[0] == 200, 10, f"port {PORT} answers:\n{self.log.read_text()}")

    def end(self):
        self.process.terminate()
        self.assertEqual(self.process.wait(10), 0, self.log.read_text()[-3000:])

    def health(self):
        return json.loads(get("/health")[1])

    def head(self, name):
        self.api.head(f"https://{CORE}/{name}/index.m3u8", name)

    def check_nothing_ready(self, mode):
        self.assertEqual(self.health(), {"status": "ok", "mode": mode, "stream_ready": False})
        status, text = get_text("/live/stream.m3u8")
        self.assertEqual((status, uris(text)), (200, []))
        self.assertTrue(text.startswith("#EXTM3U\n"), text)

    def start_playing(self):
        wait_for(lambda: self.api.clients, 10, "it listens to its API")
        self.assertEqual(self.api.requests[0].line, "GET /events HTTP/1.1")
        self.head("two")
        wait_for(lambda: self.health()["stream_ready"], 20, "the stream is ready")

    def wait_playlist(self, path, segments):
        def listed():
            status, text = get_text(path)
            return status == 200 and len(uris(text)) >= segments and text
        return wait_for(listed, 20, f"{segments} segments in {path}")

    def check_segments(self, path, wanted):
        """All segments of a playlist are there, and the newest shows that stream."""
        text = self.wait_playlist(path, 2)
        for uri in uris(text):
            status, body = get(beside(path, uri))
            self.assertEqual(status, 200, (path, uri))
        file = self.studio.folder / "segment.ts"
        file.write_bytes(body)
        self.assertEqual(decode(file).kind, wanted)
        return text

    def check_switch(self, *paths):
        """The next head is one DISCONTINUITY at the same number in all these playlists."""
        self.head("double")

        def tagged(path):
            return [s.number for s in parse_playlist(get_text(path)[1], 0).segments[1:] if s.discontinuity]
        found = [wait_for(lambda path=path: tagged(path), 20, f"the switch in {path}") for path in paths]
        self.assertEqual([len(numbers) for numbers in found], [1] * len(paths))
        self.assertEqual(len({tuple(numbers) for numbers in found}), 1, found)
        for path in paths:
            self.check_segments(path, "double")

    def check_secret(self):
        """Of the password nothing is seen from outside, nor is any variable handed on to children."""
        self.assertNotIn(PASSWORD, self.log.read_text())
        self.assertNotIn(PASSWORD, get_text("/api/v1/channels")[1])
        for pid in children_of(self.process.pid):
            for file in ("cmdline", "environ"):
                self.assertNotIn(PASSWORD, Path(f"/proc/{pid}/{file}").read_text(errors="replace"))

    def test_a_copy(self):
        self.run_in("copy")
        self.check_nothing_ready("copy")
        self.start_playing()
        text = self.check_segments("/live/stream.m3u8", "two")
        self.assertNotIn("#EXT-X-STREAM-INF", text)
        for uri in uris(text):
            self.assertRegex(beside("/live/stream.m3u8", uri), r"^/live/[^/]+\.ts$")
        self.check_switch("/live/stream.m3u8")
        self.check_secret()
        self.assertEqual(self.health(), {"status": "ok", "mode": "copy", "stream_ready": True})

    def test_a_ladder(self):
        self.run_in("abr")
        self.check_nothing_ready("abr")
        self.start_playing()
        paths = ("/live/stream_0/playlist.m3u8", "/live/stream_1/playlist.m3u8")
        for path in paths:
            self.check_segments(path, "two")
        status, master = get_text("/live/stream.m3u8")
        self.assertEqual(status, 200)
        self.assertEqual([beside("/live/stream.m3u8", uri) for uri in uris(master)], list(paths))
        self.assertEqual(re.findall(r"RESOLUTION=(\S+?)(?:,|\n)", master), ["256x144", "160x90"])
        for missing in ("stream_2", "stream_-1", "stream_x", "stream_01"):
            self.assertEqual(get(f"/live/{missing}/playlist.m3u8")[0], 404, missing)
        self.check_switch(*paths)
        self.check_secret()
        self.assertEqual(self.health(), {"status": "ok", "mode": "abr", "stream_ready": True})


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
