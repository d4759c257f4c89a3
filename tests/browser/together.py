"""A film with numbered pictures, a house that shows it, and people who watch it together: for tests of the page.

What they see is read off their screens: each screenshot tells when it was taken, too.
"""
import json
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from statistics import median

from viewer import Browser, favour_sessions_below  # first: it says where the others are found
import films
from house import House, by_program, children_of, wait_for
from screenshots import shot
from sources import Origin

CONFIG = """
watch: {{ enabled: true, allow_private: true, heartbeat: 2s, session_timeout: {timeout}s, max_sessions: 2, height: 360, video_bitrate: 2M, preset: ultrafast{more} }}
"""
TIMEOUT = 6  # s
WIDTH = 1280  # pixels of a screenshot
NEAR = 0.1  # s between two who watch together
UNHURT = 0.5  # s that one may lose, or gain, who plays on
SUBTITLED = 0.01  # of the lower third is bright


class People(Browser):
    """Those who stand in front of their browsers; each deed waits until it is done."""

    def __init__(self, house):
        super().__init__(house, "together.mjs")
        self.deeds = 0

    def do(self, deed, seconds=30, **more):
        self.deeds += 1
        number = self.deeds
        self.process.stdin.write(json.dumps({"do": deed, **more}) + "\n")
        self.process.stdin.flush()

        def answer():
            return next((event for event in self.named("done", "undone") if event["number"] == number), None)
        done = self.wait_for(answer, seconds, f"{deed} {more}")
        if done["event"] == "undone":
            raise AssertionError(f"{deed} {more}: {done['why']}")
        if deed == "open":
            favour_sessions_below(self.process.pid)
        return done


class Together(unittest.TestCase):
    seconds = 60  # of the film

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="continuo-together-", dir="/dev/shm"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.screenshots = Path(os.environ.get("SCREENSHOTS", cls.folder / "screenshots"))
        cls.screenshots.mkdir(parents=True, exist_ok=True)
        cls.origin = cls.enterClassContext(Origin())
        cls.make_film(cls.origin.root, cls.seconds)
        cls.open_house()

    @classmethod
    def make_film(cls, folder, seconds):
        made = films.Films(folder, seconds)
        cues = range(0, seconds - 2, 2)
        (folder / "spoken.srt").write_text("".join(f"{at + 1}\n00:{at // 60:02}:{at % 60:02},000 --> "
                                                   f"00:{(at + 2) // 60:02}:{(at + 2) % 60:02},000\n"
                                                   "Here is what they say,\nand a good deal more of it\n\n" for at in cues))
        made.mux("film.mkv", ("spoken.srt", "ger", "Words", False))

    @classmethod
    def more_config(cls):
        return ""

    @classmethod
    def open_house(cls):
        cls.house = House(CONFIG.format(timeout=TIMEOUT, more=cls.more_config()))
        cls.addClassCleanup(cls.house.__exit__, None)
        cls.base = f"http://127.0.0.1:{cls.house.port}"

    def setUp(self):
        self.people = People(self.house)
        self.addCleanup(self.people.end)

    def shots(self, name, *who):
        """{who: Shot}, all taken together."""
        files = {each: str(self.screenshots / f"{name}-{each}.png") for each in who}
        boxes = self.people.do("shoot", files=files)["boxes"]
        return {each: shot(files[each], boxes[each], WIDTH) for each in who}

    def apart(self, name, count=10):
        """How far ann and bob are from each other, in seconds, in each of so many pairs of screenshots."""
        pairs = [self.shots(f"{name}{index}", "ann", "bob") for index in range(count)]
        found = [abs(pair["ann"].ahead() - pair["bob"].ahead()) for pair in pairs]
        print(f"{name}: {', '.join(f'{each * 1000:.0f}' for each in found)} ms apart", file=sys.stderr)
        return found

    def check_near(self, name):
        apart = self.apart(name)
        self.assertLessEqual(median(apart), NEAR)
        self.assertGreaterEqual(sum(each <= NEAR for each in apart), len(apart) - 1)

    def wait_shown(self, name, who, is_right, seconds, what):
        """Until a screenshot without the page's words in the picture `is_right`; that one."""
        return wait_for(lambda: not (seen := self.shots(name, who)[who]).is_veiled() and is_right(seen) and seen, seconds, what)

    def pipelines(self):
        programs = by_program(list(children_of(self.house.daemon.pid)))
        return {name for name in ("mpv", "ffmpeg") if name in programs}

    def check_no_faults(self):
        self.assertEqual([], self.people.named("error", "console"))
