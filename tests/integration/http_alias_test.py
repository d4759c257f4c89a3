#!/usr/bin/env python3
"""The URLs of the mux service, at which the channel `live` is found, too."""
import gzip
import json
import os
import unittest
import urllib.parse

from http_server import COPY, WithServer


def listed(playlist: bytes) -> list[str]:
    return [line for line in playlist.decode().splitlines() if line and not line.startswith("#")]


class AliasOfALadder(WithServer):
    arguments = {"channels": ("live", "stream", "stream_0")}

    def on_air(self, name="live", **arguments):
        channel = self.server.channel(name)
        channel.publish(channel.snapshot(100, 25, **arguments))
        self.server.wait_until(f"/live/{name}/master.m3u8", lambda status, _: status == 200)
        return channel

    def test_before_there_is_anything_each_playlist_is_empty_and_200(self):
        def check(path):
            status, headers, body = self.server.get(path)
            self.assertEqual((status, headers["content-type"]), (200, "application/vnd.apple.mpegurl"), path)
            self.assertEqual((headers["cache-control"], headers["access-control-allow-origin"]), ("max-age=1", "*"))
            self.assertTrue(body.startswith(b"#EXTM3U\n"))
            self.assertIn(b"\n#EXT-X-TARGETDURATION:6\n", body)
            self.assertEqual(listed(body), [])

        paths = ("/live/stream.m3u8", "/live/stream_0/playlist.m3u8", "/live/stream_1/playlist.m3u8")
        for path in paths:
            check(path)
        channel = self.server.channel("live")
        snapshot = channel.snapshot(100, 0)
        for variant in snapshot["variants"]:
            variant.update(bandwidth_bps=0, codecs="")
        channel.publish(snapshot)
        self.server.wait_for_line('channel "live": has a snapshot')
        for path in paths:
            check(path)

    def test_the_master_leads_to_every_variant_and_each_list_to_its_segments(self):
        channel = self.on_air(discontinuities={110})
        _, _, master = self.server.get("/live/stream.m3u8")
        self.assertEqual(listed(master), ["stream_0/playlist.m3u8", "stream_1/playlist.m3u8"])
        _, _, own_master = self.server.get("/live/live/master.m3u8")
        for number, variant in enumerate(channel.variants):
            url = channel.write_segment(variant, 124, variant.encode())
            path = f"/live/stream_{number}/playlist.m3u8"
            self.assertEqual(listed(own_master)[number], f"{variant}/index.m3u8")
            _, _, text = self.server.get(path)
            _, _, own = self.server.get(f"/live/live/{variant}/index.m3u8")
            prefix = f"../live/{variant}/"
            self.assertEqual(text.replace(prefix.encode(), b""), own)
            self.assertEqual(urllib.parse.urljoin(path, listed(text)[-1]), url)
            self.assertEqual(self.server.get(url)[2], variant.encode())

    def test_a_number_out_of_range_or_none_at_all_is_404(self):
        for _ in range(2):  # by the configuration, then by the list
            for name in ("stream_2", "stream_99999999999999999999", "stream_-1", "stream_01", "stream_x", "stream_", "demo"):
                status, headers, _ = self.server.get(f"/live/{name}/playlist.m3u8")
                self.assertEqual((status, headers["content-type"]), (404, "application/problem+json"), name)
            self.on_air()

    def test_it_is_served_like_every_other_playlist(self):
        channel = self.on_air()
        for path in ("/live/stream.m3u8", "/live/stream_1/playlist.m3u8"):
            status, plain, text = self.server.get(path, {"Accept-Encoding": "identity"})
            self.assertEqual((status, plain["cache-control"], plain["vary"]), (200, "max-age=1", "Accept-Encoding"))
            _, packed, data = self.server.get(path, {"Accept-Encoding": "gzip"})
            self.assertEqual(gzip.decompress(data), text)
            self.assertEqual(self.server.get(path, {"If-None-Match": plain["etag"]})[0], 304)
            self.assertEqual(self.server.request("HEAD", path)[2], b"")
            self.assertEqual(self.server.request("OPTIONS", path)[0], 204)
            self.assertEqual(self.server.request("POST", path)[0], 405)
        channel.publish(channel.snapshot(101, 25))
        _, _, text = self.server.wait_until("/live/stream_1/playlist.m3u8", lambda _, text: text.endswith(b"-000125.ts\n"))
        self.assertIn(b"#EXT-X-MEDIA-SEQUENCE:106\n", text)

    def test_channels_of_like_names_keep_their_urls(self):
        for name in ("stream", "stream_0"):
            channel = self.on_air(name)
            url = channel.write_segment("720p", 124, name.encode())
            self.assertEqual(self.server.get(url)[2], name.encode())
            self.assertEqual(listed(self.server.get(f"/live/{name}/master.m3u8")[2])[0], "source/index.m3u8")
            self.assertIn(b"-000124.ts", self.server.get(f"/live/{name}/720p/index.m3u8")[2])
        self.assertEqual(listed(self.server.get("/live/stream.m3u8")[2]), [])
        self.assertEqual(listed(self.server.get("/live/stream_0/playlist.m3u8")[2]), [])


class AliasOfACopy(WithServer):
    arguments = {"channels": ("live",), "variants": COPY}

    def test_the_stream_is_the_list_itself_and_its_segments_lie_beside_it(self):
        self.assertEqual(listed(self.server.get("/live/stream.m3u8")[2]), [])
        self.assertEqual(json.loads(self.server.get("/health")[2]), {"status": "ok", "mode": "copy", "stream_ready": False})
        channel = self.server.channel("live", variants=("source",))
        channel.publish(channel.snapshot(100, 25))
        self.server.wait_until("/live/stream.m3u8", lambda _, text: text.endswith(b"-000124.ts\n"))
        text = self.server.get("/live/stream.m3u8")[2]
        self.assertEqual(text, self.server.get("/live/live/source/index.m3u8")[2])
        self.assertEqual(json.loads(self.server.get("/health")[2]), {"status": "ok", "mode": "copy", "stream_ready": True})

        data = os.urandom(100_000)
        own = channel.write_segment("source", 124, data)
        alias = urllib.parse.urljoin("/live/stream.m3u8", listed(text)[-1])
        self.assertEqual(alias, f"/live/{channel.run}-000124.ts")
        for url in (own, alias):
            status, headers, body = self.server.get(url)
            self.assertEqual((status, headers["content-type"], body), (200, "video/mp2t", data))
            self.assertEqual(headers["cache-control"], "public, max-age=126, immutable")
        self.assertEqual(self.server.get(alias, {"Range": "bytes=5-9"})[2], data[5:10])
        numbered = "/live/stream_0/playlist.m3u8"
        self.assertEqual(urllib.parse.urljoin(numbered, listed(self.server.get(numbered)[2])[-1]), own)

    def test_what_is_no_segment_is_404_and_no_path_leaves_the_tree(self):
        for _ in range(2):
            for name in ("nothing", "nothing.ts", "1-000001.ts", "..%2fchannel.json", "channel.json"):
                self.assertIn(self.server.get(f"/live/{name}")[0], (400, 404), name)
            channel = self.server.channel("live", variants=("source",))
            channel.publish(channel.snapshot(100, 25))
            self.server.wait_until("/live/live/master.m3u8", lambda status, _: status == 200)


class AliasOfNothing(WithServer):
    def test_without_a_channel_of_that_name_there_is_nothing(self):
        self.on_air()
        for path in ("stream.m3u8", "stream_0/playlist.m3u8", "18c2f3a9b01-000124.ts"):
            status, headers, _ = self.server.get(f"/live/{path}")
            self.assertEqual((status, headers["content-type"]), (404, "application/problem+json"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
