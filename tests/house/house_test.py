#!/usr/bin/env python3
"""Holds the source tree against the rules of the house; prints every breach and how near the budgets are.

    house_test.py SOURCE_DIR

Each rule is one function that yields breaches.  --self-test plants one breach of each rule in a
temporary tree and fails if a rule does not see it.
"""
import pathlib
import re
import statistics
import sys
import tempfile

LAYERS = ["chain", "messages", "storage", "actors", "runtime"]
SOURCE_LINES_MAX, HEADER_LINES_MAX, FUNCTION_LINES_MAX = 350, 180, 60
README_LINES = range(5, 16)


def files(root, *folders):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".cpp", ".hpp"):
                yield path


def code_lines(path):
    """(number, line without its line comment) of each line."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        yield number, line.split("//")[0]


def include_direction(root):
    for index, layer in enumerate(LAYERS):
        for path in files(root, layer):
            for number, line in code_lines(path):
                found = re.match(r'\s*#include "([a-z_]+)/', line)
                if found and found[1] not in LAYERS[:index + 1]:
                    yield f"{path}:{number}: {layer}/ may not include {found[1]}/"


def file_budgets(root):
    for path in files(root, *LAYERS):
        limit = SOURCE_LINES_MAX if path.suffix == ".cpp" else HEADER_LINES_MAX
        count = len(path.read_text().splitlines())
        if count > limit:
            yield f"{path}: {count} lines, at most {limit}"


def function_budgets(root):
    """Functions whose closing brace stands in column 0: all but those inside a class."""
    for path in files(root, *LAYERS):
        start = None
        for number, line in code_lines(path):
            if line[:1].strip() and not line.startswith(("}", "#", ")")):
                start = number
            scope = r"(namespace|class|struct|enum|union|extern)\b"
            if line[:1].strip() and re.match(scope, line):
                start = None
            if line.startswith("}") and start is not None:
                if number - start > FUNCTION_LINES_MAX and not line.startswith("};"):
                    yield f"{path}:{start}: a function of {number - start} lines, at most {FUNCTION_LINES_MAX}"
                start = None


def banned(pattern, why, allowed):
    def rule(root):
        for path in files(root, *LAYERS):
            name = path.relative_to(root).as_posix()
            if re.match(allowed, name):
                continue
            for number, line in code_lines(path):
                if re.search(pattern, line):
                    yield f"{path}:{number}: {why}"
    rule.__name__ = "banned: " + why
    return rule


def one_curl_source(root):
    users = [p for p in files(root, *LAYERS) if re.search(r"#include <curl/", p.read_text())]
    if len(users) > 1:
        yield f"curl.h is included by {len(users)} files, one may: {', '.join(map(str, users))}"


def unfinished(root):
    for path in files(root, *LAYERS, "tests"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b", line):
                yield f"{path}:{number}: unfinished work"


def pragma_once(root):
    for path in files(root, *LAYERS, "tests"):
        if path.suffix == ".hpp" and "#pragma once" not in path.read_text():
            yield f"{path}: a header without #pragma once"


def folder_readmes(root):
    for layer in LAYERS + ["config", "tests"]:
        readme = root / layer / "README.md"
        if not readme.exists():
            yield f"{readme}: missing"
            continue
        count = sum(1 for line in readme.read_text().splitlines() if line.strip())
        if layer in LAYERS and count not in README_LINES and count < README_LINES.start:
            yield f"{readme}: {count} lines, at least {README_LINES.start}"


RULES = [
    include_direction, file_budgets, function_budgets, one_curl_source, unfinished, pragma_once, folder_readmes,
    banned(r"#include <sqlite3\.h>|\bsqlite3_\w+\(", "SQLite outside storage/", r"storage/"),
    banned(r"\bsleep_for\b|\bsleep_until\b|\busleep\(|\bnanosleep\(|\bsleep\(", "waiting by sleeping", r"$^"),
    banned(r"\b(std::)?(_?exit|_Exit|quick_exit|abort|terminate)\(", "ends the process outside main (P8)",
           r"runtime/main\.cpp"),
    banned(r"\bdetached\b", "detached outside the wiring", r"runtime/"),
    banned(r"\.registry\(\)", "a look-up in the actor registry", r"$^"),
    banned(r"\bspawn(_\w+)?[(<]", "spawning outside the wiring", r"(runtime|actors)/"),
    banned(r"#include <caf/", "CAF below the actors", r"(messages|actors|runtime)/"),
    banned(r"#include <(thread|mutex|condition_variable)>", "threads below the wiring", r"(chain/math|chain/hash|storage|runtime)/"),
]

# One file a rule that breaks it, for --self-test: rule index -> (path, text).
BREACHES = [
    ("chain/a.hpp", '#pragma once\n#include "storage/b.hpp"\n'),
    ("chain/long.hpp", "#pragma once\n" + "\n" * HEADER_LINES_MAX),
    ("chain/function.cpp", "void f() {\n" + "  g();\n" * (FUNCTION_LINES_MAX + 1) + "}\n"),
    ("runtime/one.cpp", "#include <curl/curl.h>\n"),
    ("chain/later.cpp", "// TO" + "DO\n"),
    ("chain/twice.hpp", "struct a;\n"),
    ("chain/x.cpp", "\n"),
    ("actors/sql.cpp", "int x = sqlite3_open(0, 0);\n"),
    ("actors/wait.cpp", "std::this_thread::sleep_for(t);\n"),
    ("actors/end.cpp", "std::abort();\n"),
    ("actors/loose.cpp", "spawn<caf::detached>(f);\n"),
    ("actors/look.cpp", "system.registry().get(1);\n"),
    ("storage/spawn.cpp", "self->spawn(f);\n"),
    ("storage/caf.cpp", "#include <caf/actor.hpp>\n"),
    ("actors/thread.cpp", "#include <thread>\n"),
]


def self_test():
    failed = 0
    for rule, (name, text) in zip(RULES, BREACHES, strict=True):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            path = root / name
            path.parent.mkdir(parents=True)
            path.write_text(text)
            if rule is one_curl_source:
                (path.parent / "two.cpp").write_text(text)
            if not list(rule(root)):
                print(f"the rule '{rule.__name__}' does not see its planted breach")
                failed = 1
    return failed


def main():
    if sys.argv[1] == "--self-test":
        return self_test()
    root = pathlib.Path(sys.argv[1])
    breaches = [breach for rule in RULES for breach in rule(root)]
    for suffix, what in ((".cpp", "sources"), (".hpp", "headers")):
        counts = [len(p.read_text().splitlines()) for p in files(root, *LAYERS) if p.suffix == suffix]
        if counts:
            print(f"{len(counts)} {what}: median {statistics.median(counts):.0f} lines, longest {max(counts)}")
    print("\n".join(breaches) or "no breach")
    return 1 if breaches else 0


sys.exit(main())
