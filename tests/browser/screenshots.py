"""What screenshots of a page with a numbered film show: which picture, and when it was taken."""
import subprocess
from dataclasses import dataclass

CLOCK_BITS, CLOCK_CELL = 24, 40  # the strip of together.mjs, in pixels
FRAME_BITS = 16  # the top row of tests/integration/films.py
RATE = 25


@dataclass
class Shot:
    """`box`: where the film is, in pixels."""
    gray: bytes
    width: int
    box: dict

    def at(self, x, y):
        return self.gray[int(y) * self.width + int(x)]

    def wall(self):
        """The time of day in seconds, modulo 2^24 ms."""
        return sum((self.at((bit + 0.5) * CLOCK_CELL, 6) > 127) << bit for bit in range(CLOCK_BITS)) / 1000

    def frame(self):
        """The number of the film's picture."""
        x, y, width, height = (self.box[key] for key in ("x", "y", "width", "height"))
        return sum((self.at(x + (bit + 0.5) * width / FRAME_BITS, y + height / 24) > 127) << bit for bit in range(FRAME_BITS))

    def ahead(self):
        """Seconds of film minus the time of day: equal for all who are in step."""
        return self.frame() / RATE - self.wall()

    def is_veiled(self):
        """Whether there is no film yet, or the page says something in front of it; the film is gray."""
        return self.box["width"] is None or not 100 < self.at(self.box["x"] + self.box["width"] / 8, self.box["y"] + self.box["height"] / 2) < 160

    def bright_below(self):
        """The share of bright pixels in the picture's lower third, where subtitles are; the film itself is gray."""
        x, y, width, height = (round(self.box[key]) for key in ("x", "y", "width", "height"))
        rows = range(y + height * 2 // 3, y + height - 2)
        bright = sum(sum(value > 200 for value in self.gray[row * self.width + x:row * self.width + x + width]) for row in rows)
        return bright / (width * len(rows))


def shot(path, box, width):
    raw = subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "gray", "-"],
                         capture_output=True, check=True).stdout
    return Shot(raw, width, box)
