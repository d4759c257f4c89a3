"""An HLS origin that a test has in its hand: what is listed, and how each path answers."""
import gzip
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def playlist(names, first=0, duration=1, ended=False, head="", before=None):
    """A list of segments `duration` s long. `before`: lines in front of segments, by name."""
    lines = ["#EXTM3U", f"#EXT-X-TARGETDURATION:{duration}", f"#EXT-X-MEDIA-SEQUENCE:{first}"] + ([head] if head else [])
    for name in names:
        if before and name in before:
            lines.append(before[name])
        lines += [f"#EXTINF:{duration:.6f},", name]
    return "\n".join(lines + (["#EXT-X-ENDLIST"] if ended else [])) + "\n"


class Answer:
    """`script(request) -> bool`, when given, may answer in its own way; true when it did."""

    def __init__(self, body=b"", status=200, headers=None, script=None):
        self.body = body.encode() if isinstance(body, str) else body
        self.status, self.headers, self.script = status, headers or {}, script


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        with self.server.lock:
            self.server.connections += 1

    def do_GET(self):
        with self.server.lock:
            self.server.requests.append((time.monotonic(), self.path, dict(self.headers)))
        answer = self.server.answer_to(self.path)
        if answer.script and answer.script(self):
            return
        body, status, headers = answer.body, answer.status, dict(answer.headers)
        tag = f'"{hash(body):x}"'
        if status == 200 and self.headers.get("If-None-Match") == tag:
            status, body = 304, b""
        elif status == 200 and self.path.split("?")[0].endswith(".m3u8"):
            headers["ETag"] = tag
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
        elif status == 200 and "Range" in self.headers:
            first, last = self.headers["Range"].removeprefix("bytes=").split("-")
            first, last = int(first), min(int(last or len(body)), len(body) - 1)
            headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
            status, body = 206, body[first:last + 1]
        self.send(status, headers, body)

    def send(self, status, headers, body, length=None):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class HlsServer(ThreadingHTTPServer):
    """Paths answer with what `paths` has for them, 404 without. Stop it with `close`."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.paths, self.requests, self.connections = {}, [], 0
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def url(self, path, user=""):
        return f"http://{user}127.0.0.1:{self.server_address[1]}/{path}"

    def put(self, path, body=b"", **answer):
        with self.lock:
            self.paths["/" + path] = Answer(body, **answer)

    def remove(self, path):
        with self.lock:
            del self.paths["/" + path]

    def answer_to(self, path):
        with self.lock:
            return self.paths.get(path, Answer(b"<html>not here</html>", 404))

    def requests_of(self, path):
        with self.lock:
            return [request for request in self.requests if request[1] == "/" + path]

    def handle_error(self, *_):
        pass  # a client that went away

    def close(self):
        self.shutdown()
        self.server_close()


def http_date(seconds):
    return formatdate(seconds, usegmt=True)
