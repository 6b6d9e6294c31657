"""Limits of the machine: full disks, descriptors, memory; damage under a stopped store."""
import contextlib
import os
import pathlib
import resource
import shutil
import subprocess

from harness import BLOCKS, DB, TIP, Cdn, LoopDisk, Node, case, content, footprint, killing_at, skip


@contextlib.contextmanager
def small_disk(bench, size):
    place = bench.folder / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", place], capture_output=True, check=False)
    if mounted.returncode != 0:
        skip("this machine lets us mount no tmpfs")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=False)


@case
def a_full_disk_is_9_and_with_space_again_it_goes_on(bench):
    with small_disk(bench, "500k") as disk:
        store = disk / "store"
        node = bench.run_sync("--disk-reserve", "0B", "--json", store=store, expect=9)
        assert node.events("receipt")[0]["error"]["code"] == "store_full", node.text()
        bench.verify(store)
        bench.run_sync("--disk-reserve", "0B", store=store, expect=9)
        bench.verify(store)
        subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
        bench.run_sync("--disk-reserve", "0B", store=store)
        bench.verify(store)
        assert bench.tip(store) == TIP


@case(long=True)
def a_full_file_system_of_its_own_is_9_and_with_space_again_it_goes_on(bench):
    disk = LoopDisk(bench, 40, "-m", "0", "-O", "^has_journal")
    try:
        store, ballast = disk.place / "store", disk.place / "ballast"
        free = shutil.disk_usage(disk.place).free
        with open(ballast, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, free - (500 << 10))
        for _ in range(2):
            node = bench.run_sync("--disk-reserve", "0B", "--json", store=store, expect=9)
            assert node.events("receipt")[0]["error"]["code"] == "store_full", node.text()
            bench.verify(store)
        ballast.unlink()
        bench.run_sync("--disk-reserve", "0B", store=store)
        bench.verify(store)
        assert content(store) == bench.calm()
    finally:
        disk.remove()


@case
def a_disk_with_no_room_at_all_is_9_and_leaves_no_half_store(bench):
    with small_disk(bench, "16k") as disk:
        store = disk / "store"
        bench.run_sync("--disk-reserve", "0B", store=store, expect=9)
        subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
        bench.run_sync("--disk-reserve", "0B", store=store)
        bench.verify(store)


@case(long=True)
def few_descriptors_are_enough_or_a_clean_refusal(bench):
    for limit in (64, 24, 12, 8, 5):
        def lower(most=limit):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        with Cdn() as cdn:
            node = bench.sync("--give-up-after", "2s", cdn=cdn.url, preexec_fn=lower)
            code = node.end()
        assert code in (0, 1, 2, 4, 5), f"{limit} descriptors: {code}\n{node.text()}"
        assert limit < 64 or code == 0, node.text()
        if (bench.store / DB).exists():
            bench.verify()
    bench.finish()


@case
def too_few_threads_are_a_refusal_that_changes_nothing(bench):
    if os.getuid() != 0:
        skip("only root can start it as a user of whom nothing else runs")
    user = 60_000 + os.getpid() % 5_000  # the limit counts all threads of a user
    bench.folder.chmod(0o777)
    cdn = bench.folder / "cdn"
    shutil.copytree(BLOCKS, cdn)
    program = bench.folder / "program"
    shutil.copy(bench.program, program)
    refused = 0
    for limit in range(1, 16):
        def lower(most=limit):
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
        try:  # LeakSanitizer would begin a thread at the end; a program without it ignores this
            node = Node([program, "sync", "--workers", "1", "--cdn", cdn.as_uri(), "--store", bench.store],
                        preexec_fn=lower, env=dict(bench.environment, ASAN_OPTIONS="detect_leaks=0"))
        except PermissionError:
            skip(f"another user may not come to {bench.folder}")
        code = node.end()
        assert code in (0, 1), f"{limit} threads: {code}\n{node.text()}"
        assert code == 0 or "cannot go on" in node.text() and not bench.store.exists(), node.text()
        refused += code == 1
    assert 2 < refused < 15, refused
    bench.finish()


class memory_group:
    """A cgroup of its own with a limit, in either version of their interface."""

    def __init__(self, limit):
        one, two = pathlib.Path("/sys/fs/cgroup/memory"), pathlib.Path("/sys/fs/cgroup")
        self.version_1 = one.is_dir()
        self.path = (one if self.version_1 else two) / f"blockferry-{os.getpid()}"
        try:
            self.path.mkdir()
            self._file("memory.limit_in_bytes", "memory.max").write_text(str(limit))
        except OSError as error:
            self.remove()
            skip(f"no memory cgroup can be made here: {error.strerror}")
        with contextlib.suppress(OSError):  # a kernel without swap has no such file
            self._file("memory.memsw.limit_in_bytes", "memory.swap.max").write_text(str(limit if self.version_1 else 0))

    def _file(self, of_1, of_2):
        return self.path / (of_1 if self.version_1 else of_2)

    def enter(self):
        (self.path / "cgroup.procs").write_text(str(os.getpid()))

    def peak(self):
        """The most that counted, memory and the page cache together, in words; kernels before 5.19 keep none in version 2."""
        kept = self._file("memory.max_usage_in_bytes", "memory.peak")
        return f"{int(kept.read_text()) >> 20} MiB" if kept.exists() else "unknown"

    def killed(self):
        text = self._file("memory.oom_control", "memory.events").read_text()
        return int(next(line.split()[1] for line in text.splitlines() if line.startswith("oom_kill ")))

    def remove(self):
        with contextlib.suppress(OSError):
            self.path.rmdir()


def peak_of(node):
    """The most resident memory of a process, in bytes, as far as it was seen before it ended."""
    peak = 0
    while node.process.poll() is None:
        with contextlib.suppress(OSError, StopIteration):
            status = pathlib.Path(f"/proc/{node.process.pid}/status").read_text()
            peak = max(peak, int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) << 10)
        with contextlib.suppress(subprocess.TimeoutExpired):
            node.process.wait(0.02)
    return peak


@case(long=True)
def a_cgroup_of_300_mib_kills_nothing_with_bundles_of_64_mib(bench):
    if b"__asan_init" in pathlib.Path(bench.program).read_bytes():
        skip("AddressSanitizer's own memory is no measure")
    chain = bench.folder / "chain"
    subprocess.run([bench.tool("tests/kit/make_chain"), "--blocks", "200", "--block-bytes", "1300000", "--out", chain],
                   check=True, stdout=subprocess.DEVNULL)
    assert (chain / "50.100.blocks").stat().st_size > 61 << 20, "the bundles are the largest that are taken"
    group = memory_group(300 << 20)
    try:
        peaks = []
        with Cdn(folder=chain) as cdn:
            for words in (["sync", "--cdn", cdn.url, "--network", chain / "network.toml", "--connections", "64"], ["verify"]):
                node = bench.start(*words, "--store", bench.store, preexec_fn=group.enter)
                peaks.append(peak_of(node))
                assert node.end() == 0, node.text()
        assert group.killed() == 0 and bench.tip() == 199
        print(f"  resident {peaks[0] >> 20} MiB of the sync, {peaks[1] >> 20} MiB of verify; {group.peak()} with the page cache")
        assert peaks[0] > 64 << 20, "the sync never held a bundle: its memory was not seen"
        assert max(peaks) <= 256 << 20, f"resident: {peaks}"
    finally:
        group.remove()


@case
def damage_under_a_stopped_store_is_found_and_nothing_is_changed(bench):
    bench.run_sync()
    size = (bench.store / DB).stat().st_size
    whole = bench.folder / "whole"
    shutil.copytree(bench.store, whole)
    raw = subprocess.run([bench.program, "get", "500", "--raw", "--store", bench.store], capture_output=True, check=True)
    place = (bench.store / DB).read_bytes().find(raw.stdout[:200])
    assert place > 0

    def damaged(change):
        shutil.rmtree(bench.store)
        shutil.copytree(whole, bench.store)
        with open(bench.store / DB, "r+b") as file:
            change(file)

    # One bit of a block: named with its height.
    damaged(lambda file: (file.seek(place + 150), file.write(bytes([raw.stdout[150] ^ 4]))))
    before = (bench.store / DB).read_bytes()
    node = bench.run("verify", "--store", bench.store, expect=3)
    assert "500" in node.text(), node.text()
    assert (bench.store / DB).read_bytes() == before
    for seed in range(6):  # a page of garbage anywhere
        offset = bench.random.randrange(16384, size - 16384) // 16384 * 16384
        damaged(lambda file, at=offset: (file.seek(at), file.write(bench.random.randbytes(4096))))
        node = bench.start("verify", "--store", bench.store)
        assert node.end() == 3, f"garbage at {offset} (round {seed}):\n{node.text()}"
    # A journal of another store is not rolled back into this one.
    damaged(lambda file: None)
    (bench.store / (DB + "-journal")).write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\0" * 1000)
    bench.run_sync()
    bench.verify()
    shutil.rmtree(bench.store)
    shutil.copytree(whole, bench.store)
    (bench.store / "real").write_bytes((bench.store / DB).read_bytes())
    (bench.store / DB).unlink()
    (bench.store / DB).symlink_to("real")
    for words in (["sync", "--cdn", BLOCKS.as_uri()], ["verify"], ["status"], ["get", "7"]):
        node = bench.run(*words, "--store", bench.store, expect=2)
        assert "is no regular file" in node.text(), node.text()


def hot_journal_of(bench, store):
    """What a kill leaves beside a store in the middle of a commit, once SQLite has synced it."""
    for number in range(1, 20):
        bench.sync("--until", 399, store=store, under=killing_at("fdatasync", number)).end()
        journal = store / (DB + "-journal")
        if journal.exists() and journal.read_bytes()[8:12].strip(b"\0"):  # it counts its records
            return journal.read_bytes()
    raise AssertionError("no kill leaves a journal with records")


@case(long=True)
def a_hot_journal_of_another_store_is_3_and_says_what_to_do(bench):
    bench.run_sync("--until", 199)
    for until in (99, 199):  # stores that have changed as often as this one, a store that is as far as it among them
        other = bench.folder / f"other{until}"
        bench.run_sync("--until", until, store=other)
        (bench.store / (DB + "-journal")).write_bytes(hot_journal_of(bench, other))
        before = footprint(bench.store)
        for words in (["sync", "--cdn", BLOCKS.as_uri()], ["run", "--cdn", BLOCKS.as_uri()], ["status"], ["get", "7"],
                      ["export", "--out", bench.folder / "out"], ["verify"]):
            node = bench.run(*words, "--store", bench.store, expect=3)
            assert "journal is not of this database" in node.text() and "move the folder away" in node.text(), node.text()
            assert words == ["verify"] or footprint(bench.store) == before, f"{words} changed the folder"  # it takes the lock
        assert all(facts == footprint(bench.store)[name] for name, facts in before.items() if name.startswith(DB))
    (bench.store / (DB + "-journal")).unlink()
    assert bench.tip() == 199
    bench.finish()


@case(long=True)
def no_bit_no_cut_and_no_swap_of_pages_passes_for_another_content(bench):
    bench.run_sync("--until", 199)
    whole, right = (bench.store / DB).read_bytes(), content(bench.store)
    page = int.from_bytes(whole[16:18], "big") % 65535  # 1 stands for 65,536
    found = 0

    def judge(changed, what):
        (bench.store / DB).write_bytes(changed)
        node = bench.start("verify", "--store", bench.store)
        code = node.end()
        assert code in (0, 2, 3, 5), f"{what}: {code}\n{node.text()}"
        assert code != 0 or content(bench.store) == right, f"{what} passes:\n{node.text()}"
        assert (bench.store / DB).read_bytes() == changed or code == 0, f"{what}: verify changed the store"
        return code != 0

    for _ in range(40):
        bit = bench.random.randrange(8 * len(whole))
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        found += judge(bytes(changed), f"bit {bit}")
    for _ in range(10):
        cut = bench.random.randrange(len(whole))
        assert judge(whole[:cut], f"cut at {cut}")
    pages, swapped = len(whole) // page, 0
    for _ in range(10):
        one, other = sorted(bench.random.sample(range(1, pages), 2))
        parts = [whole[at * page:(at + 1) * page] for at in range(pages)]
        parts[one], parts[other] = parts[other], parts[one]
        swapped += judge(b"".join(parts), f"pages {one} and {other} swapped")
    assert found and swapped
    print(f"  {found} of 40 bits and {swapped} of 10 swaps found; the others lie where no block is")
