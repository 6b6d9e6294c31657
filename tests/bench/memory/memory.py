#!/usr/bin/env python3
"""Resident memory of a sync over time: memory.py PROGRAM --chain DIR [--level LEVEL] | --hostile [--seconds S].

DIR is what `make_chain` writes.  --hostile: three mirrors whose files are 64 MB of noise, of other lengths than they say,
or never end.
"""
import argparse
import http.server
import itertools
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

GOAL_MIB = 256
NOISE = os.urandom(1 << 20)
TIP = (b'{"exclusive_height":100000,"inclusive_height":99999,'
          b'"hash":"ab1sjrtk9ry8rl4y7ddjlhudlk07z70fwmyxrzw6mzrnzuf46nw8q9svcqdhr"}')
LATEST = len(TIP).to_bytes(8, "little") + TIP


def liar():
    """The URL of a mirror that lies."""
    turn = itertools.count()

    class handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.close_connection = True
            latest = self.path.endswith("latest.json")
            body = LATEST if latest else None
            kind = next(turn) % 3
            self.send_response(200)
            if latest or kind < 2:
                self.send_header("Content-Length", str(len(body) if latest else (64 << 20) - kind))
            self.end_headers()
            try:
                for _ in range(1 if latest else 64 if kind < 2 else 100_000):
                    self.wfile.write(body or NOISE)
            except OSError:
                pass

        def log_message(self, *_):
            pass

    class server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):
            pass

    one = server(("127.0.0.1", 0), handler)
    threading.Thread(target=one.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{one.server_address[1]}"


def watch(process, seconds):
    """(seconds, MiB) of resident memory, until it ends."""
    begin, samples = time.monotonic(), []
    while process.poll() is None and time.monotonic() < begin + seconds:
        try:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            break
        found = re.search(r"VmRSS:\s+(\d+) kB", status), re.search(r"VmHWM:\s+(\d+) kB", status)
        if all(found):
            samples.append((time.monotonic() - begin, int(found[0][1]) / 1024, int(found[1][1]) / 1024))
        time.sleep(0.02)
    return samples


def slope(samples):
    """MiB a second over the second half, by least squares."""
    half = [(t, rss) for t, rss, _ in samples[len(samples) // 2:]]
    mean_t, mean_rss = (sum(column) / len(half) for column in zip(*half))
    spread = sum((t - mean_t) ** 2 for t, _ in half)
    return sum((t - mean_t) * (rss - mean_rss) for t, rss in half) / spread if spread else 0.0


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("program", type=pathlib.Path)
    words.add_argument("--chain", type=pathlib.Path)
    words.add_argument("--level", default="header")
    words.add_argument("--hostile", action="store_true")
    words.add_argument("--seconds", type=float, default=60, help="at most")
    words.add_argument("--folder", type=pathlib.Path)
    given = words.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        line = [given.program, "sync", "--store", scratch + "/store", "--log-level", "error", "--verify", given.level]
        if given.hostile:
            for _ in range(3):
                line += ["--cdn", liar()]
        else:
            line += ["--network", given.chain / "network.toml", "--cdn", given.chain.resolve().as_uri()]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("BLOCKFERRY_")}
        process = subprocess.Popen(list(map(str, line)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        samples = watch(process, given.seconds)
        process.terminate()
        process.wait(60)
    step = max(1, len(samples) // 20)
    print("seconds, MiB: " + ", ".join(f"{t:.1f} {rss:.0f}" for t, rss, _ in samples[::step]))
    most = samples[-1][2]
    print(f"{'hostile' if given.hostile else given.chain.name}, level {given.level}: at most {most:.0f} MiB (goal {GOAL_MIB}), "
          f"slope of the second half {slope(samples):+.2f} MiB/s, {samples[-1][0]:.1f} s, exit code {process.returncode}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
