#!/usr/bin/env python3
"""Runs parts of the proof at any size, and writes the table of tests/PROOF.md.

    tests/proof/proof.py --build build [--part NAME ...] [--release | --hours H]
    tests/proof/proof.py --table             write the table again from what was run

A part runs in pieces, each with the next seed, until its target (the CI column, or with --release the release
column) or the time is reached; without either, one piece.  What was reached stands in BUILD/proof.json, so that the
next run goes on there.  A piece that fails is kept with the command that replays it, and ends the part.
"""
import argparse
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import time

import parts

TREE = pathlib.Path(__file__).resolve().parents[2]
TABLE = TREE / "tests/PROOF.md"
BEGIN, END = "<!-- table: written by tests/proof/proof.py -->", "<!-- end of the table -->"


def commit():
    run = subprocess.run(["git", "-C", str(TREE), "rev-parse", "--short=7", "HEAD"], capture_output=True, text=True)
    return run.stdout.strip() or "unknown"


def machine():
    model = "unknown"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) >> 20
    return f"{os.cpu_count()} cores, {model}, {memory} GiB, Linux {os.uname().release.split('-')[0]}"


class State:
    """What was reached: one record a part in a file that the next run reads again; a fresh one begins with the table."""

    def __init__(self, path):
        self.path = path
        self.all = json.loads(path.read_text()) if path.exists() else read_table()

    def of(self, part):
        return self.all.setdefault(part.name, {"reached": 0, "failures": 0, "next_seed": part.first_seed,
                                               "first_seed": part.first_seed, "seconds": 0, "skipped": "",
                                               "replays": []})

    def keep(self):
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(self.all, indent=1, sort_keys=True))
        fresh.replace(self.path)


def run_piece(part, record, build):
    """Runs one piece; whether to go on."""
    seed = record["next_seed"]
    command = [str(one) for one in part.command(build, seed)]
    print(f"{part.name}: {' '.join(command)}", flush=True)
    begun = time.monotonic()
    run = subprocess.run(command, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         errors="replace", env=dict(os.environ, **part.environment))
    record["seconds"] += round(time.monotonic() - begun, 1)
    record.update(commit=commit(), machine=machine(), date=datetime.date.today().isoformat())
    skipped = re.search(r"SKIPPED: (.*)", run.stdout)
    record["skipped"] = skipped[1] if skipped and not part.count(run.stdout) else ""
    record["reached"] += part.count(run.stdout)
    record["next_seed"] = seed + part.seeds_a_piece
    print("\n".join(run.stdout.splitlines()[-3:]), flush=True)
    if run.returncode == 0:
        return not record["skipped"]
    record["failures"] += 1
    record["replays"].append(" ".join(command))
    print(run.stdout[-4000:], flush=True)
    return False


def run_part(part, state, asked):
    record = state.of(part)
    target = part.release if asked.release else part.ci
    end = time.monotonic() + asked.hours * 3600 if asked.hours else None
    failures = record["failures"]
    while run_piece(part, record, asked.build):
        state.keep()
        # What is whole in one piece is run once; the rest until enough was reached, or the time is over.
        if part.release == "all" or (end and time.monotonic() > end) or (not end and not asked.release) or \
                (not end and record["reached"] >= target):
            break
    state.keep()
    return record["failures"] == failures


def number(value):
    return f"{value:,}" if isinstance(value, int) else value


def rows(state):
    yield "| part | reached / release target | CI target | failures | seeds | minutes | commit, date |"
    yield "|---|---|---|---|---|---|---|"
    for part in parts.ALL:
        record = state.all.get(part.name)
        if record is None or "commit" not in record:
            yield f"| {part.title} | no run yet / {number(part.release)} | {number(part.ci)} | | | | |"
            continue
        reached = f"SKIPPED: {record['skipped']}" if record["skipped"] else number(record["reached"])
        seeds = f"{record['first_seed']} to {record['next_seed'] - 1}" if part.seeds_a_piece else "none"
        yield (f"| {part.title} | {reached} / {number(part.release)} | {number(part.ci)} | {record['failures']} | "
               f"{seeds} | {record['seconds'] / 60:.1f} | {record['commit']}, {record['date']} |")


def read_table():
    """The records that the rows stand for, so that another machine's runs add to them."""
    titles = {part.title: part for part in parts.ALL}
    machine_line = re.search(r"^Machine: (.*)\.$", TABLE.read_text(), re.MULTILINE)
    out = {}
    for line in TABLE.read_text().splitlines():
        cells = [one.strip() for one in line.split("|")[1:-1]]
        part = titles.get(cells[0]) if len(cells) == 7 else None
        if part is None or not cells[6]:
            continue
        reached = cells[1].split(" / ")[0]
        seeds = re.match(r"(\d+) to (\d+)", cells[4])
        out[part.name] = {
            "reached": int(reached.replace(",", "")) if reached[0].isdigit() else 0,
            "skipped": reached.removeprefix("SKIPPED: ") if reached.startswith("SKIPPED") else "",
            "failures": int(cells[3]), "first_seed": int(seeds[1]) if seeds else part.first_seed,
            "next_seed": int(seeds[2]) + 1 if seeds else part.first_seed, "seconds": float(cells[5]) * 60,
            "commit": cells[6].split(", ")[0], "date": cells[6].split(", ")[1],
            "machine": machine_line[1].split("; ")[0] if machine_line else "unknown", "replays": []}
    return out


def write_table(state):
    machines = sorted({record["machine"] for record in state.all.values() if "machine" in record})
    text = TABLE.read_text()
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    lines = "\n".join(rows(state))
    TABLE.write_text(f"{before}{BEGIN}\n{lines}\n\nMachine: {'; '.join(machines)}.\n{END}{after}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", type=pathlib.Path, default=TREE / "build")
    options.add_argument("--part", nargs="*", help="of: " + ", ".join(one.name for one in parts.ALL))
    options.add_argument("--release", action="store_true", help="until the release target")
    options.add_argument("--hours", type=float, help="so long a part at most")
    options.add_argument("--table", action="store_true", help="run nothing")
    asked = options.parse_args()
    asked.build = asked.build.resolve()
    state = State(asked.build / "proof.json")
    chosen = [] if asked.table else [one for one in parts.ALL if not asked.part or one.name in asked.part]
    if asked.part and len(chosen) != len(set(asked.part)) and not asked.table:
        options.error("there is no such part")
    good = all([run_part(one, state, asked) for one in chosen])
    write_table(state)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
