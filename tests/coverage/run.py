#!/usr/bin/env python3
"""Branch coverage of chain/, storage/ and actors/ by the default tests, held against a reviewed baseline.

    tests/coverage/run.py [--build FOLDER] [--tests REGEX] [--write] [--fuzz]

Exit code 1 if a file lost coverage, or a new one begins too low.  See README.md beside this file.
"""
import argparse
import json
import pathlib
import subprocess
import sys

TREE = pathlib.Path(__file__).resolve().parents[2]
BASELINE = pathlib.Path(__file__).resolve().with_name("baseline.txt")
FOLDERS = ("chain", "storage", "actors")
TOLERANCE = 0.1        # percent: a branch taken by chance, or not
NEW_FILE_FLOOR = 60.0  # percent, for a file without a line in the baseline


def build(folder):
    subprocess.run(["cmake", "-S", TREE, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                    "-DCMAKE_CXX_FLAGS=--coverage -O1 -fprofile-update=atomic", "-DBLOCKFERRY_BENCH=OFF"],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder, "-j2"], check=True, stdout=subprocess.DEVNULL)


def run_tests(folder, tests, fuzz):
    for old in pathlib.Path(folder).rglob("*.gcda"):
        old.unlink()
    choice = ["-R", "^fuzz[.]"] if fuzz else ["-L", "default", "-E", "^house[.]"]
    if tests:
        choice = ["-R", tests]
    return subprocess.run(["ctest", "--test-dir", folder, "-j2", *choice]).returncode


def measure(folder):
    """path -> (branches taken, branches there are), and the same of lines."""
    filters = [argument for name in FOLDERS for argument in ("--filter", f"{TREE}/{name}/")]
    report = subprocess.run(["gcovr", "-j", "2", "--root", TREE, "--object-directory", folder,
                             "--exclude-throw-branches", "--exclude-unreachable-branches", "--json-summary",
                             "--gcov-ignore-parse-errors", *filters, folder],
                            check=True, stdout=subprocess.PIPE, text=True)
    files = json.loads(report.stdout)["files"]
    return {one["filename"]: (one["branch_covered"], one["branch_total"]) for one in files}


def share(covered, total):
    return 100.0 * covered / total if total else 100.0


def read_baseline():
    """path -> (percent, reason)."""
    out = {}
    if BASELINE.exists():
        for line in BASELINE.read_text().splitlines():
            facts, _, reason = line.partition("#")
            if facts.strip():
                percent, _, _, path = facts.split()
                out[path] = (float(percent), reason.strip())
    return out


def write_baseline(files):
    known = read_baseline()
    lines = ["# percent  taken  branches  file  # reviewed reason for what is missing"]
    for path, (covered, total) in sorted(files.items()):
        reason = known.get(path, (0, ""))[1]
        line = f"{share(covered, total):6.1f} {covered:6} {total:6}  {path}"
        lines.append(f"{line}  # {reason}" if reason else line)
    BASELINE.write_text("\n".join(lines) + "\n")


def compare(files):
    baseline = read_baseline()
    lost = 0
    for path, (covered, total) in sorted(files.items()):
        now = share(covered, total)
        floor = baseline[path][0] - TOLERANCE if path in baseline else NEW_FILE_FLOOR
        if now < floor:
            before = f"{baseline[path][0]:.1f} % in the baseline" if path in baseline else f"new, at least {floor} %"
            print(f"LOST {path}: {now:.1f} % of {total} branches, {before}")
            lost += 1
    return lost


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=str(TREE / "build-coverage"))
    parser.add_argument("--tests", default="", help="regular expression of CTest names; default: the default suite")
    parser.add_argument("--write", action="store_true", help="write the baseline instead of comparing")
    parser.add_argument("--fuzz", action="store_true", help="what the fuzz corpora reach, without comparing")
    options = parser.parse_args()
    build(options.build)
    if run_tests(options.build, options.tests, options.fuzz) != 0:
        print("the tests failed: their coverage says nothing")
        return 1
    files = measure(options.build)
    for folder in FOLDERS:
        covered = sum(taken for path, (taken, _) in files.items() if path.startswith(folder + "/"))
        total = sum(there for path, (_, there) in files.items() if path.startswith(folder + "/"))
        print(f"{folder:8} {share(covered, total):6.1f} % of {total} branches")
    if options.fuzz or options.tests:
        for path, (covered, total) in sorted(files.items()):
            print(f"{share(covered, total):6.1f} {covered:6} {total:6}  {path}")
        return 0
    if options.write:
        write_baseline(files)
        return 0
    lost = compare(files)
    print(f"{len(files)} files, {lost} below their baseline")
    return 1 if lost else 0


sys.exit(main())
