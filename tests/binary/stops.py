"""Signals in every phase, and what holds up a stop: nothing."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time

from harness import BLOCKS, DB, TIP, WATCHDOG_S, Cdn, Gate, case, need, skip, stop, wait_for_file, wait_for_text
from recovery import starts

ANOTHER_STOP_S = 0.3  # later than what counts as the same stop (runtime/process)
HARMLESS = [signal.SIGHUP, signal.SIGCONT, signal.SIGPIPE, signal.SIGXFSZ, signal.SIGUSR1, signal.SIGUSR2]


def receipt_of(node):
    receipt, = node.events("receipt")
    return receipt


@case
def sigterm_in_every_phase_is_0_with_a_receipt(bench):
    gate = Gate()
    with Cdn(delay_s=0.05, answer=gate) as slow, Cdn(answer=gate) as hung, Cdn(answer=lambda name, body: 503) as failing:
        phases = [("handlers in place", slow, "BF001", "err"), ("store opened", slow, "BF101", "err"),
                  ("syncing", slow, '"event":"progress"', "out"), ("a hung CDN", hung, '"height":199', "out"),
                  ("nothing but errors", failing, "BF101", "err")]
        for number in (signal.SIGTERM, signal.SIGINT):
            for phase, cdn, text, where in phases:
                shutil.rmtree(bench.store, ignore_errors=True)
                node = bench.sync("--json", "--connections", 2, cdn=cdn.url)
                node.wait_for(text, where)
                assert stop(node, number) == 0, f"{phase}:\n{node.text()}"
                receipt = receipt_of(node)
                assert receipt["reason"] == "signal", receipt
                assert receipt["detail"].startswith(signal.Signals(number).name), receipt
                if "before" not in receipt["detail"]:
                    bench.verify()
        gate.open()
    node = bench.start("run", "--cdn", BLOCKS.as_uri(), "--store", bench.store, "--json")
    node.wait_for('"state":"following"', "out")
    assert stop(node) == 0 and receipt_of(node)["height"] == TIP
    bench.finish()


@case
def a_name_lookup_that_hangs_holds_up_no_stop(bench):
    """The resolver of tests/hostile, preloaded: it answers for no name under hangs.test within a minute."""
    mark = bench.folder / "hangs"
    environment = dict(bench.environment, LD_PRELOAD=str(bench.tool("tests/hostile/libhung_resolver.so")),
                       HUNG_LOOKUP_FILE=str(mark))
    beside = ["--cdn", BLOCKS.as_uri(), "--until", TIP + 1]  # a mirror that serves, but for a block that never comes
    for number, words, told in ((signal.SIGTERM, [], "BF101"), (signal.SIGINT, beside, f"height\":{TIP}")):
        node = bench.sync("--json", *words, cdn="http://x.hangs.test", env=environment)
        node.wait_for(told, "out" if words else "err")
        wait_for_file(mark)
        node.signal(number)
        assert node.end(WATCHDOG_S // 2) == 0, node.text()  # half of what the look-up takes
        receipt = receipt_of(node)
        assert receipt["reason"] == "signal" and receipt["clean"], receipt
        mark.unlink()
    bench.finish()


@case(long=True)
def a_hundred_stops_at_random_moments_end_in_a_receipt(bench):
    """Timed and printed, never asserted; what does not end is the watchdog's."""
    kinds, took_ms, in_work = starts(bench), [], 0
    while len(took_ms) < 100:
        level, start = bench.random.choice(["link", "header", "consensus", "content"]), bench.random.choice(kinds)
        node = bench.sync("--json", "--verify", level, "--connections", bench.random.choice([1, 2, 8]), *start.words)
        node.wait_for("BF101")
        with contextlib.suppress(subprocess.TimeoutExpired):
            node.process.wait(bench.random.random() * bench.random.choice([0.02, 0.1, 0.4]))
        begun = time.monotonic()
        code = stop(node)
        took_ms.append((time.monotonic() - begun) * 1000)
        assert code == 0, f"{level} from {start.name}: {code}\n{node.text()}"
        receipt = receipt_of(node)
        in_work += receipt["reason"] == "signal"
        assert receipt["clean"] and bench.tip() == receipt["height"], receipt
        bench.verify()
        shutil.rmtree(bench.store)
    took_ms.sort()
    print(f"  100 stops timed, {in_work} of them in the middle: median {took_ms[49]:.0f} ms, p99 {took_ms[98]:.0f} ms, "
          f"longest {took_ms[99]:.0f} ms")


@case
def a_signal_before_the_store_is_opened_leaves_no_store(bench):
    strace = need("strace")
    network = bench.folder / "net.toml"
    network.write_text('name = "n"\nid = 0\ngenesis = "ab19dklwl9vp63zu3hwg57wyhvmqf92fx5g8x0t6dr72py8r87pxupqfne5t9"\n')
    # The network file is read before the store is opened; the signal comes with its reading.
    under = [strace, "-f", "-qq", "-o", "/dev/null", "-P", str(network), "-e", "trace=openat", "-e",
             "inject=openat:signal=TERM:when=1"]
    node = bench.sync("--network", network, "--json", under=under)
    assert node.end() == 0, node.text()
    assert "before the store was opened" in receipt_of(node)["detail"]
    assert not bench.store.exists()


@case
def the_second_signal_is_130_at_once(bench):
    strace = need("strace")
    # Every sync of the disk takes two seconds, so that the drain's last commit is still under way.
    under = [strace, "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e",
             "inject=fdatasync:delay_enter=2000000"]
    bench.run_sync("--until", 60)
    node = bench.sync("--json", under=under)
    node.wait_for("BF101")
    child, = subprocess.run(["pgrep", "-P", str(node.process.pid)], capture_output=True, text=True).stdout.split()
    os.kill(int(child), signal.SIGTERM)
    node.wait_for("BF301")
    time.sleep(ANOTHER_STOP_S)
    os.kill(int(child), signal.SIGTERM)
    assert node.end() == 130, node.text()
    assert not receipt_of(node)["clean"], node.text()
    bench.finish()


@case
def a_stop_that_comes_twice_at_once_is_one(bench):
    """`timeout` signals its child, then its group.  Named for the bug: more than half of its stops were not clean."""
    with Cdn(delay_s=0.2) as cdn:
        for _ in range(3):
            node = bench.sync("--json", "--connections", 1, cdn=cdn.url)
            node.wait_for('"event":"progress"', "out")
            node.signal(signal.SIGSTOP)  # so that both wait for it, however busy the machine is
            node.signal(signal.SIGTERM)
            node.signal(signal.SIGINT)  # of another number: the kernel makes one of two that are equal
            node.signal(signal.SIGCONT)
            assert node.end() == 0, node.text()
            assert receipt_of(node)["clean"], node.text()
    bench.finish()


def reader_of(database, program):
    """The process that runs the program and is in its work: handlers in place, the database open.  strace first tries
    itself on a child that ends at once, and a program under it starts slowly."""
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.readlink(process / "exe") != os.path.realpath(program):
                continue
            caught, = [line.split()[1] for line in (process / "status").read_text().splitlines() if line.startswith("SigCgt")]
            if int(caught, 16) >> (signal.SIGTERM - 1) & 1 and any(
                    os.readlink(one) == os.path.realpath(database) for one in (process / "fd").iterdir()):
                return int(process.name)
    return None


@case(long=True)
def an_interrupted_verify_or_export_is_130(bench):
    strace = need("strace")
    bench.run_sync()
    under = [strace, "-f", "-qq", "-o", "/dev/null", "-e", "trace=pread64", "-e", "inject=pread64:delay_enter=100000"]
    for words in (["verify"], ["export", "--out", bench.folder / "out"]):
        node = bench.start(*words, "--store", bench.store, under=under)
        end = time.monotonic() + WATCHDOG_S
        while (child := reader_of(bench.store / DB, bench.program)) is None:
            assert time.monotonic() < end and node.process.poll() is None, f"{words} never read:\n{node.text()}"
            time.sleep(0.005)
        os.kill(child, signal.SIGTERM)  # seconds of its work are left
        assert node.end() == 130, f"{words}:\n{node.text()}"


@case(long=True)
def a_storm_of_signals_leaves_a_good_store(bench):
    with Cdn(delay_s=0.02) as cdn:
        for _ in range(8):
            node = bench.sync("--json", "--log-file", bench.folder / "log", cdn=cdn.url)
            node.wait_for("BF001")
            for _ in range(bench.random.randrange(50, 500)):
                with contextlib.suppress(ProcessLookupError):
                    node.signal(bench.random.choice(HARMLESS))
                time.sleep(0.001)  # a thousand a second
            node.signal(signal.SIGINT)
            more = bench.random.randrange(0, 3)
            for _ in range(more):
                with contextlib.suppress(ProcessLookupError):
                    node.signal(bench.random.choice([signal.SIGTERM, signal.SIGINT]))
            code = node.end()
            assert code in (0, 130), node.text()
            if not (bench.store / DB).exists():  # stopped before it was made
                continue
            # A third signal ends the process, even before it has told what the second one did.
            if more < 2 or code == 0:
                assert receipt_of(node), "a stop has its receipt"
            bench.verify()
    bench.finish()


@case
def sighup_reopens_the_log_and_stops_nothing(bench):
    log, gate = bench.folder / "log", Gate()
    with Cdn(answer=gate) as cdn:
        node = bench.sync("--log-file", log, cdn=cdn.url)
        node.wait_for("BF101")
        wait_for_text(log, "BF101")  # a line reaches the terminal first
        log.rename(bench.folder / "old")
        node.signal(signal.SIGHUP)
        node.wait_for("BF004")
        gate.open()
        assert node.end() == 0, node.text()
    assert "BF303" in log.read_text() and "BF101" in (bench.folder / "old").read_text()


@case(long=True)
def a_reader_that_stalls_holds_up_no_stop(bench):
    with Cdn(delay_s=0.05) as cdn:
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        with contextlib.suppress(BlockingIOError):
            while os.write(writer, b"x" * 4096):
                pass
        os.set_blocking(writer, True)
        process = subprocess.Popen([bench.program, "sync", "--cdn", cdn.url, "--store", bench.store, "--json"],
                                   stdout=writer, stderr=writer, env=bench.environment)
        try:
            wait_for_file(bench.store / "status.sock", process)
            process.send_signal(signal.SIGTERM)
            assert process.wait(WATCHDOG_S) == 0
        finally:
            process.kill()
            os.close(reader)
            os.close(writer)
    bench.finish()


@case
def closed_standard_streams_harm_nothing(bench):
    with Cdn() as cdn:
        for closed in range(1, 8):
            cdn.answer = gate = Gate(first=0)
            def close(which=closed):
                for stream in range(3):
                    if which >> stream & 1:
                        os.close(stream)
            process = subprocess.Popen([bench.program, "sync", "--cdn", cdn.url, "--store", str(bench.store),
                                        "--until", str(100 * closed + 20)], preexec_fn=close, env=bench.environment,
                                       stdin=None, stdout=None if closed & 2 else subprocess.DEVNULL,
                                       stderr=None if closed & 4 else subprocess.DEVNULL)
            wait_for_file(bench.store / "status.sock", process)
            # No file of the program has the number of a stream that a library may write to.
            for stream in range(3):
                if closed >> stream & 1:
                    assert os.readlink(f"/proc/{process.pid}/fd/{stream}") == "/dev/null", f"stream {stream} of {closed:03b}"
            gate.open()
            assert process.wait(WATCHDOG_S) == 0, f"with streams {closed:03b} closed"
            assert bench.tip() == 100 * closed + 20
    bench.verify()
    bench.finish()


@case
def a_full_device_as_output_stops_no_sync_but_fails_a_get(bench):
    with open("/dev/full", "w", encoding="ascii") as full:
        process = subprocess.Popen([bench.program, "sync", "--cdn", BLOCKS.as_uri(), "--store", str(bench.store)],
                                   stdout=full, stderr=full, env=bench.environment)
        assert process.wait(WATCHDOG_S) == 0
        process = subprocess.Popen([bench.program, "get", "7", "--raw", "--store", str(bench.store)], stdout=full,
                                   stderr=subprocess.DEVNULL, env=bench.environment)
        assert process.wait(WATCHDOG_S) != 0
    bench.finish()


@case
def a_stopped_process_goes_on_and_status_says_that_it_is_silent(bench):
    gate = Gate()
    with Cdn(answer=gate) as cdn:
        node = bench.sync(cdn=cdn.url)
        wait_for_file(bench.store / "status.sock", node.process)
        answer = bench.run("status", "--json", "--store", bench.store, expect=0)
        live = json.loads("\n".join(answer.lines["out"]))
        node.signal(signal.SIGSTOP)
        silent = bench.run("status", "--store", bench.store, expect=0).text()
        node.signal(signal.SIGCONT)
        assert "silent" in silent or "no answer" in silent, silent
        assert live["state"] in ("syncing", "stalled"), live
        gate.open()
        assert node.end() == 0, node.text()
    bench.finish()


@case(long=True)
def clocks_that_jump_harm_nothing(bench):
    faketime = need("faketime")
    library = next((p for p in ("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
                                "/usr/lib/faketime/libfaketimeMT.so.1") if os.path.exists(p)), None)
    if not faketime or not library:
        skip("libfaketime is not where it usually is")
    stamp = bench.folder / "time"
    with Cdn(delay_s=0.4) as cdn:
        for offset, until in (("+3650d", 299), ("-3650d", 699), ("+0", TIP)):
            stamp.write_text("+0\n")
            environment = dict(bench.environment, LD_PRELOAD=library, FAKETIME_TIMESTAMP_FILE=str(stamp),
                               FAKETIME_NO_CACHE="1", FAKETIME_DONT_FAKE_MONOTONIC="1")
            node = bench.sync("--json", "--connections", 1, "--until", until, cdn=cdn.url, env=environment)
            node.wait_for('"event":"progress"', "out")
            stamp.write_text(offset + "\n")
            assert node.end() == 0, node.text()
            bench.verify()
    bench.finish()
