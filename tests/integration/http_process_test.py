#!/usr/bin/env python3
"""The program: its command line, a reload, a stop."""
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest

from http_server import DEADLINE, PROGRAM, Server, WithServer, receive_all


class Process(WithServer):
    def test_a_reload_takes_channels_over_and_a_bad_file_changes_nothing(self):
        self.server.write_config(["demo", "second"])
        self.server.process.send_signal(signal.SIGHUP)
        self.server.wait_for_line("configuration reloaded")
        self.assertEqual(self.server.get("/live/second/master.m3u8")[0], 503)
        self.server.config.write_text("channels: [ { nam: x } ]\n")
        self.server.process.send_signal(signal.SIGHUP)
        self.server.wait_for_line(r"config\.yaml:1:\d+: ")
        self.server.wait_for_line("not reloaded")
        self.assertEqual(self.server.get("/live/second/master.m3u8")[0], 503)

    def test_stopping_lets_a_running_response_finish(self):
        channel = self.on_air()
        data = os.urandom(8_000_000)
        url = channel.write_segment("720p", 1, data)
        idle = self.server.connect()
        self.addCleanup(idle.close)
        with self.server.connect() as connection:
            connection.sendall(f"GET {url} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            first = connection.recv(1000)
            start = time.monotonic()
            self.server.process.send_signal(signal.SIGTERM)
            self.server.wait_for_line("stopping")
            answer = first + receive_all(connection)
        self.assertTrue(answer.endswith(data))
        self.assertEqual(self.server.process.wait(DEADLINE), 0)
        self.assertLess(time.monotonic() - start, 1.9)
        self.assertEqual(idle.recv(1), b"")

    def test_stopping_lets_the_responses_of_every_thread_finish(self):
        channel = self.on_air()
        data = os.urandom(8_000_000)
        url = channel.write_segment("720p", 1, data)
        connections = [self.server.connect() for _ in range(8)]
        for connection in connections:
            self.addCleanup(connection.close)
            connection.sendall(f"GET {url} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        started = [connection.recv(1000) for connection in connections]
        self.server.process.send_signal(signal.SIGTERM)
        self.server.wait_for_line("stopping")
        for connection, first in zip(connections, started):
            self.assertTrue((first + receive_all(connection)).endswith(data))
        self.assertEqual(self.server.process.wait(DEADLINE), 0)

    def test_stopping_does_not_wait_for_a_reader_that_stopped(self):
        channel = self.on_air()
        url = channel.write_segment("720p", 1, bytes(50_000_000))
        with self.server.connect() as connection:
            connection.sendall(f"GET {url} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            connection.recv(1000)
            start = time.monotonic()
            self.server.process.send_signal(signal.SIGINT)
            self.assertEqual(self.server.process.wait(DEADLINE), 0)
            self.assertLess(time.monotonic() - start, 1.9)


class CommandLine(unittest.TestCase):
    def run_program(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=DEADLINE)

    def test_help_and_version_go_to_stdout(self):
        for argument, text in (("--help", "--config"), ("--version", "continuo-http ")):
            result = self.run_program(argument)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertIn(text, result.stdout)

    def test_wrong_usage_is_64(self):
        self.assertEqual(self.run_program().returncode, 64)
        self.assertEqual(self.run_program("--config", "x", "--listen", "nowhere").returncode, 64)

    def test_a_wrong_config_is_78_with_its_place(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("http: { threads: many }\n")
            file.flush()
            result = self.run_program("--config", file.name)
        self.assertEqual(result.returncode, 78)
        self.assertRegex(result.stderr, rf"{re.escape(file.name)}:1:\d+: http\.threads: ")

    def test_who_may_open_too_few_files_for_his_connections_is_warned(self):
        enough = 2 * 100 + 2 * 640 + 256  # of 100 connections and two threads
        for limit, lines in ((enough, 0), (enough - 1, 1)):
            with self.subTest(limit=limit):
                server = Server(http="max_connections: 100", open_files=limit)
                self.addCleanup(server.close)
                self.assertEqual(lines, sum(f"limit of open files ({limit})" in line for line in server.lines), server.lines)

    def test_a_port_in_use_is_71_and_says_what_to_do_even_to_a_second_one_of_us(self):
        server = Server(http="max_connections: 100")  # no machine allows too few files for these
        self.addCleanup(server.close)
        result = self.run_program("--config", str(server.config), "--listen", f"127.0.0.1:{server.port}")
        self.assertEqual(result.returncode, 71)
        self.assertEqual(
            result.stderr,
            f"<3>listen 127.0.0.1:{server.port}: Address already in use: another server runs there; "
            "set http.listen or --listen\n",
        )


if __name__ == "__main__":
    unittest.main(verbosity=2)
