#!/usr/bin/env python3
"""Safety of watching together: what strangers name is fetched through continuo-egress or not at all, and never from here.

usage: CONTINUO_BIN=build/dev/bin egress_test.py [unittest arguments]
"""
import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import films
from house import BIN, House, by_program, children_of, die_with_us, wait_for
from inward import NameServer, Stranger, Trap, corpus, inward_pages, inward_urls
from watch_test import Client

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "command_lines"
MAGNET = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567"


class Egress:
    """continuo-egress; `gateway`: the one place on this machine that its second door lets clients reach."""

    def __init__(self, gateway, *before):
        self.process = subprocess.Popen([*before, BIN / "continuo-egress", "--gateway", gateway], stderr=subprocess.PIPE, text=True,
                                        preexec_fn=die_with_us)
        first = self.process.stderr.readline()
        self.port, self.gateway_port = map(int, re.fullmatch(
            r"listening on 127.0.0.1:(\d+), for the gateway on 127.0.0.1:(\d+)\n", first).groups())
        self.lines = []
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stderr), daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stderr.close()

    def ask(self, line):
        """The status line of what a client is told."""
        with socket.create_connection(("127.0.0.1", self.port), 30) as connection:
            connection.sendall(f"{line} HTTP/1.1\r\n\r\n".encode())
            return connection.makefile("rb").readline().decode(errors="replace").strip()


def command(golden, url, port):
    """A command line of the product, with another URL and another proxy; what it writes goes nowhere, and it begins at the start."""
    changed = {"127.0.0.1:4711": f"127.0.0.1:{port}", "--o=-": "--o=/dev/null", "https://example.com/film.mkv": url,
               "pipe:3": "pipe:1", "51.500": "0", "0:s:1": "0:s:0"}
    lines = (GOLDEN / golden).read_text().splitlines()
    assert "https://example.com/film.mkv" in lines
    for old, new in changed.items():
        lines = [line.replace(old, new) for line in lines]
    return lines


PROGRAMS = {"ffprobe": "probe_film_proxy.txt", "mpv": "mpv_proxy.txt", "ffmpeg": "film_texts_proxy.txt"}


def run(program, url, port, *before, **environment):
    environment |= {"PATH": os.environ["PATH"], "LANG": "C", "http_proxy": f"http://127.0.0.1:{port}"}
    return subprocess.run([*before, *command(PROGRAMS[program], url, port)], env=environment, capture_output=True, text=True,
                          errors="replace", timeout=60)


class Safety(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="continuo-egress-", dir="/dev/shm"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        made = films.Films(cls.folder, 6)
        cls.film = Path(made.mux("film.mkv", ("plain.srt", "ger", "Words", False))).read_bytes()

    def setUp(self):
        self.trap = Trap()
        self.addCleanup(self.trap.socket.close)

    def stranger(self, tls=None):
        stranger = self.enterContext(Stranger(tls))
        stranger.pages = {"film.mkv": self.film, **inward_pages(self.trap.port)}
        return stranger

    def tls(self):
        key, certificate = self.folder / "own.key", self.folder / "own.crt"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context

    def assert_nothing_leads_inward(self, paths):
        """Of files that name others and of redirects those whose path matches, each for all programs."""
        stranger = self.stranger()
        egress = self.enterContext(Egress(stranger.base))
        found = sorted(set(stranger.pages) - {"film.mkv"})
        found += ["to/" + urllib.parse.quote(url, safe="") for url in inward_urls(self.trap.port).values()]
        with ThreadPoolExecutor(len(PROGRAMS)) as pool:
            for path in filter(re.compile(paths).fullmatch, found):
                runs = pool.map(lambda program: run(program, stranger.base + path, egress.gateway_port), PROGRAMS)
                for program, ended in zip(PROGRAMS, runs):
                    with self.subTest(f"{program} {path}"):
                        self.assertNotEqual(0, ended.returncode)
                        self.assertTrue(ended.stderr + ended.stdout)
                self.assert_nobody_came(path)
        refused = [line for line in egress.lines if line.startswith("refused 127.0.0.1:")]
        self.assertTrue(refused, "redirects come to the proxy")

    @unittest.skipUnless(shutil.which("strace"), "no strace")
    def assert_programs_connect_to_nothing_else(self, *paths):
        """Over http and https, as the system sees it."""
        log = self.folder / "strace.log"
        for stranger in (self.stranger(), self.stranger(self.tls())):
            egress = self.enterContext(Egress(stranger.base))
            for path in paths:
                for program in PROGRAMS:
                    run(program, stranger.base + path, egress.gateway_port, "strace", "-f", "-qq", "-e", "trace=network", "-o", log)
                    with self.subTest(f"{program} {stranger.base}{path}"):
                        self.assert_only_port(egress.gateway_port, log.read_text().splitlines())
        self.assert_nobody_came("strace")

    def assert_only_port(self, port, calls):
        """Of system calls: all that connect do it to this port of 127.0.0.1, and no datagram is addressed to anybody."""
        connects = [line for line in calls if re.search(r"\bconnect\(", line)]
        self.assertTrue(connects)
        for line in connects:
            self.assertRegex(line, rf'sin_port=htons\({port}\), sin_addr=inet_addr\("127.0.0.1"\)')
        self.assertFalse([line for line in calls if re.search(r"\b(sendto|sendm?msg)\(.*sa_family", line)])

    def assert_nobody_came(self, what):
        visits, self.trap.visits = self.trap.visits, []
        self.assertEqual([], visits, what)


class Proxy(Safety):
    def test_no_url_of_the_corpus_is_fetched(self):
        egress = self.enterContext(Egress("http://127.0.0.1:1/"))
        count = 0
        for url in corpus(self.trap.port):
            asked = [f"GET {url}", f"HEAD {url}"]
            with contextlib.suppress(ValueError):
                asked.append(f"CONNECT {urllib.parse.urlsplit(url).netloc}")
            for line in asked:
                with self.subTest(line):
                    self.assertRegex(egress.ask(line), r"^HTTP/1\.1 (4\d\d|50[24]) Not fetched: .*\.?$")
                    self.assert_nobody_came(line)
            count += 1
        self.assertGreaterEqual(count, 120)

    def test_programs_play_through_it(self):
        for stranger in (self.stranger(), self.stranger(self.tls())):
            egress = self.enterContext(Egress(stranger.base))
            for program in PROGRAMS:
                with self.subTest(f"{program} {stranger.base}"):
                    ended = run(program, stranger.base + "film.mkv", egress.gateway_port)
                    self.assertEqual(0, ended.returncode, ended.stderr)
                    self.assertTrue(stranger.asked)
                    del stranger.asked[:]
                    again = run(program, f"{stranger.base}to/{urllib.parse.quote(stranger.base, safe='')}film.mkv",
                                egress.gateway_port)
                    self.assertEqual(0, again.returncode, again.stderr)

    def test_mpv_reads_no_settings_and_runs_no_scripts(self):
        home = self.folder / "home"
        traces = [home / name for name in ("written", "run", "said")]
        scripts = home / ".config/mpv/scripts"
        scripts.mkdir(parents=True)
        (scripts.parent / "mpv.conf").write_text(f"script={home}/other.lua\nlog-file={traces[2]}\n")
        for script, trace in ((scripts / "own.lua", traces[0]), (home / "other.lua", traces[1])):
            script.write_text(f"io.open('{trace}', 'w'):close()\n")
        stranger = self.stranger()
        egress = self.enterContext(Egress(stranger.base))
        self.assertEqual(0, run("mpv", stranger.base + "film.mkv", egress.gateway_port, HOME=str(home)).returncode)
        self.assertEqual([], [trace for trace in traces if trace.exists()])
        # which it would, had nobody told it not to
        subprocess.run(["mpv", "--no-terminal", "--vo=null", "--ao=null", "--frames=1", self.folder / "film.mkv"],
                       env={"PATH": os.environ["PATH"], "HOME": str(home)}, check=True, timeout=60)
        self.assertEqual(traces, [trace for trace in traces if trace.exists()])

    def test_programs_connect_to_nothing_else(self):
        self.assert_programs_connect_to_nothing_else("film.mkv")

    def test_nothing_that_is_fetched_leads_inward(self):
        # What the white-list of protocols has to allow is what matters; all of it: Everything.
        self.assert_nothing_leads_inward(r".*_httpproxy\..*|m\w+_tcp\..*|sdp\.sdp|to/.*")

    def test_the_reason_is_in_what_ffprobe_says(self):
        stranger = self.stranger()
        egress = self.enterContext(Egress(stranger.base))
        ended = run("ffprobe", f"{stranger.base}to/http%3A%2F%2F10.0.0.1%2Ffilm.mkv", egress.gateway_port)
        self.assertIn("HTTP error 403 Not fetched: The URL's host is an address of a private network", ended.stderr)


class Names(Safety):
    """With a name server of the test's own, in a mount namespace where it is the system's."""

    def setUp(self):
        super().setUp()
        settings = self.folder / "resolv.conf"
        settings.write_text(f"nameserver {NameServer.address}\noptions timeout:1 attempts:1\n")
        self.inside = ["unshare", "--mount", "sh", "-c", f'mount --bind {settings} /etc/resolv.conf && exec "$@"', "sh"]
        if subprocess.run([*self.inside, "true"], capture_output=True).returncode != 0:
            self.skipTest("no namespaces")

    def serve(self, **answers):
        server = NameServer({name.replace("_", "."): rounds for name, rounds in answers.items()})
        self.addCleanup(server.close)
        return server

    def test_names_that_lead_inward_are_refused(self):
        inner = ["127.0.0.1", "127.8.9.10", "10.0.0.1", "172.20.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"]
        self.serve(films_example=[[address] for address in inner] + [["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"]])
        egress = self.enterContext(Egress("http://127.0.0.1:1/", *self.inside))
        for number in range(len(inner) + 2):
            for line in (f"GET http://films.example:{self.trap.port}/", f"CONNECT films.example:{self.trap.port}")[:1 + number % 2]:
                self.assertRegex(egress.ask(line), "^HTTP/1.1 403 Not fetched: films.example leads to ")
        self.assert_nobody_came("names")

    def test_an_answer_that_changes_between_check_and_use_is_not_asked_for(self):
        server = self.serve(films_example=[["8.8.8.8"], ["127.0.0.1"]])
        stranger = self.stranger()
        egress = self.enterContext(Egress(stranger.base, *self.inside))
        target = urllib.parse.quote(f"http://films.example:{self.trap.port}/film.mkv", safe="")
        first = run("ffprobe", f"{stranger.base}to/{target}", egress.gateway_port)
        self.assertIn("Not fetched: films.example does not answer", first.stderr)
        self.assertEqual(["films.example"], server.asked)
        second = run("ffprobe", f"{stranger.base}to/{target}", egress.gateway_port)
        self.assertIn("Not fetched: films.example leads to a loopback address", second.stderr)
        self.assert_nobody_came("names")


class Everything(Safety):
    def test_nothing_that_is_fetched_leads_inward(self):
        self.assert_nothing_leads_inward(r".*")

    def test_programs_connect_to_nothing_else(self):
        elsewhere = "to/" + urllib.parse.quote("http://films.invalid/", safe="")
        self.assert_programs_connect_to_nothing_else("media_httpproxy.m3u8", "master_tcp.m3u8", "dash_httpproxy.mpd", elsewhere)


class Sessions(Safety):
    """The same over the API, with everything that takes part."""

    def test_the_proxy_has_no_rights_and_dies_with_the_daemon(self):
        house = self.open_house(self.stranger())
        pid = wait_for(lambda: by_program(list(children_of(house.daemon.pid))).get("continuo-egress"), 5, "the proxy")
        status = Path(f"/proc/{pid}/status")
        wait_for(lambda: "NoNewPrivs:\t1" in status.read_text(), 5, "it has given up its rights")
        self.assertNotIn("Uid:\t0", status.read_text())
        house.daemon.kill()
        house.daemon.wait()
        wait_for(lambda: not status.exists() or "State:\tZ" in status.read_text(), 2, "its end")

    def open_house(self, stranger):
        house = House(f"watch: {{ enabled: true, max_sessions: 2, height: 180, preset: ultrafast,\n"
                      f"  torrent_gateway: \"{stranger.base}{{magnet}}\" }}\n")
        self.addCleanup(house.__exit__, None)
        return house

    def test_every_url_of_the_corpus_is_answered_by_its_reason(self):
        stranger = self.stranger()
        house = self.open_house(stranger)
        count = 0
        for count, url in enumerate(corpus(self.trap.port), 1):
            if url.startswith(MAGNET[:20]):
                continue  # there is a gateway
            client = Client(house.port, address=f"8.8.{count // 200}.{count % 200}")  # nobody asks too often
            answer = client.post("/api/v1/sessions", {"url": url})
            with self.subTest(url):
                self.assertEqual(400, answer.status, answer.body)
                self.assertTrue(answer.json()["detail"].endswith("."))
                self.assertEqual(400, client.post(f"/stream/{count}", {"url": url}).status)
        self.assertGreaterEqual(count, 120)
        self.assertEqual([], Client(house.port).get("/api/v1/sessions").json()["sessions"])
        self.assert_nobody_came("corpus")
        self.assertEqual([], stranger.asked)

    def assert_fails_with(self, words, client, url):
        def opened():  # 503 while the daemon and its proxy start
            answer = client.post("/api/v1/sessions", {"url": url})
            return answer.status != 503 and answer
        answer = wait_for(opened, 10, "the daemon answers")
        with self.subTest(url):
            self.assertIn(answer.status, (201, 502), answer.body)
            if answer.status == 201:
                session = answer.json()["id"]
                self.assertIn(words, client.wait_state(session, "failed")["note"])
                client.post(f"/stop/{session}?hard=true")
            else:
                self.assertIn(words, answer.json()["detail"])

    def test_what_shows_itself_later_is_told_in_words(self):
        stranger = self.stranger()
        house = self.open_house(stranger)
        client = Client(house.port)
        redirects = {f"http://127.0.0.1:{self.trap.port}/film.mkv": "a loopback address",
                     f"http://localhost:{self.trap.port}/film.mkv": "this server's own network",
                     "http://169.254.169.254/latest/meta-data/": "a link-local address"}
        for number, (target, words) in enumerate(redirects.items()):
            stranger.redirects[urllib.parse.quote(f"{MAGNET}&dn={number}", safe="")] = target
            self.assert_fails_with(words, client, f"{MAGNET}&dn={number}")
        for page in ("media_httpproxy.m3u8", "master_tcp.m3u8", "dash_httpproxy.mpd"):
            stranger.pages[urllib.parse.quote(f"{MAGNET}&dn={page}", safe="")] = stranger.pages[page]
            self.assert_fails_with("It is a playlist", client, f"{MAGNET}&dn={page}")
        self.assert_nobody_came("sessions")


if __name__ == "__main__":
    unittest.main()
