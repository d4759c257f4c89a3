#!/usr/bin/env python3
"""HTTP itself: requests whole, in pieces and too many, answers to readers who are slow or gone."""
import os
import select
import socket
import time
import unittest

from http_server import DEADLINE, WithServer, receive_all, receive_answers


class Protocol(WithServer):
    def exchange(self, data: bytes) -> bytes:
        with self.server.connect() as connection:
            connection.sendall(data)
            return receive_all(connection)

    def status_of(self, data: bytes) -> int:
        return int(self.exchange(data).split()[1])

    def test_requests_in_one_connection_one_after_the_other(self):
        with self.server.connect() as connection:
            for _ in range(20):
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                self.assertEqual(receive_answers(connection, 1)[0][0], 200)

    def test_pipelined_requests_are_answered_in_order(self):
        channel = self.on_air()
        bodies = [os.urandom(size) for size in (10, 200_000, 0, 16_384, 5)]
        urls = [channel.write_segment("720p", index, body) for index, body in enumerate(bodies)]
        with self.server.connect() as connection:
            connection.sendall(b"".join(f"GET {url} HTTP/1.1\r\nHost: a\r\n\r\n".encode() for url in urls))
            self.assertEqual(receive_answers(connection, len(urls)), [(200, body) for body in bodies])

    def test_a_request_in_single_bytes(self):
        with self.server.connect() as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n":
                connection.sendall(bytes([byte]))
            self.assertEqual(receive_answers(connection, 1)[0][0], 200)

    def test_http_1_0_and_connection_close_end_the_connection(self):
        answer = self.exchange(b"GET /healthz HTTP/1.0\r\n\r\n")
        self.assertIn(b"\r\nConnection: close\r\n", answer)
        answer = self.exchange(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        self.assertIn(b"\r\nConnection: close\r\n", answer)
        with self.server.connect() as connection:
            for _ in range(2):
                connection.sendall(b"GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                self.assertEqual(receive_answers(connection, 1)[0][0], 200)

    def test_refusals(self):
        head = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
        self.assertEqual(self.status_of(b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"), 414)
        self.assertEqual(self.status_of(b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"), 414)
        self.assertEqual(self.status_of(head + b"X: " + b"a" * 40000 + b"\r\n\r\n"), 431)
        self.assertEqual(self.status_of(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n"), 413)
        self.assertEqual(self.status_of(b"GET / HTTP/2.0\r\n\r\n"), 505)
        self.assertEqual(self.status_of(b"GET / HTTP/1.1\r\n\r\n"), 400)
        self.assertEqual(self.status_of(b"nonsense\r\n\r\n"), 400)
        self.assertEqual(self.status_of(b"GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n"), 400)
        self.assertEqual(self.status_of(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"), 501)
        self.assertEqual(
            self.status_of(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"), 400
        )
        self.assertEqual(self.status_of(head + b"Expect: miracles\r\n\r\n"), 417)
        self.assertEqual(self.server.get("/healthz")[0], 200)

    def test_a_header_of_12_kb_is_taken(self):
        fields = {f"X-{index}": "v" * 1000 for index in range(12)}
        self.assertEqual(self.server.get("/healthz", fields)[0], 200)

    def test_methods(self):
        status, headers, _ = self.server.request("POST", "/healthz")
        self.assertEqual((status, headers["allow"]), (405, "GET, HEAD, OPTIONS"))
        status, headers, _ = self.server.request("DELETE", "/live/demo/master.m3u8")
        self.assertEqual((status, headers["allow"]), (405, "GET, HEAD, OPTIONS"))
        self.assertEqual(self.server.request("GET", "/api/v1/channels/demo/restart")[0], 405)
        self.assertEqual(self.server.request("POST", "/nothing/here")[0], 404)
        status, headers, body = self.server.request("OPTIONS", "/live/demo/720p/1-000001.ts")
        self.assertEqual((status, body), (204, b""))
        self.assertIn("Range", headers["access-control-allow-headers"])
        self.assertEqual(headers["access-control-allow-methods"], "GET, HEAD, OPTIONS")
        self.assertEqual(headers["access-control-allow-origin"], "*")
        self.assertNotIn("content-length", headers)

    def test_expect_100_continue_is_answered_before_the_body(self):
        with self.server.connect() as connection:
            connection.sendall(
                b"POST /healthz HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
            )
            self.assertEqual(connection.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
            connection.sendall(b"hello")
            self.assertEqual(receive_answers(connection, 1)[0][0], 405)

    def test_a_body_in_chunks_is_taken_and_the_request_behind_it_found(self):
        head = b"POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        with self.server.connect() as connection:
            connection.sendall(head + b"6000\r\n" + bytes(0x6000) + b"\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertEqual([status for status, _ in receive_answers(connection, 2)], [405, 200])
        self.assertEqual(self.status_of(head + b"10001\r\n"), 413)
        self.assertEqual(self.status_of(head + b"hello\r\n"), 400)

    def test_a_body_that_trickles_is_cut_off_in_time(self):
        start = time.monotonic()
        for length in (b"Content-Length: 9", b"Transfer-Encoding: chunked"):
            head = b"POST /healthz HTTP/1.1\r\nHost: a\r\n" + length + b"\r\n\r\n"
            with self.server.connect() as connection:
                connection.sendall(head + b"5\r\nhe")
                self.assertTrue(receive_all(connection).startswith(b"HTTP/1.1 408 "))
        self.assertLess(time.monotonic() - start, 12)

    def test_the_request_behind_a_body_is_found(self):
        with self.server.connect() as connection:
            head = b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"
            connection.sendall(head + b"x" * 60000 + b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertEqual([status for status, _ in receive_answers(connection, 2)], [405, 200])

    def test_the_date_is_now(self):
        date = self.server.get("/healthz")[1]["date"]
        parsed = time.mktime(time.strptime(date, "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
        self.assertLess(abs(parsed - time.time()), 2)

    def test_a_header_that_trickles_is_cut_off_in_time(self):
        start = time.monotonic()
        with self.server.connect() as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n")
            answer = b""
            while True:
                readable, _, _ = select.select([connection], [], [], 0.2)
                if readable:
                    part = connection.recv(4096)
                    if not part:
                        break
                    answer += part
                elif not answer:
                    connection.sendall(b"X: y\r\n")
                self.assertLess(time.monotonic() - start, DEADLINE)
        self.assertTrue(answer.startswith(b"HTTP/1.1 408 "))
        self.assertLess(time.monotonic() - start, 6)

    def test_an_idle_connection_is_closed_in_time(self):
        start = time.monotonic()
        with self.server.connect() as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            receive_answers(connection, 1)
            self.assertEqual(connection.recv(1), b"")
        self.assertTrue(2.9 < time.monotonic() - start < 7)

    def test_a_reader_that_stops_is_cut_off(self):
        channel = self.on_air()
        url = channel.write_segment("720p", 1, bytes(50_000_000))
        with self.server.connect() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            connection.sendall(f"GET {url} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            poll = select.poll()
            poll.register(connection, select.POLLERR | select.POLLHUP)
            self.assertTrue(poll.poll(DEADLINE * 1000), "still connected")

    def test_a_client_that_goes_away_in_the_middle_does_no_harm(self):
        channel = self.on_air()
        url = channel.write_segment("720p", 1, bytes(20_000_000))
        for _ in range(20):
            with self.server.connect() as connection:
                connection.sendall(f"GET {url} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
                connection.recv(1000)
        self.assertEqual(self.server.get("/healthz")[0], 200)


class Limits(WithServer):
    arguments = {"http": "max_connections: 4"}

    def test_one_connection_too_many_is_503(self):
        held = [self.server.connect() for _ in range(4)]
        try:
            for connection in held:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                self.assertEqual(receive_answers(connection, 1)[0][0], 200)
            with self.server.connect() as connection:
                self.assertTrue(receive_all(connection).startswith(b"HTTP/1.1 503 "))
        finally:
            for connection in held:
                connection.close()
        self.server.wait_until("/healthz", lambda status, _: status == 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
