"""The parts of the proof: what each runs, and how its output is counted."""
import dataclasses
import pathlib
import re

TREE = pathlib.Path(__file__).resolve().parents[2]
BLOCKS = TREE / "runtime/demo/blocks"


@dataclasses.dataclass
class Part:
    name: str
    title: str              # the row of the table
    ci: int | str           # the targets: a number, or "all" where one piece is all there is
    release: int | str
    command: callable       # (build folder, seed) -> words
    count: callable         # output -> how many it was
    seeds_a_piece: int = 1  # 0: it has no seed
    first_seed: int = 1
    environment: dict = dataclasses.field(default_factory=dict)
    note: callable = lambda output: ""  # output -> what stands beside the number
    details: callable = None  # output -> lines that take the place of those between the markers of its name


def number(pattern):
    """Sum of the first group of every match."""
    return lambda output: sum(int(one.replace(",", "")) for one in re.findall(pattern, output, re.MULTILINE))


def if_well(amount, pattern):
    return lambda output: amount if re.search(pattern, output, re.MULTILINE) else 0


def crash_proof(*words):
    return lambda build, seed: [build / "tests/crash/crash_proof", "--seed", seed, *words]


def explore(*words):
    return lambda build, seed: [build / "tests/schedule/explore", *[seed if one == "SEED" else one for one in words]]


def binary(only):
    return lambda build, seed: ["python3", "tests/binary/run.py", build / "blockferry", "--long", "--only", only, "--seed",
                                seed]


def of_asan(target, *words):
    """The sweep under AddressSanitizer and UBSan, in a build of its own that the script makes."""
    return lambda build, seed: ["tests/proof/under_asan.sh", target, *[seed if one == "SEED" else one for one in words]]


def first_of(pattern):
    """What the first match of the output says; nothing where there is none."""
    return lambda output: " ".join((re.findall(pattern, output, re.MULTILINE) or [""])[0].split())


def power(file_system):
    return lambda build, seed: [build / "tests/crash/power_cuts", "--cuts", 100, "--file-system", file_system, "--seed", seed]


def fuzz_part(target):
    """A row a target: the plan asks for ten times as much of the three parsers that every byte of a chain goes through."""
    release = 10**9 if target in ("framing", "front", "body") else 10**8
    return Part(f"fuzz-{target}", f"fuzzed inputs, `{target}`", "10 s (a third of the plan's 30 s)", release,
                lambda build, seed: ["python3", "tests/fuzz/run.py", "--only", target, "--seconds", 30, "--runs", release // 10,
                                     "--seed", seed],
                number(r"^\S+ +(\d+) inputs"), note=first_of(r"inputs +(\d+ edges +\d+ features)"))


def planted_rows(output):
    """Which part of the harness found each bug, and where; bugs that the same part found share a row."""
    found = {}
    for name, by, where, seed, why in re.findall(r"^(\w+) +([a-z ]+), (seed|run) (\d+): (.*)$", output, re.MULTILINE):
        seen = re.match(r"\w\d+(?=[: ])|[^(]*", why)[0].strip().replace('"', "")  # the broken invariant, or where
        found.setdefault((by, where), []).append(f"`{name}` {int(seed):,} {seen}")
    yield "| found by | planted bug, the seed that showed it, the broken invariant or where it broke |"
    yield "|---|---|"
    for (by, where), bugs in found.items():
        counted = "" if where == "seed" else ", the run instead of the seed"
        yield f"| {by} ({len(bugs)}{counted}) | {'; '.join(bugs)} |"
    yield from (f"| not found | `{name}` |" for name in re.findall(r"^(\w+) +NOT FOUND", output, re.MULTILINE))


FUZZ_TARGETS = sorted(one.stem for one in (TREE / "tests/fuzz/targets").glob("*.cpp"))
CONFIGURATIONS = ["drain", "death", "timers", "pin"]  # as `explore --exhaust` names them

ALL = [
    Part("crash-images", "crash images", 10_000, 1_000_000,
         crash_proof("--images", 10_000, "--recoveries", 0, "--fault-stride", 0), number(r"^(\d+) images$"), 4),
    Part("crash-recoveries", "crashes in recovery", 10_000, 500_000,
         crash_proof("--images", 0, "--recoveries", 10_000, "--fault-stride", 0),
         number(r"^(\d+) images in recovery$"), 4),
    Part("crash-faults", "I/O error sweep, every operation", "all", "all",
         crash_proof("--images", 0, "--recoveries", 0, "--controls", 0, "--fault-stride", 1),
         number(r"^(\d+) faults(?: in recovery)?$")),
    Part("crash-controls", "negative controls caught", "all", "all",
         crash_proof("--images", 0, "--recoveries", 0, "--fault-stride", 0),
         lambda output: len(re.findall(r"^control, .*: [1-9]\d* violations", output, re.MULTILINE))),
    Part("allocations", "allocation sweep, every allocation", "all", "all",
         lambda build, seed: [build / "tests/crash/crash_allocations", "--seed", seed],
         number(r"allocations, (\d+) runs")),
    Part("schedules", "random and PCT schedules", 100_000, 50_000_000, explore("--seeds", "SEED", 50_000),
         number(r"^(\d+) schedules"), 50_000, 1_000_001),
    Part("real-schedules", "of them with the real chain check and store, beside 1 % of those", 1_000, 500_000,
         explore("--real", "SEED", 1_000), number(r"^(\d+) schedules"), 1_000, 1_000_001),
    Part("replays", "schedules run twice, same seed and same trace (1 % of those run)", 500, 500_000,
         explore("--seeds", "SEED", 50_000), lambda output: number(r"^(\d+) schedules.* 0 failures$")(output) // 100, 50_000,
         2_000_001),
    Part("every-step", "seeds with drain, crash, port failure at every step", 20, 200,
         explore("--every-step", 20, "SEED"), if_well(20, r"^\d+ schedules"), 20),
    Part("exhaustive", "configurations explored to the end", 1, 4,
         lambda build, seed: [build / "tests/schedule/explore", "--exhaust",
                              CONFIGURATIONS[(seed - 1) % len(CONFIGURATIONS)]],
         if_well(1, r"^[\d.e+]+ schedules.* 0 failures, to the end$")),
    Part("planted", "planted bugs found", "all", "all",
         lambda build, seed: [build / "tests/planted/planted_tests", "--altered",
                              build / "tests/planted/planted_chain_tests"],
         lambda output: number(r"^(\d+) planted")(output) - number(r"planted, (\d+) not found")(output), 0,
         details=planted_rows),
    Part("mutants", "mutants of the core killed, but for those that nobody can see (`equivalent.py`)", 20, 500,
         lambda build, seed: ["python3", "tests/planted/mutate.py", "--build", build, "--mutants", 10, "--first",
                              seed], number(r"^(\d+) of \d+ mutants"), 10),
    Part("store-mutants", "mutants of what storage/ writes with killed, all the same", "none", 200,
         lambda build, seed: ["python3", "tests/planted/mutate.py", "--build", build, "--core", "storage", "--mutants", 10,
                              "--first", seed], number(r"^(\d+) of \d+ mutants"), 10),
    Part("kills", "SIGKILL cycles, binary", 200, 100_000, binary("killed_200"), number(r"^\s+(\d+) cycles")),
    Part("kill-calls", "SIGKILL at file-changing calls of a first sync", "every 20th", "all", binary("file_changing_call"),
         number(r"killed at (\d+) calls"), note=first_of(r"; (\d+ not reached)"), environment={"BLOCKFERRY_KILL_STEP": "1"}),
    Part("timed-stops", "SIGTERM stops timed (tests/binary/stops.py prints them)", 100, 10_000, binary("a_hundred_stops"),
         number(r"^\s+(\d+) stops timed")),
    Part("stops", "SIGTERM and other stops, cases of the binary", "all", "all",
         lambda build, seed: ["python3", "tests/binary/run.py", build / "blockferry", "--long", "--only", "sig",
                              "--seed", seed], number(r"^(\d+) passed")),
    Part("power", "power cuts, ext4", 20, 10_000, power("ext4"), number(r"^(\d+) power cuts")),
    Part("power-xfs", "power cuts, xfs", 20, 10_000, power("xfs"), number(r"^(\d+) power cuts")),
    Part("power-binary", "power cuts of the binary, ext4", 20, 10_000, binary("power_cut_20_times_on_ext4"),
         number(r"^\s+(\d+) power cuts")),
    Part("power-binary-xfs", "power cuts of the binary, xfs", 20, 10_000, binary("power_cut_20_times_on_xfs"),
         number(r"^\s+(\d+) power cuts")),
    Part("hostile-cases", "hostile cases", "all", "all",
         lambda build, seed: [build / "tests/hostile/hostile_node", "--folder", BLOCKS, "--cases"],
         number(r"^(\d+) runs in"), 0),
    Part("hostile-mixes", "hostile mixes", "360 (cut from the plan's 500)", 10_000,
         lambda build, seed: [build / "tests/hostile/hostile_node", "--folder", BLOCKS, "--mixes", 250, "--first-mix",
                              seed], number(r"^(\d+) runs in"), 250),
    *[fuzz_part(one) for one in FUZZ_TARGETS],
    Part("fuzz-coverage", "branches of chain/ that the fuzz corpora alone take", "none", "all",
         lambda build, seed: ["python3", "tests/coverage/run.py", "chain", "--fuzz"],
         number(r"^chain: (\d+) of \d+ branches"), 0, note=first_of(r"^chain: \d+ (of \d+ branches taken, [\d.]+ %)")),
    Part("asan-crash", "I/O error sweep, every operation, under ASan and UBSan", "none", "all",
         of_asan("tests/crash/crash_proof", "--seed", "SEED", "--images", 0, "--recoveries", 0, "--controls", 0,
                 "--fault-stride", 1), number(r"^(\d+) faults(?: in recovery)?$")),
    Part("asan-allocations", "allocation sweep, every allocation, under ASan and UBSan", "none", "all",
         of_asan("tests/crash/crash_allocations", "--seed", "SEED"), number(r"allocations, (\d+) runs")),
    Part("asan-hostile", "hostile cases under ASan and UBSan", "none", "all",
         of_asan("tests/hostile/hostile_node", "--folder", BLOCKS, "--cases"), number(r"^(\d+) runs in"), 0),
    Part("asan-binary", "cases of the binary's sample under ASan and UBSan", "none", "all",
         of_asan("blockferry", "python3", "tests/binary/run.py", "PROGRAM", "--seed", "SEED"), number(r"^(\d+) passed")),
    Part("tsan", "rounds of the threads under ThreadSanitizer", 6, 12_000,
         lambda build, seed: ["tests/tsan/run.sh", "--rounds", 12, "--seed", seed], if_well(12, r"no report"), 12),
    Part("coverage", "branches taken, or listed with a reason", "all", "all",
         lambda build, seed: ["python3", "tests/coverage/run.py"], number(r"^(\d+) branches, 0 lines"), 0),
]
