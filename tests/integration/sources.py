"""What a channel can be fed with, made by ffmpeg: clips with numbered frames, an nginx that serves them, live publishers."""
import http.server
import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from house import die_with_us, free_port, wait_for

QUIET = ["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-y"]
SOUND = "aevalsrc='0.1*sin(2*PI*300*t)+0.4*sin(2*PI*1000*t)*lt(mod(t,1),0.04)':s=48000,aformat=channel_layouts=stereo"


def numbered_picture(size="320x180", rate="25", frames="1"):
    """lavfi text: moving picture with its frame number as the 16 cells that house.frame_numbers reads.

    `frames`: an expression of select; what it drops is gone before the frames are numbered.
    """
    width, height = map(int, size.split("x"))
    cell, rows = width // 16, height // 12
    cells = "".join(f",drawbox=x={bit * cell}:y=0:w={cell}:h={rows}:color=white:t=fill:enable='mod(floor(n/{1 << bit}),2)'"
                    for bit in range(16))
    return (f"testsrc2=size={size}:rate={rate},select='{frames}',drawbox=x=0:y=0:w={width}:h={rows}:color=black:t=fill{cells}")


H264 = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-sc_threshold", "0"]
AAC = ["-c:a", "aac", "-b:a", "96k"]


def make_clip(path, seconds, video, audio=tuple(AAC), picture=None, mux=()):
    """One file; the format follows from its name. `audio` empty: none."""
    command = [*QUIET, "-f", "lavfi", "-i", picture or numbered_picture()]
    if audio:
        command += ["-f", "lavfi", "-i", SOUND]
    subprocess.run([*command, "-t", str(seconds), "-fps_mode", "passthrough", *video, *audio, *mux, str(path)], check=True,
                   preexec_fn=die_with_us)
    return path


def frame_count(path):
    """Pictures in a file."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets", "-show_entries", "stream=nb_read_packets",
               "-of", "csv=p=0", str(path)]
    return int(subprocess.run(command, check=True, capture_output=True).stdout.split()[0].strip(b","))


class Process:
    """A program that runs beside the test and dies with it."""

    def __init__(self, *command, **options):
        self.popen = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, preexec_fn=die_with_us, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.popen.kill()
        self.popen.wait()


def publish(clip, *output):
    """Sends a clip, looped, in real time to wherever ffmpeg's `output` arguments point."""
    return Process(*QUIET, "-re", "-stream_loop", "-1", "-i", clip, "-c", "copy", *output)


class Origin:
    """nginx on loopback: serves a folder on tmpfs."""

    locations = ""  # more of the server's configuration; %s: the folder

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="continuo-origin-", dir="/dev/shm"))
        self.root = self.folder / "www"
        self.root.mkdir(mode=0o755)
        self.folder.chmod(0o755)
        self.port = free_port()
        scratch = "".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in
                          ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {self.folder}/pid; error_log {self.folder}/error.log;"
            f"{'user root;' if os.getuid() == 0 else ''} events {{ worker_connections 256; }}"
            f"http {{ access_log off; {scratch} types {{ application/vnd.apple.mpegurl m3u8; video/mp2t ts; }}"
            f" server {{ listen 127.0.0.1:{self.port}; root {self.root};"
            f" {self.locations.replace('%s', str(self.root))} }} }}")
        self.nginx = Process("nginx", "-p", self.folder, "-e", self.folder / "error.log", "-c", self.folder / "nginx.conf")
        self.publishers = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for publisher in self.publishers:
            publisher.__exit__()
        # The master takes its worker along only when asked.
        self.nginx.popen.terminate()
        self.nginx.popen.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, path):
        return f"http://127.0.0.1:{self.port}/{path}"

    def live_hls(self, clip, segment_time=2):
        """URL of a live playlist that ffmpeg writes from a clip in real time; waits until three segments are listed."""
        folder = self.root / f"live{len(self.publishers)}"
        folder.mkdir()
        self.publishers.append(publish(clip, "-f", "hls", "-hls_time", segment_time, "-hls_list_size", 6, "-hls_delete_threshold",
                                       12, "-hls_flags", "delete_segments", folder / "index.m3u8"))
        listed = folder / "index.m3u8"
        wait_for(lambda: listed.exists() and listed.read_text().count("#EXTINF") >= 3, 30, "three segments at the origin")
        return self.url(f"{folder.name}/index.m3u8")

    def vod_hls(self, clip, segment_time=2):
        """URL of a playlist with an end."""
        folder = self.root / "vod"
        folder.mkdir()
        subprocess.run([*QUIET, "-i", str(clip), "-c", "copy", "-f", "hls", "-hls_time", str(segment_time), "-hls_playlist_type",
                        "vod", str(folder / "index.m3u8")], check=True)
        return self.url("vod/index.m3u8")


class EmptyServer:
    """A web server that has nothing: no answer at /silent*, 404 elsewhere, in words of its own at /phrase*. `seen`: what it was asked."""

    def __init__(self):
        self.seen = []
        self.closing = threading.Event()
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                server.seen.append(self.path)
                if self.path.startswith("/silent"):
                    server.closing.wait(60)
                else:
                    self.send_error(404, "Not fetched: No \xff." if self.path.startswith("/phrase") else None)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closing.set()
        self.http.shutdown()
        self.http.server_close()

    def url(self, name):
        return f"http://127.0.0.1:{self.http.server_port}/{name}"
