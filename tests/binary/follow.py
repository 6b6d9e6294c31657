"""`run` at a tip that moves, and what people see meanwhile."""
import json
import os
import pty
import re
import struct
import signal
import time

from harness import BLOCKS, TIP, WATCHDOG_S, Cdn, case, stop


def latest(tip):
    text = json.dumps({"exclusive_height": tip + 1, "inclusive_height": tip, "hash": "ab1"}).encode()
    return struct.pack("<Q", len(text)) + text


def shortened(body, blocks):
    """The first blocks of a file, as a CDN that is still filling it serves them."""
    at = 8
    for _ in range(blocks):
        at += 8 + struct.unpack_from("<Q", body, at)[0]
    return struct.pack("<Q", blocks) + body[8:at]


class moving_tip:
    def __init__(self, tip):
        self.tip = tip

    def __call__(self, name, body):
        if name == "latest.json":
            return latest(self.tip)
        start = int(name.split(".")[0])
        if isinstance(body, int) or start > self.tip:
            return 404
        count = struct.unpack_from("<Q", body)[0]
        return shortened(body, min(count, self.tip - start + 1))


@case
def run_follows_a_tip_that_grows_and_one_that_goes_backwards(bench):
    answer = moving_tip(1003)
    with Cdn(answer=answer) as cdn:
        node = bench.start("run", "--cdn", cdn.url, "--store", bench.store, "--json", "--poll-interval", "100ms")
        for tip in (1003, 1004, 1049, 1050, 1055):
            answer.tip = tip
            node.wait_for(f'"height":{tip},', "out")
        answer.tip = 900
        asked = cdn.asked
        end = time.monotonic() + WATCHDOG_S
        while cdn.asked < asked + 5 and time.monotonic() < end:
            time.sleep(0.01)  # it looks again, and nothing comes of it
        answer.tip = TIP
        node.wait_for(f'"height":{TIP},', "out")
        assert stop(node) == 0, node.text()
        assert node.events("receipt")[0]["height"] == TIP
    bench.finish()


@case
def a_last_file_that_is_missing_ends_a_sync_in_front_of_it(bench):
    with Cdn(answer=lambda name, body: 404 if name == "1050.1100.blocks" else body) as cdn:
        node = bench.run_sync("--json", cdn=cdn.url)
        receipt, = node.events("receipt")
        assert receipt["height"] == 1049 and receipt["reason"] == "completed", receipt
        assert f"advertises height {TIP}" in receipt["detail"] and "no file" in receipt["detail"], receipt
        text = "\n".join(bench.run_sync(cdn=cdn.url).lines["out"])
        assert receipt["detail"] in text, text
    bench.finish()


@case
def on_a_terminal_there_is_one_live_line(bench):
    master, terminal = pty.openpty()
    with Cdn(delay_s=0.2) as cdn:
        node = bench.sync("--connections", 2, cdn=cdn.url, pass_fds=(), preexec_fn=lambda: os.dup2(terminal, 2))
        os.close(terminal)
        shown = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
        assert node.end() == 0, node.text()
    os.close(master)
    assert re.search(rb"\r\x1b\[Ksyncing: height \d+ of 1059, \d+ blocks/s, [0-9.]+ [KM]?B/s, ETA \d+s", shown), shown[-2000:]
    assert b"BF103" not in shown


@case(long=True)
def without_a_terminal_there_is_a_plain_line_every_10_s(bench):
    with Cdn(delay_s=0.6) as cdn:
        node = bench.sync("--connections", 1, cdn=cdn.url)
        node.wait_for("BF103 syncing: height")
        assert stop(node, signal.SIGINT) == 0
