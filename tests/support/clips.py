"""Test clips whose frames say their own number, and how to read it back.

Frame n shows n in binary as sixteen black or white cells along its top edge, least significant bit on the left; they survive
scaling and encoding. The sound is a steady tone.
"""
import subprocess

FFMPEG = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
BITS = 16


def _counter(width, height):
    cell_width, cell_height = width // BITS, height // 8
    boxes = [f"drawbox=x=0:y=0:w={width}:h={cell_height}:color=black:t=fill"]
    for bit in range(BITS):
        boxes.append(
            f"drawbox=x={bit * cell_width}:y=0:w={cell_width}:h={cell_height}:color=white:t=fill"
            f":enable='mod(floor(n/{1 << bit}),2)'"
        )
    return ",".join(boxes)


X264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -crf 30 -sc_threshold 0".split()


def make_clip(path, seconds, gop, rate="25", size=(320, 176), video=(), encoder=X264, audio="aac", offset=0.0):
    """Writes a TS clip. `gop`: frames between keyframes; `video`: options on top of the encoder's; `offset`: seconds added to all
    times; `audio`: its codec, or None."""
    width, height = size
    command = [*FFMPEG, "-f", "lavfi", "-i", f"testsrc2=size={width}x{height}:rate={rate},{_counter(width, height)}"]
    if audio:
        command += ["-f", "lavfi", "-i", "sine=frequency=300:sample_rate=48000"]
    command += ["-t", str(seconds), *encoder, "-g", str(gop), "-keyint_min", str(gop), *video]
    if audio:
        command += ["-c:a", audio, "-b:a", "64k"]
    command += ["-output_ts_offset", str(offset), "-f", "mpegts", "-pes_payload_size", "0", str(path)]
    subprocess.run(command, check=True)
    return path


def frame_numbers(path):
    """The numbers that the frames of one file show, in presentation order, decoded on its own."""
    decoded = subprocess.run(
        [*FFMPEG, "-i", str(path), "-map", "0:v:0", "-vf", f"crop=iw:ih/8:0:0,scale={BITS}:1:flags=area,format=gray",
         "-fps_mode", "passthrough", "-f", "rawvideo", "-"],
        capture_output=True, check=True).stdout
    rows = (decoded[at:at + BITS] for at in range(0, len(decoded) - BITS + 1, BITS))
    return [sum(1 << bit for bit in range(BITS) if row[bit] > 127) for row in rows]
