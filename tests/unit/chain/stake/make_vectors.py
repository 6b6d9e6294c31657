#!/usr/bin/env python3
"""Writes the staking facts of a chain as text, read by stake_vectors.cpp.

    make_vectors.py ORACLE.py [--votes] BUNDLE...

The oracle parses; what is written are plain values, one line each:

    block HEIGHT ROUND REWARD|- COMMITTEE_ID|- LEADER|- TIMESTAMP      committee id and leader as the block has them
    member ADDRESS STAKE OPEN COMMISSION                               genesis only
    bond STAKER VALIDATOR WITHDRAWAL AMOUNT                            genesis only
    transaction INDEX
    call|fee FUNCTION ADDRESS ADDRESS ADDRESS AMOUNT COMMISSION OPEN
    operation KIND MAPPING KEY_ID VALUE_ID
    round ROUND COMMITTEE_ID                                           with --votes, as the lines below
    certificate ID TIMESTAMP AUTHOR SIGNER...
    outside ROUND ID

Field elements are 64 hexadecimal digits, the wire's bytes; "0" is zero.
"""
import importlib.util
import sys

MAPPINGS = ("committee", "delegated", "bonded", "unbonding", "withdraw", "metadata", "account", "pool")
# name: (number, positions of addresses, of the amount, commission, is_open)
FUNCTIONS = {
    "bond_validator": (0, (0, 1), 2, 3, None), "bond_public": (1, (0, 1, 2), 3, None, None),
    "unbond_public": (2, (0, 1), 2, None, None), "claim_unbond_public": (3, (0,), None, None, None),
    "set_validator_state": (4, (0,), None, None, 1), "upgrade": (5, (), 0, None, None),
    "transfer_public": (6, (0, 1), None, None, None), "transfer_public_as_signer": (6, (0, 1), None, None, None),
    "fee_public": (7, (0,), None, None, None), "transfer_public_to_private": (7, (0,), None, None, None),
    "transfer_private_to_public": (8, (None, 0), None, None, None)}


def load(path):
    spec = importlib.util.spec_from_file_location("oracle", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def field(value):
    return value.to_bytes(32, "little").hex() if value else "0"


def call_line(word, name, args):
    number, people, amount, commission, is_open = FUNCTIONS[name]
    who = [field(args[i]) if i is not None else "0" for i in people] + ["0"] * (3 - len(people))
    pick = lambda i: int(args[i]) if i is not None else 0
    return "%s %d %s %d %d %d" % (word, number, " ".join(who), pick(amount), pick(commission), pick(is_open))


def transactions(oracle, block):
    ids = {oracle.mapping_id(m): i for i, m in enumerate(MAPPINGS)}
    for index, confirmed in enumerate(block["transactions"]):
        tx = confirmed["tx"]
        calls = oracle.credits_futures(tx["execution"]["transitions"] if tx["kind"] == 1 else [])
        fee = oracle.credits_futures([tx["fee"]["transition"]] if tx["fee"] else [])
        if not any(FUNCTIONS[name][0] < 6 for name, _ in calls):
            continue
        yield "transaction %d" % index
        yield from (call_line("call", *one) for one in calls)
        yield from (call_line("fee", *one) for one in fee)
        for op in confirmed["finalize"]:
            if op[1] in ids:
                yield "operation %d %d %s %s" % (op[0], ids[op[1]], field(op[2]), field(op[3] if len(op) > 3 else 0))


def votes(oracle, rounds, signers):
    anchor, own = rounds[-1][0], {c["id"] for _, certificates in rounds for c in certificates}
    outside = set()
    for number, certificates in rounds:
        yield "round %d %s" % (number, field(certificates[0]["committee_id"]))
        for one in certificates:
            names = []
            for signature in one["signatures"]:
                key = (signature["pk_sig"], signature["pr_sig"])
                if key not in signers:
                    signers[key] = oracle.signer(signature)
                names.append(field(signers[key]))
            yield "certificate %s %d %s %s" % (field(one["id"]), one["timestamp"], field(one["author"]), " ".join(names))
            outside |= {(number - 1, i) for i in one["previous"] if i not in own and number - 1 + 99 > anchor}
    yield from ("outside %d %s" % (number, field(i)) for number, i in sorted(outside))


def main():
    oracle = load(sys.argv[1])
    with_votes = "--votes" in sys.argv
    signers = {}
    for path in (p for p in sys.argv[2:] if not p.startswith("--")):
        data = open(path, "rb").read()
        for block in (oracle.read_block(data, *span) for span in oracle.read_bundle(data)):
            meta, (kind, authority) = block["meta"], block["authority"]
            reward = [x["amount"] for x in block["ratifications"] if x["kind"] == 1]
            leader = authority[-1][1][0] if kind == "quorum" else None
            print("block", meta["height"], meta["round"], reward[0] if reward else "-",
                  field(leader["committee_id"]) if leader else "-", field(leader["author"]) if leader else "-",
                  meta["timestamp"])
            for x in block["ratifications"]:
                if x["kind"] == 0:
                    for who, stake, is_open, commission in x["committee"]["members"]:
                        print("member", field(who), stake, int(is_open), commission)
                    for staker, validator, withdrawal, amount in x["bonded"]:
                        print("bond", field(staker), field(validator), field(withdrawal), amount)
            print(*transactions(oracle, block), sep="\n", end="\n" if any(transactions(oracle, block)) else "")
            if with_votes and leader:
                print(*votes(oracle, authority, signers), sep="\n")


main()
