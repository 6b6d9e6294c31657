"""Where a run begins, what was acknowledged before a fault, and what the first command after it must say."""
import functools
import json
import shutil
import struct
import subprocess

from harness import BLOCKS, DB, TIP

FILE_BLOCKS = 50
PINNED, AFTER = 430, 520  # both inside a file


class Start:
    """A kind of start: its options and its first height."""

    def __init__(self, name, first, *words):
        self.name, self.first, self.words = name, first, words

    def calm(self, bench):
        """The content after a run from there without a fault."""
        return bench.calm(self.name, *self.words)


def starts(bench):
    """Genesis, a pinned height, a start file: a store must be as safe from each."""
    whole, state = bench.folder / "of-starts", bench.folder / "start-file"
    bench.run_sync("--until", AFTER, store=whole)
    bench.run("export", "--store", whole, "--state", state, expect=0)
    pinned = json.loads("\n".join(bench.run("get", PINNED, "--json", "--store", whole, expect=0).lines["out"]))["block_hash"]
    shutil.rmtree(whole)
    return [Start("genesis", 0), Start("pinned", PINNED, "--start", PINNED, "--start-hash", pinned),
            Start("start file", AFTER + 1, "--start-file", state)]


def acknowledged(node, start):
    """The highest height that a run said is committed; the one below its start if it said none."""
    said = [event["height"] for name in ("progress", "receipt") for event in node.events(name)]
    return max((height for height in said if height is not None), default=start.first - 1)


def raw_block(height):
    body = (BLOCKS / file_of(height)).read_bytes()
    at = 8
    for _ in range(height % FILE_BLOCKS):
        at += 8 + struct.unpack_from("<Q", body, at)[0]
    return body[at + 8:at + 8 + struct.unpack_from("<Q", body, at)[0]]


def file_of(height):
    first = height // FILE_BLOCKS * FILE_BLOCKS
    return f"{first}.{first + FILE_BLOCKS}.blocks"


def holds(what, tip, start, told):
    """The height that is there; all that was acknowledged is below it."""
    height = start.first - 1 if tip is None else tip
    assert height >= told, f"acknowledged {told}, {what} says {height}"
    return height


def status_first(bench, store, start, told):
    holds("status", bench.tip(store), start, told)


def get_first(bench, store, start, told):
    if told < start.first:
        return status_first(bench, store, start, told)
    height = bench.random.randint(max(start.first, told - 3), told)
    got = subprocess.run([bench.program, "get", str(height), "--raw", "--store", store], capture_output=True, check=False)
    assert got.returncode == 0, f"get {height}: {got.returncode}, {got.stderr.decode()}"
    assert got.stdout == raw_block(height), f"get {height} gives other bytes"


def export_first(bench, store, start, told):
    out = bench.folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    bench.run("export", "--store", store, "--out", out, expect=0)
    for first in range(-(-start.first // FILE_BLOCKS) * FILE_BLOCKS, told + 1, FILE_BLOCKS):
        count, = struct.unpack_from("<Q", (out / file_of(first)).read_bytes())
        assert first + count > told or count == FILE_BLOCKS, f"acknowledged {told}, {file_of(first)} has {count} blocks"
    for file in out.glob("*.blocks"):  # the last one may be short
        assert (BLOCKS / file.name).read_bytes()[8:].startswith(file.read_bytes()[8:]), f"{file.name} has other bytes"


def verify_first(bench, store, start, told):
    node = bench.run("verify", "--json", "--store", store, expect=0)
    return holds("verify", json.loads(node.lines["out"][-1])["to"], start, told)


def sync_first(last, bench, store, start, told):
    until = bench.random.randint(max(told, start.first), last)
    node = bench.run_sync("--until", until, *start.words, store=store)
    assert bench.tip(store) >= until
    resumed, = [line for line in node.lines["err"] if "BF101" in line]
    assert int(resumed.split("from height ")[1].split(",")[0]) > told, f"acknowledged {told}: {resumed}"


def check_after_fault(bench, start, told, last=TIP, store=None):
    """The first command, any of them, and `verify`: what was acknowledged is there.  The height that is there."""
    store = store or bench.store
    if not (store / DB).exists():
        assert told < start.first, f"acknowledged {told}, and there is no store"
        return told
    commands = {"status": status_first, "get": get_first, "export": export_first, "verify": verify_first,
                "sync": functools.partial(sync_first, last)}
    name = bench.random.choice(sorted(commands))
    try:
        commands[name](bench, store, start, told)
        return verify_first(bench, store, start, told)
    except AssertionError as error:
        raise AssertionError(f"start: {start.name}, first command: {name}: {error}") from error
