#!/usr/bin/env python3
"""Runs parts of the proof at any size, and writes the table of tests/PROOF.md.

    tests/proof/proof.py --build build [--part NAME ...] [--pieces N | --hours H] [--release]
    tests/proof/proof.py --table             write the table again from itself

A part runs in pieces, each with the next seed: until this run has done as much as the CI column says, with --release
until the row reaches the release column; --pieces and --hours end it earlier.  The table itself is what the next run
goes on from: a row is read, added to and written again after each piece, so that runs side by side and those of other
machines add up.  What is whole in one piece ("all") is not added up: its row says the last run.  A piece that fails
ends its part; its command and output are kept in BUILD/proof-failures.txt.
"""
import argparse
import datetime
import fcntl
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


def fresh_record(part):
    return {"reached": 0, "note": "", "failures": 0, "next_seed": part.first_seed, "first_seed": part.first_seed,
            "seconds": 0, "skipped": ""}


def run_piece(part, record, build):
    """Runs one piece and adds it to the record; whether it went well."""
    seed = record["next_seed"]
    if part.release == "all":  # whole in one piece: the row says this run
        record.update(fresh_record(part), first_seed=seed)
    command = [str(one) for one in part.command(build, seed)]
    print(f"{part.name}: {' '.join(command)}", flush=True)
    begun = time.monotonic()
    run = subprocess.run(command, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         errors="replace", env=dict(os.environ, **part.environment))
    record["seconds"] += time.monotonic() - begun
    record.update(commit=commit(), machine=machine(), date=datetime.date.today().isoformat())
    skipped = re.search(r"SKIPPED: (.*)", run.stdout)
    done = part.count(run.stdout)
    record["skipped"] = skipped[1] if skipped and not done else ""
    record["reached"] += done
    record["note"] = part.note(run.stdout) or record["note"]
    record["next_seed"] = seed + (0 if record["skipped"] else part.seeds_a_piece)
    if part.details and done:
        write_between(*details_of(part), "\n".join(part.details(run.stdout)))
    print("\n".join(run.stdout.splitlines()[-3:]), flush=True)
    if run.returncode == 0:
        return True
    record["failures"] += 1
    with open(build / "proof-failures.txt", "a", encoding="utf-8") as kept:
        kept.write(f"{record['date']} {record['commit']}: {' '.join(command)}\n{run.stdout}\n")
    print(run.stdout[-4000:], flush=True)
    return False


def run_part(part, asked):
    """Pieces until it is enough; whether each went well."""
    begun, pieces, of_others = time.monotonic(), 0, read_table().get(part.name, fresh_record(part))["reached"]
    while True:
        record = read_table().get(part.name, fresh_record(part))
        well = run_piece(part, record, asked.build)
        write_table({part.name: record})
        pieces += 1
        target = part.release if asked.release else part.ci
        done = record["reached"] if asked.release else record["reached"] - of_others
        enough = not isinstance(target, int) or part.release == "all" or done >= target
        if not well or record["skipped"] or enough or pieces == asked.pieces or \
                (asked.hours and time.monotonic() - begun > asked.hours * 3600):
            return well


def number(value):
    return f"{value:,}" if isinstance(value, int) else value


def rows(records):
    yield "| part | reached / release target | CI target | failures | seeds | minutes | commit, date |"
    yield "|---|---|---|---|---|---|---|"
    for part in parts.ALL:
        record = records.get(part.name)
        if record is None:
            yield f"| {part.title} | no run yet / {number(part.release)} | {number(part.ci)} | | | | |"
            continue
        reached = f"SKIPPED: {record['skipped']}" if record["skipped"] else number(record["reached"])
        note = f"; {record['note']}" if record["note"] else ""
        seeds = f"{record['first_seed']} to {record['next_seed'] - 1}" if record["next_seed"] > record["first_seed"] \
            else "none"
        yield (f"| {part.title} | {reached} / {number(part.release)}{note} | {number(part.ci)} | {record['failures']} | "
               f"{seeds} | {record['seconds'] / 60:.1f} | {record['commit']}, {record['date']} |")


def read_table():
    """The records that the rows stand for."""
    titles = {part.title: part for part in parts.ALL}
    machine_line = re.search(r"^Machine: (.*)\.$", TABLE.read_text(), re.MULTILINE)
    out = {}
    for line in TABLE.read_text().splitlines():
        cells = [one.strip() for one in line.split("|")[1:-1]]
        part = titles.get(cells[0]) if len(cells) == 7 else None
        if part is None or not cells[6]:
            continue
        reached, target = cells[1].rsplit(" / ", 1)
        seeds = re.match(r"(\d+) to (\d+)", cells[4])
        out[part.name] = {
            "reached": int(reached.replace(",", "")) if reached[0].isdigit() else 0,
            "skipped": reached.removeprefix("SKIPPED: ") if reached.startswith("SKIPPED") else "",
            "note": target.partition("; ")[2], "failures": int(cells[3]),
            "first_seed": int(seeds[1]) if seeds else part.first_seed,
            "next_seed": int(seeds[2]) + 1 if seeds else part.first_seed, "seconds": float(cells[5]) * 60,
            "commit": cells[6].split(", ")[0], "date": cells[6].split(", ")[1],
            "machine": machine_line[1] if machine_line else "unknown"}
    return out


def details_of(part):
    return f"<!-- {part.name}: written by tests/proof/proof.py -->", f"<!-- end of {part.name} -->"


def write_between(begin, end, lines):
    """Leaves the rest of the file as it stands."""
    with open(TABLE, encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        text = TABLE.read_text()
        TABLE.write_text(f"{text.split(begin)[0]}{begin}\n{lines}\n{end}{text.split(end)[1]}")


def write_table(changed):
    """Writes the table again, the changed records over what stands there now: another run may have written meanwhile."""
    with open(TABLE, encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        records = read_table() | changed
        machines = sorted({one for record in records.values() for one in record["machine"].split("; ")})
        text = TABLE.read_text()
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        lines = "\n".join(rows(records))
        TABLE.write_text(f"{before}{BEGIN}\n{lines}\n\nMachine: {'; '.join(machines)}.\n{END}{after}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", type=pathlib.Path, default=TREE / "build")
    options.add_argument("--part", nargs="*", help="of: " + ", ".join(one.name for one in parts.ALL))
    options.add_argument("--release", action="store_true", help="until the release target")
    options.add_argument("--pieces", type=int, help="so many a part at most")
    options.add_argument("--hours", type=float, help="no further piece of a part after so long")
    options.add_argument("--table", action="store_true", help="run nothing")
    asked = options.parse_args()
    asked.build = asked.build.resolve()
    chosen = [] if asked.table else [one for one in parts.ALL if not asked.part or one.name in asked.part]
    if asked.part and len(chosen) != len(set(asked.part)) and not asked.table:
        options.error("there is no such part")
    write_table({})
    return 0 if all([run_part(one, asked) for one in chosen]) else 1


if __name__ == "__main__":
    sys.exit(main())
