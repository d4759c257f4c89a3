"""Writes Presentation Graphics subtitles, as Blu-rays have them: one white bar with a frame, shown and taken away again.

Patent US 2009/0185789 describes the segments; a .sup file puts "PG", PTS and DTS in front of each.
"""
import struct

PALETTE, OBJECT, COMPOSITION, WINDOW, END = 0x14, 0x15, 0x16, 0x17, 0x80


def segment(kind, seconds, payload):
    ticks = int(seconds * 90000)
    return b"PG" + struct.pack(">IIBH", ticks, 0, kind, len(payload)) + payload


def run(length, colour):
    """`length` pixels of `colour` (1 to 255), run-length encoded."""
    return bytes([0, 0xC0 | length >> 8, length & 0xFF, colour])


def bar(width, height):
    """A bitmap: colour 2 with an edge of colour 1."""
    edge = run(width, 1) + b"\0\0"
    middle = run(8, 1) + run(width - 16, 2) + run(8, 1) + b"\0\0"
    return edge * 4 + middle * (height - 8) + edge * 4


def composition(size, number, objects):
    width, height = size
    state = 0x80 if objects else 0x00  # epoch start, or nothing new
    return struct.pack(">HHBHBBBB", width, height, 0x10, number, state, 0, 0, len(objects)) + b"".join(objects)


def write(path, size, cues):
    """`cues`: (start, end) in seconds; the bar stands in the lower third of a picture of `size`."""
    width, height = size[0] // 2, size[1] // 8
    left, top = size[0] // 4, size[1] * 5 // 6 - height // 2
    window = struct.pack(">BBHHHH", 1, 0, left, top, width, height)
    palette = bytes([0, 0]) + bytes([1, 16, 128, 128, 255]) + bytes([2, 235, 128, 128, 255])
    bitmap = bar(width, height)
    shown = struct.pack(">HBB", 0, 0, 0xC0) + (len(bitmap) + 4).to_bytes(3, "big") + struct.pack(">HH", width, height) + bitmap
    placed = struct.pack(">HBBHH", 0, 0, 0, left, top)
    with open(path, "wb") as file:
        for number, (start, end) in enumerate(cues):
            file.write(segment(COMPOSITION, start, composition(size, 2 * number, [placed])))
            file.write(segment(WINDOW, start, window))
            file.write(segment(PALETTE, start, palette))
            file.write(segment(OBJECT, start, shown))
            file.write(segment(END, start, b""))
            file.write(segment(COMPOSITION, end, composition(size, 2 * number + 1, [])))
            file.write(segment(WINDOW, end, window))
            file.write(segment(END, end, b""))
