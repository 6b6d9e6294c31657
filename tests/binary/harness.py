"""What the tests of the shipped binary share: running it, CDNs, stores, the content of a store.

A case is a function with @case; it raises on a failure and calls skip() for what the machine cannot do.
"""
import contextlib
import hashlib
import http.server
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time

WATCHDOG_S = 60
CASES = []
CALM = {}
SOURCE = pathlib.Path(__file__).resolve().parents[2]
BLOCKS = SOURCE / "runtime/demo/blocks"
TIP, FILES = 1059, 22
DB = "blocks.sqlite"


class Skipped(Exception):
    pass


def skip(reason):
    raise Skipped(reason)


def case(function=None, *, long=False):
    def add(f):
        CASES.append((f.__module__, f.__name__, long, f))
        return f
    return add(function) if function else add


def need(program):
    return shutil.which(program) or skip(f"{program} is not installed")


class Node:
    """One started process of the program, its output collected line by line."""

    def __init__(self, words, **options):
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        errors="replace", **options)
        self.lines = {"out": [], "err": []}
        self.changed = threading.Condition()
        self.threads = [threading.Thread(target=self._read, args=(name, stream), daemon=True)
                        for name, stream in (("out", self.process.stdout), ("err", self.process.stderr))]
        for thread in self.threads:
            thread.start()

    def _read(self, name, stream):
        for line in stream:
            with self.changed:
                self.lines[name].append(line.rstrip("\n"))
                self.changed.notify_all()

    def wait_for(self, text, where="err"):
        """Until a line holds the text; fails if the process ends or a minute passes without it."""
        end = time.monotonic() + WATCHDOG_S
        with self.changed:
            while not any(text in line for line in self.lines[where]):
                if self.process.poll() is not None and not any(t.is_alive() for t in self.threads):
                    raise AssertionError(f"ended with {self.process.returncode} before '{text}':\n{self.text()}")
                if time.monotonic() > end:
                    raise AssertionError(f"no '{text}' within {WATCHDOG_S} s:\n{self.text()}")
                self.changed.wait(0.05)

    def signal(self, number):
        self.process.send_signal(number)

    def end(self, within_s=WATCHDOG_S):
        """Its exit code; a process that does not end is a failure."""
        try:
            code = self.process.wait(within_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"did not end within {within_s} s:\n{self.text()}") from None
        for thread in self.threads:
            thread.join(WATCHDOG_S)
        return code

    def text(self):
        return "\n".join(self.lines["out"] + self.lines["err"])

    def events(self, name):
        found = [json.loads(line) for line in self.lines["out"] if line.startswith("{")]
        return [event for event in found if event["event"] == name]


class Cdn:
    """Serves the blocks on loopback; `answer(name, bytes)` may give other bytes, a status, or wait."""

    def __init__(self, delay_s=0.0, answer=None, folder=BLOCKS):
        self.delay_s, self.answer, self.asked = delay_s, answer, 0
        outer = self

        class handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                name = self.path.rsplit("/", 1)[-1]
                outer.asked += 1
                time.sleep(outer.delay_s)
                path = folder / name
                body = path.read_bytes() if path.is_file() else 404
                if outer.answer:
                    body = outer.answer(name, body)
                status, body = (body, b"") if isinstance(body, int) else (200, body)
                with contextlib.suppress(OSError):
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        class server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64  # with the default of 5 the sixth connection of a node waits a second for its SYN

            def handle_error(self, *_):
                pass  # a client that went away is what these tests are about

        self.server = server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Gate:
    """A CDN's `answer` that gives no file from a height on before the gate is opened: until then a sync cannot end."""

    def __init__(self, first=200):
        self.first, self.opened = first, threading.Event()

    def __call__(self, name, body):
        if name.endswith(".blocks") and int(name.split(".")[0]) >= self.first:
            self.opened.wait(WATCHDOG_S)
        return body

    def open(self):
        self.opened.set()


class Bench:
    """One case's folder and the program under test."""

    def __init__(self, program, seed):
        self.program, self.random = str(program), random.Random(seed)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="blockferry-binary-"))
        self.store = self.folder / "store"
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("BLOCKFERRY_")}

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def tool(self, path):
        """Another program or library of the build that the program is from."""
        found = pathlib.Path(self.program).parent / path
        return found if found.exists() else skip(f"{path} is not built")

    def start(self, *words, under=(), **options):
        environment = dict(options.pop("env", self.environment))
        if under:  # LeakSanitizer traces its own process, which a tracer forbids; programs without it ignore this
            environment["ASAN_OPTIONS"] = "detect_leaks=0"
        options["env"] = environment
        return Node([*under, self.program, *map(str, words)], **options)

    def sync(self, *words, cdn=None, store=None, command="sync", **options):
        """`sync`, or `run` where the table of exit codes has the same for both."""
        return self.start(command, "--cdn", cdn or BLOCKS.as_uri(), "--store", store or self.store, *words, **options)

    def run(self, *words, expect, **options):
        node = self.start(*words, **options)
        code = node.end()
        assert code == expect, f"exit code {code}, not {expect}, of {' '.join(map(str, words))}:\n{node.text()}"
        return node

    def run_sync(self, *words, expect=0, **options):
        node = self.sync(*words, **options)
        code = node.end()
        assert code == expect, f"exit code {code}, not {expect}, of {options.get('command', 'sync')} {' '.join(map(str, words))}:\n{node.text()}"
        return node

    def verify(self, store=None):
        return self.run("verify", "--store", store or self.store, expect=0)

    def tip(self, store=None):
        node = self.run("status", "--json", "--store", store or self.store, expect=0)
        return json.loads("\n".join(node.lines["out"]))["height"]

    def calm(self, name="genesis", *words):
        """The content after a run without a fault that starts as the words say; one run serves all cases."""
        if name not in CALM:
            store = self.folder / "calm"
            self.run_sync(*words, store=store)
            CALM[name] = content(store)
            shutil.rmtree(store)
        return CALM[name]

    def finish(self, cdn=None, store=None, start=None):
        """Faults have stopped: sync to the tip, verify, same content as a calm run's from there (S7)."""
        self.run_sync(*(start.words if start else ()), cdn=cdn, store=store)
        self.verify(store)
        calm = start.calm(self) if start else self.calm()
        found = content(store or self.store)
        other = [table for table in calm if found[table] != calm[table]]
        assert not other, f"another content than that of a calm run from {start.name if start else 'genesis'}: {other}"


class LoopDisk:
    """An image file with a file system of its own, mounted through a loop device."""

    def __init__(self, bench, mebibytes, *words, kind="ext4"):
        need(f"mkfs.{kind}")
        self.kind, self.image, self.place = kind, bench.folder / "image", bench.folder / "disk"
        self.place.mkdir()
        with open(self.image, "wb") as file:
            file.truncate(mebibytes << 20)
        subprocess.run([f"mkfs.{kind}", "-q", "-F" if kind == "ext4" else "-f", *words, self.image], check=True)
        if self.try_mount() != 0:
            skip(f"this machine lets us mount no loop image with {kind}")

    def try_mount(self):
        return subprocess.run(["mount", "-t", self.kind, "-o", "loop", self.image, self.place], capture_output=True,
                              check=False).returncode

    def mount(self):
        assert self.try_mount() == 0, "the file system cannot be mounted again"

    def unmount(self):
        subprocess.run(["umount", self.place], check=True)

    def sync(self):
        """What was done to its names is durable: a power cut brings nothing back."""
        place = os.open(self.place, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(place)
        os.close(place)

    def remove(self):
        subprocess.run(["umount", "-l", self.place], check=False)


def content(store):
    """Digests of what a store holds, each table in the order of its keys, whatever wrote it: no times, no URLs, no receipt,
    nor whether the last stop was clean."""
    columns = {"identity": "network, network_id, genesis, start_height, start_hash", "network": "toml",
               "chain_state": "tip_height, tip_hash, block_count, covered, unmade, encoded",
               "bundles": "file_start, first_height, block_count, file_blocks, file_bytes, file_sha256, blocks_sha256",
               "blocks": "*"}
    order = {"bundles": " ORDER BY file_start", "blocks": " ORDER BY height"}
    digests = {}
    # Not read-only: after a crash SQLite may have to recover first.
    with contextlib.closing(sqlite3.connect(store / DB)) as database:
        for table, names in columns.items():
            digest = hashlib.sha256()
            for row in database.execute(f"SELECT {names} FROM {table}{order.get(table, '')}"):
                digest.update(repr(row).encode())
            digests[table] = digest.hexdigest()
    return digests


def footprint(folder):
    """Every name, byte and time of change in a folder."""
    return {str(p.relative_to(folder)): (p.stat().st_mtime_ns, p.read_bytes() if p.is_file() else None)
            for p in sorted(folder.rglob("*"))}


def killing_at(name, number):
    """Runs a program under strace, which kills it before a thread's so manieth call of that name."""
    return [need("strace"), "-f", "-qq", "-o", "/dev/null", "-e", f"trace={name}", "-e",
            f"inject={name}:signal=KILL:when={number}"]


def wait_for_file(path, node=None):
    """Until it is there; a node that ends first is a failure."""
    end = time.monotonic() + WATCHDOG_S
    while not path.exists():
        assert time.monotonic() < end, f"no {path} within {WATCHDOG_S} s"
        assert node is None or node.poll() is None, f"ended with {node.poll()} before there was a {path}"
        time.sleep(0.005)


def wait_for_text(path, text):
    end = time.monotonic() + WATCHDOG_S
    while text not in path.read_text():
        assert time.monotonic() < end, f"no '{text}' in {path} within {WATCHDOG_S} s"
        time.sleep(0.005)


def free_port():
    with contextlib.closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def stop(node, number=signal.SIGTERM):
    node.signal(number)
    return node.end()
