#!/usr/bin/env python3
"""Lets the reference checker judge mutants of real blocks, each in its chain's state, and writes what it says.

    make_verdicts.py MUTANTS SHARED_DIR PLAN [--only SEED,SEED,..] [--part I/N] > verdicts.txt

MUTANTS is the program that makes them.  PLAN is a file of lines `CHAIN HEIGHT FIRST_SEED COUNT`.  Written are, for
each line of the plan, `block CHAIN HEIGHT`, then for each seed `SEED DIGEST VERDICT`: `+` accepted, `-` malformed,
`?` neither (the checker failed), else the codes of the checks that do not hold, joined by commas (see CODES).

The chain's state is kept from genesis on.  Hashes and signatures are remembered, for mutants of one block have most of
them in common: nothing else of the checker is changed.
"""
import hashlib
import importlib.util
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

# What the checker prints of a check that does not hold -> its code in the file.
CODES = (
    ("block hash", "hash"), ("metadata rules of one block", "meta"), ("ratification ids distinct", "rat"), ("ratifications_root", "rat"),
    ("committee id", "rat"), ("solutions_root", "sol"), ("solutions' targets and epoch", "sol"), ("transition ids", "ids"),
    ("transaction ids", "ids"), ("index of transaction", "ids"), ("values hash", "val"), ("fees name", "fee"), ("deployments", "dep"),
    ("size of transaction", "dep"), ("transactions_root", "txr"), ("nothing occurs twice", "dup"), ("finalize_root", "fin"),
    ("staking operations", "stk"), ("subdag_root", "sdr"), ("authority", "aut"), ("beacon signature", "aut"), ("batch ids", "bid"),
    ("anchor round", "anc"), ("certificates per round", "cpr"), ("canonical certificate order", "ord"),
    ("transmissions match", "trm"), ("the other transmissions", "trh"), ("edges to earlier", "edg"), ("rounds since", "rnd"),
    ("timestamp is", "tim"), ("leader", "led"), ("no earlier leader", "led"), ("quorum of every", "quo"), ("one committee id", "cid"),
    ("certificate signatures", "sig"), ("previous hash, height", "prv"), ("targets from", "tgt"), ("round after", "rnd"),
    ("rewards", "rew"), ("previous_state_root", "srt"))
# The made chain, whose signers are known (signed_chain.hpp).
SIGNED = "signed"
NONZERO = re.compile(r"^\s*(\w+) nonzero\b")


def load(path):
    spec = importlib.util.spec_from_file_location("oracle", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def remember(oracle):
    """The dear functions keep what they computed."""
    def bits_key(bits):
        return len(bits), int.from_bytes(bytes(bits), "little")

    def wrap(function, key):
        known = {}

        def keeping(*arguments):
            k = key(*arguments)
            if k not in known:
                if len(known) > 200000:
                    known.clear()
                known[k] = function(*arguments)
            return known[k]
        return keeping
    oracle.BHP.hash = wrap(oracle.BHP.hash, lambda self, bits: (self.windows,) + bits_key(bits))
    oracle.Poseidon.hash_many = wrap(oracle.Poseidon.hash_many, lambda self, fields, n: (self.rate, tuple(fields), n))
    signature_key = lambda s: tuple(s[k] for k in ("challenge", "response", "pk_sig", "pr_sig"))
    # Of a signature its points alone name the signer (specification 3.6).
    oracle.decompress = wrap(oracle.decompress, lambda x: x)
    oracle.signer = wrap(oracle.signer, lambda s: (s["pk_sig"], s["pr_sig"]))
    oracle.verify_signature = wrap(oracle.verify_signature, lambda s, a, m: signature_key(s) + (a, tuple(m)))


def code_of(line):
    if NONZERO.match(line):
        return "meta"
    for text, code in CODES:
        if line.strip().startswith(text):
            return code
    return "other"


def judge(oracle, chain, data, height):
    """The verdict on one mutant; leaves the chain's state as it was."""
    count, peaks = chain.tree.count, list(chain.tree.peaks)
    if chain.credits:
        chain.credits.ahead = None
    try:
        block = oracle.read_block(data)
        report = oracle.Report()
        if chain.prev is None or block["meta"]["height"] == height:
            oracle.check_block(block, report, True, True, chain)
        else:  # of another height: what depends on the history says nothing more
            return "prv"
        bad = sorted({code_of(x) for x in report.lines if "MISMATCH" in x})
        return ",".join(bad) or "+"
    except oracle.FormatError:
        return "-"
    except Exception:  # the checker's own failure is no verdict
        return "?"
    finally:
        chain.tree.count, chain.tree.peaks = count, peaks
        if chain.credits:
            chain.credits.ahead = None
        del oracle.CHECK_NOTES[:]


def blocks_of(folder):
    """(height, bytes) of each block."""
    height = 0
    for path in sorted(folder.glob("*.blocks"), key=lambda p: int(p.name.split(".")[0])):
        data = path.read_bytes()
        at = 8
        for _ in range(int.from_bytes(data[:8], "little")):
            size = int.from_bytes(data[at:at + 8], "little")
            yield height, data[at + 8:at + 8 + size]
            at += 8 + size
            height += 1


def mutants(program, chain, height, first, count, data):
    out = subprocess.run([program, chain, str(height), str(first), str(count), str(data)], check=True, capture_output=True).stdout
    at = 0
    while at < len(out):
        seed, size = struct.unpack_from("<QQ", out, at)
        yield seed, out[at + 16:at + 16 + size]
        at += 16 + size


def covers(ranges, seed):
    return any(first <= seed < first + count for first, count in ranges)


def run(oracle, program, folder, jobs, wanted, made=None):
    """The mutants of one chain; `made` is where its files are if they are no reference data."""
    oracle.set_networks(*((None, False, False) if folder.name in ("mainnet", "canary") else (oracle.HEIGHTS["test"], False, True)))
    oracle.BEACON = folder.name in ("mainnet", "canary")
    chain = oracle.Chain()
    for height, data in blocks_of(made or folder):
        if height > max(jobs):
            return
        block = oracle.read_block(data)
        if height in jobs:
            print("block %s %d" % (folder.name, height))
            seeds = [(s, 1) for s in wanted if covers(jobs[height], s)] if wanted else jobs[height]
            for start, many in seeds:
                for seed, made in mutants(program, folder.name, height, start, many, folder.parent):
                    print(seed, hashlib.sha3_256(made).hexdigest()[:8], judge(oracle, chain, made, height), flush=seed % 50 == 0)
        chain.before(block)
        chain.tree.append(oracle.fbits(block["hash"]))
        chain.after(block)


def main(argv):
    program, shared, plan = argv[1], pathlib.Path(argv[2]), {}
    wanted = [int(s) for s in argv[argv.index("--only") + 1].split(",")] if "--only" in argv else None
    part, parts = map(int, argv[argv.index("--part") + 1].split("/")) if "--part" in argv else (0, 1)
    for line in open(argv[3]):
        name, height, first, count = line.split()
        plan.setdefault(name, {}).setdefault(int(height), []).append((int(first), int(count)))
    for number, (name, jobs) in enumerate(plan.items()):
        if number % parts != part:
            continue
        if wanted:
            jobs = {h: j for h, j in jobs.items() if any(covers(j, s) for s in wanted)}
        if jobs:
            oracle = load(shared / "oracle" / "aleo_check.py")
            remember(oracle)
            folder = shared / "data" / "aleo" / name
            if name != SIGNED:
                run(oracle, program, folder, jobs, wanted)
                continue
            with tempfile.TemporaryDirectory() as made:
                subprocess.run([program, "--chain", made, str(folder.parent)], check=True)
                run(oracle, program, folder, jobs, wanted, pathlib.Path(made))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
