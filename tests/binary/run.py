#!/usr/bin/env python3
"""Runs the shipped binary through everything that happens to a process.

    run.py PROGRAM [--long] [--part MODULE] [--only NAME] [--seed N]

Without --long, the sample that takes seconds.  Prints each case with its seconds; a failure ends with the
command that repeats it.
"""
import argparse
import os
import pathlib
import sys
import time
import traceback

import harness
import exit_codes  # noqa: F401  (each module registers its cases)
import follow  # noqa: F401
import kills  # noqa: F401
import limits  # noqa: F401
import power  # noqa: F401
import stops  # noqa: F401


def run_case(name, function, arguments):
    """Whether it passed; None if this machine cannot do it."""
    bench = harness.Bench(arguments.program.resolve(), f"{arguments.seed}/{name}")
    begun = time.monotonic()
    try:
        function(bench)
    except harness.Skipped as reason:
        print(f"SKIPPED: {name}: {reason}", flush=True)
        return None
    except Exception:
        traceback.print_exc()
        print(f"{name}: FAILED; again: {sys.argv[0]} {arguments.program} --long --only {name} --seed {arguments.seed}",
              flush=True)
        return False
    finally:
        bench.close()
    print(f"{name}: {time.monotonic() - begun:.1f} s", flush=True)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--part", help="only the cases of this module", choices=sorted({part for part, *_ in harness.CASES}))
    parser.add_argument("--only", help="cases whose name contains this")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    chosen = [(name, function) for part, name, long, function in harness.CASES
              if (arguments.long or not long) and (not arguments.only or arguments.only in name)
              and arguments.part in (None, part)]
    passed = [run_case(name, function, arguments) for name, function in chosen]
    print(f"{passed.count(True)} passed, {passed.count(False)} failed, {passed.count(None)} skipped")
    return 1 if False in passed or not chosen else 0


sys.exit(main())
