#!/usr/bin/env python3
"""Asks the reference checker at which consensus versions each deployment of real blocks is in order.

    make_deployment_vectors.py ORACLE.py CHAIN BUNDLE... >> deployment_vectors.txt

One line a deployment: chain, height, index of the transaction, and for each of the versions 1 to 22 a `+` or a `-`, by the
heights of column "test", as deployed and once with each of the editions 0, 1 and 2: four words.
"""
import importlib.util
import sys


def load(path):
    spec = importlib.util.spec_from_file_location("oracle", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(argv):
    oracle = load(argv[1])
    oracle.set_networks(oracle.HEIGHTS["test"], False, True)
    oracle.verify_signature = lambda *_: True  # not the question here
    net = oracle.NETS[1]
    for path in argv[3:]:
        data = open(path, "rb").read()
        for start, end in oracle.read_bundle(data):
            block = oracle.read_block(data, start, end)
            for index, c in enumerate(block["transactions"]):
                if c["kind"] % 2:
                    continue
                holder = c["tx"] if c["kind"] == 0 else c["rejected"]
                words = []
                for edition in (holder["deployment"]["edition"], 0, 1, 2):
                    dep = dict(holder["deployment"], edition=edition)
                    words.append("".join("-" if oracle.deployment_problem(net, net.height_of(v) + 1, holder["owner"], dep, 0) else "+"
                                         for v in range(1, 23)))
                print(argv[2], block["meta"]["height"], index, *words)


if __name__ == "__main__":
    main(sys.argv)
