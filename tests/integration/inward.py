"""What strangers may serve to lead a server to itself: a trap that must not be visited, a stranger's server, its playlists."""
import http.server
import re
import socket
import struct
import threading
import urllib.parse
from pathlib import Path

CORPUS = Path(__file__).resolve().parent.parent / "support" / "inward_urls.txt"
SIGNS = {"\\n": "\n", "\\r": "\r", "\\t": "\t", "\\s": " ", "\\\\": "\\"}


def corpus(port):
    """Every URL of the file, with `port` for {port}."""
    for line in CORPUS.read_text().splitlines():
        if line and not line.startswith("#"):
            for sign, meant in {"{port}": str(port), **SIGNS}.items():
                line = line.replace(sign, meant)
            yield line


class Trap(threading.Thread):
    """Listens on all of loopback; `visits` has the first bytes of whoever comes."""

    def __init__(self):
        super().__init__(daemon=True)
        self.visits = []
        self.socket = socket.socket(socket.AF_INET6)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.socket.bind(("::", 0))
        self.socket.listen(64)
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                visitor, _ = self.socket.accept()
            except OSError:
                return
            with visitor:
                visitor.settimeout(1)
                try:
                    self.visits.append(visitor.recv(200))
                except OSError as error:
                    self.visits.append(str(error).encode())


class Stranger:
    """A web server: `pages` by path; `redirects` too, and /to/URL redirects to URL, whatever it is."""

    def __init__(self, tls=None):
        stranger = self
        self.pages = {}
        self.redirects = {}
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                stranger.asked.append((self.path, dict(self.headers)))
                path = urllib.parse.urlsplit(self.path).path
                if path.startswith("/to/"):
                    return self.answer(302, b"", ("Location", urllib.parse.unquote(path[4:])))
                if path.lstrip("/") in stranger.redirects:
                    return self.answer(302, b"", ("Location", stranger.redirects[path.lstrip("/")]))
                body = stranger.pages.get(path.lstrip("/"))
                if body is None:
                    return self.answer(404, b"")
                first, _, last = self.headers.get("Range", "bytes=0-")[6:].partition("-")
                part = body[int(first):int(last) + 1 if last else None]
                self.answer(206, part, ("Content-Range", f"bytes {first}-{int(first) + len(part) - 1}/{len(body)}"))

            do_HEAD = do_GET

            def answer(self, status, body, *fields):
                self.send_response(status)
                for field in (*fields, ("Content-Length", str(len(body))), ("Accept-Ranges", "bytes")):
                    self.send_header(*field)
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    pass  # who has seen enough goes

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class NameServer(threading.Thread):
    """Answers questions for A with one list of addresses of `answers` after the other, the last one for ever."""
    address = "127.0.0.77"  # its own, since the port of name servers can't be chosen

    def __init__(self, answers):
        super().__init__(daemon=True)
        self.answers = answers
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((self.address, 53))
        self.socket.settimeout(0.1)
        self.closed = False
        self.start()

    def close(self):
        self.closed = True
        self.join()
        self.socket.close()

    def run(self):
        while not self.closed:
            try:
                query, client = self.socket.recvfrom(512)
            except TimeoutError:
                continue
            end = query.index(b"\0", 12) + 5  # of the question: name, type, class
            name = b".".join(re.findall(rb"[\x01-\x3f]([\w-]+)", query[12:end - 4])).decode()
            addresses = []
            if query[end - 4:end - 2] == b"\0\1":
                rounds = self.answers[name]
                addresses = rounds[min(self.asked.count(name), len(rounds) - 1)]
                self.asked.append(name)
            records = b"".join(b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + socket.inet_aton(address) for address in addresses)
            counts = struct.pack(">4H", 1, len(addresses), 0, 0)
            self.socket.sendto(query[:2] + b"\x81\x80" + counts + query[12:end] + records, client)


def hls(segment, tag=""):
    return f"#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:4\n{tag}#EXTINF:3.0,\n{segment}\n#EXT-X-ENDLIST\n"


def dash(base):
    return ('<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT3S" '
            'minBufferTime="PT1S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet mimeType="video/mp4">'
            f'<Representation id="1" bandwidth="1000" codecs="avc1"><BaseURL>{base}</BaseURL></Representation></AdaptationSet></Period></MPD>')


def inward_urls(port):
    """By name; the white-list of protocols can't leave out the last ones, which http and https are made of."""
    return {"http": f"http://127.0.0.1:{port}/x.ts", "https": f"https://127.0.0.1:{port}/x.ts", "v6": f"http://[::1]:{port}/x.ts",
            "name": f"http://localhost:{port}/x.ts", "number": f"http://2130706433:{port}/x.ts",
            "crypto": f"crypto+http://127.0.0.1:{port}/x.ts", "tcp": f"tcp://127.0.0.1:{port}", "tls": f"tls://127.0.0.1:{port}",
            "httpproxy": f"httpproxy://127.0.0.1:{port}/x.ts"}


def inward_pages(port):
    """Files that name others, by name: each leads to `port` here."""
    pages = {"sdp.sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\n"
                        "a=rtpmap:96 H264/90000\n"}
    for name, url in inward_urls(port).items():
        pages.update({
            f"media_{name}.m3u8": hls(url),
            f"master_{name}.m3u8": f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{url}\n",
            f"key_{name}.m3u8": hls("seg.ts", f'#EXT-X-KEY:METHOD=AES-128,URI="{url}"\n'),
            f"map_{name}.m3u8": hls("seg.ts", f'#EXT-X-MAP:URI="{url}"\n'),
            f"dash_{name}.mpd": dash(url),
            f"concat_{name}.txt": f"ffconcat version 1.0\nfile '{url}'\n",
            f"edl_{name}.edl": f"# mpv EDL v0\n{url}\n",
            f"list_{name}.m3u": f"#EXTM3U\n{url}\n",
            f"list_{name}.pls": f"[playlist]\nFile1={url}\n",
        })
    return {name: text.encode() for name, text in pages.items()}
