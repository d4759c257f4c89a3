"""What is in an MPEG transport stream, read byte by byte: tables, elementary streams, times, random access points.

A second opinion on what the product says of its own output; it knows only what the tests need.
"""
from dataclasses import dataclass, field
from pathlib import Path

PACKET = 188
WRAP = 1 << 33
NULL_PID = 0x1FFF
VIDEO = {0x02: "mpeg2", 0x1B: "h264", 0x24: "hevc"}
AUDIO = {0x03, 0x04, 0x0F, 0x11, 0x81}
CUES = 0x86


@dataclass
class Unit:
    """An access unit of a stream: one PES packet, as ffmpeg writes pictures."""
    pts: int
    at: int  # where its bytes begin in Track.data
    packet: int


@dataclass
class Track:
    kind: int  # stream_type
    data: bytearray = field(default_factory=bytearray)  # PES packets without their headers
    units: list = field(default_factory=list)
    counters: list = field(default_factory=list)  # of its packets with payload

    def unit_bytes(self, index):
        end = self.units[index + 1].at if index + 1 < len(self.units) else len(self.data)
        return bytes(self.data[self.units[index].at:end])


@dataclass
class Content:
    pids: list  # of the packets, in order
    tracks: dict  # PID: Track

    @property
    def video(self):
        return next((track for track in self.tracks.values() if track.kind in VIDEO), None)

    @property
    def audio(self):
        return next((track for track in self.tracks.values() if track.kind in AUDIO), None)


def time_stamp(field5):
    """33 bits of a PES header."""
    return ((field5[0] >> 1 & 7) << 30 | field5[1] << 22 | field5[2] >> 1 << 15 | field5[3] << 7 | field5[4] >> 1)


def section_of(payload):
    """The section that begins in a packet; it must fit in."""
    begin = 1 + payload[0]
    return payload[begin:begin + 3 + ((payload[begin + 1] & 15) << 8 | payload[begin + 2])]


def streams_of(pmt):
    """{PID: stream_type} of a programme map section."""
    found, at = {}, 12 + ((pmt[10] & 15) << 8 | pmt[11])
    while at < len(pmt) - 4:
        found[(pmt[at + 1] & 31) << 8 | pmt[at + 2]] = pmt[at]
        at += 5 + ((pmt[at + 3] & 15) << 8 | pmt[at + 4])
    return found


def read(*files):
    """The content of files that follow each other, or of bytes."""
    data = b"".join(file if isinstance(file, (bytes, bytearray)) else Path(file).read_bytes() for file in files)
    assert len(data) % PACKET == 0, f"{len(data)} bytes are no whole packets"
    content, pmt_pid = Content([], {}), None
    for at in range(0, len(data), PACKET):
        packet = data[at:at + PACKET]
        assert packet[0] == 0x47, f"no sync byte at {at}"
        pid, begins = (packet[1] & 31) << 8 | packet[2], packet[1] & 0x40
        content.pids.append(pid)
        payload = packet[4 + (1 + packet[4] if packet[3] & 0x20 else 0):] if packet[3] & 0x10 else b""
        if pid == 0 and begins:
            pat = section_of(payload)
            pmt_pid = (pat[10] & 31) << 8 | pat[11]
        elif pid == pmt_pid and begins:
            for stream, kind in streams_of(section_of(payload)).items():
                content.tracks.setdefault(stream, Track(kind))
        elif pid in content.tracks and payload:
            add_payload(content.tracks[pid], payload, begins, packet[3] & 15, len(content.pids) - 1)
    return content


def add_payload(track, payload, begins, counter, packet):
    track.counters.append(counter)
    if track.kind == CUES:  # sections, not PES packets
        track.data += payload
        return
    if begins:
        assert payload[:3] == b"\0\0\1", "a PES packet begins otherwise"
        if payload[7] & 0x80:
            track.units.append(Unit(time_stamp(payload[9:14]), len(track.data), packet))
        payload = payload[9 + payload[8]:]
    track.data += payload


def is_random_access(kind, picture):
    """Whether decoders can begin with this picture: IDR or recovery point, IRAP, I."""
    at = picture.find(b"\0\0\1")
    while 0 <= at < len(picture) - 5:
        code = picture[at + 3]
        if kind == "h264" and (code & 31 == 5 or code & 31 == 6 and picture[at + 4] == 6):
            return True
        if kind == "hevc" and 16 <= code >> 1 & 63 <= 23:
            return True
        if kind == "mpeg2" and code == 0 and picture[at + 5] >> 3 & 7 == 1:
            return True
        at = picture.find(b"\0\0\1", at + 3)
    return False


def elapsed(earlier, later):
    """Ticks from one time to another, over the wrap."""
    return (later - earlier + WRAP // 2) % WRAP - WRAP // 2


def first_and_end(track, frame):
    """The first time in presentation order, and where the last picture ends, `frame` ticks long; counted on, not wrapped."""
    begin = track.units[0].pts
    times = [elapsed(begin, unit.pts) for unit in track.units]
    return begin + min(times), begin + max(times) + frame


def counter_gaps(content):
    """PIDs whose continuity counters do not count on."""
    return [pid for pid, track in content.tracks.items()
            if any((a + 1) % 16 != b for a, b in zip(track.counters, track.counters[1:]))]
