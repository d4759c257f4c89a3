"""SCTE-35 for tests: sections by the bit, and transport streams that carry them.

Written from ANSI/SCTE 35 alone, so that the product's own codec is not what judges it.
"""
import base64
import struct

from transport_stream import CUES, PACKET, WRAP, section_of, streams_of, time_stamp

PID = 0x1F4
SPLICE_INSERT, TIME_SIGNAL = 5, 6


def crc32(data):
    """MPEG-2: no reflection, no final complement."""
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)
        value &= 0xFFFFFFFF
    return value


def bits(*fields):
    """Bytes of (width, value) fields, highest bit first."""
    number = width = 0
    for size, value in fields:
        assert 0 <= value < 1 << size, (size, value)
        number, width = number << size | value, width + size
    assert width % 8 == 0, width
    return number.to_bytes(width // 8, "big")


def section(command_type, command, descriptors=b"", adjustment=0):
    """A splice_info_section in the clear."""
    body = bits((8, 0), (1, 0), (6, 0), (33, adjustment), (8, 0), (12, 0xFFF), (12, len(command)), (8, command_type))
    body += command + struct.pack(">H", len(descriptors)) + descriptors
    whole = bits((8, 0xFC), (1, 0), (1, 0), (2, 3), (12, len(body) + 4)) + body
    return whole + struct.pack(">I", crc32(whole))


def splice_time(pts):
    return bits((1, 1), (6, 63), (33, pts % WRAP))


def splice_insert(event, out, pts=None, planned=None, auto_return=True, adjustment=0):
    """`pts`: ticks, None: immediate; `planned`: ticks of break_duration."""
    command = bits((32, event), (1, 0), (7, 127), (1, out), (1, 1), (1, planned is not None), (1, pts is None), (4, 15))
    if pts is not None:
        command += splice_time(pts - adjustment)
    if planned is not None:
        command += bits((1, auto_return), (6, 63), (33, planned))
    return section(SPLICE_INSERT, command + bits((16, 1), (8, 0), (8, 0)), adjustment=adjustment)


def cancelled(event):
    return section(SPLICE_INSERT, bits((32, event), (1, 1), (7, 127)))


def time_signal(event, kind, pts, planned=None):
    """With one segmentation_descriptor of segmentation_type_id `kind`."""
    descriptor = b"CUEI" + bits((32, event), (1, 0), (7, 127), (1, 1), (1, planned is not None), (1, 1), (5, 31))
    if planned is not None:
        descriptor += bits((40, planned))
    descriptor += bits((8, 0), (8, 0), (8, kind), (8, 1), (8, 1)) + (bytes(2) if kind in (0x34, 0x36, 0x38, 0x3A) else b"")
    return section(TIME_SIGNAL, splice_time(pts), bits((8, 2), (8, len(descriptor))) + descriptor)


def with_wrong_crc(good):
    return good[:-1] + bytes([good[-1] ^ 1])


def as_base64(whole):
    return base64.b64encode(whole).decode()


def as_hex(whole):
    return "0x" + whole.hex()


def as_decimal(whole):
    return str(int.from_bytes(whole, "big"))


def time_of(whole):
    """Ticks at which a section of ours splices; 0: at once."""
    at = {SPLICE_INSERT: 20, TIME_SIGNAL: 14}[whole[13]]
    if at == 20 and whole[19] & 0x10:
        return 0
    return (int.from_bytes(whole[at:at + 5], "big") + int.from_bytes(whole[4:9], "big")) % WRAP


def line(whole, at=None, write=as_base64):
    """One line of a sidecar file; `at`: seconds, where they are not the section's own."""
    return f"{time_of(whole) / 90000 if at is None else at}, {write(whole)}\n"


class CueInserter:
    """Puts sections into a transport stream of ffmpeg's that has none: announces the PID, counts its packets."""

    def __init__(self):
        self.counter = 0
        self.pmt_pid = self.video_pid = None

    def announced(self, packet):
        """The packet as it shall be sent: a PMT names our PID."""
        pid, begins = (packet[1] & 31) << 8 | packet[2], packet[1] & 0x40
        if not begins:
            return packet
        payload = packet[4 + (1 + packet[4] if packet[3] & 0x20 else 0):]
        if pid == 0:
            pat = section_of(payload)
            self.pmt_pid = (pat[10] & 31) << 8 | pat[11]
        elif pid == self.pmt_pid:
            return self._pmt(packet, section_of(payload))
        return packet

    def _pmt(self, packet, pmt):
        self.video_pid = next(pid for pid, kind in streams_of(pmt).items() if kind in (0x02, 0x1B, 0x24))
        info_end = 12 + ((pmt[10] & 15) << 8 | pmt[11])
        info = pmt[12:info_end] + b"\x05\x04CUEI"
        body = pmt[3:10] + bits((4, 15), (12, len(info))) + info + pmt[info_end:-4] + bits((8, CUES), (3, 7), (13, PID), (4, 15), (12, 0))
        whole = pmt[:1] + bits((4, 0xB), (12, len(body) + 4)) + body
        whole += struct.pack(">I", crc32(whole))
        return (packet[:3] + bytes([0x10 | packet[3] & 15, 0]) + whole).ljust(PACKET, b"\xff")

    def picture_time(self, packet):
        """The PTS of the picture that begins in this packet; None elsewhere."""
        if (packet[1] & 31) << 8 | packet[2] != self.video_pid or not packet[1] & 0x40:
            return None
        payload = packet[4 + (1 + packet[4] if packet[3] & 0x20 else 0):]
        return time_stamp(payload[9:14]) if payload[7] & 0x80 else None

    def packets_of(self, whole):
        """A section as packets of our PID."""
        rest, sent, begins = b"\0" + whole, b"", 0x40
        while rest:
            chunk, rest = rest[:PACKET - 4], rest[PACKET - 4:]
            sent += (bytes([0x47, begins | PID >> 8, PID & 255, 0x10 | self.counter]) + chunk).ljust(PACKET, b"\xff")
            self.counter, begins = (self.counter + 1) % 16, 0
        return sent


def with_cues(stream, cues):
    """Bytes of a transport stream with (PTS, section) pairs put in front of the first picture at or after each PTS."""
    inserter, waiting, made = CueInserter(), sorted(cues), bytearray()
    for at in range(0, len(stream), PACKET):
        packet = inserter.announced(stream[at:at + PACKET])
        pts = inserter.picture_time(packet)
        while pts is not None and waiting and (pts - waiting[0][0]) % WRAP < WRAP // 2:
            made += inserter.packets_of(waiting.pop(0)[1])
        made += packet
    assert not waiting, f"{len(waiting)} cues behind the end"
    return bytes(made)
