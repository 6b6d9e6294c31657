#!/usr/bin/env python3
"""Branch coverage of chain/, storage/ and actors/ by their tests, held against reviewed lists of what is missing.

    tests/coverage/run.py [PART ...] [--build FOLDER] [--measure] [--write] [--fuzz]

Exit code 1 if a branch is missing that PART.txt does not list; one listed there that is taken by now is only told.
See README.md beside this file.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys

TREE = pathlib.Path(__file__).resolve().parents[2]
LISTS = pathlib.Path(__file__).resolve().parent
CHAIN_FUZZ = ("block_stakes", "body", "chain_state", "following", "framing", "front", "latest", "names", "program", "start_file")
NO_REASON = "no reason yet"
CONDITION = re.compile(r"\b(if|for|while|switch)\b|\?|&&|\|\|")

# targets: what to build.  tests: how CTest chooses them; none whose threads or clock decide which branches are taken.
Part = collections.namedtuple("Part", "targets tests")
PARTS = {
    "chain": Part(["chain_%s_tests" % name for name in ("arithmetic", "properties", "texts", "headers", "consensus", "signers", "stake", "transactions")] +
                  ["print_json", "differential_tests", "kit_tests"] + ["fuzz_" + name for name in CHAIN_FUZZ],
                  ("-L", "default", "-R", "^(unit[.]chain|differential|kit)[.]|^fuzz[.](%s)$" % "|".join(CHAIN_FUZZ))),
    "storage": Part(["storage_tests", "storage_stake_tests", "crash_tests", "crash_allocations", "runtime_commands_tests",
                     "actor_stores_tests", "fuzz_store_file"],
                    ("-L", "default", "-R", "^(unit[.](storage|runtime[.]commands)|crash|actors[.]stores|fuzz[.]store_file)")),
    "actors": Part(["actor_%s_tests" % name for name in ("pipeline", "failure", "drain", "stores")] + ["explore"],
                   ("-L", "default", "-R", "^(actors|schedule)[.]")),
}


def build(folder, targets):
    subprocess.run(["cmake", "-S", TREE, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                    "-DCMAKE_CXX_FLAGS=--coverage -O1 -fprofile-update=atomic", "-DBLOCKFERRY_BENCH=OFF"],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder, "-j2", "--target", *targets], check=True, stdout=subprocess.DEVNULL)


def run_tests(folder, tests):
    for old in pathlib.Path(folder).rglob("*.gcda"):
        old.unlink()
    # One seed: what a random input takes must not change from run to run.
    return subprocess.run(["ctest", "--test-dir", folder, "-j2", *tests],
                          env={**os.environ, "BLOCKFERRY_SEED": "1"}).returncode


def lines_with_conditions(text):
    """Numbers of the lines of statements that say a condition.

    Other lines have branches too: short strings, checked indexes, guards of statics, defaulted comparisons.  They are the
    library's and the compiler's, not ours.
    """
    out, lines, said = set(), [], ""
    for number, line in enumerate(text.splitlines(), 1):
        code = re.sub(r'"(\\.|[^"\\])*"', '""', line.split("//")[0]).strip()
        lines.append(number)
        said += " " + code
        head = re.match(r"[\s}]*(else )?(if|for|while|switch)\b", said)
        # What follows the parentheses of `if` is another statement.
        if not code or code[-1] in ";{}:" and not (head and code[-1] in ";:") or (
                head and said.count("(") == said.count(")")):
            if CONDITION.search(said):
                out.update(lines)
            lines, said = [], ""
    return out


def measure(folder, part):
    """path -> [(line number, branches there are, branches missing)], of the lines with conditions."""
    report = subprocess.run(["gcovr", "-j", "2", "--root", TREE, "--object-directory", folder,
                             "--exclude-throw-branches", "--exclude-unreachable-branches", "--json",
                             "--gcov-ignore-parse-errors", "--filter", f"{TREE}/{part}/", folder],
                            check=True, stdout=subprocess.PIPE, text=True)
    out = {}
    for one in json.loads(report.stdout)["files"]:
        counted = lines_with_conditions((TREE / one["file"]).read_text())
        out[one["file"]] = [(line["line_number"], len(line["branches"]), sum(b["count"] == 0 for b in line["branches"]))
                            for line in one["lines"] if line["branches"] and line["line_number"] in counted]
    return out


def missing_by_text(files):
    """(path, text of the line) -> branches missing, equal lines of a file together; in the order of the lines."""
    out = {}
    for path, lines in sorted(files.items()):
        texts = (TREE / path).read_text().splitlines()
        for number, _, missing in lines:
            if missing:
                key = (path, " ".join(texts[number - 1].split()))
                out[key] = out.get(key, 0) + missing
    return out


def read_list(part):
    """(path, text of the line) -> (fewest missing, most missing, reason)."""
    out, path, reason = {}, None, NO_REASON
    file = LISTS / f"{part}.txt"
    for line in file.read_text().splitlines() if file.exists() else []:
        words = line.strip()
        if not words or line.startswith("#"):
            continue
        if line[0] != " ":
            path, reason = words, NO_REASON
        elif words.startswith("#"):
            reason = words[1:].strip()
        else:
            count, text = words.split(" ", 1)
            few, _, many = count.partition("..")
            out[path, text.strip()] = (int(few), int(many or few), reason)
    return out


def write_list(part, missing):
    known = read_list(part)
    out = ["# Branches that the tests do not take: how many (by chance: fewest..most), and the text of their line; above them why."]
    path = reason = None
    for (one, text), count in missing.items():
        few, many, why = known.get((one, text), (count, count, NO_REASON))
        if one != path:
            out += ["", one]
            path, reason = one, None
        if why != reason:
            out.append(f"  # {why}")
            reason = why
        out.append(f"  {count if few == many else f'{min(few, count)}..{max(many, count)}'} {text}")
    (LISTS / f"{part}.txt").write_text("\n".join(out) + "\n")


def compare(part, missing):
    """How many lines differ from the list; prints them."""
    listed = read_list(part)
    differ = 0
    for path, text in {**missing, **listed}:
        count = missing.get((path, text), 0)
        few, many, reason = listed.get((path, text), (0, 0, ""))
        if count > many:
            print(f"NOT TAKEN {path}: {count} branches, {many} listed: {text}")
        elif count < few:
            print(f"taken now {path}: {count} branches missing, {few} listed: {text}")
            continue
        elif reason == NO_REASON:
            print(f"NO REASON {path}: {text}")
        else:
            continue
        differ += 1
    return differ


def has_all_paths():
    cpu = pathlib.Path("/proc/cpuinfo")
    return cpu.exists() and re.search(r"\bavx512ifma\b", cpu.read_text()) is not None


def run(part, options):
    """(branches there are, lines that differ from the part's list); None if the tests failed."""
    of = PARTS[part]
    if not options.measure:
        build(options.build, of.targets)
        if run_tests(options.build, ("-R", "^fuzz[.](%s)$" % "|".join(CHAIN_FUZZ)) if options.fuzz else of.tests) != 0:
            print("the tests failed: their coverage says nothing")
            return None
    files = measure(options.build, part)
    there = sum(branches for lines in files.values() for _, branches, _ in lines)
    missing = missing_by_text(files)
    taken = there - sum(missing.values())
    print(f"{part}: {taken} of {there} branches taken, {100 * taken / there:.1f} %")
    if options.write:
        write_list(part, missing)
    return there, 0 if options.fuzz else compare(part, missing)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="chain, storage, actors; default: all")
    parser.add_argument("--build", default=str(TREE / "build-coverage"))
    parser.add_argument("--measure", action="store_true", help="what the last run of the tests left, without another")
    parser.add_argument("--write", action="store_true", help="write the lists anew, with the reasons that are known")
    parser.add_argument("--fuzz", action="store_true", help="what the fuzz corpora alone reach, without comparing")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error("no part " + ", ".join(sorted(unknown)))
    if not has_all_paths():
        print("SKIPPED: the lists are of a machine with AVX-512 IFMA")
        return 0
    branches = differ = 0
    for part in options.parts or PARTS:
        found = run(part, options)
        if found is None:
            return 1
        branches, differ = branches + found[0], differ + found[1]
    print(f"{branches} branches, {differ} lines are not as listed")
    return 1 if differ else 0


sys.exit(main())
