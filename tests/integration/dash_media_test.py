#!/usr/bin/env python3
"""Segments of the DASH simulator as ffmpeg reads them: over the wrap of a loop, cut into chunks, with messages and an index in front,
two tracks in one file, and encrypted, with the keys that the licence tells. In all of them are the pictures and the sound of the asset.

usage: CONTINUO_BIN=build/dev/bin dash_media_test.py [unittest arguments]
"""
import base64
import json
import re
import subprocess
import sys
import unittest

from dash_live import DashServer, make_asset

NUMBERS = range(2, 8)  # of four segments in a loop: over a wrap
NOW = 16_000  # ms: all of them are there


def make_hevc(folder):
    folder.mkdir(parents=True)
    subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-t", "8",
                    "-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
                    "log-level=error:pools=1:keyint=50:min-keyint=50:scenecut=0:open-gop=0", "-tag:v", "hvc1", "-f", "dash",
                    "-seg_duration", "2", folder / "manifest.mpd"], check=True, timeout=60)


def run_ffmpeg(data, key, *output):
    """`data` goes through a pipe: of a file, ffmpeg 5.1 takes the vectors of the last fragment for all of them."""
    command = ["ffmpeg", "-nostdin", "-v", "error", *(["-decryption_key", key] if key else []), "-i", "pipe:0", *output, "-"]
    done = subprocess.run(command, input=data, capture_output=True, timeout=60)
    return done.stdout.decode(), done.stderr.decode()


class Media(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DashServer()
        cls.addClassCleanup(cls.server.__exit__, None)
        make_asset(cls.server.root / "avc")
        make_hevc(cls.server.root / "hevc")
        # Only names that begin with the representation can have two of them.
        make_asset(cls.server.root / "muxed", muxer=("-use_timeline", "0", "-init_seg_name", "$RepresentationID$-init.mp4",
                                                     "-media_seg_name", "$RepresentationID$-$Number$.m4s"))
        cls.server.start("avc/manifest.mpd", "hevc/manifest.mpd", "muxed/manifest.mpd")

    def fetch(self, path):
        answer = self.server.get(f"{path}?nowMS={NOW}")
        self.assertEqual(answer.status, 200, (path, answer.text[:300] if answer.status != 200 else ""))
        return answer.body

    def segments(self, options, asset, track):
        """One file: the initialisation and the segments behind it."""
        folder = f"/livesim2/{options}{asset}/"
        return b"".join([self.fetch(f"{folder}init-stream{track}.m4s"),
                         *(self.fetch(f"{folder}chunk-stream{track}-{number:05}.m4s") for number in NUMBERS)])

    def packets(self, data, key=None, is_readable=True):
        """(stream, dts, pts, duration, bytes, hash) of each."""
        text, complaints = run_ffmpeg(data, key, "-copyts", "-map", "0", "-c", "copy", "-f", "framemd5")
        if is_readable:
            self.assertEqual(complaints, "")
        rows = [[field.strip() for field in line.split(",")] for line in text.splitlines() if not line.startswith("#")]
        return [(*map(int, row[:5]), row[5]) for row in rows]

    def key_for(self, options, asset):
        folder = f"/livesim2/{options}{asset}/manifest.mpd"
        text = self.fetch(folder).decode()
        ids = set(re.findall(r'default_KID="([^"]+)"', text))
        self.assertEqual(len(ids), 1, text)
        wanted = base64.urlsafe_b64encode(bytes.fromhex(ids.pop().replace("-", ""))).decode().rstrip("=")
        answer = self.server.get(f"{folder}/eccp.json", "POST", body=json.dumps({"kids": [wanted]}))
        self.assertEqual(answer.status, 200, answer)
        key, = json.loads(answer.text)["keys"]
        self.assertEqual(key["kid"], wanted)
        return base64.urlsafe_b64decode(key["k"] + "==").hex()

    def tracks(self):
        return [("avc", 0), ("avc", 1), ("hevc", 0)]

    def test_segments_are_gapless_over_the_wrap(self):
        for asset, track in self.tracks():
            with self.subTest(asset=asset, track=track):
                packets = self.packets(self.segments("", asset, track))
                self.assertGreater(len(packets), 250)
                for one, next_one in zip(packets, packets[1:]):
                    self.assertEqual(one[1] + one[3], next_one[1])
                if track == 0:  # four segments later there are the same pictures
                    hashes = [packet[5] for packet in packets]
                    self.assertEqual(hashes[:100], hashes[200:])
                self.assertEqual(run_ffmpeg(self.segments("", asset, track), None, "-f", "null"), ("", ""))

    def test_however_a_segment_is_written_its_packets_are_the_same(self):
        for asset, track in self.tracks():
            plain = self.packets(self.segments("", asset, track))
            for options in ("chunkdur_0.5/", "chunkdur_0.04/", "sidx_1/", "scte35_3/", "segtimelinenr_1/", "scte35_2/sidx_1/chunkdur_1/"):
                with self.subTest(asset=asset, track=track, options=options):
                    self.assertEqual(self.packets(self.segments(options, asset, track)), plain)

    def test_what_is_encrypted_is_the_same_once_it_is_decrypted(self):
        for asset, track in self.tracks():
            plain = self.packets(self.segments("", asset, track))
            for scheme in ("eccp_cenc/", "eccp_cbcs/"):
                key = self.key_for(scheme, asset)
                for more in ("", "chunkdur_0.5/", "sidx_1/scte35_3/"):
                    with self.subTest(asset=asset, track=track, options=scheme + more):
                        data = self.segments(scheme + more, asset, track)
                        self.assertEqual(self.packets(data, key), plain)
                        self.assertEqual(run_ffmpeg(data, key, "-f", "null"), ("", ""))
                        hidden = [packet[5] for packet in self.packets(data, is_readable=False)]
                        clear = {packet[5] for packet in plain}
                        still_clear = sum(digest in clear for digest in hidden)
                        self.assertLess(still_clear, len(plain) // 2 if track == 0 else 1)

    def test_two_tracks_come_in_one_file(self):
        for options in ("", "chunkdur_0.5/", "eccp_cbcs/", "eccp_cenc/chunkdur_1/"):
            with self.subTest(options=options):
                key = self.key_for(options, "muxed") if "eccp" in options else None
                both = self.packets(self.muxed(options, "0__1"), key)
                for track in (0, 1):
                    alone = self.packets(self.muxed("", str(track)))
                    self.assertEqual([packet[1:] for packet in both if packet[0] == track], [packet[1:] for packet in alone])

    def muxed(self, options, names):
        return b"".join(self.fetch(f"/livesim2/{options}muxed/{names}-{file}")
                        for file in ["init.mp4", *(f"{number}.m4s" for number in NUMBERS)])


if __name__ == "__main__":
    sys.exit(unittest.main())
