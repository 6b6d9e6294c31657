#!/usr/bin/env python3
"""SIGTERM to exit under full load, level by level: the distribution.

stops.py PROGRAM CHAIN [CHAIN ...] [--count N] [--seconds S] with a CHAIN as `make_chain` writes it.  A chain with a
committee (a `quorum` in its name) is stopped at consensus and content, others at link and header.
"""
import argparse
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

WATCHDOG_S = 60


def stop_once(program, chain, level, store, after_s):
    """Seconds from SIGTERM to the exit, or None where the chain ended before it."""
    words = [program, "sync", "--network", chain / "network.toml", "--cdn", chain.as_uri(), "--store", store, "--verify", level,
             "--log-level", "error"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BLOCKFERRY_")}
    process = subprocess.Popen(list(map(str, words)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    watchdog = threading.Timer(WATCHDOG_S, process.kill)
    watchdog.start()
    try:
        end = time.monotonic() + WATCHDOG_S
        # Its socket stands when it works: before, a stop has nothing to wait for.
        while not (store / "status.sock").exists() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.001)
        time.sleep(after_s)
        if process.poll() is not None:
            assert process.returncode == 0, process.stderr.read().decode()
            shutil.rmtree(store)
            return None
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait()  # without a time limit: with one, Python looks every 50 ms only
        took = time.monotonic() - begin
        assert process.returncode == 0, f"exit code {process.returncode}: {process.stderr.read().decode()}"
        return took
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        process.stderr.close()


def row(name, times):
    times = sorted(times)
    at = lambda part: 1000 * times[min(len(times) - 1, int(part * len(times)))]
    print(f"{name:<12}{len(times):>6} stops   median {at(0.5):7.1f} ms   p90 {at(0.9):7.1f}   p99 {at(0.99):7.1f}   "
          f"max {1000 * times[-1]:7.1f}", flush=True)


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("program", type=pathlib.Path)
    words.add_argument("chains", nargs="+", type=pathlib.Path)
    words.add_argument("--count", type=int, default=1000, help="stops in all")
    words.add_argument("--seconds", type=float, default=1200, help="at most")
    words.add_argument("--seed", type=int, default=int(time.time()))
    words.add_argument("--folder", type=pathlib.Path, help="on the disk that is measured")
    given = words.parse_args()
    chance = random.Random(given.seed)
    print(f"seed {given.seed}")
    cases = [(chain.resolve(), level) for chain in given.chains
             for level in (("consensus", "content") if "quorum" in chain.name else ("link", "header"))]
    everything = []
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        for chain, level in cases:
            store, times = pathlib.Path(scratch) / level, []
            end = time.monotonic() + given.seconds / len(cases)
            while len(times) < given.count // len(cases) and time.monotonic() < end:
                took = stop_once(given.program.resolve(), chain, level, store, chance.random() * 0.4)
                if took is not None:
                    times.append(took)
            row(level, times)
            everything += times
            if store.exists():
                subprocess.run([given.program, "verify", "--store", store], check=True, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    row("all", everything)
    return 0


if __name__ == "__main__":
    sys.exit(main())
