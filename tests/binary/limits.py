"""Limits of the machine: full disks, descriptors, memory; damage under a stopped store."""
import contextlib
import os
import pathlib
import resource
import shutil
import subprocess

from harness import DB, TIP, Cdn, case, content, need, skip


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
    need("mkfs.ext4")
    image, place = bench.folder / "image", bench.folder / "disk"
    place.mkdir()
    with open(image, "wb") as file:
        file.truncate(40 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", "-O", "^has_journal", image], check=True)
    if subprocess.run(["mount", "-o", "loop", image, place], capture_output=True, check=False).returncode != 0:
        skip("this machine lets us mount no loop image")
    try:
        store, ballast = place / "store", place / "ballast"
        free = shutil.disk_usage(place).free
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
        subprocess.run(["umount", "-l", place], check=False)


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
            node = bench.sync("--give-up-after", "500ms", cdn=cdn.url, preexec_fn=lower)
            code = node.end()
        assert code in (0, 1, 2, 4, 5), f"{limit} descriptors: {code}\n{node.text()}"
        assert limit < 64 or code == 0, node.text()
        if (bench.store / DB).exists():
            bench.verify()
    bench.finish()


@case(long=True)
def a_cgroup_of_300_mib_kills_nothing(bench):
    group = pathlib.Path("/sys/fs/cgroup/memory") / f"blockferry-{os.getpid()}"
    try:
        group.mkdir()
        (group / "memory.limit_in_bytes").write_text(str(300 << 20))
    except OSError as error:
        skip(f"no memory cgroup can be made here: {error.strerror}")
    try:
        def enter():
            (group / "cgroup.procs").write_text(str(os.getpid()))
        bench.run_sync("--connections", 64, preexec_fn=enter)
        bench.verify()
    finally:
        group.rmdir()


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
    node = bench.sync()
    assert node.end() in (0, 2, 3, 5), node.text()


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
