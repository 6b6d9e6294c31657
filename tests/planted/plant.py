#!/usr/bin/env python3
"""Writes copies of the product's sources with every planted bug in them.

    plant.py SOURCE_DIR OUT_DIR     copies, and names.inc with the list of names

A right text that is not there exactly once is an error: the product has moved on, and the bug must follow it.
"""
import pathlib
import sys

from bugs import BUGS


def main():
    source, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    texts = {}
    for name, file, right, replacement in BUGS:
        text = texts.get(file) or (source / file).read_text()
        if text.count(right) != 1:
            sys.exit(f"planted bug {name}: its place stands {text.count(right)} times in {file}, expected once")
        planted = replacement.replace("RIGHT", right).replace("PLANTED", f'blockferry::planted::is("{name}")')
        texts[file] = text.replace(right, planted)
    for file, text in texts.items():
        path = out / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('#include "tests/planted/planted.hpp"\n' + text)
    part = {"storage": "crash", "chain": "altered"}
    (out / "names.inc").write_text(
        "".join(f'{{"{name}", part::{part.get(file.split("/")[0], "schedule")}}},\n' for name, file, *_ in BUGS))


if __name__ == "__main__":
    main()
