#!/usr/bin/env python3
"""hostile_cdn does what its list says.   hostile_cdn_test.py HOSTILE_CDN BLOCKS_FOLDER"""
import http.client
import json
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest

PROGRAM, FOLDER = sys.argv[1:3]
FILE = "/50.100.blocks"


class Server:
    def __init__(self, *arguments):
        self.process = subprocess.Popen([PROGRAM, "--folder", FOLDER, "--first", "120", "--seconds", "20", *arguments],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.rest = self.process.communicate()[0]

    def get(self, path=FILE, connection=None):
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("GET", path)
        return connection.getresponse()

    def first_bytes(self, path=FILE):
        """The first bytes of whatever comes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as s:
            s.sendall(b"GET %s HTTP/1.1\r\n\r\n" % path.encode())
            return s.recv(12)


class HostileCdn(unittest.TestCase):
    def test_it_names_at_least_120_cases_once_each_of_every_catalogue_row(self):
        lines = subprocess.run([PROGRAM, "--list"], capture_output=True, text=True, check=True).stdout.splitlines()
        names = [line.split()[0] for line in lines]
        rows = {line.split()[1] for line in lines}
        self.assertGreaterEqual(len(names), 120)
        self.assertEqual(len(names), len(set(names)))
        self.assertLessEqual({"C%d" % i for i in range(1, 17)} | {"D%d" % i for i in range(1, 12)}, rows)

    def test_without_a_case_it_is_honest(self):
        with Server() as server, open(FOLDER + FILE, "rb") as file:
            answer = server.get()
            self.assertEqual((answer.status, answer.read()), (200, file.read()))
            self.assertEqual(server.get("/nothing").status, 404)
            latest = server.get("/latest.json").read()
            self.assertEqual(json.loads(latest[8:])["exclusive_height"], 120)

    def test_a_known_entity_tag_gets_304(self):
        with Server() as server:
            tag = server.get("/latest.json").headers["ETag"]
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
            connection.request("GET", "/latest.json", headers={"If-None-Match": tag})
            self.assertEqual(connection.getresponse().status, 304)

    def test_a_case_plays_once_for_each_file_and_then_is_honest(self):
        with Server("--case", "cut-half") as server:
            with self.assertRaises(http.client.IncompleteRead):
                server.get().read()
            self.assertEqual(len(server.get().read()), server.get().length)
            with self.assertRaises(http.client.IncompleteRead):
                server.get("/0.50.blocks").read()
        self.assertIn("hostile 2", server.rest)

    def test_a_case_that_is_played_always_never_ends(self):
        with Server("--case", "status-503.always") as server:
            self.assertEqual([server.get().status for _ in range(3)], [503] * 3)

    def test_the_same_seed_gives_the_same_bytes(self):
        def seen(seed):
            with Server("--case", "truncated.always", "--seed", str(seed)) as server:
                return [server.get().read() for _ in range(3)]
        first = seen(5)
        self.assertEqual(first, seen(5))
        self.assertNotEqual(first, seen(6))
        self.assertEqual(len(set(first)), 1)  # what never ends is the same bytes each time

    def test_the_canary_counts_whoever_follows_a_redirect(self):
        with Server("--case", "redirect-to-canary") as server:
            place = server.get().headers["Location"].split("/")[2].split(":")
            socket.create_connection((place[0], int(place[1]))).recv(1)
        self.assertIn("canary visits 1", server.rest)

    def test_a_scenario_file_says_what_plays_when(self):
        with tempfile.NamedTemporaryFile("w") as file:
            json.dump({"rules": [{"play": "status-500", "start": 50, "times": 2}]}, file)
            file.flush()
            with Server("--scenario", file.name) as server:
                self.assertEqual([server.get().status for _ in range(3)], [500, 500, 200])
                self.assertEqual(server.get("/0.50.blocks").status, 200)

    def test_a_scenario_with_an_unknown_play_is_refused(self):
        with tempfile.NamedTemporaryFile("w") as file:
            json.dump({"rules": [{"play": "no-such"}]}, file)
            file.flush()
            done = subprocess.run([PROGRAM, "--folder", FOLDER, "--scenario", file.name], capture_output=True, text=True)
            self.assertEqual(done.returncode, 2)
            self.assertIn("no-such", done.stderr)

    def test_it_offers_more_connections_than_allowed_an_end(self):
        with Server("--connections", "2") as server:
            held = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(2)]
            for one in held:
                one.sendall(b"GET /latest.json HTTP/1.1\r\n\r\n")
                self.assertTrue(one.recv(10))
            extra = socket.create_connection(("127.0.0.1", server.port), timeout=5)
            self.assertEqual(extra.recv(1), b"")
            for one in [*held, extra]:
                one.close()

    def test_it_ends_by_itself(self):
        done = subprocess.run([PROGRAM, "--folder", FOLDER, "--seconds", "0"], capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 0)

    def test_its_certificates_are_wrong_as_named(self):
        for name, works in (("none", True), ("expired", False), ("wrong-host", False), ("unknown-authority", False)):
            with tempfile.NamedTemporaryFile() as file, Server("--case", "tls-" + name, "--authority", file.name) as server:
                context = ssl.create_default_context()
                server.get_authority = context.load_verify_locations(file.name)
                connection = http.client.HTTPSConnection("localhost", server.port, timeout=5, context=context)
                if works:
                    self.assertEqual(server.get(connection=connection).status, 200)
                else:
                    with self.assertRaises(ssl.SSLError):
                        server.get(connection=connection)

    def test_over_http2_it_agrees_to_nothing_else(self):
        with tempfile.NamedTemporaryFile() as file, Server("--case", "http2", "--authority", file.name) as server:
            context = ssl.create_default_context(cafile=file.name)
            for offered, works in ((["h2", "http/1.1"], True), (["http/1.1"], False)):
                context.set_alpn_protocols(offered)
                with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain:
                    if works:
                        with context.wrap_socket(plain, server_hostname="localhost") as stream:
                            self.assertEqual(stream.selected_alpn_protocol(), "h2")
                            stream.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\x04" + b"\0" * 5)
                            self.assertEqual(stream.recv(9)[3], 4)  # SETTINGS
                    else:
                        with self.assertRaises(ssl.SSLError):
                            context.wrap_socket(plain, server_hostname="localhost")

    def test_every_play_of_a_body_leaves_the_server_alive(self):
        lines = subprocess.run([PROGRAM, "--list"], capture_output=True, text=True, check=True).stdout.splitlines()
        plays = [line.split() for line in lines if "." not in line.split()[0].replace("0.9", "").replace("1.0", "")]
        for name, row, *_ in plays:
            if row not in ("C2", "C7", "C8", "D1", "D2", "D5"):
                continue
            with Server("--case", name) as server:
                server.first_bytes()
                self.assertTrue(server.first_bytes().startswith(b"HTTP/1.1 200"), name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], warnings="ignore")
