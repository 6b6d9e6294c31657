#!/usr/bin/env python3
"""All figures of the node in one table, with the machine's facts: figures.py BUILD [--rows TEXT ...] [--folder DIR].

BUILD was configured with -DBLOCKFERRY_BENCH=ON.  DIR (some 15 GB) lies on the disk that is measured; the chains, made
from seeds, stay in it.  --rows: only those whose name contains one of the texts; --list names them.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "proof"))
from proof import machine  # noqa: E402  the facts that the table of proofs states as well
CHAINS = {
    "plain": ["--blocks", "20000", "--block-bytes", "20000"],
    "quorum": ["--blocks", "3000", "--validators", "10", "--block-bytes", "20000"],
    "long": ["--blocks", "200000", "--block-bytes", "2000"],
    "big": ["--blocks", "3000", "--block-bytes", "1300000"],
}


def pipeline(row):
    return (f"whole pipeline from loopback nginx, {row}", "0.85", "{python} {here}/pipeline/pipeline.py {build} --rows " + row +
            " --folder {folder}/pipeline", r"^ratio ([\d.]+)", ())


# What, goal, command, pattern of what is shown (its groups), chains.
ROWS = [
    *(pipeline(row) for row in ("20000:header", "2000:header", "37000:header", "20000:link")),
    ("bulk write path against append + fdatasync", "0.5", "{bench}/store/store_bench bulk --megabytes {megabytes} --folder "
     "{folder}/store", r"^store +\d+ +\d+ +([\d.]+)", ()),
    ("the same into an index of 20 M hashes", "0.8 of that", "{bench}/store/store_bench indexed --megabytes {megabytes} "
     "--folder {folder}/store", r"^store, .*before +\d+ +\d+ +([\d.]+)", ()),
    ("look-up by hash at 20 M blocks, cold", "20 ms", "{bench}/store/store_bench indexed --megabytes 200 --folder {folder}/store",
     r"^look-up by hash, cold: (.*)", ()),
    ("distant CDN, files of 20 MB", "0.9", "{bench}/transport/transport_bench 10", r"20.0 MB .*?([\d.]+) of 160 MB/s", ()),
    ("distant CDN, files of 2 MB", "0.9", "{bench}/transport/transport_bench 10", r" 2.0 MB +8 at .*?([\d.]+) of 160 MB/s", ()),
    ("resident memory, a long chain", "256 MiB, no slope", "{python} {here}/memory/memory.py {build}/blockferry --chain {folder}/long "
     "--folder {folder}", r"(at most .*?MiB/s)", ("long",)),
    ("resident memory, files of 65 MB", "256 MiB, no slope", "{python} {here}/memory/memory.py {build}/blockferry --chain {folder}/big "
     "--folder {folder}", r"(at most .*?MiB/s)", ("big",)),
    ("resident memory, hostile CDN", "256 MiB, no slope", "{python} {here}/memory/memory.py {build}/blockferry --hostile "
     "--seconds 40 --folder {folder}", r"(at most .*?MiB/s)", ()),
    ("SIGTERM to exit under full load, 1,000 stops", "p99 1 s, max 5 s", "{python} {here}/stops/stops.py {build}/blockferry "
     "{folder}/plain {folder}/quorum --folder {folder} --seed 7", r"^all .*(p99.*)", ("plain", "quorum")),
    ("start to resuming, 100,000 blocks", "50 ms", "{bench}/verify/start_bench --blocks 100000", r"blocks: (.*) of", ()),
    ("start to resuming, 1,000,000 blocks", "50 ms", "{bench}/verify/start_bench --blocks 1000000", r"blocks: (.*) of", ()),
    ("`verify` against the slower of its stage and a cold read", "0.8", "{bench}/verify/verify_bench --blocks 15000",
     r"verify reaches ([\d.]+)", ()),
]


def facts(build, folder):
    version = subprocess.run([build / "blockferry", "--version"], check=True, capture_output=True, text=True).stdout
    disk = subprocess.run(["df", "--output=fstype", folder], check=True, capture_output=True, text=True).stdout.split()[-1]
    return f"{machine()}; {disk}; load {os.getloadavg()[0]:.1f} at the start; " + ", ".join(version.strip().splitlines())


def make(build, folder, chain):
    out = folder / chain
    if not (out / "network.toml").exists():
        subprocess.run([build / "tests/kit/make_chain", "--seed", "1", *CHAINS[chain], "--out", out], check=True,
                       stdout=subprocess.DEVNULL)


def measure(line, pattern):
    """What the program printed of it, and its whole output."""
    ran = subprocess.run(line, capture_output=True, text=True)
    found = re.search(pattern, ran.stdout, re.MULTILINE)
    if ran.returncode != 0 or not found:
        raise RuntimeError(f"{' '.join(line)}: exit code {ran.returncode}\n{ran.stdout}{ran.stderr}")
    return " ".join(found[1].split())


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("build", type=pathlib.Path)
    words.add_argument("--rows", nargs="+", default=[""], help="only these")
    words.add_argument("--list", action="store_true")
    words.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("figures"))
    words.add_argument("--megabytes", type=int, default=4000, help="written to each of two files in the rows of the store")
    given = words.parse_args()
    rows = [row for row in ROWS if any(text in row[0] for text in given.rows)]
    if given.list:
        print("\n".join(row[0] for row in rows))
        return 0
    given.folder.mkdir(exist_ok=True)
    build, folder = given.build.resolve(), given.folder.resolve()
    print(facts(build, folder))
    print("\n| what | goal | reached | minutes |\n|---|---|---|---|", flush=True)
    failed = 0
    for what, goal, command, pattern, chains in rows:
        begin = time.monotonic()
        for chain in chains:
            make(build, folder, chain)
        line = [word.format(python=sys.executable, here=HERE, build=build, bench=build / "tests/bench", folder=folder,
                            megabytes=given.megabytes) for word in command.split()]
        try:
            reached = measure(line, pattern)
        except RuntimeError as error:
            failed, reached = failed + 1, "no figure"
            print(error, file=sys.stderr)
        print(f"| {what} | {goal} | {reached} | {(time.monotonic() - begin) / 60:.1f} |", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
