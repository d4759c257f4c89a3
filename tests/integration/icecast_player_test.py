#!/usr/bin/env python3
"""continuo-icecast play in front of ffmpeg: segments of sources that have little in common, heard one after the other."""
import concurrent.futures
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from house import BIN, die_with_us
from icecast import LONGEST_GAP, length, silences, tones
from sources import QUIET

# As workers/ffmpeg has it, in short.
ENCODE = [*QUIET, "-probesize", "4096", "-analyzeduration", "0", "-fflags", "nobuffer", "-f", "mpegts", "-i", "pipe:0", "-map", "0:a:0",
          "-ar", "48000", "-ac", "2", "-b:a", "128k", "-flush_packets", "1", "-c:a", "libmp3lame", "-f", "mp3", "pipe:1"]


def play(segments):
    """(sound as MP3, exit code, what the player said, what the encoder said); takes as long as the segments do."""
    with subprocess.Popen([BIN / "continuo-icecast", "play"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          preexec_fn=die_with_us) as player:
        with subprocess.Popen(ENCODE, stdin=player.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              preexec_fn=die_with_us) as encoder:
            player.stdout.close()
            player.stdin.write("".join(f"{segment}\n" for segment in segments).encode())
            player.stdin.close()
            sound, complaints = encoder.communicate(timeout=60)
        return sound, player.wait(5), player.stderr.read().decode(), complaints.decode()


class SegmentsOfAllKinds(unittest.TestCase):
    """Two seconds each. All is played at once, since it takes real time."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="continuo-test-")))
        stereo = cls.segment("stereo", "-c:a", "aac", "-ac", "2", tone=300)
        mono = cls.segment("mono", "-c:a", "aac", "-ac", "1", tone=600, rate=44100, pids=0x300)
        surround = cls.segment("surround", "-c:a", "aac", "-ac", "6", tone=450, rate=32000, pids=0x40)
        mute = cls.segment("mute")
        ac3 = cls.segment("ac3", "-c:a", "ac3", tone=900)
        mp2 = cls.segment("mp2", "-c:a", "mp2", tone=450)
        cls.gone = cls.folder / "gone" / "000001.ts"
        programmes = {"changing": [surround, stereo, cls.gone, mono, surround, stereo], "mute": [stereo, mute, mono],
                      "another codec": [stereo, ac3], "no AAC": [ac3, ac3], "no sound any more": [mp2, mute]}
        with concurrent.futures.ThreadPoolExecutor(len(programmes)) as pool:
            cls.played = dict(zip(programmes, pool.map(play, programmes.values())))

    @classmethod
    def segment(cls, name, *sound, tone=0, rate=48000, pids=0x100):
        """The path of a TS file, in a folder of its own as each run has one; without `sound` there is none."""
        path = cls.folder / name / "000000.ts"
        path.parent.mkdir()
        source = ["-f", "lavfi", "-i", f"sine={tone}:sample_rate={rate},volume=4"] if sound else []
        subprocess.run([*QUIET, "-f", "lavfi", "-i", "testsrc2=size=128x72:rate=25", *source, "-t", "2", "-c:v", "libx264", "-preset",
                        "ultrafast", *sound, "-mpegts_start_pid", str(pids), "-output_ts_offset", str(pids), path], check=True)
        return path

    def test_rates_channels_and_pids_change_without_a_gap(self):
        sound, code, said, complaints = self.played["changing"]
        self.assertEqual((code, said, complaints), (0, f'open "{self.gone}": No such file or directory\n', ""))
        self.assertEqual(tones(sound), [450, 300, 600, 450, 300])
        self.assertLessEqual(max(end - start for start, end in silences(sound)), LONGEST_GAP)
        self.assertAlmostEqual(length(sound), 10, delta=0.3)

    def test_a_segment_without_sound_is_left_out_or_silent_and_what_follows_is_heard(self):
        sound, code, said, complaints = self.played["mute"]
        self.assertEqual((code, said, complaints), (0, "", ""))
        self.assertEqual(tones(sound), [300, 600])

    def test_another_codec_ends_the_player_with_a_code_of_its_own(self):
        sound, code, said, _ = self.played["another codec"]
        self.assertEqual((code, said), (75, "the sound changes from AAC to AC-3\n"))
        self.assertEqual(tones(sound), [300])

    def test_whatever_codec_comes_first_is_played(self):
        sound, code, said, _ = self.played["no AAC"]
        self.assertEqual((code, said), (0, ""))
        self.assertEqual(tones(sound), [900])
        self.assertAlmostEqual(length(sound), 4, delta=0.3)
        sound, _, _, _ = self.played["no sound any more"]
        self.assertEqual(tones(sound), [450])


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
