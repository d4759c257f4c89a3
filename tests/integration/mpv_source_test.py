#!/usr/bin/env python3
"""Films that mpv plays: subtitles of every kind in the picture, sound by language, death of each process, broken files."""
import os
import shutil
import signal
import tempfile
import time
import unittest
from pathlib import Path

import films
from house import House, Recorder, by_program, frame_numbers, kill, wait_for
from sources import EmptyServer

# Pictures by number, while the cue is shown.
SHOWN = (75, 99)
SEGMENTS = "defaults: { segment_time: 4s, window: 8 }\nchannels:\n"
PATIENT = "    restart: { first_delay: 10ms, max_delay: 100ms, burst: 100, limit: 1000 }\n"


SMALL = ", { name: 180p, height: 180, video_bitrate: 300k, preset: ultrafast }"


def channel(name, film, options="", variants="", more=""):
    return (f"  - name: {name}\n    sources: [ {{ mpv: \"{film}\", height: 360, video_bitrate: 3M, preset: ultrafast{options} }} ]\n"
            f"    variants: [ {{ name: source, copy: true }}{variants} ]\n{more}")


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="continuo-films-", dir="/dev/shm"))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def open(self, config):
        house = House(SEGMENTS + config)
        self.addCleanup(house.__exit__, None)
        return house


class Picture(Folder):
    """One house plays the same pictures with each kind of subtitle, and without."""

    def test_subtitles_are_in_the_picture_and_sound_is_in_its_language(self):
        made = films.Films(self.folder, 12)
        other = ("plain.srt", "eng", "Other", False)
        flagged = made.mux("flagged.mkv", ("bars.sup", "fre", "Bars", False), ("plain.srt", "ger", "Words", True))
        unflagged = made.mux("unflagged.mkv", ("plain.srt", "ger", "Words", False))
        several = made.mux("several.mkv", ("bars.sup", "fre", "Bars", False), other, ("styled.ass", "ger", "Words", False),
                           attach="font.ttf")
        without_font = made.mux("without_font.mkv", ("styled.ass", "ger", "Words", True))
        wanted = {
            "off": (several, ", subtitle: off"),
            "flagged": (flagged, ""),
            "unflagged": (unflagged, ", audio: jpn"),
            "language": (several, ", subtitle: en, audio: 2"),
            "styled": (several, ", subtitle: words"),
            "without_font": (without_font, ""),
            "pictures": (several, ", subtitle: \"1\""),
        }
        house = self.open("".join(channel(name, film, options) for name, (film, options) in wanted.items()))
        recorders = {}
        for name in wanted:
            recorders[name] = Recorder(house.port, name, "source", self.folder / f"recorded_{name}")
            recorders[name].start()
        wait_for(lambda: all(len(r.segments) >= 2 for r in recorders.values()), 60, "two segments of every channel")
        recorded = {}
        for name, recorder in recorders.items():
            files = recorder.finish().files()[:2]
            recorded[name] = str(self.folder / f"{name}.ts")
            Path(recorded[name]).write_bytes(b"".join(file.read_bytes() for file in files))
        for name in wanted:
            if name == "off":
                continue
            with self.subTest(name):
                lower = films.likeness(recorded[name], recorded["off"], films.LOWER_THIRD, *SHOWN)
                upper = films.likeness(recorded[name], recorded["off"], films.UPPER_HALF, *SHOWN)
                before = films.likeness(recorded[name], recorded["off"], films.LOWER_THIRD, 10, 40)
                print(f"{name}: SSIM with its cue {lower:.3f} below, {upper:.3f} above; before it {before:.3f}", flush=True)
                self.assertLess(lower, 0.95)
                self.assertGreater(upper, 0.98)
                self.assertGreater(before, 0.98)
        attached = films.likeness(recorded["styled"], recorded["without_font"], films.LOWER_THIRD, *SHOWN)
        self.assertLess(attached, 0.98, "the font that is attached is used")
        for name, language in {"flagged": "eng", "unflagged": "jpn", "language": "jpn", "styled": "eng"}.items():
            self.assertAlmostEqual(films.pitch(recorded[name]), films.TONES[language], delta=20, msg=name)
        self.assertNotAlmostEqual(*films.TONES.values(), delta=40)


class Play(Folder):
    def film(self, seconds):
        return films.Films(self.folder, seconds).mux("film.mkv", ("plain.srt", "ger", "Words", False))

    def test_it_begins_within_two_seconds_and_keeps_its_segments_on_the_grid(self):
        house = self.open(channel("demo", self.film(20), more="    source_retry: 1h\n"))
        begin = time.monotonic()
        wait_for(lambda: list((house.runtime / "channels/demo/source").glob("*/*.ts")), 5, "the first segment")
        first = time.monotonic() - begin
        print(f"first segment {first:.2f} s after the daemon answered", flush=True)
        self.assertLess(first, 2)
        house.record("source")
        recorder = house.recorders["source"]
        wait_for(lambda: "played to its end" in house.channel()["sources"][0]["last_error"], 30, "the end")
        wait_for(lambda: len(frame_numbers_of(recorder)) >= 500, 30, "all pictures")
        recorder.finish()
        self.assertEqual(recorder.complaints, [])
        self.assertEqual(frame_numbers_of(recorder)[:500], list(range(500)))
        lengths = [s.duration for s in recorder.segments.values()][:6]
        for length, wanted in zip(lengths, [2, 2, 4, 4, 4, 4]):  # short ones to begin with
            self.assertAlmostEqual(length, wanted, delta=0.05)

    def test_the_death_of_any_process_loses_no_picture(self):
        house = self.open(channel("demo", self.film(60), variants=SMALL, more=PATIENT))
        house.wait_on_air()
        house.record("source", "180p")
        for victim in ("mpv", "ffmpeg", "continuo-segment"):
            house.wait_segments(1, 20)
            pids = wait_for(lambda: three_pids(house), 10, "three processes")
            kill(pids[victim], signal.SIGKILL)
            wait_for(lambda: not set(three_pids(house).values() or [0]) & {0, *pids.values()}, 10, "all three anew")
        house.wait_segments(3, 30)
        for name, recorder in house.recorders.items():
            recorder.finish()
            self.assertEqual(recorder.complaints, [], name)
            numbers = frame_numbers_of(recorder)
            self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))), name)
            self.assertGreater(numbers[-1], 300)
            self.assertLessEqual(recorder.longest_wait(), 1.5 * recorder.target_duration)

    def test_a_looped_film_begins_anew_and_is_not_read_ahead_without_end(self):
        house = self.open(channel("demo", self.film(6), ", loop: true"))
        house.wait_on_air()
        house.record("source")
        house.wait_segments(9, 30)
        recorder = house.recorders["source"].finish()
        self.assertEqual(recorder.complaints, [])
        self.assertEqual(frame_numbers_of(recorder)[:450], list(range(150)) * 3)
        self.assertLessEqual(recorder.longest_wait(), 3)
        self.assertLessEqual(house.log().count("is ready after"), 6)  # not one after the other, as fast as they can be made

    def test_it_begins_where_it_is_told_to(self):
        house = self.open(channel("demo", self.film(20), ", start: 7s"))
        house.wait_on_air()
        house.record("source")
        house.wait_segments(2, 15)
        self.assertEqual(frame_numbers_of(house.recorders["source"].finish())[0], 175)


def three_pids(house):
    """{program: pid} of the film's pipeline; empty while it is not whole."""
    running = [s["pids"] for s in house.channel()["sources"] if s["running"]]
    pids = by_program(running[0]) if running else {}
    return pids if set(pids) == {"mpv", "ffmpeg", "continuo-segment"} else {}


def frame_numbers_of(recorder):
    return frame_numbers(recorder.files())


class Trouble(Folder):
    def test_what_can_not_be_played_is_said_in_words(self):
        whole = films.Films(self.folder, 20).mux("whole.mkv", ("plain.srt", "ger", "Words", False))
        (self.folder / "truncated.mkv").write_bytes(whole.read_bytes()[:whole.stat().st_size // 3])
        (self.folder / "noise.mkv").write_bytes(os.urandom(200_000))
        films.ffmpeg("-f", "lavfi", "-i", "sine=440:duration=2", self.folder / "sound.mka")
        server = self.enterContext(EmptyServer())
        cases = {
            "truncated": (str(self.folder / "truncated.mkv"), "", "breaks off at"),
            "noise": (str(self.folder / "noise.mkv"), "", "Invalid data"),
            "absent": (str(self.folder / "absent.mkv"), "", "No such file"),
            "sound": (str(self.folder / "sound.mka"), "", "it has no picture"),
            "track": (str(whole), ", subtitle: fre", "no subtitle track is \"fre\"; there are 1 (ger, \"Words\")"),
            "refused": (server.url("absent.mkv"), "", "404"),
            "silent": (server.url("silent.mkv"), "", "timed out"),
        }
        house = self.open("".join(channel(name, film, options) for name, (film, options, _) in cases.items()))
        for name, (_, _, words) in cases.items():
            with self.subTest(name):
                said = wait_for(lambda name=name: house.channel(name)["sources"][0]["last_error"], 35, f"a word about {name}")
                print(f"{name}: {said}", flush=True)
                self.assertIn(words.lower(), said.lower())


if __name__ == "__main__":
    unittest.main(verbosity=2)
