"""A continuo-http with a root of assets, and what its lists must say, worked out a second time with fractions."""
import bisect
import contextlib
import datetime
import http.client
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from urllib.parse import urljoin

from house import BIN, die_with_us, free_port, parse_playlist, wait_for

TICKS = 90000
NOW = 1_800_000_000  # s since 1970: what tests take for "now" where any time will do
DAY = 86400


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes
    path: str

    @property
    def text(self):
        return self.body.decode()


class VodServer:
    """`settings`: more keys of `pseudolive`; `channels`: YAML below that key; `root`: that of another server, to share it."""

    def __init__(self, settings="", channels=" []", root=None):
        self.folder = Path(tempfile.mkdtemp(prefix="continuo-vod-", dir="/dev/shm"))
        self.state = self.folder / "state"
        self.root = root or self.folder / "vod"
        self.root.mkdir(exist_ok=True)
        (self.folder / "run").mkdir()
        self.port = free_port()
        self.process = None
        self.environment = {}
        self.write_config(settings, channels)

    def write_config(self, settings="", channels=" []"):
        epoch = "" if "epoch:" in settings else "  epoch: 1970-01-01T00:00:00Z\n"
        (self.folder / "config.yaml").write_text(
            f"runtime_dir: {self.folder}/run\nstate_dir: {self.state}\nlog_level: debug\n"
            f"http: {{ listen: 127.0.0.1:{self.port} }}\n"
            f"pseudolive:\n  root: {self.root}\n  allow_clock: true\n{epoch}{settings}channels:{channels}\n")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.stop()
        if kind is not None:
            print(self.log()[-6000:])
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, wait=True):
        with open(self.folder / "http.log", "ab") as log:
            self.process = subprocess.Popen([BIN / "continuo-http", "--config", self.folder / "config.yaml"], stderr=log,
                                            stdin=subprocess.DEVNULL, preexec_fn=die_with_us,
                                            env={**os.environ, **self.environment})
        if wait:
            wait_for(lambda: self.get("/healthz").status == 200, 10, f"HTTP answers; {self.log()[-2000:]}")
        return self

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def restart(self):
        self.stop()
        return self.start()

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def log(self):
        file = self.folder / "http.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path, headers=None, method="GET", seconds=10):
        """Follows redirects, as players do; status 0: nobody answered."""
        for _ in range(3):
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)) as connection:
                try:
                    connection.request(method, path, headers=headers or {})
                    response = connection.getresponse()
                    fields = {name.lower(): value for name, value in response.getheaders()}
                    answer = Answer(response.status, fields, response.read(), path)
                except (OSError, http.client.HTTPException):
                    return Answer(0, {}, b"", path)
            if answer.status not in (301, 302, 307, 308):
                return answer
            path = urljoin(path, fields["location"])
        return answer

    def wait_ready(self, *streams, seconds=15):
        for stream in streams:
            path = f"/pseudolive/{stream}/master.m3u8"
            wait_for(lambda: self.get(path).status == 200, seconds, f"{path}: {self.get(path)}; {self.log()[-1500:]}")
        return self

    def list(self, path, now=None):
        """A media playlist with the full paths of what it lists."""
        answer = self.get(path if now is None else f"{path}?now={now}")
        assert answer.status == 200, answer
        playlist = parse_playlist(answer.text, 0)
        for segment in playlist.segments:
            segment.uri = urljoin(answer.path.partition("?")[0], segment.uri)
        return playlist

    def media(self, stream, variant, now=None):
        return self.list(media_path(stream, variant), now)


def media_path(stream, variant):
    return f"/pseudolive/{stream}/{variant}/index.m3u8"


def microseconds(date):
    """Of a PROGRAM-DATE-TIME, since 1970."""
    parsed = datetime.datetime.fromisoformat(date.replace("Z", "+00:00"))
    return (parsed - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(microseconds=1)


@dataclass(frozen=True)
class Row:
    """A listed segment: its number, where it is in the asset, what it says."""
    number: int
    item: int
    index: int
    discontinuity: bool
    discontinuity_sequence: int
    start: Fraction  # s since 1970


class Model:
    """What lists must say of items that are played in turn for ever, since `epoch`; slow, and by other means than the product.

    `items`: (durations in ticks, indices of input discontinuities, times).
    """

    def __init__(self, *items, window=10, epoch=0, hold_back=0):
        self.epoch, self.hold_back, self.window = Fraction(epoch), Fraction(hold_back), window
        self.round = []  # (item, index, duration, tag) of one time through all items
        for item, (durations, tags, times) in enumerate(items):
            for _ in range(times):
                self.round += [(item, index, duration, index == 0 or index in tags) for index, duration in enumerate(durations)]
        self.ends = []
        for _, _, duration, _ in self.round:
            self.ends.append((self.ends[-1] if self.ends else 0) + duration)
        self.target_duration = max(-(-duration // TICKS) for _, _, duration, _ in self.round)

    @property
    def seconds(self):
        return Fraction(self.ends[-1], TICKS)

    def ended(self, now):
        passed = (Fraction(str(now)) - self.epoch - self.hold_back) * TICKS
        rounds, rest = divmod(passed, self.ends[-1])
        return int(rounds) * len(self.round) + bisect.bisect_right(self.ends, rest)

    def row(self, number):
        rounds, place = divmod(number, len(self.round))
        item, index, duration, tag = self.round[place]
        tags = rounds * sum(entry[3] for entry in self.round) + sum(entry[3] for entry in self.round[:place + 1])
        start = self.epoch + Fraction(rounds * self.ends[-1] + self.ends[place] - duration, TICKS)
        return Row(number, item, index, tag and number > 0, tags - 1, start)

    def rows(self, now):
        """`window` segments, or three target durations where that is more."""
        ended = self.ended(now)
        first = max(0, ended - self.window)
        while first > 0 and sum(self.round[n % len(self.round)][2] for n in range(first, ended)) < 3 * self.target_duration * TICKS:
            first -= 1
        return [self.row(number) for number in range(first, ended)]

    def check(self, test, playlist, now, uri_of):
        """`uri_of(item, index)`: the path that the list must have."""
        rows = self.rows(now)
        test.assertEqual(playlist.target_duration, self.target_duration)
        test.assertEqual(playlist.media_sequence, rows[0].number)
        seen = [(s.number, s.uri, s.discontinuity, s.discontinuity_sequence) for s in playlist.segments]
        test.assertEqual(seen, [(r.number, uri_of(r.item, r.index), r.discontinuity, r.discontinuity_sequence) for r in rows])
        for segment, row in zip(playlist.segments, rows):
            test.assertLessEqual(abs(microseconds(segment.date) - row.start * 10**6), 1000, segment)
            test.assertAlmostEqual(segment.duration, self.round[row.number % len(self.round)][2] / TICKS, delta=2 / TICKS)
