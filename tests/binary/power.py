"""Real power cuts: the file system under a running sync stops taking anything, by its shutdown ioctl."""
import contextlib
import fcntl
import os
import shutil
import signal
import struct
import subprocess
import time

from harness import WATCHDOG_S, Cdn, LoopDisk, case
from recovery import acknowledged, check_after_fault, starts

SHUTDOWN = 0x8004587d  # EXT4_IOC_SHUTDOWN, which XFS has too: from then on nothing reaches the disk
# What the file system may still write at that moment: everything that it knows, its own journal, nothing.
MODES = {"everything": 0, "journal": 1, "nothing": 2}


def cut_power(disk, mode):
    place = os.open(disk.place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.ioctl(place, SHUTDOWN, struct.pack("I", mode))
    finally:
        os.close(place)


def wait_a_moment(bench, node):
    """Until any moment of a sync: after a time, or after so many acknowledgements and a little more."""
    if bench.random.random() < 0.5:
        with contextlib.suppress(subprocess.TimeoutExpired):
            node.process.wait(bench.random.random() * bench.random.choice([0.05, 0.3, 0.8]))
        return
    wanted, end = bench.random.randrange(1, 12), time.monotonic() + WATCHDOG_S
    with node.changed:
        while sum('"event":"progress"' in line for line in node.lines["out"]) < wanted and node.process.poll() is None:
            assert time.monotonic() < end, f"no progress within {WATCHDOG_S} s:\n{node.text()}"
            node.changed.wait(0.05)
    with contextlib.suppress(subprocess.TimeoutExpired):
        node.process.wait(bench.random.random() * 0.02)


def sync_until_the_power_fails(bench, disk, store, start):
    """What was acknowledged before the cut."""
    with Cdn(delay_s=bench.random.choice([0, 0.005, 0.02, 0.05])) as cdn:
        node = bench.sync("--json", "--connections", bench.random.choice([1, 2, 8]), *start.words, cdn=cdn.url, store=store)
        wait_a_moment(bench, node)
        mode = bench.random.choice(sorted(MODES))
        cut_power(disk, MODES[mode])
        sees_it = bench.random.random() < 0.3
        if not sees_it:
            node.process.kill()
        code = node.end()
    # Without a kill it sees that the disk is gone; with one it may have, before it.
    assert code in ((0, 5) if sees_it else (0, 5, -signal.SIGKILL)), f"disk gone, {mode} written: {code}\n{node.text()}"
    disk.unmount()
    disk.mount()
    return acknowledged(node, start)


def power_cuts(bench, cuts, kind="ext4"):
    disk = LoopDisk(bench, 400, kind=kind)
    try:
        kinds, store, start, finished = starts(bench), disk.place / "store", None, 0
        for cut in range(cuts):
            if start is None:
                start, told = bench.random.choice(kinds), -1
            told = max(told, sync_until_the_power_fails(bench, disk, store, start))
            told = check_after_fault(bench, start, told, store=store)
            if cut == cuts - 1 or bench.random.random() < 0.6:  # otherwise the power fails again
                bench.finish(store=store, start=start)
                shutil.rmtree(store)
                disk.sync()
                start, finished = None, finished + 1
        print(f"  {cuts} power cuts on {kind}, {finished} stores finished and compared")
    finally:
        disk.remove()


@case(long=True)
def power_cut_20_times_on_ext4_it_resumes(bench):
    power_cuts(bench, 20)


@case(long=True)
def power_cut_20_times_on_xfs_it_resumes(bench):
    power_cuts(bench, 20, "xfs")
