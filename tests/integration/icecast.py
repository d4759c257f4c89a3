"""An Icecast server of the test's own, listeners to it, and what they heard."""
import array
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from xml.sax.saxutils import escape

from house import die_with_us, free_port, wait_for
from live_sources import TONE_RATE, TONE_SPAN, loudest_tone
from sources import QUIET

LONGEST_GAP = 0.1  # s: a longer silence in the sound is one that listeners notice

CONFIG = """<icecast>
  <hostname>localhost</hostname><location>here</location><admin>nobody@localhost</admin>
  <limits><clients>50</clients><sources>8</sources><burst-size>65535</burst-size></limits>
  <authentication><source-password>{password}</source-password><admin-user>admin</admin-user>
    <admin-password>{password}-admin</admin-password></authentication>
  <listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <paths><basedir>/usr/share/icecast2</basedir><logdir>{folder}</logdir><webroot>/usr/share/icecast2/web</webroot>
    <adminroot>/usr/share/icecast2/admin</adminroot></paths>
  <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>4</loglevel></logging>
  <mount type="default"><charset>UTF-8</charset></mount>
</icecast>
"""


class Server:
    """icecast2 on loopback. It refuses to be root, and is nobody then.

    Version 2.4.4 dies once in some hundred starts, of a null pointer of its own; it is started again then, as systemd would do.
    """

    def __init__(self, password):
        self.folder = Path(tempfile.mkdtemp(prefix="continuo-icecast-"))
        self.folder.chmod(0o777)
        self.port = free_port()
        (self.folder / "icecast.xml").write_text(CONFIG.format(password=escape(password), port=self.port, folder=self.folder))
        self.process = None
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """The monotonic time from which it takes connections."""
        self.process = self.spawn()
        threading.Thread(target=self.replace_crashed, daemon=True).start()
        wait_for(self.answers, 5, "Icecast answers")
        return time.monotonic()

    def spawn(self):
        options = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
        return subprocess.Popen(["icecast2", "-c", self.folder / "icecast.xml"], stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_us, **options)

    # One thread for all of them: who is forked by a thread dies with it.
    def replace_crashed(self):
        process = self.process
        while process.wait() == -signal.SIGSEGV and process is self.process:
            print(f"Icecast crashed and is started again; it wrote: {self.log()[-400:]}", file=sys.stderr, flush=True)
            process = self.process = self.spawn()

    def kill(self):
        process, self.process = self.process, None
        if process:
            process.kill()
            process.wait()

    def answers(self):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/status-json.xsl", timeout=2).status == 200
        except OSError:
            return False

    def url(self, mount):
        return f"http://127.0.0.1:{self.port}{mount}"

    def log(self):
        return (self.folder / "error.log").read_text(errors="replace")


class Listener(threading.Thread):
    """Somebody with a radio: hears one connection to its end. `titles`: what it showed, with when (monotonic)."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self.url = url
        self.heard = bytearray()
        self.began = None   # monotonic seconds of the first byte
        self.longest_wait = 0.0
        self.titles = []
        self.headers = {}
        self._ended = threading.Event()
        self.start()

    def run(self):
        request = urllib.request.Request(self.url, headers={"Icy-MetaData": "1"})
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                self.headers = dict(answer.headers)
                self._listen(answer, int(self.headers["icy-metaint"]))
        except (OSError, ValueError):
            pass  # gone: what was heard until then counts

    def _listen(self, answer, interval):
        last = time.monotonic()
        while not self._ended.is_set():
            left = interval
            while left > 0:
                sound = answer.read1(min(left, 1024))
                if not sound:
                    return
                now = time.monotonic()
                if self.began is not None:
                    self.longest_wait = max(self.longest_wait, now - last)
                self.began = self.began or now
                last = now
                self.heard += sound
                left -= len(sound)
            text = answer.read(answer.read(1)[0] * 16).rstrip(b"\0")
            if text:
                self.titles.append((time.monotonic(), text.decode().removeprefix("StreamTitle='").removesuffix("';")))

    def finish(self):
        self._ended.set()
        self.join(20)
        return self

    def title(self):
        return self.titles[-1][1] if self.titles else None


def hears(url, seconds):
    """A listener that hears something; fails at the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        listener = Listener(url)
        wait_for(lambda: listener.heard or not listener.is_alive(), 20, f"an answer for {url}")
        if listener.heard:
            return listener
        if time.monotonic() > deadline:
            raise AssertionError(f"nothing to be heard at {url} within {seconds} s")
        listener.join()


def decode(sound, rate):
    """Samples (s16, mono) of MP3 or AAC, as a decoder gives them that knows no timestamps."""
    return subprocess.run([*QUIET, "-i", "pipe:0", "-ac", "1", "-ar", str(rate), "-f", "s16le", "pipe:1"], input=bytes(sound),
                          capture_output=True, check=True, timeout=60).stdout


def silences(sound, shortest=0.02, below_db=-50):
    """(start, end) of each silence in encoded sound, seconds."""
    done = subprocess.run(["ffmpeg", "-hide_banner", "-nostdin", "-i", "pipe:0", "-af", f"silencedetect=n={below_db}dB:d={shortest}",
                           "-f", "null", "-"], input=bytes(sound), capture_output=True, check=True, timeout=60)
    found, start = [], None
    for line in done.stderr.decode(errors="replace").splitlines():
        if "silence_start:" in line:
            start = float(line.split("silence_start:")[1].split()[0])
        elif "silence_end:" in line:
            found.append((start, float(line.split("silence_end:")[1].split()[0])))
    return found


def tones(sound):
    """The tones that are heard one after the other, Hz; what is shorter than half a second is left out."""
    samples = array.array("h", decode(sound, TONE_RATE))
    span = int(TONE_RATE * TONE_SPAN)
    heard = []
    for at in range(0, len(samples) - span, span):
        tone = loudest_tone(samples[at:at + span])
        if heard and heard[-1][0] == tone:
            heard[-1][1] += 1
        else:
            heard.append([tone, 1])
    steady = [tone for tone, count in heard if count * TONE_SPAN >= 0.5]
    return [tone for tone, before in zip(steady, [None, *steady]) if tone != before]


def length(sound):
    """Seconds."""
    return len(decode(sound, TONE_RATE)) / 2 / TONE_RATE
