#!/usr/bin/env python3
"""`continuo resegment` to the input's end: what it prints, writes and leaves out, for each form of input.

usage: CONTINUO_BIN=build/dev/bin resegment_test.py [unittest arguments]
"""
import itertools
import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

import splices
import transport_stream
from house import BIN, parse_playlist
from ladders import MPEG2, WRAP_SECONDS, X265, Kind, as_stream
from resegment_run import SEGMENT_LINE, ResegmentTest, Run, starts

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from hls_server import HlsServer  # noqa: E402 (the path is set above)

ALONE = ("320x180",)
PLAIN = Kind(sizes=ALONE)


class Session(ResegmentTest):
    """The reference's session: a ladder and its sidecar, once, and all that is to be seen of it."""
    KIND = Kind(rendition=True, seconds=24)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.ladder(cls.KIND)
        folder = cls.sources / "session"
        folder.mkdir()
        out, back = 1.4 + 10, 1.4 + 20
        (folder / "sidecar.txt").write_text(
            splices.line(splices.splice_insert(1, True, round(out * 90000), 10 * 90000, auto_return=False)) +
            splices.line(splices.splice_insert(1, False, round(back * 90000))))
        cls.run_ = Run(folder, "-i", cls.source.master, "-t", "2", "-s", "sidecar.txt")
        cls.addClassCleanup(cls.run_.abandon)
        cls.code = cls.run_.wait(60)

    def setUp(self):
        super().setUp()
        self.assertEqual(self.code, 0, self.run_.said())

    def test_says_nothing_beside_its_report(self):
        self.assertEqual(self.run_.said(), "")

    def test_prints_each_variant_of_the_master_playlist_as_json(self):
        decoder, text, found = json.JSONDecoder(), self.run_.printed(), []
        for match in re.finditer(r"^\{", text, re.MULTILINE):
            found.append(decoder.raw_decode(text, match.start())[0])
        printed = json.dumps(found)
        self.assertGreaterEqual(len(found), 3)
        for name, size in zip(self.source.names, self.KIND.sizes):
            self.assertIn(f"{name}/index.m3u8", printed)
            self.assertIn(size, printed)

    def test_prints_that_each_process_is_up_and_then_down(self):
        text = self.run_.printed()
        for number in range(3):
            up, down = text.index(f"Process-{number}  is up\n"), text.index(f"Process-{number}  is down\n")
            lines = [match.start() for match in SEGMENT_LINE.finditer(text) if match["file"].startswith(f"out/{number}/")]
            self.assertTrue(up < min(lines) < max(lines) < down)

    def test_prints_a_line_for_each_segment_that_tells_its_times(self):
        for number in range(3):
            lines = [match for match in SEGMENT_LINE.finditer(self.run_.printed()) if match["file"].startswith(f"out/{number}/")]
            segments = self.run_.playlist(str(number)).segments
            self.assertEqual([line["file"] for line in lines], [f"out/{number}/{segment.uri}" for segment in segments])
            for line, segment, start in zip(lines, segments, starts(self.run_, str(number))):
                self.assertAlmostEqual(float(line["start"]), start / 90000, delta=2e-6)
                self.assertAlmostEqual(float(line["duration"]), segment.duration, delta=2e-6)
                self.assertAlmostEqual(float(line["end"]), float(line["start"]) + float(line["duration"]), delta=2e-6)

    def test_the_variants_are_in_step_at_every_sight(self):
        self.assert_in_step(self.run_)
        self.assertGreater(len(self.run_.observer.sights), 1)

    def test_nothing_is_lost_and_nothing_untrue(self):
        self.assert_resegmented(self.run_, self.source)

    def test_sound_beside_the_variants_is_cut_with_them(self):
        video, sound = self.run_.playlist("0").segments, self.run_.playlist("3").segments
        self.assertEqual([segment.uri for segment in video], [segment.uri for segment in sound])
        self.assertAlmostEqual(sum(segment.duration for segment in sound), self.KIND.seconds, delta=0.05)
        for file, start in zip(self.run_.files("3"), starts(self.run_)):
            first = transport_stream.read(file).audio.units[0].pts
            # ffmpeg puts up to 2930 bytes of sound into one PES packet
            self.assertLess(abs(transport_stream.elapsed(start, first)), 0.5 * 90000)

    def test_cues_stand_where_the_reference_has_them(self):
        for number in range(3):
            segments = self.run_.playlist(str(number)).segments
            tags = {round(start / 90000, 1): segment.cues for segment, start in zip(segments, starts(self.run_, str(number)))}
            self.assertEqual(tags[11.4], ("#EXT-X-CUE-OUT:10.0",))
            self.assertEqual(tags[13.4], ("#EXT-X-CUE-OUT-CONT:2.000000/10.0",))
            self.assertEqual(tags[21.4], ("#EXT-X-CUE-IN",))
            self.assertEqual([tags[time] for time in (1.4, 9.4, 23.4)], [(), (), ()])
            breaks = [segment.discontinuity for segment in segments]
            self.assertEqual([round(start / 90000, 1) for start, tag in zip(starts(self.run_, str(number)), breaks) if tag], [11.4, 21.4])

    def test_the_new_master_playlist_says_what_the_old_one_said(self):
        old, new = self.source.master.read_text().splitlines(), (self.run_.out / "master.m3u8").read_text().splitlines()
        attributes = [sorted(line.partition(":")[2].split(",")) for line in old if line.startswith("#EXT-X-STREAM-INF")]
        self.assertEqual([sorted(line.partition(":")[2].split(",")) for line in new if line.startswith("#EXT-X-STREAM-INF")], attributes)
        self.assertEqual([line for line in new if not line.startswith("#")], [f"{number}/index.m3u8" for number in range(3)])
        media = [line for line in new if line.startswith("#EXT-X-MEDIA:")]
        self.assertEqual(len(media), 1)
        for word in ('TYPE=AUDIO', 'GROUP-ID="sound"', 'NAME="Sound"', 'DEFAULT=YES', 'URI="3/index.m3u8"'):
            self.assertIn(word, media[0])

    def test_leaves_nothing_behind_but_lists_and_segments(self):
        listed = {self.run_.out / "master.m3u8"}
        for number in range(4):
            listed |= {self.run_.out / str(number) / "index.m3u8", *self.run_.files(str(number))}
        self.assertEqual({path for path in self.run_.out.rglob("*") if path.is_file()}, listed)
        self.assertEqual(sorted(path.name for path in self.run_.out.iterdir()), ["0", "1", "2", "3", "master.m3u8"])


class Inputs(ResegmentTest):
    """Every kind of input is cut without a loss."""

    def check(self, kind, *options, seconds=None):
        """The middle segments last `seconds`, where that is given."""
        ladder = self.ladder(kind)
        variants = [str(number) for number in range(len(ladder.names))]
        run = self.run_to_end("-i", ladder.master, "-t", "2", *options, variants=variants)
        self.assert_resegmented(run, ladder)
        if seconds:
            middle = {segment.duration for segment in run.playlist().segments[1:-1]}
            self.assertEqual(middle, {seconds})
        return run

    def test_gops_as_long_as_segments(self):
        self.check(PLAIN, seconds=2.0)

    def test_gops_shorter_than_segments(self):
        self.check(Kind(sizes=ALONE, gop=12, segment_time=0.48), seconds=1.92)

    def test_gops_longer_than_segments(self):
        run = self.check(Kind(sizes=ALONE, seconds=20, gop=125), seconds=5.0)
        self.assertEqual(run.playlist().target_duration, 5)

    def test_input_segments_longer_than_ours(self):
        self.check(Kind(sizes=ALONE, seconds=18, gop=25, segment_time=6), seconds=2.0)

    def test_29_97_pictures_a_second_with_b_frames(self):
        kind = Kind(rate="30000/1001", gop=60, video=(*Kind.video, "-preset", "veryfast", "-bf", "2"), sizes=("320x180", "256x144"))
        self.check(kind, seconds=2.002)

    def test_hevc(self):
        self.check(Kind(sizes=ALONE, video=X265), seconds=2.0)

    def test_mpeg2_by_its_random_access_indicators(self):
        self.check(Kind(sizes=ALONE, video=MPEG2, gop=25), "-S")

    def test_mpeg2(self):
        self.check(Kind(sizes=ALONE, video=MPEG2, gop=25))

    def test_the_clock_wraps_on_the_way(self):
        kind = Kind(offset=WRAP_SECONDS - 6.5)
        run = self.check(kind)
        self.assertTrue(any(b < a for a, b in itertools.pairwise(starts(run))), "it wrapped")

    def test_a_long_input_sums_up(self):
        run = self.check(Kind(sizes=("192x108",), seconds=240, gop=48, segment_time=1.92), seconds=1.92)
        self.assertAlmostEqual(sum(segment.duration for segment in run.playlist().segments), 240, delta=0.001)

    def test_no_sound(self):
        self.check(Kind(sizes=ALONE, audio=()))

    def test_a_last_segment_of_one_picture(self):
        self.check(Kind(sizes=ALONE, seconds=10.04))

    def test_byte_ranges_of_one_file(self):
        self.check(Kind(sizes=ALONE, hls=("-hls_flags", "single_file")))

    def test_encrypted_segments_with_keys_that_change(self):
        ladder = self.ladder(PLAIN)
        run = self.run_to_end("-i", encrypted_copy(ladder.files("hi"), self.folder / "encrypted"), "-t", "2", variants=["0"])
        self.assert_resegmented(run, ladder)

    def test_open_gops(self):
        ladder = self.ladder(Kind(sizes=ALONE, video=(*Kind.video, "-preset", "veryfast", "-bf", "2", "-x264-params", "open-gop=1")))
        run = self.run_to_end("-i", ladder.master, variants=["0"])
        self.assert_in_step(run)
        self.assert_whole(run, "0", ladder.files("hi"), ladder.kind)

    def test_a_media_playlist_is_one_variant(self):
        ladder = self.ladder(PLAIN)
        run = self.run_to_end("-i", ladder.playlist("hi"), variants=["0"])
        self.assert_resegmented(run, ladder)

    def test_a_transport_stream_file(self):
        ladder = self.ladder(PLAIN)
        (self.folder / "whole.ts").write_bytes(as_stream(ladder))
        run = self.run_to_end("-i", self.folder / "whole.ts", variants=["0"])
        self.assert_resegmented(run, ladder)

    def test_a_transport_stream_on_stdin(self):
        ladder = self.ladder(PLAIN)
        (self.folder / "whole.ts").write_bytes(as_stream(ladder))
        with subprocess.Popen(["cat", self.folder / "whole.ts"], stdout=subprocess.PIPE) as cat:
            run = self.run_to_end(variants=["0"], stdin=cat.stdout)
        self.assert_resegmented(run, ladder)

    def test_one_that_stops_within_a_packet(self):
        ladder = self.ladder(PLAIN)
        whole = as_stream(ladder)
        (self.folder / "torn.ts").write_bytes(whole[:-100])
        run = self.run_to_end("-i", self.folder / "torn.ts", variants=["0"])
        self.assert_in_step(run)
        self.assertEqual(len(run.playlist().segments), 6)
        self.assertTrue(run.playlist().ended)

    def test_over_http_with_gzip(self):
        ladder, server = self.ladder(Kind()), HlsServer()
        self.addCleanup(server.close)
        for path in ladder.folder.rglob("*.*"):
            server.put(str(path.relative_to(ladder.folder)), path.read_bytes())
        run = self.run_to_end("-i", server.url("master.m3u8"), "-t", "2")
        self.assert_resegmented(run, ladder)
        self.assertIn("gzip", server.requests_of("hi/index.m3u8")[0][2]["Accept-Encoding"])
        self.assertLessEqual(server.connections, 1 + len(ladder.names), "connections are kept")

    def test_a_discontinuity_of_the_input_is_carried(self):
        ladder = self.ladder(Kind(rendition=True))
        again = self.ladder(Kind(rendition=True, offset=1000))
        folder = self.folder / "joined"
        folder.mkdir()
        for name in ladder.names:
            (folder / name).mkdir()
            text = ladder.playlist(name).read_text().replace("index", str(ladder.folder / name / "index"))
            more = "".join(f"#EXTINF:{segment.duration},\n{file}\n" for segment, file in
                           zip(parse_playlist(again.playlist(name).read_text(), 0).segments, again.files(name)))
            (folder / name / "index.m3u8").write_text(text.replace("#EXT-X-ENDLIST\n", f"#EXT-X-DISCONTINUITY\n{more}#EXT-X-ENDLIST\n"))
        (folder / "master.m3u8").write_text(ladder.master.read_text())
        run = self.run_to_end("-i", folder / "master.m3u8", "-t", "2")
        self.assert_in_step(run)
        for number, name in enumerate(ladder.names):
            segments = run.playlist(str(number)).segments
            self.assertEqual([segment.number for segment in segments if segment.discontinuity], [6], name)
            self.assertAlmostEqual(sum(segment.duration for segment in segments), 24, delta=0.09)  # AAC begins and ends within a frame
            for files, source in ((run.files(str(number))[:6], ladder), (run.files(str(number))[6:], again)):
                self.assertEqual(main_data(files), main_data(source.files(name)))


def main_data(files):
    """The pictures' bytes; the sound's where there are none."""
    content = transport_stream.read(*files)
    return (content.video or content.audio).data


def encrypted_copy(files, folder):
    """A playlist of these segments, two to a key; the number is the IV of the one, the other's is given."""
    folder.mkdir()
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:2", "#EXT-X-MEDIA-SEQUENCE:7"]
    for index, file in enumerate(files):
        key, number = bytes([index // 2 + 1] * 16), index + 7
        vector = os.urandom(16) if index % 2 else number.to_bytes(16, "big")
        (folder / f"{index // 2}.key").write_bytes(key)
        attribute = f",IV=0x{vector.hex()}" if index % 2 else ""
        lines += [f'#EXT-X-KEY:METHOD=AES-128,URI="{index // 2}.key"{attribute}', "#EXTINF:2.000000,", f"{index}.ts"]
        with open(folder / f"{index}.ts", "wb") as out:
            subprocess.run(["openssl", "enc", "-aes-128-cbc", "-K", key.hex(), "-iv", vector.hex(), "-in", file], stdout=out, check=True)
    (folder / "index.m3u8").write_text("\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n")
    return folder / "index.m3u8"


class Refusals(ResegmentTest):
    """What can't be done is said in one line, and nothing is written."""

    def refused(self, *arguments, word):
        run = self.start(*arguments, watched=False)
        self.assertNotIn(run.wait(20), (0, -6, -11))
        self.assertIn(word, run.said())
        self.assertLessEqual(len(run.said().splitlines()), 3, run.said())
        self.assertEqual(list(run.out.rglob("*.ts")) if run.out.exists() else [], [])

    def test_an_input_that_is_not_there(self):
        self.refused("-i", self.folder / "none.m3u8", word="none.m3u8")

    def test_an_input_that_is_something_else(self):
        (self.folder / "text.m3u8").write_text("no playlist\n")
        self.refused("-i", self.folder / "text.m3u8", word="text.m3u8")

    def test_an_option_that_nobody_knows(self):
        self.refused("-i", "x.m3u8", "--hls_tag", "x_nothing", word="x_nothing")

    def test_its_version(self):
        said = subprocess.run([BIN / "continuo", "resegment", "-v"], capture_output=True, text=True)
        self.assertEqual(said.returncode, 0)
        self.assertRegex(said.stdout, r"\d+\.\d+")


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
