#!/usr/bin/env python3
"""Mutation score of the core: how many machine-made changes of actors/, or of what storage/ writes with, does a test notice?

    mutate.py --build DIR [--core actors|storage] [--first K] [--mutants N | --hours H] [--seed S] [--at-least PERCENT]

A mutant is one changed operator, constant or statement.  All sites are shuffled by the seed, and N of them are tried
from the K-th on.  Only the changed source is compiled, without optimisation, into a shared library that the tests of
the build folder are linked against once; the source tree is not touched.  A mutant is killed if a test of the actors
fails or a schedule breaks an invariant, in storage/ a test of the store or of the crash disk; the cheapest come first.  Prints each survivor and the score, of which those in
`equivalent.py` and those that do not compile are no part; a score below --at-least fails the run.
"""
import argparse
import dataclasses
import json
import pathlib
import random
import re
import resource
import shlex
import shutil
import subprocess
import sys
import time

from equivalent import EQUIVALENT

TREE = pathlib.Path(__file__).resolve().parents[2]
CHANGES = [
    (r" == ", " != "), (r" != ", " == "), (r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "),
    (r" && ", " || "), (r" \|\| ", " && "), (r" \+ ", " - "), (r" - ", " + "), (r"\+\+", "--"), (r"\btrue\b", "false"),
    (r"\bfalse\b", "true"), (r"if \(", "if (!"), (r"^(\s+)([a-z_>\-]+\(.*\);)$", r"\1;"), (r"\breturn;", ";"),
    (r" \+= ", " -= "), (r"std::min", "std::max"), (r"std::max", "std::min"),
]
EXPLORE = "tests/schedule/explore"
UNIT = [f"tests/unit/actors/actor_{name}_tests" for name in ("drain", "failure", "pipeline", "stores")]


@dataclasses.dataclass
class Core:
    folder: str
    sources: list  # that are changed; none: all of the folder
    headers: list  # that its sources share, compiled once
    trials: list   # what is tried, the cheapest first


CORES = {
    "actors": Core("actors", [], [f"actors/{name}.hpp" for name in ("supervisor", "verifier", "downloader", "writer")],
                   [[EXPLORE, "--seeds", "1", "60"], *[[one] for one in UNIT], [EXPLORE, "--seeds", "1", "1000"],
                    [EXPLORE, "--every-step", "1"]]),
    "storage": Core("storage", ["create_store.cpp", "hash_index.cpp", "receipt_table.cpp", "schema.cpp", "sqlite_store.cpp",
                                "stake_rows.cpp", "store_rows.cpp", "transaction.cpp"], ["storage/store.hpp"],
                    [["tests/unit/storage/storage_stake_tests"], ["tests/unit/storage/storage_tests"],
                     ["tests/crash/crash_tests"]]),
}
SECONDS_ASLEEP_MAX = 8  # a test that computes nothing for so long waits for ever: the tests have no other to wait for


def sites(texts):
    for path, text in texts.items():
        for number, line in enumerate(text.splitlines()):
            code = line.split("//")[0]
            if code.lstrip().startswith(("#", "log", "setup_.log", "if (setup_.log)")) or not code.strip():
                continue
            for pattern, text in CHANGES:
                for match in re.finditer(pattern, code):
                    changed = line[:match.start()] + match.expand(text) + line[match.end():]
                    if changed != line:
                        yield path, number, changed


def limited(seconds):
    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return limit


def is_asleep(process):
    """Whether it waits, and how much it has computed so far."""
    words = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return words[0] == "S", words[11:13]


def run(command, cpu_seconds, folder):
    """Whether it ends well; one that goes round or waits for ever does not."""
    with subprocess.Popen([str(one) for one in command], cwd=folder, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, preexec_fn=limited(cpu_seconds)) as process:
        seconds_asleep, before = 0, None
        while seconds_asleep < SECONDS_ASLEEP_MAX:
            try:
                return process.wait(timeout=1) == 0
            except subprocess.TimeoutExpired:
                asleep, used = is_asleep(process)
                seconds_asleep = seconds_asleep + 1 if asleep and used == before else 0
                before = used
        process.kill()
        return False


class Workshop:
    """The core as a shared library, and the tests linked against it."""

    def __init__(self, build, core, texts):
        self.build, self.core, self.folder = build, core, build / "mutants"
        (self.folder / core.folder).mkdir(parents=True, exist_ok=True)
        self.headers = self.folder / "tree"  # a copy, so that the tree may change meanwhile
        shutil.rmtree(self.headers, ignore_errors=True)
        for folder in ("chain", "messages", "storage", "actors"):
            shutil.copytree(TREE / folder, self.headers / folder, ignore=shutil.ignore_patterns("*.cpp"))
        self.library = self.folder / "libblockferry_mutant.so"
        self.flags = self.compile_flags()
        header = self.folder / f"{core.folder}.hpp"
        header.write_text("".join(f'#include "{one}"\n' for one in core.headers))
        self.must([*self.flags, "-x", "c++-header", header, "-o", f"{header}.gch"])
        self.flags += ["-include", header]
        self.objects = []
        for path, text in texts.items():
            source = self.folder / core.folder / path.name
            source.write_text(text)
            self.objects.append(source.with_suffix(".o"))
            self.must([*self.flags, "-c", source, "-o", self.objects[-1]])
        self.must(self.link_words(self.library, self.objects))
        for program in {trial[0] for trial in core.trials}:
            self.link_program(program)
        self.limits = [self.seconds_of(trial) for trial in core.trials]

    def must(self, command):
        if subprocess.run([str(one) for one in command], cwd=self.build).returncode != 0:
            sys.exit("the tree without a mutant does not build")

    def compile_flags(self):
        """Those of the core in the build folder, but without optimisation, warnings and symbols."""
        entries = json.loads((self.build / "compile_commands.json").read_text())
        words = next(shlex.split(one["command"]) for one in entries if f"blockferry_{self.core.folder}.dir" in one["command"])
        words = words[:words.index("-o")]
        if "ccache" in words[0]:
            words = words[1:]
        return [one for one in words if not re.match(r"-(O|g\d?$|W|include|Winvalid)|-U_FORT|-D_FORT|/", one)
                and one != f"-I{TREE}" or one == words[0]] + [f"-I{self.headers}", "-O0", "-w"]

    def link_words(self, library, objects):
        return [self.flags[0], "-shared", "-o", library, *objects]

    def link_program(self, program):
        line = subprocess.run(["ninja", "-t", "commands", program], cwd=self.build, capture_output=True, text=True,
                              check=True).stdout.splitlines()[-1]
        words = shlex.split(line)[2:-2]  # `: && WORDS && :`
        words[words.index("-o") + 1] = str(self.program(program))
        name = self.core.folder
        at = words.index(f"{name}/libblockferry_{name}.a")
        words[at:at + 1] = [str(self.library), f"-Wl,-rpath,{self.folder}"]
        self.must(words)

    def program(self, name):
        return self.folder / f"mutant_{pathlib.Path(name).name}"

    def trial(self, words):
        return [self.program(words[0]), *words[1:]]

    def seconds_of(self, trial):
        """What a mutant may take for it: enough times what the right tree takes."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        if not run(self.trial(trial), 300, self.folder):
            sys.exit(f"the tree without a mutant does not pass {' '.join(trial)}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return 2 + int(5 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))

    def killed_by(self, path, text):
        """The trial that notices; None for a survivor, "compiler" for what does not build."""
        source = self.folder / self.core.folder / path.name
        source.write_text(text)
        thing = self.folder / "mutant.o"
        command = [str(one) for one in [*self.flags, "-c", source, "-o", thing]]
        if subprocess.run(command, cwd=self.build, stderr=subprocess.DEVNULL).returncode != 0:
            return "compiler"
        others = [one for one in self.objects if one.stem != path.stem]
        self.must(self.link_words(self.library, [*others, thing]))
        for words, seconds in zip(self.core.trials, self.limits):
            if not run(self.trial(words), seconds, self.folder):
                return " ".join([pathlib.Path(words[0]).name, *words[1:]])
        return None


def reason_of(path, before, changed):
    return next((why for file, right, wrong, why in EQUIVALENT
                 if (file, right, wrong) == (f"{path.parent.name}/{path.name}", before.strip(), changed.strip())), None)


def stale():
    """Entries of the reviewed list whose line is no longer there."""
    return [one for one in EQUIVALENT
            if one[1] not in [line.strip() for line in (TREE / one[0]).read_text().splitlines()]]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", required=True, type=pathlib.Path)
    options.add_argument("--core", choices=CORES, default="actors")
    options.add_argument("--first", type=int, default=1)
    options.add_argument("--mutants", type=int, default=20)
    options.add_argument("--hours", type=float)
    options.add_argument("--at-least", type=float, default=95, help="score below which the run fails, in %%")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    if not (asked.build / "build.ninja").exists():
        print("SKIPPED: the commands of the build are read from Ninja's")
        return 0
    for one in stale():
        sys.exit(f"equivalent.py: no such line any more in {one[0]}: {one[1]}")
    core = CORES[asked.core]
    texts = {path: path.read_text() for path in sorted((TREE / core.folder).glob("*.cpp"))}
    everything = list(sites({path: text for path, text in texts.items() if not core.sources or path.name in core.sources}))
    random.Random(asked.seed).shuffle(everything)
    workshop = Workshop(asked.build.resolve(), core, texts)
    end = time.monotonic() + asked.hours * 3600 if asked.hours else None
    tried = killed = equivalent = not_built = 0
    again = f"{sys.argv[0]} --build {asked.build} --core {asked.core} --seed {asked.seed} --mutants 1 --first"
    for path, number, changed in everything[asked.first - 1:]:
        if (time.monotonic() > end) if end else tried >= asked.mutants:
            break
        lines = texts[path].splitlines()
        before, lines[number] = lines[number], changed
        tried += 1
        by = workshop.killed_by(path, "\n".join(lines) + "\n")
        place = f"{core.folder}/{path.name}:{number + 1}"
        if by == "compiler":
            not_built += 1
        elif by is not None:
            killed += 1
            print(f"killed: {place} by {by}", flush=True)
        elif (why := reason_of(path, before, changed)) is not None:
            equivalent += 1
            print(f"equivalent: {place}: {why}", flush=True)
        else:
            print(f"survives: {place}\n  - {before.strip()}\n  + {changed.strip()}\n"
                  f"  replay: {again} {asked.first + tried - 1}", flush=True)
    real = tried - equivalent - not_built
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{killed} of {real} mutants killed, {equivalent} equivalent, {not_built} do not compile, "
          f"{asked.first} to {asked.first + tried - 1} of {len(everything)}, seed {asked.seed}, "
          f"{used.ru_utime + used.ru_stime:.0f} s of one core")
    return 0 if killed * 100 >= asked.at_least * real else 1


if __name__ == "__main__":
    sys.exit(main())
