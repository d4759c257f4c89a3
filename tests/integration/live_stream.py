"""A live transport stream over HTTP, in real time, into which a test puts SCTE-35 sections while it runs."""
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from house import die_with_us
from ladders import X264
from sources import AAC, QUIET, make_clip, numbered_picture
from splices import CueInserter
from transport_stream import PACKET, elapsed

SECOND = 90000
STEP = 0.02  # s


def make_long_clip(path, seconds, gop=25, size="320x180", round_=20):
    """A clip whose pictures come round every 20 s, its times go on."""
    short = make_clip(path.with_suffix(".short.ts"), round_, [*X264, "-g", str(gop), "-keyint_min", str(gop)], audio=AAC,
                      picture=numbered_picture(size))
    subprocess.run([*QUIET, "-stream_loop", str(-(-seconds // round_) - 1), "-i", str(short), "-c", "copy", str(path)], check=True,
                   preexec_fn=die_with_us)
    short.unlink()
    return path


class LiveStream(ThreadingHTTPServer):
    """`url` gives whoever asks what is on air from the newest keyframe on; the clip begins when the stream is made."""
    daemon_threads = True

    def __init__(self, clip):
        super().__init__(("127.0.0.1", 0), Viewer)
        self.data = clip.read_bytes()
        self.epoch = time.monotonic()
        self.pictures = list(pictures_of(self.data))  # (offset of the first packet, PTS, whether a decoder can begin here)
        self.first_pts = self.pictures[0][1]
        self.lock = threading.Lock()
        self.sections = []  # (number of viewers' reading, section)
        self.ended = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/live.ts"

    def now(self):
        """PTS on air."""
        return self.first_pts + round((time.monotonic() - self.epoch) * SECOND)

    def keyframe_after(self, pts):
        """PTS of the first one at or after that."""
        return next(time for _, time, key in self.pictures if key and elapsed(pts, time) >= 0)

    def send(self, section):
        """Puts it in front of the next picture."""
        with self.lock:
            self.sections.append(section)

    def sent(self, known):
        """Sections from the `known`-th on."""
        with self.lock:
            return self.sections[known:]

    def wait_until(self, pts):
        """Until that is on air; false when the stream was closed."""
        return not self.ended.wait(max(0.0, elapsed(self.now(), pts) / SECOND))

    def handle_error(self, *_):
        pass  # a client that went away

    def close(self):
        self.ended.set()
        self.shutdown()
        self.server_close()


def pictures_of(data):
    """(offset, PTS, keyframe) of each picture; ffmpeg marks keyframes with the random-access indicator."""
    inserter = CueInserter()
    for at in range(0, len(data), PACKET):
        packet = data[at:at + PACKET]
        inserter.announced(packet)
        if (pts := inserter.picture_time(packet)) is not None:
            yield at, pts, bool(packet[3] & 0x20 and packet[4] and packet[5] & 0x40)


class Viewer(BaseHTTPRequestHandler):
    def do_GET(self):
        live, inserter = self.server, CueInserter()
        self.send_response(200)
        self.end_headers()
        known = len(live.sent(0))
        begin = max((index for index, (_, pts, key) in enumerate(live.pictures) if key and elapsed(live.now(), pts) <= 0), default=0)
        self.wfile.write(b"".join(inserter.announced(live.data[at:at + PACKET]) for at in tables_before(live.data, live.pictures[begin][0])))
        for (at, pts, _), (end, _, _) in zip(live.pictures[begin:], live.pictures[begin + 1:]):
            if not live.wait_until(pts):
                return
            new = live.sent(known)
            known += len(new)
            self.wfile.write(b"".join(map(inserter.packets_of, new)) +
                             b"".join(inserter.announced(live.data[packet:packet + PACKET]) for packet in range(at, end, PACKET)))

    def log_message(self, *_):
        pass


def tables_before(data, offset):
    """Offsets of the last PAT in front of `offset` and of the PMT behind it."""
    for at in range(offset - PACKET, -1, -PACKET):
        if (data[at + 1] & 31) << 8 | data[at + 2] == 0:
            return at, at + PACKET
    return ()
