"""SIGKILL at random moments and at file-changing calls; readers, two nodes, nginx beside a sync."""
import collections
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time

from harness import BLOCKS, DB, TIP, WATCHDOG_S, Cdn, Gate, case, content, free_port, killing_at, need
from recovery import acknowledged, check_after_fault, starts

ATTEMPTS = 20
FILE_CALLS = "openat,write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink"


def kill_cycles(bench, cycles):
    """Kill, any first command, verify, resume; a store that is complete is compared and begun anew."""
    kinds, start, completed = starts(bench), None, 0
    for cycle in range(cycles):
        if start is None:
            start, told = bench.random.choice(kinds), -1
        with Cdn(delay_s=bench.random.choice([0, 0.005, 0.02, 0.05])) as cdn:
            node = bench.sync("--json", "--connections", bench.random.choice([1, 2, 8]), *start.words, cdn=cdn.url)
            try:
                node.process.wait(bench.random.random() * bench.random.choice([0.05, 0.3, 1.0]))
            except subprocess.TimeoutExpired:
                node.process.kill()
            code = node.end()
        assert code in (0, -signal.SIGKILL), f"cycle {cycle}: {code}\n{node.text()}"
        told = check_after_fault(bench, start, max(told, acknowledged(node, start)))
        if told == TIP:
            assert content(bench.store) == start.calm(bench), f"cycle {cycle}: another content than a calm run's"
            shutil.rmtree(bench.store)
            start, completed = None, completed + 1
    bench.finish(start=start or kinds[0])
    print(f"  {cycles} cycles, {completed} stores completed on the way")


@case
def killed_at_random_moments_it_resumes(bench):
    kill_cycles(bench, 5)


@case(long=True)
def killed_200_times_it_resumes(bench):
    kill_cycles(bench, 200)


def file_changing_calls(trace, folder):
    """Each call of the trace that changes a file of the folder: its name, and its number among its thread's calls of that
    name, which is how strace counts `when`."""
    counted, calls = collections.Counter(), []
    for line in trace.read_text(errors="replace").splitlines():
        entered = re.match(r"(\d+) +(\w+)\((.*)", line)  # "<... write resumed>" is the end of a call
        if not entered:
            continue
        thread, name, words = entered.groups()
        counted[thread, name] += 1
        if str(folder) in words and (name != "openat" or "O_CREAT" in words):
            calls.append((name, counted[thread, name]))
    return calls


def tracing_to(trace):
    return [need("strace"), "-f", "-y", "-qq", "-o", trace, "-e", f"trace={FILE_CALLS}", "-e", "signal=none"]


def is_killed_at(bench, start, until, name, number):
    """Whether the run came to that call, and all was well after the kill."""
    shutil.rmtree(bench.store, ignore_errors=True)
    node = bench.sync("--json", *until, *start.words, under=killing_at(name, number))
    code = node.end()
    assert code in (0, -signal.SIGKILL, 128 + signal.SIGKILL), f"{name} {number}: {code}\n{node.text()}"
    if code == 0:  # threads share the work as they like: this time none made so many calls
        return False
    check_after_fault(bench, start, acknowledged(node, start), int(until[1]))
    return True


def kill_at_calls(bench, step, start, until):
    """Kills at every so many of the calls: of how many calls in all, how many were killed, how many never reached."""
    until = ["--until", until, "--connections", "1"]  # one: the same calls in each run, as far as threads allow
    expected, trace = bench.folder / "expected", bench.folder / "trace"
    assert bench.sync("--json", *until, *start.words, store=expected, under=tracing_to(trace)).end() == 0
    wanted, calls = content(expected), file_changing_calls(trace, expected)
    shutil.rmtree(expected)
    points, missed = calls[bench.random.randrange(min(step, len(calls)))::step], []
    for name, number in points:
        if not any(is_killed_at(bench, start, until, name, number) for _ in range(ATTEMPTS)):
            missed.append((name, number))
            continue
        bench.run_sync(*until, *start.words)
        bench.verify()
        assert content(bench.store) == wanted, f"{start.name}, {name} {number}: another content than a calm run's"
    assert not missed, f"from {start.name}: the calls that were counted are not made again: {missed}"
    return len(calls), len(points), len(missed)


@case(long=True)
def killed_at_each_5th_file_changing_call_of_a_first_sync(bench):
    step = int(os.environ.get("BLOCKFERRY_KILL_STEP", "5"))
    genesis, pinned, _ = starts(bench)
    of, killed, missed = map(sum, zip(kill_at_calls(bench, step, genesis, 199), kill_at_calls(bench, step, pinned, 599)))
    print(f"  killed at {killed} calls, every {step}th of {of}, from genesis and from a pinned height; {missed} not reached")


def sound_while_raised(bench, words):
    """The first command on a store whose records were being raised, a node's among them."""
    first = bench.random.choice([["status"], ["get", 7], [], ["sync", *words]])
    if first:
        bench.run(*first, "--store", bench.store, expect=0)
    bench.verify()


@case(long=True)
def killed_while_verify_raises_records_it_leaves_what_sync_would_have(bench):
    made, lower, right = bench.folder / "made", bench.folder / "lower", bench.folder / "right"
    subprocess.run([bench.tool("tests/kit/make_chain"), "--blocks", "720", "--validators", "4", "--out", made], check=True,
                   stdout=subprocess.DEVNULL)
    words = ["--cdn", made.as_uri(), "--network", made / "network.toml", "--verify"]
    bench.run("sync", *words, "content", "--store", right, expect=0)
    bench.run("sync", *words, "link", "--store", lower, expect=0)
    shutil.copytree(lower, bench.store)
    trace = bench.folder / "trace"
    raising = ["verify", "--level", "content", "--store", bench.store]
    bench.run(*raising, under=tracing_to(trace), expect=0)
    assert content(bench.store) == content(right), "a calm raise leaves other records than a sync at that level"
    of_name = collections.defaultdict(list)
    for name, number in file_changing_calls(trace, bench.store):
        of_name[name].append(number)
    killed = completed = 0
    for _ in range(8):
        if completed or not killed:
            shutil.rmtree(bench.store)
            shutil.copytree(lower, bench.store)
        name = bench.random.choice(sorted(of_name))  # few of them are syncs, and they matter most
        number = bench.random.choice(of_name[name])
        node = bench.start(*raising, under=killing_at(name, number))
        assert node.end() in (0, -signal.SIGKILL, 128 + signal.SIGKILL), f"{name} {number}: {node.text()}"
        killed += node.process.returncode != 0
        sound_while_raised(bench, [*words, "link"])
        completed = bench.random.random() < 0.5  # otherwise the next run is killed where this one went on
        if completed:
            bench.run(*raising, expect=0)
            assert content(bench.store) == content(right), f"{name} {number}: another content than a sync at that level leaves"
    assert killed
    bench.run(*raising, expect=0)
    assert content(bench.store) == content(right)
    print(f"  killed {killed} times while records were raised")


@case
def readers_in_a_loop_disturb_no_sync(bench):
    done = threading.Event()
    failures, reads = [], collections.Counter()

    def read(words):
        while not done.is_set():
            node = bench.start(*words, "--store", bench.store)
            code = node.end()
            if code == 0:
                reads[words[0]] += 1
            elif reads[words[0]] or code not in (1, 2):  # at first the store or the height may not be there yet
                failures.append(f"{words}: {code}\n{node.text()}")

    readers = [threading.Thread(target=read, args=(words,))
               for words in (["get", "7", "--raw"], ["status", "--json"], ["export", "--out", bench.folder / "out"])]
    gate = Gate()
    with Cdn(delay_s=0.1, answer=gate) as cdn:
        node = bench.sync("--json", cdn=cdn.url)
        node.wait_for("BF101")
        for reader in readers:
            reader.start()
        try:
            end = time.monotonic() + WATCHDOG_S
            while not failures and (reads["get"] < 3 or reads["status"] < 3 or not reads["export"]) and time.monotonic() < end:
                time.sleep(0.02)
            gate.open()  # the rest of the sync, with the readers beside it
            assert node.end() == 0, node.text()
        finally:
            done.set()
            for reader in readers:
                reader.join()
    assert not failures, failures[0]
    assert reads["get"] and reads["status"] and reads["export"], reads
    bench.finish()


def most_reads_under_a_lock(trace):
    """How many reads of the database a process makes at most between two moments without its lock."""
    held, most = None, 0
    for line in trace.read_text(errors="replace").splitlines():
        if f"{DB}>" not in line:
            continue
        if "F_RDLCK" in line:
            held = held or 0
        elif "F_UNLCK" in line and "l_start=0," in line:  # all of it
            held = None
        elif "pread64(" in line and held is not None:
            held += 1
            most = max(most, held)
    return most


@case
def a_reader_gives_its_lock_back_every_few_reads(bench):
    """COMMIT waits for readers: each transaction of theirs is some reads long, whatever the length of the store."""
    strace, trace = need("strace"), bench.folder / "trace"
    bench.run_sync()
    for words in (["get", "7", "--raw"], ["status"], ["export", "--out", bench.folder / "out"]):
        bench.run(*words, "--store", bench.store, expect=0, under=[strace, "-f", "-y", "-qq", "-o", trace, "-e",
                                                                   "trace=fcntl,pread64", "-e", "signal=none"])
        assert 0 < most_reads_under_a_lock(trace) <= 32, f"{words}: {most_reads_under_a_lock(trace)} reads in one transaction"


@case
def of_two_nodes_that_start_at_once_one_has_the_store(bench):
    with Cdn(delay_s=0.03) as cdn:
        for until in (99, 199, 299, 1059):
            pair = [bench.sync("--until", until, cdn=cdn.url) for _ in range(2)]
            codes = sorted(node.end() for node in pair)
            assert codes in ([0, 11], [0, 0]), f"{codes}\n" + "\n".join(node.text() for node in pair)
            assert bench.tip() == until
            bench.verify()
    bench.finish()


@case
def from_nginx_on_loopback_and_out_again_byte_for_byte(bench):
    nginx = need("nginx")
    port = free_port()
    folder = bench.folder / "nginx"
    folder.mkdir()
    (folder / "conf").write_text(f"""daemon off; pid {folder}/pid; error_log {folder}/error.log;
        events {{ worker_connections 64; }}
        http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
        uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
        server {{ listen 127.0.0.1:{port}; root {BLOCKS}; }} }}""", encoding="ascii")
    if os.getuid() == 0:  # its workers would drop to a user who may not read here
        with open(folder / "conf", "a", encoding="ascii") as conf:
            conf.write("\nuser root;\n")
    server = subprocess.Popen([nginx, "-c", folder / "conf", "-p", folder], stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        bench.run_sync("--until", 300, cdn=url)
        bench.finish(cdn=url)
    finally:
        server.terminate()
        server.wait(WATCHDOG_S)
    out = bench.folder / "out"
    bench.run("export", "--store", bench.store, "--out", out, expect=0)
    for file in BLOCKS.glob("*.blocks"):
        assert (out / file.name).read_bytes() == file.read_bytes(), file.name
    bench.run_sync(cdn=out.as_uri(), store=bench.folder / "again")
    raw = subprocess.run([bench.program, "get", "0", "--raw", "--store", bench.store], capture_output=True, check=True)
    assert raw.stdout in (BLOCKS / "0.50.blocks").read_bytes()


@case
def a_start_file_goes_on_where_another_store_ends(bench):
    first = bench.folder / "first"
    bench.run_sync("--until", 520, store=first)
    state = bench.folder / "state"
    bench.run("export", "--store", first, "--state", state, expect=0)
    bench.run_sync("--start-file", state)
    assert bench.tip() == TIP
    bench.verify()
    answer = bench.run("status", "--json", "--store", bench.store, expect=0)
    assert json.loads("\n".join(answer.lines["out"]))["start_height"] == 521
    hashes = json.loads("\n".join(bench.run("get", 600, "--json", "--store", bench.store, expect=0).lines["out"]))
    pinned = bench.folder / "pinned"
    bench.run_sync("--start", 600, "--start-hash", hashes["block_hash"], store=pinned)
    assert bench.tip(pinned) == TIP
    bench.verify(pinned)
