#!/usr/bin/env python3
"""Mutation score of the core: how many machine-made changes of actors/ does a test notice?

    mutate.py --build DIR [--mutants N | --hours H] [--seed S]

Works in a copy of the source tree beside the build folder, never in the tree itself.  A mutant is one changed
operator, constant or statement; it is killed if it does not build, a test of the actors fails, or a schedule breaks an
invariant.  Prints each survivor and the score.
"""
import argparse
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

CHANGES = [
    (r" == ", " != "), (r" != ", " == "), (r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "),
    (r" && ", " || "), (r" \|\| ", " && "), (r" \+ ", " - "), (r" - ", " + "), (r"\+\+", "--"), (r"\btrue\b", "false"),
    (r"\bfalse\b", "true"), (r"if \(", "if (!"), (r"^(\s+)([a-z_>\-]+\(.*\);)$", r"\1;"), (r"\breturn;", ";"),
    (r" \+= ", " -= "), (r"std::min", "std::max"), (r"std::max", "std::min"),
]
TARGETS = ["actor_pipeline_tests", "actor_drain_tests", "actor_failure_tests", "explore"]


def sites(root):
    for path in sorted((root / "actors").glob("*.cpp")):
        for number, line in enumerate(path.read_text().splitlines()):
            code = line.split("//")[0]
            if code.lstrip().startswith(("#", "log", "setup_.log")) or not code.strip():
                continue
            for pattern, text in CHANGES:
                for match in re.finditer(pattern, code):
                    changed = line[:match.start()] + match.expand(text) + line[match.end():]
                    if changed != line:
                        yield path, number, changed


def run(command, seconds):
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=seconds).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def killed_by(build):
    if not run(["cmake", "--build", str(build), "-j2", "--target", *TARGETS], 1200):
        return "build"
    for target in TARGETS[:3]:
        if not run([str(build / "tests/unit/actors" / target)], 120):
            return target
    return None if run([str(build / "tests/schedule/explore"), "--seeds", "1", "1000"], 120) else "explore"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--build", required=True, type=pathlib.Path)
    options.add_argument("--mutants", type=int, default=20)
    options.add_argument("--hours", type=float)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    tree = pathlib.Path(__file__).resolve().parents[2]
    work = asked.build.resolve() / "mutants"
    shutil.rmtree(work / "tree", ignore_errors=True)
    shutil.copytree(tree, work / "tree", ignore=shutil.ignore_patterns(".git", "build*", ".cache"))
    build = work / "build"
    if not run(["cmake", "-S", str(work / "tree"), "-B", str(build), "-G", "Ninja"], 120) or killed_by(build):
        sys.exit("the tree without a mutant does not build or pass")
    everything = list(sites(work / "tree"))
    random.Random(asked.seed).shuffle(everything)
    end = time.monotonic() + asked.hours * 3600 if asked.hours else None
    tried = killed = 0
    for path, number, changed in everything:
        if (time.monotonic() > end) if end else tried >= asked.mutants:
            break
        right = path.read_text()
        lines = right.splitlines()
        before, lines[number] = lines[number], changed
        path.write_text("\n".join(lines) + "\n")
        by = killed_by(build)
        path.write_text(right)
        tried += 1
        killed += by is not None
        if by is None:
            name = path.relative_to(work / "tree")
            print(f"survives: {name}:{number + 1}\n  - {before.strip()}\n  + {changed.strip()}", flush=True)
    print(f"{killed} of {tried} mutants killed, {len(everything)} sites, seed {asked.seed}")


if __name__ == "__main__":
    main()
