#!/usr/bin/env python3
"""Builds the fuzz targets with clang, runs each for some seconds, and prints one line a target.

    tests/fuzz/run.py [--seconds N] [--runs N] [--seed N] [--jobs N] [--build FOLDER] [--only NAME ...] [--finds FOLDER] [--keep]

Inputs that break a target are left in --finds, with the command that replays them.  --keep adds to the corpus
in the tree, minimised, what reached new code.  Exit code 1 if something was found.
"""
import argparse
import base64
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TREE = pathlib.Path(__file__).resolve().parents[2]
CORPUS = TREE / "tests/fuzz/corpus"
INPUT_BYTES_SHOWN = 8192  # of an input that was found


def build(folder):
    subprocess.run(["cmake", "-S", TREE, "-B", folder, "-G", "Ninja", "-DCMAKE_CXX_COMPILER=clang++",
                    "-DBLOCKFERRY_SANITIZE=fuzzer-no-link,address,undefined", "-DBLOCKFERRY_BENCH=OFF",
                    "-DCMAKE_BUILD_TYPE=None", "-DCMAKE_CXX_FLAGS=-O1 -g1"],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder, "-j2", "--target", "fuzz_targets"], check=True,
                   stdout=subprocess.DEVNULL)


def seeds_of(name):
    folder = CORPUS / name
    return [folder] if folder.is_dir() else []


def fuzz(program, name, options):
    """(line, found): runs one target in a corpus folder of its own, beside the one in the tree."""
    finds = pathlib.Path(options.finds) / name
    finds.mkdir(parents=True, exist_ok=True)
    bounds = ["-timeout=20", "-rss_limit_mb=2048"]
    with tempfile.TemporaryDirectory() as grown:
        command = [program, f"-max_total_time={options.seconds}", f"-runs={options.runs}", f"-seed={options.seed}",
                   *bounds, "-max_len=65536", "-print_final_stats=1", f"-artifact_prefix={finds}/", grown, *seeds_of(name)]
        run = subprocess.run(command, capture_output=True, text=True, errors="replace")
        log = run.stderr
        (finds / "log").write_text(log)
        if options.keep and run.returncode == 0:
            keep(program, name, grown)
    executed = re.findall(r"number_of_executed_units: (\d+)", log)
    covered = re.findall(r"cov: (\d+) ft: (\d+)", log)
    edges, features = covered[-1] if covered else ("?", "?")
    line = f"{name:14} {executed[-1] if executed else '?':>9} inputs  {edges:>6} edges  {features:>7} features"
    if run.returncode != 0:
        inputs = [one for one in sorted(finds.iterdir()) if one.name != "log"]
        line += f"\n  FOUND, see {finds}/log; replay: {' '.join([program, *bounds, *map(str, inputs)])}"
        line += "".join(f"\n  {said}" for said in re.findall(r"^.*(?:BROKEN PROMISE|ERROR: |runtime error: |SUMMARY: ).*", log, re.M))
        # The folder may be gone with its machine when somebody reads this.
        line += "".join(f"\n  {one.name}: base64 {base64.b64encode(one.read_bytes()[:INPUT_BYTES_SHOWN]).decode()}"
                        for one in inputs)
    else:
        shutil.rmtree(finds)
    return line, run.returncode != 0


def keep(program, name, grown, files_max=40, bytes_max=4096):
    """Adds to the tree's corpus small inputs that reach what it does not."""
    with tempfile.TemporaryDirectory() as merged:
        subprocess.run([program, "-merge=1", merged, *seeds_of(name), grown], capture_output=True, check=True)
        known = {one.read_bytes() for folder in seeds_of(name) for one in folder.iterdir()}
        fresh = [one for one in pathlib.Path(merged).iterdir()
                 if one.stat().st_size <= bytes_max and one.read_bytes() not in known]
        (CORPUS / name).mkdir(parents=True, exist_ok=True)
        for one in sorted(fresh, key=lambda path: path.stat().st_size)[:files_max]:
            shutil.copy(one, CORPUS / name / one.name[:12])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=30, help="for each target")
    parser.add_argument("--runs", type=int, default=-1, help="inputs a target at most; -1: as many as the seconds allow")
    parser.add_argument("--seed", type=int, default=0, help="of the mutations; 0: the clock's")
    parser.add_argument("--jobs", type=int, default=2, help="targets at once")
    parser.add_argument("--build", default=str(TREE / "build-fuzz"))
    parser.add_argument("--finds", default=str(TREE / "build-fuzz/finds"))
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--keep", action="store_true", help="add new inputs to the corpus in the tree")
    options = parser.parse_args()
    build(options.build)
    names = options.only or sorted(one.stem for one in (TREE / "tests/fuzz/targets").glob("*.cpp"))
    found = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = [pool.submit(fuzz, f"{options.build}/tests/fuzz/fuzz_{name}", name, options) for name in names]
        for run in concurrent.futures.as_completed(runs):
            line, bad = run.result()
            print(line, flush=True)
            found += bad
    print(f"{len(names)} targets, {options.seconds} s each, {found} with finds")
    return 1 if found else 0


sys.exit(main())
