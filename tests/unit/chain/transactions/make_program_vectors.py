#!/usr/bin/env python3
"""Makes programs by chance, lets the reference checker read them, and writes what it says of each.

    make_program_vectors.py ORACLE.py [COUNT [SEED]] > program_vectors.txt

One line a program: its bytes, SHA3-256 of its text (both hexadecimal), the consensus versions that its syntax needs
(joined by commas; `s` for a string, `-` for none), the most writes of a block, and the names of its functions.  Every
opcode, operand, type, command and component occurs.
"""
import hashlib
import importlib.util
import random
import struct
import sys


def load(path):
    spec = importlib.util.spec_from_file_location("oracle", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Maker:
    def __init__(self, oracle, rng):
        self.o, self.rng, self.number = oracle, rng, 0

    def u8(self, n):
        return bytes([n])

    def u16(self, n):
        return struct.pack("<H", n)

    def u32(self, n):
        return struct.pack("<I", n)

    def fresh(self):
        self.number += 1
        return "n%d_%s" % (self.number, "".join(self.rng.choice("abcXYZ01_") for _ in range(self.rng.randrange(5))))

    def ident(self, text=None):
        text = text or self.fresh()
        return bytes([len(text)]) + text.encode()

    def program_id(self):
        return self.ident("p%d" % self.rng.randrange(50)) + self.ident("aleo")

    def locator(self):
        return self.program_id() + self.ident()

    def varint(self):
        n = self.rng.choice((0, 1, 7, 252, 253, 65535, 65536, (1 << 32) - 1, 1 << 32, (1 << 64) - 1))
        if n < 253:
            return bytes([n])
        return b"\xfd" + self.u16(n) if n < 1 << 16 else b"\xfe" + self.u32(n) if n < 1 << 32 else b"\xff" + struct.pack("<Q", n)

    def literal(self):
        kind = self.rng.randrange(18)
        number = lambda top: self.rng.randrange(top).to_bytes(32, "little")
        if kind in (0, 2, 3):
            value = number(self.o.Q)
        elif kind == 1:
            value = self.u8(self.rng.randrange(2))
        elif kind == 14:
            value = number(self.o.R)
        elif kind == 15:
            value = number(self.o.R) + number(self.o.R) + number(self.o.Q) + number(self.o.Q)
        elif kind == 16:
            text = "".join(self.rng.choice("ab \"\\\n\u00e4\u20ac") for _ in range(self.rng.randrange(9))).encode()
            value = self.u16(len(text)) + text
        elif kind == 17:
            value = self.ident()
        else:
            value = self.rng.randbytes(1 << (kind - (4 if kind < 9 else 9)))
        return self.u16(kind) + value

    def literal_type(self, most=17):
        return self.u8(self.rng.randrange(most + 1))

    def array_type(self):
        kind = self.rng.randrange(3)
        element = (self.literal_type, self.ident, self.locator)[kind]()
        dims = [self.rng.choice((1, 2, 32, 33, 512, 513, 2048)) for _ in range(self.rng.choice((1, 1, 2, 3)))]
        return self.u8(kind) + element + self.u8(len(dims)) + b"".join(map(self.u32, dims))

    def plaintext_type(self):
        kind = self.rng.randrange(4)
        return self.u8(kind) + (self.literal_type, self.ident, self.array_type, self.locator)[kind]()

    def value_type(self):
        kind = self.rng.randrange(8)
        rest = self.plaintext_type() if kind < 3 else self.ident() if kind == 3 else self.locator() if kind < 6 else b""
        return self.u8(kind) + rest

    def register_type(self):
        kind = self.rng.randrange(6)
        rest = self.plaintext_type() if kind == 0 else self.ident() if kind == 1 else self.locator() if kind < 4 else b""
        return self.u8(kind) + rest

    def finalize_type(self):
        kind = self.rng.randrange(3)
        return self.u8(kind) + (self.plaintext_type() if kind == 0 else self.locator() if kind == 1 else b"")

    def register(self, plain=False):
        if plain or self.rng.randrange(2):
            return b"\0" + self.varint()
        accesses = [b"\0" + self.ident() if self.rng.randrange(2) else b"\1" + self.u32(self.rng.randrange(1 << 32))
                    for _ in range(self.rng.randrange(4))]
        return b"\1" + self.varint() + self.u16(len(accesses)) + b"".join(accesses)

    def option(self, made):
        return b"\1" + made if self.rng.randrange(2) else b"\0"

    def operand(self):
        kind = self.rng.randrange(14)
        rest = b""
        if kind == 0:
            rest = self.literal()
        elif kind == 1:
            rest = self.register()
        elif kind == 2:
            rest = self.program_id()
        elif kind in (7, 8, 9, 13):
            rest = self.option(self.program_id()) + (self.ident() if kind == 13 else b"")
        elif kind == 12:
            rest = self.option(self.u32(self.rng.randrange(1 << 32)))
        return self.u8(kind) + rest

    def operands(self, n):
        return b"".join(self.operand() for _ in range(n))

    def some(self, n, make):
        return b"".join(make() for _ in range(n))

    def call_operator(self):
        return b"\0" + self.locator() if self.rng.randrange(2) else b"\1" + self.ident()

    def cast(self):
        kind = self.rng.randrange(6)
        if kind == 2:
            plaintext = self.plaintext_type()
            most = (1, 32, 2048, 32)[plaintext[0]]
            rest = plaintext
        else:
            most = 1 if kind in (0, 1, 5) else 33
            rest = self.ident() if kind == 3 else self.locator() if kind == 4 else b""
        n = min(most, self.rng.choice((1, 2, 5, 33, 254, 255, 300)))
        count = self.u8(n) if n < 255 else b"\xff" + self.u16(n)
        return count + self.operands(n) + self.register() + self.u8(kind) + rest

    def instruction(self, number=None):
        number = self.rng.randrange(len(self.o.OPCODES)) if number is None else number
        op = self.o.OPCODES[number]
        few = self.rng.randrange(4)
        if op.startswith("assert."):
            rest = self.operands(2)
        elif op == "async":
            rest = self.ident() + self.u8(few) + self.operands(few) + self.register()
        elif op == "call":
            n = self.rng.randrange(3)
            rest = self.call_operator() + self.u8(few) + self.operands(few) + self.u8(n) + self.some(n, self.register)
        elif op == "call.dynamic":
            n = self.rng.randrange(3)
            rest = (self.u8(few + 3) + self.operands(few + 3) + self.some(few, self.value_type) + self.u8(n) +
                    self.some(n, self.register) + self.some(n, self.value_type))
        elif op.startswith("cast"):
            rest = self.cast()
        elif op.startswith("commit."):
            rest = self.operands(2) + self.register() + self.literal_type()
        elif op.startswith("hash"):
            rest = self.operands(2 if op.startswith("hash_many") else 1) + self.register() + self.plaintext_type()
        elif op.startswith("serialize"):
            rest = self.operand() + self.plaintext_type() + self.register() + self.array_type()
        elif op.startswith("deserialize"):
            rest = self.operand() + self.array_type() + self.register() + self.plaintext_type()
        elif op == "get.record.dynamic":
            rest = self.operand() + self.register() + self.ident() + self.plaintext_type() + self.option(self.u8(self.rng.randrange(3)))
        else:
            n = 3 if op in ("sign.verify", "ternary") or op.startswith("ecdsa.") else 4 if op.startswith("snark.") else \
                1 if op in self.o.UNARY else 2
            rest = self.operands(n) + self.register()
        return self.u16(number) + rest

    def command(self, kind=None):
        kind = self.rng.randrange(14) if kind is None else kind
        one, r = self.operand, self.register
        rest = {0: self.instruction, 1: r, 2: lambda: self.call_operator() + one() + r(), 3: lambda: self.call_operator() + one() + r(),
                4: lambda: self.call_operator() + self.operands(2) + r(), 6: lambda: self.ident() + one(),
                7: lambda: self.ident() + self.operands(2), 8: lambda: self.operands(2) + self.ident(),
                9: lambda: self.operands(2) + self.ident(), 10: self.ident, 11: lambda: self.operands(4) + r(),
                12: lambda: self.operands(4) + r() + self.plaintext_type(), 13: lambda: self.operands(5) + r() + self.plaintext_type()}
        if kind == 5:
            n = self.rng.randrange(3)
            return b"\5" + self.u8(n) + self.operands(n) + self.register() + self.literal_type(15)
        return self.u8(kind) + rest[kind]()

    def commands(self, least):
        n = self.rng.randrange(least, 5)
        return self.u16(n) + self.some(n, self.command)

    def typed(self, n, first, ty):
        return b"".join(first() + ty() for _ in range(n))

    def component(self, kind, opcode):
        few = lambda least=0: self.rng.randrange(least, 4)
        plain = lambda: self.register(True)
        if kind == 5:
            return b"\5" + self.commands(1)
        name = self.fresh()
        out = self.u8(kind) + self.ident(name)
        if kind == 0:
            return out + self.plaintext_type() + self.plaintext_type()
        if kind == 1:
            n = few(1)
            return out + self.u16(n) + self.typed(n, self.ident, self.plaintext_type)
        if kind == 2:
            n = few()
            return out + self.u8(self.rng.randrange(2)) + self.u16(n) + b"".join(
                self.ident() + self.u8(self.rng.randrange(3)) + self.plaintext_type() for _ in range(n))
        if kind == 6:
            a, b = few(), few()
            return out + self.u16(a) + self.typed(a, plain, self.finalize_type) + self.commands(0) + self.u16(b) + self.typed(
                b, self.operand, self.finalize_type)
        a, b = few(1 if kind == 3 else 0), few()
        ty = self.register_type if kind == 3 else self.value_type
        out += self.u16(a) + self.typed(a, plain, ty) + self.u32(2) + self.instruction(opcode) + self.instruction() + self.u16(b) + \
            self.typed(b, self.operand, ty)
        if kind == 4 and self.rng.randrange(2):
            n = few()
            return out + b"\1" + self.ident(name) + self.u16(n) + self.typed(n, plain, self.finalize_type) + self.commands(1)
        return out + (b"\0" if kind == 4 else b"")

    def program(self, opcode):
        self.number = 0
        imports = self.rng.sample(range(100, 200), self.rng.randrange(3))
        kinds = [4] + [self.rng.choice((0, 1, 2, 3, 4, 6)) for _ in range(self.rng.randrange(4))] + [5] * self.rng.randrange(2)
        self.rng.shuffle(kinds)
        out = b"\1" + self.ident("made_%d" % opcode) + self.ident("aleo") + self.u8(len(imports))
        out += b"".join(self.ident("i%d" % i) + self.ident("aleo") for i in imports) + self.u16(len(kinds))
        return out + b"".join(self.component(k, opcode) for k in kinds)


def main(argv):
    oracle = load(argv[1])
    count, seed = int(argv[2]) if len(argv) > 2 else 129, int(argv[3]) if len(argv) > 3 else 1
    maker = Maker(oracle, random.Random(seed))
    for i in range(count):
        made = maker.program(i % len(oracle.OPCODES))
        r = oracle.Reader(made)
        p = oracle.read_program(r)
        r.done()
        notes = ",".join("s" if v < 0 else str(v) for v in sorted(p["syntax"])) or "-"
        print(made.hex(), hashlib.sha3_256(p["text"].encode()).hexdigest(), notes, p["writes"], ",".join(f[0] for f in p["functions"]))


if __name__ == "__main__":
    main(sys.argv)
