"""The API that says which stream is at the head: one stream of server-sent events, and every way in which a server can misbehave."""
import contextlib
import json
import socket
import threading
import time
from dataclasses import dataclass

HEARTBEAT = 5.0  # s between comments
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass
class Request:
    """What a client asked with."""
    line: str
    fields: dict  # lower case names
    at: float     # monotonic seconds


def event(data, name="playhead", number=None, end="\n"):
    """The text of one event."""
    lines = ([f"event: {name}"] if name else []) + [f"data: {line}" for line in data.split("\n")]
    lines += [f"id: {number}"] if number is not None else []
    return "".join(line + end for line in [*lines, ""])


class EventApi:
    """Tells who connects the newest head, and then each further one, as it is given to `head`.

    Attributes that a test may set: `status`, other than 200: the whole answer; `mute`: connections stay open and nothing comes,
    not even a comment; `chunk`: the longest HTTP chunk in bytes, 0: as events come; `preamble`: what a new stream begins with.
    """

    def __init__(self):
        self.status = 200
        self.mute = False
        self.chunk = 0
        self.preamble = b""
        self.requests = []
        self.newest = None
        self.number = 0
        self._lock = threading.RLock()
        self._streams = set()
        self._listener = None
        self.port = 0
        self._ended = threading.Event()
        self.come_back()
        threading.Thread(target=self._beat, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def clients(self):
        """Event streams that are open."""
        return len(self._streams)

    def head(self, url, name=""):
        """Says that this is the head now; the monotonic time of saying so."""
        with self._lock:
            self.number += 1
            self.newest = event(json.dumps({"head": url, "name": name}), number=self.number)
            return self.say(self.newest)

    def say(self, text):
        """Sends text (or bytes) as it is to everybody; the monotonic time of doing so."""
        data = text if isinstance(text, bytes) else text.encode()
        with self._lock:
            now = time.monotonic()
            for stream in list(self._streams):
                self._send(stream, data)
            return now

    def drop(self):
        """Resets every connection; clients may come again at once."""
        for stream in list(self._streams):
            self._close(stream)

    def go_away(self):
        """Nobody listens any more: connections are refused."""
        # Its thread waits in accept(); only shutdown wakes it.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop()

    def come_back(self):
        self._listener = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def close(self):
        self._ended.set()
        self.go_away()

    def _beat(self):
        while not self._ended.wait(HEARTBEAT):
            self.say(": still here\n\n")

    def _accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError):
            text = b""
            while b"\r\n\r\n" not in text:
                more = connection.recv(4096)
                if not more:
                    return
                text += more
            line, *fields = text.decode(errors="replace").split("\r\n\r\n")[0].split("\r\n")
            parsed = {name.strip().lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
            self.requests.append(Request(line, parsed, time.monotonic()))
            if self.status != 200:
                connection.sendall(f"HTTP/1.1 {self.status} No\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n".encode())
                connection.close()
                return
            connection.sendall(HEAD)
            with self._lock:  # an event that is said now comes once, and after this
                if greeting := self.preamble + (self.newest or "").encode():
                    self._send(connection, greeting)
                self._streams.add(connection)
            while connection.recv(4096):
                pass
        self._close(connection)

    def _send(self, stream, data):
        pieces = [data[at:at + self.chunk] for at in range(0, len(data), self.chunk)] if self.chunk else [data]
        if self.mute:
            return
        try:
            for piece in pieces:
                stream.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        except OSError:
            self._close(stream)

    def _close(self, stream):
        self._streams.discard(stream)
        with contextlib.suppress(OSError):
            stream.shutdown(socket.SHUT_RDWR)
        stream.close()
