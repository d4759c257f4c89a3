#!/usr/bin/env python3
"""Assets that come, change, go, are broken, slow, many or hostile, while others are served.

usage: CONTINUO_BIN=build/dev/bin pseudolive_assets_test.py [unittest arguments]
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest

from pseudolive import NOW, Model, VodServer, media_path
from house import parse_playlist, wait_for
from vod_assets import copy, durations_of, make_asset, make_long, make_odd, rewrite

PICKED_UP = 5  # s


def state_of(server, stream):
    """What the API says of a stream."""
    for entry in json.loads(server.get("/api/v1/pseudolive").body)["streams"]:
        if entry["name"] == stream:
            return entry
    return None


class Coming(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(VodServer())
        self.ladder = make_asset(self.server.root, "first")
        self.server.start().wait_ready("first")

    def wait_status(self, stream, status):
        path = f"/pseudolive/{stream}/master.m3u8"
        wait_for(lambda: self.server.get(path).status == status, PICKED_UP, f"{path} {status}; {self.server.get(path)}")

    def test_assets_are_picked_up_however_they_arrive(self):
        root, source = self.server.root, self.ladder.folder
        self.assertEqual(self.server.get("/pseudolive/moved/master.m3u8").status, 404)
        shutil.copytree(source, self.server.folder / "moved")
        (self.server.folder / "moved").rename(root / "moved")
        self.wait_status("moved", 200)
        shutil.copytree(source, root / "copied")
        self.wait_status("copied", 200)
        # The playlists first, the segments by and by, as a slow copy brings them.
        shutil.copytree(source, root / "late", ignore=shutil.ignore_patterns("*.ts"))
        wait_for(lambda: self.server.get("/pseudolive/late/master.m3u8").status in (500, 503), PICKED_UP, "not complete yet")
        for file in sorted(source.rglob("*.ts")):
            shutil.copy(file, root / "late" / file.relative_to(source))
        self.wait_status("late", 200)
        self.assertEqual(self.server.get("/pseudolive/first/master.m3u8").status, 200)

    def test_an_asset_that_goes_is_404_and_logged(self):
        self.server.root.joinpath("first").rename(self.server.folder / "away")
        self.wait_status("first", 404)
        self.assertEqual(self.server.get(media_path("first", "hi")).status, 404)
        self.assertEqual(self.server.get("/pseudolive/first/hi/index0.ts").status, 404)
        wait_for(lambda: "first" in self.server.log().split("listening")[-1], 5, "a line in the log")
        (self.server.folder / "away").rename(self.server.root / "first")
        self.wait_status("first", 200)
        shutil.rmtree(self.server.root / "first")
        self.wait_status("first", 404)

    def test_numbers_go_on_when_an_asset_changes(self):
        before = self.server.media("first", "hi")
        other = make_asset(self.server.folder, "other", gop=25, segment_time=1, seconds=5)
        shutil.rmtree(other.folder / "mid")
        new = self.server.root / ".new"
        shutil.copytree(other.folder, new)
        rewrite(new / "master.m3u8", lambda text: "\n".join(
            line for line, behind in zip(text.splitlines(), [*text.splitlines()[1:], ""]) if "mid/" not in line + behind) + "\n")
        (self.server.root / "first").rename(self.server.folder / "old")
        new.rename(self.server.root / "first")
        self.after_change(before, 1)
        after = self.server.media("first", "hi")
        # And once more, over a restart, and with the index gone.
        self.server.stop()
        shutil.rmtree(self.server.state / "pseudolive/index")
        self.server.start().wait_ready("first")
        again = self.server.media("first", "hi")
        self.assertGreaterEqual(again.media_sequence, after.media_sequence)
        self.assertLessEqual(again.media_sequence, after.media_sequence + 30)
        self.assertEqual(self.of_number(after), {**self.of_number(after), **{
            number: row for number, row in self.of_number(again).items() if number in self.of_number(after)}})

    def of_number(self, playlist):
        return {s.number: s.what_stays() for s in playlist.segments}

    def after_change(self, before, target_duration):
        def changed():
            answer = self.server.get(media_path("first", "hi"))
            return answer.status == 200 and parse_playlist(answer.text, 0).target_duration == target_duration
        wait_for(changed, PICKED_UP, f"the new asset; {self.server.log()[-1500:]}")
        after = self.server.media("first", "hi")
        newest = before.segments[-1]
        self.assertGreater(after.media_sequence, newest.number)
        self.assertLess(after.media_sequence, newest.number + 10)
        self.assertTrue(after.segments[0].discontinuity)
        self.assertEqual(after.segments[0].discontinuity_sequence, after.discontinuity_sequence + 1)
        self.assertGreater(after.segments[0].discontinuity_sequence, newest.discontinuity_sequence)
        self.assertLess(after.segments[0].discontinuity_sequence, newest.discontinuity_sequence + 5)
        self.assertGreaterEqual(len(after.segments), 10)

    def test_a_change_while_the_server_is_down_is_seen_too(self):
        before = self.server.media("first", "hi")
        self.server.stop()
        other = make_asset(self.server.folder, "other", gop=25, segment_time=1, seconds=5)
        shutil.rmtree(self.server.root / "first")
        other.folder.rename(self.server.root / "first")
        self.server.start().wait_ready("first")
        self.after_change(before, 1)

    def test_a_schedule_that_changes_goes_on_behind_what_was_seen(self):
        make_odd(self.server.root, "second")
        schedule = "\n  - name: mix\n    schedule: [ { asset: first }, { asset: second } ]"
        self.server.write_config(channels=schedule)
        self.server.restart().wait_ready("first", "second")
        path = "/live/mix/hi/index.m3u8"
        wait_for(lambda: self.server.get(path).status == 200, PICKED_UP, "the channel")
        before = self.server.list(path)
        self.server.write_config(channels=schedule.replace("{ asset: first }", "{ asset: first, times: 3 }"))
        self.server.reload()

        def changed():
            return self.server.list(path).media_sequence > before.segments[-1].number
        wait_for(changed, PICKED_UP, "the new schedule")
        after = self.server.list(path)
        self.assertTrue(after.segments[0].discontinuity)
        self.assertGreater(after.segments[0].discontinuity_sequence, before.segments[-1].discontinuity_sequence)
        self.server.restart().wait_ready("first")
        wait_for(lambda: self.server.get(path).status == 200, PICKED_UP, "the channel")
        self.assertGreaterEqual(self.server.list(path).media_sequence, after.media_sequence)

    def test_a_thousand_assets(self):
        for number in range(1000):
            copy(self.ladder.folder, self.server.root / f"asset_{number:03}")
        began = time.monotonic()
        wait_for(lambda: self.server.get("/pseudolive/asset_999/master.m3u8").status == 200, 30, "the last one")
        wait_for(lambda: self.server.get("/api/v1/pseudolive").text.count('"ready"') >= 1001, 60, "all of them")
        print(f"1 000 assets in {time.monotonic() - began:.1f} s", file=sys.stderr)
        model = Model((durations_of(self.ladder.kind), (), 1))
        for number in (0, 1, 500, 999):
            base = f"/pseudolive/asset_{number:03}/mid"
            model.check(self, self.server.list(f"{base}/index.m3u8", NOW), NOW, lambda _, index: f"{base}/index{index}.ts")
        began = time.monotonic()
        self.server.restart().wait_ready(*(f"asset_{number:03}" for number in range(1000)), seconds=20)
        print(f"from the cache in {time.monotonic() - began:.1f} s", file=sys.stderr)


class Broken(unittest.TestCase):
    """Each refusal says what is wrong, where, and by how much, and holds up nothing else."""

    @classmethod
    def setUpClass(cls):
        cls.server = VodServer()
        cls.addClassCleanup(cls.server.__exit__, None)
        cls.good = make_asset(cls.server.root, "good")
        cls.server.start().wait_ready("good")

    def refused(self, name, *words, break_it, status=500):
        """Copies the good asset and breaks it before it is seen; what the page and the log say must have these words."""
        new = self.server.folder / name
        shutil.copytree(self.good.folder, new)
        break_it(new)
        new.rename(self.server.root / name)
        self.refuses(name, *words, status=status)

    def refuses(self, name, *words, status=500):
        path = f"/pseudolive/{name}/master.m3u8"
        wait_for(lambda: self.server.get(path).status == status, PICKED_UP, f"{path} refused; {self.server.get(path)}")
        entry = state_of(self.server, name)
        self.assertEqual(entry["state"], "refused")
        for word in words:
            self.assertIn(word.lower(), entry["note"].lower())
        wait_for(lambda: entry["note"] in self.server.log(), 5, f"{entry['note']!r} in the log")
        answer = self.server.get(path)
        self.assertLess(len(answer.body), 2000)
        self.assertNotIn(str(self.server.folder), answer.text)  # where assets lie is not for viewers
        self.assertEqual(self.server.get(media_path(name, "hi")).status, status)
        self.assertEqual(self.server.get("/pseudolive/good/master.m3u8").status, 200)

    def test_a_segment_that_is_missing(self):
        self.refused("hole", "mid", "index1.ts", break_it=lambda folder: (folder / "mid/index1.ts").unlink())

    def test_a_variant_of_another_length(self):
        def shorten(folder):
            rewrite(folder / "mid/index.m3u8", lambda text: text.replace("#EXTINF:2.000000,\nindex2.ts\n", ""))
        self.refused("short", "mid", "2", break_it=shorten)

    def test_a_variant_whose_cuts_lie_elsewhere(self):
        other = make_asset(self.server.folder, "shifted_source", gop=25, seconds=6, segment_time=1)

        def shift(folder):
            shutil.rmtree(folder / "low")
            (folder / "low").mkdir()
            data = [(other.folder / f"low/index{index}.ts").read_bytes() for index in range(6)]
            lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:4"]
            for name, parts in (("a", data[:4]), ("b", data[4:5]), ("c", data[5:])):  # 4, 1 and 1 s against 2, 2 and 2
                (folder / f"low/{name}.ts").write_bytes(b"".join(parts))
                lines += [f"#EXTINF:{len(parts)}.000,", f"{name}.ts"]
            (folder / "low/index.m3u8").write_text("\n".join([*lines, "#EXT-X-ENDLIST", ""]))
        self.refused("shifted", "low", "2", break_it=shift)

    def test_a_playlist_without_segments(self):
        self.refused("empty", "low", break_it=lambda folder: (folder / "low/index.m3u8").write_text(
            "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-ENDLIST\n"))

    def test_html_instead_of_a_playlist(self):
        html = "<!doctype html><html><head><title>404</title></head><body>Not found</body></html>\n"
        self.refused("html", "low", break_it=lambda folder: (folder / "low/index.m3u8").write_text(html))

    def test_a_variant_that_is_not_there(self):
        self.refused("absent", "low", break_it=lambda folder: shutil.rmtree(folder / "low"))

    def test_discontinuities_at_different_places(self):
        extinf = "#EXTINF:2.000000,\nindex1"
        self.refused("tags", "mid", "discontinuit", break_it=lambda folder: rewrite(
            folder / "mid/index.m3u8", lambda text: text.replace(extinf, f"#EXT-X-DISCONTINUITY\n{extinf}")))

    def test_a_segment_that_is_empty(self):
        self.refused("nothing", "hi", "index1.ts", break_it=lambda folder: (folder / "hi/index1.ts").write_bytes(b""))

    def test_a_byte_range_behind_the_end(self):
        self.refused("range", "hi", "index1.ts", break_it=lambda folder: rewrite(
            folder / "hi/index.m3u8", lambda text: text.replace("index1.ts", "#EXT-X-BYTERANGE:9999999@100\nindex1.ts")))

    def test_paths_that_lead_outside(self):
        (self.server.folder / "secret.ts").write_bytes(self.good.files("hi")[0].read_bytes())
        for name, uri in (("up", "../../../secret.ts"), ("up_coded", "%2e%2e/%2e%2e/%2e%2e/secret.ts"),
                          ("up_slash", "..%2f..%2f..%2fsecret.ts"), ("root", "/var/secret.ts"),
                          ("passwd", "/etc/passwd"), ("scheme", "file:///var/secret.ts"),
                          ("http", "http://127.0.0.1:1/secret.ts"), ("neighbour", "../../good/hi/index0.ts")):
            with self.subTest(uri):
                self.refused(name, "hi", break_it=lambda folder: rewrite(
                    folder / "hi/index.m3u8", lambda text: text.replace("index1.ts", uri)))
                if name == "neighbour":
                    continue  # that asset is served itself
                for path in (f"/pseudolive/{name}/{uri.lstrip('/')}", f"/pseudolive/{name}/hi/{uri.lstrip('/')}"):
                    self.assertNotIn(self.server.get(path).status, (200, 206))

    def test_variants_maps_and_keys_that_lead_outside(self):
        (self.server.folder / "secret.m3u8").write_text((self.good.folder / "hi/index.m3u8").read_text())
        self.refused("list_up", break_it=lambda folder: rewrite(
            folder / "master.m3u8", lambda text: text.replace("mid/index.m3u8", "../../secret.m3u8")))
        for name, tag in (("map_up", '#EXT-X-MAP:URI="../../../config.yaml"'),
                          ("key_up", '#EXT-X-KEY:METHOD=AES-128,URI="../../../config.yaml"')):
            self.refused(name, "hi", break_it=lambda folder: rewrite(
                folder / "hi/index.m3u8", lambda text: text.replace("#EXTINF", tag + "\n#EXTINF", 1)))

    def test_links_that_lead_outside(self):
        (self.server.folder / "linked.ts").write_bytes(self.good.files("hi")[1].read_bytes())

        def link(folder):
            (folder / "hi/index1.ts").unlink()
            (folder / "hi/index1.ts").symlink_to(self.server.folder / "linked.ts")
        self.refused("link", "hi", "index1.ts", break_it=link)
        self.assertNotIn(self.server.get("/pseudolive/link/hi/index1.ts").status, (200, 206))

    def test_a_pipe_instead_of_a_segment_holds_up_nothing(self):
        def pipe(folder):
            (folder / "hi/index2.ts").unlink()
            os.mkfifo(folder / "hi/index2.ts")
        self.refused("pipe", "hi", "index2.ts", break_it=pipe)

    def test_what_is_mended_is_served(self):
        self.refused("mended", "mid", "index1.ts", break_it=lambda folder: (folder / "mid/index1.ts").unlink())
        shutil.copy(self.good.folder / "mid/index1.ts", self.server.root / "mended/mid/index1.ts")
        self.server.wait_ready("mended", seconds=PICKED_UP)

    def test_what_is_not_listed_is_not_served(self):
        add = self.good.folder / "notes.txt"
        add.write_text("private")
        (self.good.folder / "hi/other.ts").write_bytes(b"G" * 188)
        (self.good.folder / "hi/link.ts").symlink_to("/etc/passwd")
        for file in (add, self.good.folder / "hi/other.ts", self.good.folder / "hi/link.ts"):
            self.addCleanup(file.unlink)
        for path in ("notes.txt", "hi/other.ts", "hi/link.ts", "hi/", "", "hi", "hi/../notes.txt", "hi/index0.ts/", "hi//index0.ts",
                     "hi/%2e%2e/notes.txt", "./notes.txt", "hi/index0.ts%00", "hi%2findex0.ts%2f..%2f..%2fnotes.txt"):
            self.assertIn(self.raw(f"/pseudolive/good/{path}"), (301, 308, 400, 404), path)
        for path in ("/pseudolive/../config.yaml", "/pseudolive/%2e%2e/config.yaml", "/pseudolive/..%2fconfig.yaml",
                     "/pseudolive/good/../../config.yaml", "/pseudolive/good/hi/../../../config.yaml", "/pseudolive/.hidden/a.ts",
                     "/..%2fconfig.yaml.m3u8", "/%2e%2e/state.m3u8", "/good_%2e%2e.m3u8", "/good_hi%2f..%2fmid.m3u8"):
            self.assertIn(self.raw(path), (301, 308, 400, 404), path)
        self.assertEqual(self.raw("/pseudolive/good/hi/index0.ts"), 200)

    def raw(self, target):
        """The status of a request whose target nothing has touched on the way."""
        with socket.create_connection(("127.0.0.1", self.server.port), 5) as connection:
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            return int(connection.makefile("rb").readline().split()[1])


SLOW = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define SLOW_OPEN(name) \\
int name(const char* path, int flags, int mode) { \\
    int (*real)(const char*, int, int) = (int (*)(const char*, int, int))dlsym(RTLD_NEXT, #name); \\
    if (strstr(path, "/a_slow_one/") && strstr(path, ".ts")) close(real(getenv("SLOW_GATE"), 0, 0)); \\
    return real(path, flags, mode); \\
}
SLOW_OPEN(open)
SLOW_OPEN(open64)
"""


class Storage:
    """A library that lets nobody open the segments of one asset as long as a gate is shut: a named pipe that nobody writes to."""

    def __init__(self, folder):
        self.gate = folder / "gate"
        os.mkfifo(self.gate)
        library = folder / "slow.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-w", "-x", "c", "-", "-o", library], input=SLOW.encode(), check=True)
        self.environment = {"LD_PRELOAD": str(library), "SLOW_GATE": str(self.gate),
                            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        self.writer = None

    def open_gate(self):
        self.writer = os.open(self.gate, os.O_RDWR)

    def shut_gate(self):
        if self.writer is not None:
            os.close(self.writer)
            self.writer = None


class Slow(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(VodServer())
        make_asset(self.server.root, "a_slow_one")
        self.storage = Storage(self.server.folder)
        self.server.environment = self.storage.environment
        self.addCleanup(self.storage.open_gate)

    def test_slow_storage_is_waited_for_by_its_own_asset_alone(self):
        make_asset(self.server.root, "quick_00")
        for number in range(1, 20):
            copy(self.server.root / "quick_00", self.server.root / f"quick_{number:02}")
        began = time.monotonic()
        self.server.start()
        self.server.wait_ready(*(f"quick_{number:02}" for number in range(20)), seconds=5)
        print(f"20 beside a slow one in {time.monotonic() - began:.2f} s", file=sys.stderr)
        answer = self.server.get("/pseudolive/a_slow_one/master.m3u8")
        self.assertEqual(answer.status, 503)
        self.assertGreaterEqual(int(answer.headers["retry-after"]), 1)
        self.assertEqual(self.server.get(media_path("a_slow_one", "hi")).status, 503)
        self.assertEqual(state_of(self.server, "a_slow_one")["state"], "reading")
        # A quick asset that comes now is served too.
        copy(self.server.root / "quick_00", self.server.root / "later")
        self.server.wait_ready("later", seconds=PICKED_UP)
        self.storage.open_gate()
        self.server.wait_ready("a_slow_one", seconds=5)

    def test_stopping_does_not_wait_for_slow_storage(self):
        self.server.start()
        wait_for(lambda: self.server.get("/pseudolive/a_slow_one/master.m3u8").status == 503, 5, "reading")
        began = time.monotonic()
        self.server.process.terminate()
        self.server.process.wait(10)
        self.assertLess(time.monotonic() - began, 5)

    def test_a_viewer_of_slow_storage_holds_up_no_other(self):
        self.storage.open_gate()
        make_odd(self.server.root, "quick")
        self.server.start().wait_ready("a_slow_one", "quick")
        wait_for(lambda: '"reading"' not in self.server.get("/api/v1/pseudolive").text, 10, "all measured")
        self.storage.shut_gate()
        waiting = [threading.Thread(target=self.server.get, args=(f"/pseudolive/a_slow_one/hi/index{index}.ts",))
                   for index in range(3)]
        for thread in waiting:
            thread.start()
        longest = 0.0
        for _ in range(40):
            began = time.monotonic()
            self.assertEqual(self.server.get(media_path("quick", "hi"), seconds=3).status, 200)
            longest = max(longest, time.monotonic() - began)
        self.storage.open_gate()
        for thread in waiting:
            thread.join()
        self.assertLess(longest, 0.5)


class Cold(unittest.TestCase):
    def test_600_segments_of_4_variants_are_served_within_a_second(self):
        with VodServer() as server:
            ladder, durations = make_long(server.root, "long")
            model = Model((durations, (), 1))
            server.start(wait=False)
            began = time.monotonic()
            answers, first = {}, None
            paths = [media_path("long", name) for name in ladder.names]
            times = [NOW + 7919 * step for step in range(40)]
            while time.monotonic() < began + 3:
                for path in paths:
                    now = times[len(answers) % len(times)]
                    answer = server.get(f"{path}?now={now}")
                    if answer.status == 0:
                        continue
                    if answer.status == 503:
                        self.assertGreaterEqual(int(answer.headers["retry-after"]), 1)
                        self.assertIsNone(first, "once served, always served")
                        continue
                    self.assertIn(answer.status, (200, 404) if first is None else (200,))
                    if answer.status == 200:
                        first = first or time.monotonic() - began
                        answers[path, now] = answer
            print(f"first list after {first:.2f} s, {len(answers)} answers while it was measured", file=sys.stderr)
            self.assertLess(first, 1)
            for (path, now), answer in answers.items():
                playlist = server.list(path, now)
                model.check(self, playlist, now, lambda _, index: path.replace("index.m3u8", f"index{index}.ts"))
                self.assertEqual(parse_playlist(answer.text, 0).media_sequence, playlist.media_sequence)
                self.assertEqual(server.get(answer.path).body, answer.body, "right from the first answer")


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
