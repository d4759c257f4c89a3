"""Assets: HLS that was segmented beforehand. Made by ffmpeg and Shaka Packager, and from each other by rewriting playlists."""
import os
import random
import shutil
import subprocess
from pathlib import Path

from house import die_with_us
from ladders import X264, Kind, Ladder, make_ladder
from sources import QUIET, SOUND, numbered_picture

TICKS = 90000
FRAGMENTED = ("-hls_segment_type", "fmp4")
SMALL = ("192x108", "160x96", "128x72")
PACKAGER = (Path(__file__).resolve().parent.parent / "browser/node_modules/shaka-packager/bin" /
            f"packager-linux-{'arm64' if os.uname().machine == 'aarch64' else 'x64'}")


def durations_of(kind):
    """Ticks of each segment, as the pictures were ordered, not as anybody measured them."""
    whole, rest = divmod(kind.pictures, kind.gop)
    return [kind.gop * kind.frame] * whole + ([rest * kind.frame] if rest else [])


def make_asset(root, name, **changes):
    """A ladder of three variants below `root`: hi, mid, low."""
    return make_ladder(root / name, Kind(**{"sizes": SMALL, "seconds": 6, **changes}))


def make_odd(root, name, count=3, **changes):
    """Segments of 5.97 s: 199 pictures of 30 ms."""
    return make_asset(root, name, **{"seconds": count * 5.97, "rate": "100/3", "gop": 199, "segment_time": 5.97, **changes})


def make_long(root, name, count=600):
    """(asset, ticks of its segments): four variants of `count` segments with many lengths, 0.4 to 2 s."""
    dice = random.Random(7)
    pictures = [dice.randint(2, 10) for _ in range(count)]  # a fifth of a second each
    starts = [sum(pictures[:index]) for index in range(count)]
    video = (*X264, "-force_key_frames", ",".join(f"{start / 5:.1f}" for start in starts))
    ladder = make_asset(root, name, seconds=sum(pictures) / 5, rate="5", gop=9999, segment_time=0.2, video=video, audio=(),
                        sizes=("64x36", "48x24", "32x24"))
    copy(ladder.folder / "low", ladder.folder / "least")
    ladder.names.append("least")
    with ladder.master.open("a") as master:
        master.write("#EXT-X-STREAM-INF:BANDWIDTH=90000,RESOLUTION=32x24\nleast/index.m3u8\n")
    assert ladder.playlist("hi").read_text().count("#EXTINF") == count
    return ladder, [count * TICKS // 5 for count in pictures]


def copy(source, target):
    """A folder once more, its files being the same ones: playlists are to be replaced, not written into."""
    shutil.copytree(source, target, copy_function=os.link)


def rewrite(file, change):
    """Replaces a text file, as publishers do: by rename."""
    new = file.with_suffix(".new")
    new.write_text(change(file.read_text()))
    new.rename(file)


def entries_of(playlist):
    """The lines of a playlist from its first segment on, without its end."""
    lines = playlist.read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(("#EXTINF", "#EXT-X-MAP", "#EXT-X-KEY")))
    return [line for line in lines[first:] if line != "#EXT-X-ENDLIST"]


def join(folder, first, second):
    """One asset of two ladders, with a DISCONTINUITY between them."""
    folder.mkdir(parents=True)
    copy(first.folder, folder / "one")
    copy(second.folder, folder / "two")
    for name in first.names:
        lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:10", "#EXT-X-PLAYLIST-TYPE:VOD"]
        for part, ladder in (("one", first), ("two", second)):
            lines += ["#EXT-X-DISCONTINUITY"] * (part == "two")
            for line in entries_of(ladder.playlist(name)):
                base = f"../{part}/{name}/"
                lines.append(line.replace('URI="', f'URI="{base}') if line.startswith("#") else base + line)
        (folder / name).mkdir()
        (folder / name / "index.m3u8").write_text("\n".join([*lines, "#EXT-X-ENDLIST", ""]))
    shutil.copy(first.master, folder / "master.m3u8")
    for part in ("one", "two"):  # what lies there now are segments, no streams
        for playlist in (folder / part).rglob("*.m3u8"):
            playlist.unlink()
    return Ladder(first.kind, folder, list(first.names))


def add_subtitles(ladder, durations):
    """WebVTT beside the variants, a segment to each of theirs."""
    folder = ladder.folder / "text"
    folder.mkdir()
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:6", "#EXT-X-PLAYLIST-TYPE:VOD"]
    start = 0.0
    for index, duration in enumerate(durations):
        seconds = duration / TICKS
        (folder / f"{index}.vtt").write_text(
            "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:126000,LOCAL:00:00:00.000\n\n"
            f"00:00:{start:06.3f} --> 00:00:{start + 1:06.3f}\nsegment {index}\n")
        lines += [f"#EXTINF:{seconds:.6f},", f"{index}.vtt"]
        start += seconds
    (folder / "index.m3u8").write_text("\n".join([*lines, "#EXT-X-ENDLIST", ""]))
    media = '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="Text",LANGUAGE="en",URI="text/index.m3u8"\n'
    rewrite(ladder.master, lambda text: text.replace("#EXT-X-STREAM-INF:", media + "#EXT-X-STREAM-INF:", 1)
            .replace("#EXT-X-STREAM-INF:", '#EXT-X-STREAM-INF:SUBTITLES="text",'))


def encrypt(ladder, key=bytes(range(16)), first=7):
    """AES-128 with a key in each variant's folder and no IV, which is each segment's number in the input then."""
    for name in ladder.names:
        for number, file in enumerate(ladder.files(name), start=first):
            plain = file.with_suffix(".plain")
            file.rename(plain)
            subprocess.run(["openssl", "enc", "-aes-128-cbc", "-K", key.hex(), "-iv", f"{number:032x}", "-in", plain, "-out", file],
                           check=True)
            plain.unlink()
        (ladder.folder / name / "key.bin").write_bytes(key)
        rewrite(ladder.playlist(name), lambda text: text.replace("#EXT-X-MEDIA-SEQUENCE:0", f"#EXT-X-MEDIA-SEQUENCE:{first}")
                .replace("#EXTINF", '#EXT-X-KEY:METHOD=AES-128,URI="key.bin"\n#EXTINF', 1))
    return ladder


def make_packaged(root, name, scratch, seconds=12):
    """By Shaka Packager: fMP4, three variants and a sound of their own."""
    inputs = []
    for index, size in enumerate(SMALL):
        inputs.append(scratch / f"{index}.mp4")
        subprocess.run([*QUIET, "-f", "lavfi", "-i", numbered_picture(size), *X264, "-g", "50", "-keyint_min", "50", "-bf", "2",
                        "-t", str(seconds), str(inputs[-1])], check=True, preexec_fn=die_with_us)
    subprocess.run([*QUIET, "-f", "lavfi", "-i", SOUND, "-c:a", "aac", "-t", str(seconds), str(scratch / "a.mp4")], check=True,
                   preexec_fn=die_with_us)
    folder = root / name
    folder.mkdir(parents=True)
    streams = [f"in={file},stream=video,init_segment={folder}/v{i}/init.mp4,segment_template={folder}/v{i}/$Number$.m4s,"
               f"playlist_name=v{i}.m3u8" for i, file in enumerate(inputs)]
    streams.append(f"in={scratch}/a.mp4,stream=audio,init_segment={folder}/a/init.mp4,segment_template={folder}/a/$Number$.m4s,"
                   "playlist_name=a.m3u8,hls_group_id=sound,hls_name=Sound")
    subprocess.run([PACKAGER, *streams, "--segment_duration", "2", "--hls_master_playlist_output", str(folder / "abr.m3u8")],
                   check=True, preexec_fn=die_with_us, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return folder
