#!/usr/bin/env python3
"""Lets the reference checker judge some of the stored mutants anew and compares.

    rejudge_test.py MAKE_VERDICTS MUTANTS SHARED_DIR PLAN VERDICTS [COUNT [SEED]]

COUNT mutants (default 100), drawn by SEED, which is printed.
"""
import pathlib
import random
import subprocess
import sys


def read(text):
    return {line.split()[0]: line.split()[1:] for line in text.splitlines() if not line.startswith("block ")}


def main(argv):
    make, mutants, shared, plan, stored = argv[1:6]
    if not pathlib.Path(shared, "oracle").exists():
        print("SKIPPED: no reference checker in %s" % shared)
        return 0
    count = int(argv[6]) if len(argv) > 6 else 100
    seed = int(argv[7]) if len(argv) > 7 else random.randrange(1 << 32)
    print("seed %d" % seed)
    known = read(pathlib.Path(stored).read_text())
    drawn = random.Random(seed).sample(sorted(known), min(count, len(known)))
    made = subprocess.run([sys.executable, make, mutants, shared, plan, "--only", ",".join(drawn)], check=True, capture_output=True,
                          text=True).stdout
    again = read(made)
    wrong = [s for s in drawn if again.get(s) != known[s]]
    for s in wrong:
        print("seed %s: stored %s, now %s" % (s, known[s], again.get(s)))
    print("%d judged anew, %d differ" % (len(drawn), len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
