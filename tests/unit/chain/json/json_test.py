#!/usr/bin/env python3
"""Compares the JSON form of real blocks with one made here from the reference checker's own parse.

    json_test.py PRINT_JSON SHARED_DIR [--all]

Without --all, one file of each chain; with it, every file.  Members are compared in their order.
"""
import importlib.util
import json
import pathlib
import subprocess
import sys

OPERATIONS = ("initialize_mapping", "insert_key_value", "update_key_value", "remove_key_value", "replace_mapping", "remove_mapping")
INPUTS = ("constant", "public", "private", "record", "external_record", "record_dynamic", "record_with_dynamic_id",
          "external_record_with_dynamic_id")
OUTPUTS = ("constant", "public", "private", "record", "external_record", "future", "record_dynamic", "record_with_dynamic_id",
           "external_record_with_dynamic_id")


def load(path):
    spec = importlib.util.spec_from_file_location("oracle", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def keep_bytes(oracle):
    """Lets the readers of opaque parts keep the bytes they read."""
    def wrap(name):
        read = getattr(oracle, name)

        def keeping(r, *more):
            start = r.p
            made = read(r, *more)
            if made is None:  # a certificate, which belongs to the key before it
                keeping.last["certificate"] = bytes(r.d[start:r.p])
                return None
            made["bytes"] = bytes(r.d[start:r.p])
            return made
        setattr(oracle, name, keeping)
        return keeping
    for name in ("read_ciphertext", "read_record", "read_proof"):
        wrap(name)
    certificate, read_key = wrap("read_vk_certificate"), oracle.read_vk

    def key(r):
        start = r.p
        certificate.last = read_key(r)
        certificate.last["bytes"] = bytes(r.d[start:r.p])
        return certificate.last
    oracle.read_vk = key
    read_signature = oracle.Reader.signature

    def signature(r, what="signature"):
        start = r.p
        made = read_signature(r, what)
        made["bytes"] = bytes(r.d[start:r.p])
        return made
    oracle.Reader.signature = signature


def obj(*members):
    return ("object", [m for m in members if m is not None])


class Form:
    """The form of a block, member by member."""

    def __init__(self, oracle):
        self.o = oracle

    def name(self, prefix, value):
        return self.o.bech32m(prefix, value if isinstance(value, bytes) else value.to_bytes(32, "little"))

    def plaintext(self, p, depth=0):
        if "literal" in p:
            return p["text"]
        inner, outer = "\n" + "  " * (depth + 1), "\n" + "  " * depth
        if "struct" in p:
            items, ends = ["%s: %s" % (k, self.plaintext(v, depth + 1)) for k, v in p["struct"].items()], "{}"
        else:
            items, ends = [self.plaintext(v, depth + 1) for v in p["array"]], "[]"
        return ends[0] + inner + ("," + inner).join(items) + outer + ends[1] if items else ends

    def dynamic(self, fields):
        words = []
        for f in fields[:3]:
            raw = f.to_bytes(32, "little").rstrip(b"\0")
            words.append(raw.decode("ascii"))
        return "{ _program_id: %s.%s, _function_name: %s, _checksum: %dfield }" % (words[0], words[1], words[2], fields[3])

    def future(self, f, depth=0):
        pad = lambda n: "\n" + "  " * (depth + n)
        out = "{%sprogram_id: %s,%sfunction_name: %s," % (pad(1), f["program"], pad(1), f["function"])
        if not f["arguments"]:
            return out + pad(1) + "arguments: []" + pad(0) + "}"
        out += pad(1) + "arguments: ["
        for i, a in enumerate(f["arguments"]):
            last = i == len(f["arguments"]) - 1
            out += pad(2)
            if "arguments" in a:
                out += self.future(a, depth + 2) + (pad(1) if last else "")
            else:
                out += self.dynamic(a["dynamic"]) if "dynamic" in a else self.plaintext(a)
            out += "" if last else ","
        return out + pad(1) + "]" + pad(0) + "}"

    def field(self, value):
        return "%dfield" % value

    def value(self, kind, v, is_output):
        if kind <= 1:
            return self.plaintext(v)
        if kind == 2:
            return self.name("ciphertext", v["bytes"])
        return self.future(v) if is_output and kind == 5 else self.name("record", v["bytes"])

    def put(self, x, is_output):
        some = lambda k, n: (n, self.field(x[k])) if x.get(k) is not None else None
        value = ("value", self.value(x["kind"], x["value"], is_output)) if x.get("value") else None
        return obj(("type", (OUTPUTS if is_output else INPUTS)[x["kind"]]), ("id", self.field(x["id"])), some("tag", "tag"),
                   some("checksum", "checksum"), value, some("sender", "sender_ciphertext"), some("dynamic_id", "dynamic_id"))

    def transition(self, t):
        return obj(("id", self.name("au", t["id"])), ("program", t["program"]), ("function", t["function"]),
                   ("inputs", [self.put(x, False) for x in t["inputs"]]), ("outputs", [self.put(x, True) for x in t["outputs"]]),
                   ("tpk", "%dgroup" % t["tpk"]), ("tcm", self.field(t["tcm"])), ("scm", self.field(t["scm"])))

    def proof(self, p):
        return ("proof", self.name("proof", p["bytes"])) if p else None

    def execution(self, e):
        return obj(("transitions", [self.transition(t) for t in e["transitions"]]), ("global_state_root", self.name("sr", e["state_root"])),
                   self.proof(e["proof"]))

    def fee(self, f):
        return obj(("transition", self.transition(f["transition"])), ("global_state_root", self.name("sr", f["state_root"])),
                   self.proof(f["proof"]))

    def owner(self, o):
        return obj(("address", self.name("aleo", o["address"])), ("signature", self.name("sign", o["signature"]["bytes"])))

    def deployment(self, d):
        keys = [[n, [self.name("verifier", k["bytes"]), self.name("certificate", k["certificate"])]] for n, k in d["keys"]]
        return obj(("edition", d["edition"]), ("program", d["program"]["text"]), ("verifying_keys", keys),
                   ("program_checksum", ["%du8" % b for b in d["checksum"]]) if d["checksum"] else None,
                   ("program_owner", self.name("aleo", d["owner"])) if d["owner"] is not None else None)

    def transaction(self, t):
        kind = ("deploy", "execute", "fee")[t["kind"]]
        return obj(("type", kind), ("id", self.name("at", t["id"])), ("owner", self.owner(t["owner"])) if kind == "deploy" else None,
                   ("deployment", self.deployment(t["deployment"])) if kind == "deploy" else None,
                   ("execution", self.execution(t["execution"])) if kind == "execute" else None,
                   ("fee", self.fee(t["fee"])) if t["fee"] else None)

    def rejected(self, r):
        if r["kind"] == 1:
            return obj(("type", "execution"), ("execution", self.execution(r["execution"])))
        return obj(("type", "deployment"), ("program_owner", self.owner(r["owner"])), ("deployment", self.deployment(r["deployment"])))

    def operation(self, op):
        return obj(("type", OPERATIONS[op[0]]), *[(n, self.field(v)) for n, v in zip(("mapping_id", "key_id", "value_id"), op[1:])])

    def confirmed(self, c):
        return obj(("status", "accepted" if c["kind"] < 2 else "rejected"), ("type", "deploy" if c["kind"] % 2 == 0 else "execute"),
                   ("index", c["index"]), ("transaction", self.transaction(c["tx"])),
                   ("rejected", self.rejected(c["rejected"])) if c["rejected"] else None, ("finalize", [self.operation(f) for f in c["finalize"]]))

    def transmission(self, t):
        if t[0] == 0:
            return "ratification"
        return (self.name("solution", t[1].to_bytes(8, "little")) if t[0] == 1 else self.name("at", t[1])) + ".%d" % t[2]

    def certificate(self, c):
        head = obj(("batch_id", self.field(c["id"])), ("author", self.name("aleo", c["author"])), ("round", c["round"]),
                   ("timestamp", c["timestamp"]), ("committee_id", self.field(c["committee_id"])),
                   ("transmission_ids", [self.transmission(t) for t in c["transmissions"]]),
                   ("previous_certificate_ids", [self.field(p) for p in c["previous"]]),
                   ("signature", self.name("sign", c["signature"]["bytes"])))
        return obj(("batch_header", head), ("signatures", [self.name("sign", s["bytes"]) for s in c["signatures"]]))

    def authority(self, a):
        if a[0] == "beacon":
            return obj(("type", "beacon"), ("signature", self.name("sign", a[1]["bytes"])))
        rounds = [(str(r), [self.certificate(c) for c in cs]) for r, cs in a[1]]
        return obj(("type", "quorum"), ("subdag", obj(("subdag", obj(*rounds)))))

    def ratification(self, x):
        if x["kind"]:
            return obj(("type", ("", "block_reward", "puzzle_reward")[x["kind"]]), ("amount", x["amount"]))
        aleo, c = lambda a: self.name("aleo", a), x["committee"]
        committee = obj(("id", self.field(c["id"])), ("starting_round", c["starting_round"]),
                        ("members", obj(*[(aleo(m[0]), list(m[1:])) for m in c["members"]])), ("total_stake", c["total_stake"]))
        return obj(("type", "genesis"), ("committee", committee), ("public_balances", obj(*[(aleo(a), n) for a, n in x["public"]])),
                   ("bonded_balances", obj(*[(aleo(s), [aleo(v), aleo(w), n]) for s, v, w, n in x["bonded"]])))

    def solutions(self, all_):
        if not all_:
            return obj(("version", 1))
        one = lambda s: obj(("partial_solution", obj(("solution_id", self.name("solution", s["id"].to_bytes(8, "little"))),
                                                     ("epoch_hash", self.name("ab", s["epoch_hash"])),
                                                     ("address", self.name("aleo", s["address"])), ("counter", s["counter"]))),
                            ("target", s["target"]))
        return obj(("version", 1), ("solutions", obj(("solutions", [one(s) for s in all_]))))

    def block(self, b):
        m, roots = b["meta"], b["roots"]
        big = ("cumulative_weight", "cumulative_proof_target")
        metadata = obj(*[(k, str(m[k]) if k in big else m[k]) for k, _ in self.o.META])
        header = obj(*[(k, self.name("sr", v) if k == "previous_state_root" else self.field(v)) for k, v in roots.items()],
                     ("metadata", metadata))
        return obj(("block_hash", self.name("ab", b["hash"])), ("previous_hash", self.name("ab", b["previous_hash"])), ("header", header),
                   ("authority", self.authority(b["authority"])), ("ratifications", [self.ratification(x) for x in b["ratifications"]]),
                   ("solutions", self.solutions(b["solutions"])),
                   ("aborted_solution_ids", [self.name("solution", i.to_bytes(8, "little")) for i in b["aborted_solutions"]]),
                   ("transactions", [self.confirmed(c) for c in b["transactions"]]),
                   ("aborted_transaction_ids", [self.name("at", i) for i in b["aborted_transactions"]]))


def difference(path, want, got):
    """Where two forms differ first, or None."""
    if type(want) is not type(got):
        return "%s: %.80r, not %.80r" % (path, want, got)
    if isinstance(want, tuple):
        if [k for k, _ in want[1]] != [k for k, _ in got[1]]:
            return "%s: members %s, not %s" % (path, [k for k, _ in want[1]], [k for k, _ in got[1]])
        pairs = [("%s.%s" % (path, k), a, b) for (k, a), (_, b) in zip(want[1], got[1])]
    elif isinstance(want, list):
        if len(want) != len(got):
            return "%s: %d elements, not %d" % (path, len(want), len(got))
        pairs = [("%s[%d]" % (path, i), a, b) for i, (a, b) in enumerate(zip(want, got))]
    else:
        return None if want == got else "%s: %.200r, not %.200r" % (path, want, got)
    return next((d for d in (difference(*p) for p in pairs) if d), None)


def main(argv):
    printer, shared = argv[1], pathlib.Path(argv[2])
    data = shared / "data" / "aleo"
    if not data.exists():
        print("SKIPPED: no reference blocks in %s" % data)
        return 0
    oracle = load(shared / "oracle" / "aleo_check.py")
    keep_bytes(oracle)
    form, compared = Form(oracle), 0
    files = sorted(data.glob("*.block"))
    for folder in sorted(p for p in data.iterdir() if p.is_dir()):
        bundles = sorted(folder.glob("*.blocks"), key=lambda p: int(p.name.split(".")[0]))
        files += bundles if "--all" in argv else bundles[:1]
    for path in files:
        layout = ["--pretty"] if path.suffix == ".block" else []
        text = subprocess.run([printer, *layout, str(path)], check=True, capture_output=True, text=True).stdout
        data_bytes = path.read_bytes()
        spans = oracle.read_bundle(data_bytes) if path.suffix == ".blocks" else [(0, len(data_bytes))]
        made = [text] if layout else text.splitlines()
        if len(made) != len(spans):
            print("%s: %d forms of %d blocks" % (path, len(made), len(spans)))
            return 1
        for (start, end), one in zip(spans, made):
            parsed = json.loads(one, object_pairs_hook=lambda pairs: ("object", pairs))
            if layout and one.rstrip("\n") != json.dumps(json.loads(one), indent=2, ensure_ascii=False):
                print("%s: not laid out as serde_json does" % path)
                return 1
            block = oracle.read_block(data_bytes, start, end)
            found = difference("", form.block(block), parsed)
            if found:
                print("%s, height %d%s" % (path, block["meta"]["height"], found))
                return 1
            compared += 1
    print("%d blocks have the same form" % compared)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
