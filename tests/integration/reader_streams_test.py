#!/usr/bin/env python3
"""continuo-segment --from: files, pipes and datagrams; lists that are read whole, that grow, that are played again."""
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from clips import FFMPEG  # noqa: E402
from hls_reader import BROKE, OK, RATE, Reader, ReaderTest  # noqa: E402
from hls_server import playlist  # noqa: E402
from segment_ladder import SEGMENT, SegmentTest, wait_for  # noqa: E402

USAGE, SYSTEM = 64, 71
PACKET, PACKETS = 188, 7  # in a datagram


def free_udp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]


def is_listening(port):
    return any(f":{port:04X} " in Path(f"/proc/net/{table}").read_text() for table in ("udp", "udp6"))


class Streams(SegmentTest):
    """One transport stream, brought in every way: the segments are the same bytes."""

    def setUp(self):
        super().setUp()
        self.stream = self.clip(seconds=6, gop=RATE)
        self.bytes = self.stream.read_bytes()

    def segments(self, directory):
        return [path.read_bytes() for path in sorted(directory.glob("*.ts"))]

    def from_file(self):
        reader = Reader(self.folder, self.stream, name="file")
        self.assertEqual(reader.finish(), (OK, ""))
        segments = self.segments(reader.directory)
        self.assertGreaterEqual(len(segments), 3)
        return segments

    def run_on(self, stdin, *options):
        directory = self.folder / "stdin"
        shutil.rmtree(directory, ignore_errors=True)
        done = subprocess.run([SEGMENT, "--directory", directory, "--source", "--segment-time", "2s", "--target-duration", "6s", *options],
                              stderr=subprocess.PIPE, timeout=20, **stdin)
        self.assertEqual((done.returncode, done.stderr), (OK, b""))
        return self.segments(directory)

    def test_a_file_and_standard_input_as_pipe_and_as_file(self):
        expected = self.from_file()
        for options in ([], ["--from", "-"]):
            self.assertEqual(self.run_on({"input": self.bytes}, *options), expected)
            with self.stream.open("rb") as file:
                self.assertEqual(self.run_on({"stdin": file}, *options), expected)

    def test_a_stream_torn_in_the_middle_of_a_packet_at_both_ends(self):
        torn = self.folder / "torn.bin"
        torn.write_bytes(b"\x47" * 30 + self.bytes[100:-50])
        reader = Reader(self.folder, torn, name="torn")
        code, stderr = reader.finish()
        self.assertEqual(code, OK)
        self.assertIn("no transport packets", stderr)

    def test_what_there_is_no_input_for(self):
        for options, code, word in ((["--from", "-", "--replay"], USAGE, "--replay"), (["--idle", "3s"], USAGE, "--idle"),
                                    (["--from", "udp://@host"], USAGE, "udp://@HOST:PORT"),
                                    (["--from", "udp://@192.0.2.99:5000"], SYSTEM, "udp://@192.0.2.99:5000"),
                                    (["--from", "srt://1.2.3.4:5"], USAGE, "srt")):
            with self.subTest(options=options):
                done = subprocess.run([SEGMENT, "--directory", self.folder / "none", "--source", "--segment-time", "2s",
                                       "--target-duration", "6s", *options], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(word, done.stderr)

    def listen(self, url, port, name):
        reader = Reader(self.folder, url, "--idle", "1s", name=name)
        self.addCleanup(lambda: reader.process.poll() is None and reader.stop())
        wait_for(lambda: is_listening(port), 5, "the socket")
        return reader

    def datagrams(self):
        size = PACKET * PACKETS
        return [self.bytes[at:at + size] for at in range(0, len(self.bytes), size)]

    def send(self, datagrams, address):
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as out:
            if family == socket.AF_INET:
                out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
            for datagram in datagrams:
                out.sendto(datagram, address)

    def test_a_multicast_group_and_machines_of_both_kinds(self):
        expected = self.from_file()
        for host, query in (("239.255.7.1", "?localaddr=127.0.0.1"), ("127.0.0.1", ""), ("", ""), ("::1", "")):
            with self.subTest(host=host):
                port = free_udp_port()
                reader = self.listen(f"udp://@{f'[{host}]' if ':' in host else host}:{port}{query}", port, f"udp{host}")
                self.send(self.datagrams(), (host or "127.0.0.1", port))
                self.assertEqual(reader.finish(), (OK, ""))
                self.assertEqual(self.segments(reader.directory), expected)

    def with_rtp(self, datagrams, first=0xFFF0):
        return [struct.pack(">BBHII", 0x80, 33, (first + i) & 0xFFFF, i, 7) + data for i, data in enumerate(datagrams)]

    def test_rtp_and_what_was_lost_of_it(self):
        expected, port = self.from_file(), free_udp_port()
        reader = self.listen(f"udp://@127.0.0.1:{port}", port, "rtp")
        self.send(self.with_rtp(self.datagrams()), ("127.0.0.1", port))
        self.assertEqual(reader.finish(), (OK, ""))
        self.assertEqual(self.segments(reader.directory), expected)

        sent = self.with_rtp(self.datagrams())
        del sent[40:43]
        reader = self.listen(f"udp://@127.0.0.1:{port}", port, "lossy")
        self.send(sent, ("127.0.0.1", port))
        code, stderr = reader.finish()
        self.assertEqual((code, stderr), (OK, "3 datagrams were lost on the way, 3 in all\n"))
        self.assertEqual(len(reader.segments()), len(expected))

    def test_datagrams_that_are_no_packets(self):
        port = free_udp_port()
        reader = self.listen(f"udp://@127.0.0.1:{port}", port, "noise")
        datagrams = self.datagrams()
        self.send([*datagrams[:9], b"hello" * 100, b"", *datagrams[9:]], ("127.0.0.1", port))
        code, stderr = reader.finish()
        self.assertEqual((code, stderr), (OK, "500 bytes of the input were no transport packets\n"))
        self.assertEqual(self.frames(reader.directory), list(range(6 * RATE)))

    def frames(self, directory):
        return ReaderTest.frames(self, directory)


def adts_frames(data):
    at = 0
    while at < len(data):
        size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        yield data[at:at + size]
        at += size


def time_tag(pts):
    """ID3 as Apple's tools put it in front of packed audio."""
    owner = b"com.apple.streaming.transportStreamTimestamp\0"
    return b"ID3\4\0\0" + bytes([0, 0, 0, 63]) + b"PRIV" + bytes([0, 0, 0, 53, 0, 0]) + owner + struct.pack(">Q", pts)


class PackedAudio(SegmentTest):
    """RFC 8216 section 3.4: a rendition of ADTS frames."""
    FRAMES = 94  # in a segment: some two seconds

    def put_rendition(self, begin, key=None):
        self.sound = self.folder / "sound.aac"
        subprocess.run([*FFMPEG, "-f", "lavfi", "-i", "sine=frequency=500:sample_rate=48000:duration=9", "-c:a", "aac", "-f", "adts",
                        self.sound], check=True)
        frames = list(adts_frames(self.sound.read_bytes()))
        names = []
        for number, at in enumerate(range(0, len(frames), self.FRAMES)):
            names.append(f"{number}.aac")
            data = time_tag((begin + at * 1920) % (1 << 33)) + b"".join(frames[at:at + self.FRAMES])
            if key:
                data = subprocess.run(["openssl", "enc", "-aes-128-cbc", "-K", key.hex(), "-iv", f"{number:032x}"], input=data, check=True,
                                      capture_output=True).stdout
                (self.folder / "key").write_bytes(key)
            (self.folder / names[-1]).write_bytes(data)
        head = '#EXT-X-KEY:METHOD=AES-128,URI="key"' if key else ""
        (self.folder / "sound.m3u8").write_text(playlist(names, duration=2, ended=True, head=head))
        return len(frames)

    def assert_sound(self, begin, key=None):
        count = self.put_rendition(begin, key)
        reader = Reader(self.folder, self.folder / "sound.m3u8", "--from-start", "--boundaries", self.folder / "boundaries")
        self.assertEqual(reader.finish(), (OK, ""))
        lines = reader.segments()
        self.assertEqual(lines[0]["start"], begin)
        self.assertEqual({line["audio_codecs"] for line in lines}, {"mp4a.40.2"})
        self.assertAlmostEqual(sum(line["duration"] for line in lines), count * 1920, delta=1920)
        for line, after in zip(lines, lines[1:]):
            self.assertEqual((line["start"] + line["duration"]) % (1 << 33), after["start"])
        whole = self.folder / "whole.ts"
        whole.write_bytes(b"".join((reader.directory / line["name"]).read_bytes() for line in lines))
        again = subprocess.run([*FFMPEG, "-i", whole, "-c", "copy", "-f", "adts", "-"], check=True, capture_output=True)
        self.assertEqual((again.stdout, again.stderr), (self.sound.read_bytes(), b""))

    def test_frames_and_times_are_kept(self):
        self.assert_sound(900_000)

    def test_over_the_clocks_turn(self):
        self.assert_sound((1 << 33) - 3 * 90_000)

    def test_encrypted(self):
        self.assert_sound(1_000_000, key=bytes(range(7, 23)))


class Whole(ReaderTest):
    """--from-start, --idle, --replay."""

    def test_all_that_a_live_list_has_however_old_it_is(self):
        path = self.folder / "x.m3u8"
        for i in range(self.COUNT):
            (self.folder / f"{i}.ts").write_bytes(self.bytes[i])
        path.write_text(playlist([f"{i}.ts" for i in range(self.COUNT)], first=7))
        os.utime(path, (1e9, 1e9))
        reader = Reader(self.folder, path, "--from-start", "--idle", "1s")
        self.assert_ends(reader, OK)
        self.assert_frames(reader, range(self.COUNT))

    def test_without_idle_it_has_ended_after_ten_target_durations(self):
        self.put_list(range(3))
        reader = self.read("--from-start")
        wait_for(lambda: self.server.requests_of("2.ts"), 5, "all of it")
        began = time.monotonic()
        self.assert_ends(reader, OK)
        self.assertAlmostEqual(time.monotonic() - began, 10, delta=1.5)
        self.assert_frames(reader, range(3))

    def test_a_list_that_pauses_and_goes_on(self):
        self.put_list(range(2))
        reader = self.read("--from-start", "--idle", "6s")
        wait_for(lambda: self.server.requests_of("1.ts"), 5, "the first part")
        began = len(self.server.requests_of("x.m3u8"))
        wait_for(lambda: len(self.server.requests_of("x.m3u8")) > began + 6, 10, "a pause of some three seconds")
        self.put_list(range(5))
        wait_for(lambda: self.server.requests_of("4.ts"), 5, "the second part")
        self.put_list(range(6), ended=True)
        self.assert_ends(reader, OK)
        self.assert_frames(reader, range(6))

    def test_a_server_that_is_away_for_a_while(self):
        away = threading.Event()
        away.set()

        def in_trouble(request):
            return away.is_set() and (request.send(503, {}, b"") or True)

        for i in range(2, 4):
            self.server.put(f"{i}.ts", self.bytes[i], script=in_trouble)
        self.put_list(range(4), ended=True)
        reader = self.read("--from-start", "--idle", "15s")
        wait_for(lambda: len(self.server.requests_of("2.ts")) >= 7, 15, "asked for again and again")
        away.clear()
        self.assert_ends(reader, OK, "/2.ts: HTTP 503; tried again")
        self.assert_frames(reader, range(4))

    def test_what_can_not_be_had_is_told_and_the_rest_is_read(self):
        for i in (0, 3, 4, 5, 6, 7, 8, 9):
            self.server.remove(f"{i}.ts")
        self.put_list(range(12), ended=True)
        reader = self.read("--from-start")
        self.assert_ends(reader, OK, *[f"/{i}.ts: HTTP 404: the segment is left out" for i in (0, 3, 9)])
        self.assert_frames(reader, [1, 2, 10, 11])

    def test_nothing_at_all_is_no_success(self):
        self.put_list(["a.ts", "b.ts"], ended=True)
        self.assert_ends(self.read("--from-start"), BROKE, "/b.ts: HTTP 404")

    def test_a_stream_from_a_server_goes_on_where_it_was_torn(self):
        whole = b"".join(self.bytes[:6])
        begins = []

        def tear(request):
            begin = int(request.headers.get("Range", "bytes=0-")[6:].split("-")[0])
            begins.append(begin)
            headers = {"Content-Range": f"bytes {begin}-{len(whole) - 1}/{len(whole)}"} if begin else {}
            part = whole[begin:begin + 150_000]
            request.send(206 if begin else 200, headers, part, length=len(whole) - begin)
            request.close_connection = True
            return True

        self.server.put("all.ts?token=1", script=tear)
        reader = self.read(path="all.ts?token=1")
        self.assert_ends(reader, OK, "transfer closed")
        self.assert_frames(reader, range(6))
        self.assertEqual(begins, list(range(0, len(whole), 150_000)))

    def laps_of(self, location, *options):
        """Reads until four laps are decided; the lines of the boundary file, a list a lap."""
        boundaries = self.folder / "boundaries"
        boundaries.unlink(missing_ok=True)
        reader = Reader(self.folder, location, "--replay", "--lead", "16s", "--boundaries", boundaries, *options, name="laps")
        self.addCleanup(lambda: reader.process.poll() is None and reader.stop())
        wait_for(lambda: boundaries.exists() and boundaries.read_text().count("discontinuity") >= 4, 10, "four laps")
        self.assertEqual(reader.stop(), (OK, ""))
        laps = [lap.split("\n")[1 if i else 0:-1] for i, lap in enumerate(boundaries.read_text().split("discontinuity"))]
        return laps, reader

    def assert_marks(self, laps, reader):
        """The first segment of each lap is a discontinuity, but for the very first, and no other."""
        expected = [is_first and i > 0 for i, lap in enumerate(laps) for is_first in (True, *[False] * (len(lap) - 1))]
        self.assertEqual([line["discontinuity"] for line in reader.segments()][:len(expected)], expected)

    def test_laps_of_a_stream_and_of_a_list(self):
        stream = self.clip("lap.ts", seconds=4, gop=RATE)
        for i in range(4):
            (self.folder / f"{i}.ts").write_bytes(self.bytes[i])
        (self.folder / "x.m3u8").write_text(playlist([f"{i}.ts" for i in range(4)], ended=True))
        self.put_list(range(4), ended=True)
        for location in (stream, self.folder / "x.m3u8", self.server.url("x.m3u8")):
            with self.subTest(location=location):
                laps, reader = self.laps_of(location, "--from-start")
                self.assertEqual(laps[1:4], [laps[0]] * 3)
                self.assert_marks(laps[:4], reader)
                frames = self.frames(reader.directory)
                self.assertEqual(frames[:4 * 4 * RATE], list(range(4 * RATE)) * 4)
                shutil.rmtree(reader.directory)

    def test_a_discontinuity_of_the_list_is_one_of_the_run_and_a_lap_adds_no_second(self):
        far = self.clip("far.ts", seconds=2, gop=RATE, offset=5000).read_bytes()
        self.server.put("far.ts", far)
        mark = "#EXT-X-DISCONTINUITY"
        self.put_list([0, 1, "far.ts", 2, 3], before={"0.ts": mark, "far.ts": mark, "2.ts": mark}, ended=True)
        laps, reader = self.laps_of(self.server.url("x.m3u8"), "--from-start")
        self.assertEqual(laps[3], laps[0])
        self.assert_marks(laps[:4], reader)

    def test_a_lap_of_which_nothing_can_be_had_ends_it(self):
        self.put_list(["a.ts"], ended=True)
        self.assert_ends(self.read("--from-start", "--replay"), BROKE, "/a.ts: HTTP 404")


if __name__ == "__main__":
    unittest.main(verbosity=2)
