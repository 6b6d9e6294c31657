"""Every row of the table of exit codes, and that a refused start changes nothing."""
import resource
import shutil
import signal

from harness import BLOCKS, DB, SOURCE, TIP, Cdn, Gate, case, content, footprint, free_port, need, stop


def flip(at_file):
    """One bit of the first block's state root: the level `header` does not read bodies."""
    offset = 16 + 70

    def answer(name, body):
        if name != at_file or isinstance(body, int):
            return body
        return body[:offset] + bytes([body[offset] ^ 1]) + body[offset + 1:]
    return answer


@case
def a_sync_to_the_tip_is_0_with_a_receipt(bench):
    node = bench.run_sync("--json")
    receipt, = node.events("receipt")
    assert receipt["height"] == TIP and receipt["reason"] == "completed" and receipt["exit_code"] == 0, receipt
    assert receipt["clean"] and receipt["committed"] == TIP + 1 and receipt["hash"].startswith("ab1"), receipt
    assert all(line.startswith("{") for line in node.lines["out"]), "standard output carries JSON alone"
    text = bench.run_sync()
    assert f"height {TIP}" in text.lines["out"][0], "the receipt for people comes first on standard output"
    bench.verify()


@case
def until_inside_a_file_ends_exactly_there_and_is_completed_later(bench):
    for until in (0, 49, 120, 120, 500):
        bench.run_sync("--until", until)
        assert bench.tip() == until
        bench.verify()
    bench.run_sync("--until", 7)  # below the tip: nothing to do, and nothing is taken away
    assert bench.tip() == 500
    bench.finish()


@case
def a_height_that_never_appears_is_4(bench):
    node = bench.run_sync("--until", TIP + 1, "--give-up-after", "2s", "--json", expect=4)
    assert node.events("receipt")[0]["height"] == TIP
    bench.verify()


@case
def a_network_that_brings_nothing_is_4_for_sync(bench):
    url = f"http://127.0.0.1:{free_port()}"
    node = bench.run_sync("--give-up-after", "1s", "--json", cdn=url, expect=4)
    assert node.events("receipt")[0]["error"]["code"].startswith("cdn_"), node.text()
    bench.verify()


@case
def a_network_that_brings_nothing_stalls_run_and_it_heals(bench):
    broken = [True]
    with Cdn(answer=lambda name, body: 503 if broken[0] and name.endswith(".blocks") else body) as cdn:
        node = bench.start("run", "--cdn", cdn.url, "--store", bench.store, "--json", "--poll-interval", "100ms")
        node.wait_for('"state":"stalled"', "out")
        broken[0] = False
        node.wait_for(f'"height":{TIP}', "out")
        node.wait_for('"state":"following"', "out")
        node.signal(signal.SIGTERM)
        assert node.end() == 0, node.text()
    bench.finish()


@case
def data_that_ends_a_sync_with_3_stalls_run_and_it_heals(bench):
    bench.run_sync("--until", 119)
    other = (BLOCKS / "50.100.blocks").read_bytes()
    for lie in (flip("150.200.blocks"), lambda name, body: other if name == "100.150.blocks" else body):
        lies = [True]
        with Cdn(answer=lambda name, body, lie=lie, lies=lies: lie(name, body) if lies[0] else body) as cdn:
            node = bench.start("run", "--cdn", cdn.url, "--store", bench.store, "--json", "--poll-interval", "100ms")
            node.wait_for('"state":"stalled"', "out")
            for _ in range(3):  # where a sync ends
                node.wait_for('"event":"refused"', "out")
                with node.changed:
                    node.lines["out"] = [line for line in node.lines["out"] if '"event":"refused"' not in line]
            lies[0] = False
            node.wait_for('"state":"following"', "out")
            assert stop(node) == 0, node.text()
            receipt, = node.events("receipt")
            assert receipt["height"] == TIP and receipt["error"] is None, receipt
        bench.verify()
        shutil.rmtree(bench.store)
        bench.run_sync("--until", 119)
    bench.finish()


@case
def the_same_refused_bytes_three_times_are_3_and_name_the_check(bench):
    with Cdn(answer=flip("100.150.blocks")) as cdn:
        node = bench.run_sync("--json", cdn=cdn.url, expect=3)
        receipt, = node.events("receipt")
        assert receipt["height"] == 99 and receipt["reason"] == "data_refused", receipt
        assert receipt["error"]["code"].startswith("bundle_"), receipt
        first = node.events("refused")[0]
        assert first["file_start"] == 100 and first["url"].startswith(cdn.url), first
        for_people = "\n".join(bench.run_sync(cdn=cdn.url, expect=3).lines["out"])
        for text in (receipt["detail"] + receipt["error"]["message"], for_people):
            assert f"file 100 from {cdn.url}/100.150.blocks" in text, text
            assert "check block_hash, height 100" in text, text
    bench.verify()
    bench.finish()


@case
def a_contradicted_checkpoint_is_3_before_and_after_it_is_stored(bench):
    hash_of_0 = "ab19dklwl9vp63zu3hwg57wyhvmqf92fx5g8x0t6dr72py8r87pxupqfne5t9"
    wrong = f"120={hash_of_0}"
    bench.run_sync("--checkpoint", wrong, expect=3)
    assert bench.tip() == 99
    bench.run_sync("--checkpoint", f"0={hash_of_0}")
    before = footprint(bench.store)
    for command in ("sync", "run"):
        node = bench.run_sync("--checkpoint", wrong, command=command, expect=3)
        assert "120" in node.text() and footprint(bench.store) == before


@case
def mirrors_that_contradict_the_committed_tip_are_3(bench):
    bench.run_sync("--until", 119)
    other = (BLOCKS / "50.100.blocks").read_bytes()
    with Cdn(answer=lambda name, body: other if name == "100.150.blocks" else body) as cdn:
        bench.run_sync(cdn=cdn.url, expect=3)
    assert bench.tip() == 119
    bench.finish()


@case
def the_disk_guard_is_9_and_leaves_a_good_store_an_empty_one_too(bench):
    for command in ("sync", "run"):
        node = bench.run_sync("--disk-reserve", "900000GB", "--json", command=command, expect=9)
        assert node.events("receipt")[0]["error"]["code"] == "store_full"
        bench.verify()
    bench.run_sync("--until", 60)
    for command in ("sync", "run"):
        bench.run_sync("--disk-reserve", "900000GB", command=command, expect=9)
        assert bench.tip() == 60
        bench.verify()
    bench.finish()


@case
def a_file_size_limit_is_9(bench):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    for command in ("sync", "run"):
        bench.run_sync(preexec_fn=limit, command=command, expect=9)
        bench.verify()
    bench.finish()


@case
def a_storage_error_is_5_and_the_next_start_goes_on(bench):
    strace = need("strace")
    bench.run_sync("--until", 99)
    for call, command in (("fdatasync", "sync"), ("fdatasync", "run"), ("pwrite64", "sync"), ("pwrite64", "run")):
        under = [strace, "-f", "-qq", "-o", "/dev/null", "-e", f"inject={call}:error=EIO:when=3+", "-e", f"trace={call}"]
        node = bench.run_sync("--json", under=under, command=command, expect=5)
        assert node.events("receipt")[0]["error"]["code"] == "store_io", node.text()
        bench.verify()
        assert bench.tip() >= 99
    bench.finish()


@case
def a_disk_that_cannot_be_read_is_5_and_no_damage(bench):
    strace = need("strace")
    bench.run_sync("--until", 99)
    for first in (12, 30):
        under = [strace, "-f", "-qq", "-o", "/dev/null", "-e", f"inject=pread64:error=EIO:when={first}+", "-e", "trace=pread64"]
        for words in (["verify"], ["verify", "--level", "header"], ["get", "99"], ["export", "--out", bench.folder / f"out{first}"]):
            node = bench.start(*words, "--store", bench.store, under=under)
            code = node.end()
            assert code == 5 or code == 0 and words[0] != "verify", f"{words} at read {first}: {code}\n{node.text()}"
            assert code == 0 or "see to the disk" in node.text() and "sync anew" not in node.text(), node.text()
            assert code == 5 or first > 12, "no read failed"
    bench.verify()


@case
def refused_stores_are_2_or_3_and_keep_every_byte_and_name(bench):
    bench.run_sync("--verify", "link", "--until", 99)
    whole = bench.folder / "whole"
    shutil.copytree(bench.store, whole)

    def refused(what, code, *words):
        before = footprint(bench.store)
        for command in ("sync", "run"):
            node = bench.sync(*words, command=command)
            assert node.end() == code, f"{what}: not {code}, of {command}:\n{node.text()}"
            assert footprint(bench.store) == before, f"{what}: the start changed the folder"
            assert not any(line.startswith("drain receipt") for line in node.lines["out"])

    def damage(change):
        shutil.rmtree(bench.store)
        shutil.copytree(whole, bench.store)
        with open(bench.store / DB, "r+b") as file:
            change(file)

    refused("another network", 2, "--network", "canary", "--verify", "link")
    refused("another start", 2, "--verify", "link", "--start", 5, "--start-hash",
            "ab19dklwl9vp63zu3hwg57wyhvmqf92fx5g8x0t6dr72py8r87pxupqfne5t9")
    damage(lambda file: (file.seek(60), file.write(b"\0\0\1\0")))
    refused("a newer schema", 2)
    damage(lambda file: (file.seek(68), file.write(b"abcd")))
    refused("a database of another program", 2)
    damage(lambda file: file.truncate(40_000))
    refused("a database cut short", 3, "--verify", "link")
    damage(lambda file: file.truncate(0))
    refused("an empty file", 3, "--verify", "link")
    damage(lambda file: file.write(b"x" * 4096))
    refused("an overwritten database", 3, "--verify", "link")
    damage(lambda file: None)
    before = content(bench.store)
    for command in ("sync", "run"):
        bench.run_sync(command=command, expect=2)  # the floor: `header` was never checked
    assert content(bench.store) == before


@case
def a_usage_error_is_2_and_makes_nothing(bench):
    for words in (["--until", "x"], ["--stroe", "y"], ["--window", "96"], ["--network", "mainet"], ["--compare", "2"],
                  ["--start", "5"], ["--ca-file", "/nowhere"], ["--require", "hope"],
                  ["--config", "/nowhere.toml"], ["--start-file", "/nowhere"], ["--log-file", "/proc/x/log"],
                  ["--log-file", bench.store / "blocks.sqlite"], ["--log-file", bench.store / "lock"]):
        bench.run_sync(*words, expect=2)
        bench.run_sync(*words, command="run", expect=2)
    bench.run("sync", expect=2)
    bench.run("run", expect=2)
    bench.run("sync", "--store", bench.store, "--cdn", "http://127.0.0.1:1", "--proxy", "nonsense://x", expect=2)
    bench.run("sync", "--store", bench.store, "--cdn", "ftp://x", expect=2)
    assert not bench.store.exists()
    bench.run("--help", expect=0)
    bench.run("--version", expect=0)


@case
def a_folder_that_cannot_be_made_is_5_and_told_apart_from_a_bad_disk(bench):
    node = bench.run_sync(store="/proc/blockferry", expect=5)
    assert "name another folder with --store" in node.text() and "disk" not in node.text(), node.text()


@case
def a_reading_command_has_no_log(bench):
    bench.run_sync("--until", 99)
    log = bench.folder / "log"
    environment = dict(bench.environment, BLOCKFERRY_LOG_FILE=str(log))
    for words in (["status"], ["get", 50], ["verify"], ["export", "--out", bench.folder / "out"]):
        bench.run(*words, "--store", bench.store, env=environment, expect=0)
        bench.run(*words, "--store", bench.store, "--log-file", log, expect=2)
    assert not log.exists()


@case
def a_second_node_is_11_and_names_the_first(bench):
    gate = Gate()
    with Cdn(answer=gate) as cdn:
        first = bench.sync(cdn=cdn.url)
        first.wait_for("BF101")
        for command in ("sync", "run"):
            second = bench.run(command, "--cdn", cdn.url, "--store", bench.store, expect=11)
            assert f"process {first.process.pid}" in second.text(), second.text()
        bench.run("verify", "--store", bench.store, expect=11)
        first.signal(signal.SIGTERM)
        assert first.end() == 0
        gate.open()
    bench.finish()


@case
def options_come_from_flag_environment_and_file_in_that_order(bench):
    config = bench.folder / "c.toml"
    config.write_text('store = "from_file"\nwindow = "70MiB"\nuntil = 30\n')
    environment = dict(bench.environment, BLOCKFERRY_STORE="from_env", BLOCKFERRY_WINDOW="80MiB")
    node = bench.run("config", "show", "--origin", "--config", config, "--store", "from_flag", env=environment, expect=0)
    text = node.text()
    assert 'store = "from_flag"  # flag --store' in text, text
    assert 'window = "80MiB"  # environment BLOCKFERRY_WINDOW' in text, text
    assert f"until = 30  # file {config}, line 3" in text, text
    assert 'network = "mainnet"  # default' in text, text


@case
def the_working_directory_configures_nothing(bench):
    (bench.folder / "caf-application.ini").write_text("[scheduler]\nmax-threads=0\npolicy=\"nonsense\"\n[logger]\n"
                                                      "file-name=\"planted.log\"\nfile-verbosity=\"trace\"\n")
    (bench.folder / "blockferry.toml").write_text("nonsense = 1\n")
    bench.run_sync("--until", 60, cwd=bench.folder)
    assert not list(bench.folder.glob("planted*"))


@case
def network_files_of_the_tree_are_read(bench):
    for file in sorted((SOURCE / "config/networks").glob("*.toml")):
        node = bench.run("sync", "--network", file, "--cdn", f"file://{bench.folder}/none", "--store",
                         bench.folder / file.stem, "--give-up-after", "100ms", "--json", expect=4)
        assert node.events("receipt"), node.text()
