#include "value_maker.hpp"

#include "chain/wire.hpp"

#include <algorithm>

namespace blockferry::chain::tests {
namespace {

using bits = std::vector<bool>;

void put(bits& out, std::uint64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(i < 64 && (value >> i & 1) != 0);
}

void put(bits& out, const bits& more) {
  out.insert(out.end(), more.begin(), more.end());
}

bits of_bytes(const byte_buffer& bytes, std::size_t count) {
  bits out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back((bytes[i / 8] >> (i % 8) & 1) != 0);
  return out;
}

bits of_text(const std::string& text) {
  bits out;
  for (const char one : text)
    put(out, static_cast<std::uint8_t>(one), 8);
  return out;
}

void append(byte_buffer& out, const byte_buffer& more) {
  out.insert(out.end(), more.begin(), more.end());
}

/// Below both moduli.
byte_buffer number(const chance& below) {
  byte_buffer out;
  for (int i = 0; i < 32; ++i)
    out.push_back(static_cast<std::uint8_t>(below(256)));
  out[31] &= 0x03;
  return out;
}

std::string name(const chance& below, std::size_t number) {
  std::string out = "n" + std::to_string(number);
  const std::size_t more = below(20);
  for (std::size_t i = 0; i < more; ++i)
    out += "abcXYZ019_"[below(10)];
  return out;
}

void append_ident(byte_buffer& out, const std::string& text) {
  out.push_back(static_cast<std::uint8_t>(text.size()));
  out.insert(out.end(), text.begin(), text.end());
}

/// Value bytes and bits of a literal of this type.
made_value literal_value(const chance& below, std::size_t type) {
  made_value out;
  const auto take = [&](std::size_t count) {
    auto bytes = number(below);
    append(out.wire, bytes);
    put(out.bits, of_bytes(bytes, count));
  };
  if (type == 0 || type == 2 || type == 3) {
    take(253);
  } else if (type == 1) {
    out.wire.push_back(static_cast<std::uint8_t>(below(2)));
    put(out.bits, out.wire[0], 1);
  } else if (type == 14) {
    take(251);
  } else if (type == 15) {
    take(251);
    take(251);
    take(253);
    take(253);
  } else if (type == 16) {
    std::string text(below(40), 'x');
    append_le(out.wire, static_cast<std::uint16_t>(text.size()));
    out.wire.insert(out.wire.end(), text.begin(), text.end());
    out.bits = of_text(text);
  } else if (type == 17) {
    const auto text = name(below, 0);
    append_ident(out.wire, text);
    out.bits = of_text(text);
    put(out.bits, 0, 8 * (31 - text.size()));
  } else {
    const std::size_t size = std::size_t{1} << (type < 9 ? type - 4 : type - 9);
    for (std::size_t i = 0; i < size; ++i)
      out.wire.push_back(static_cast<std::uint8_t>(below(256)));
    out.bits = of_bytes(out.wire, 8 * size);
  }
  return out;
}

made_value make_literal(const chance& below) {
  const std::size_t type = below(18);
  const auto value = literal_value(below, type);
  made_value out;
  out.wire.push_back(0);
  append_le(out.wire, static_cast<std::uint16_t>(type));
  append(out.wire, value.wire);
  put(out.bits, 0, 2);
  put(out.bits, type, 8);
  put(out.bits, value.bits.size(), 16);
  put(out.bits, value.bits);
  return out;
}

void append_item(made_value& out, const made_value& item) {
  append_le(out.wire, static_cast<std::uint16_t>(item.wire.size()));
  append(out.wire, item.wire);
  put(out.bits, item.bits.size(), 16);
  put(out.bits, item.bits);
}

} // namespace

made_value make_plaintext(const chance& below, std::size_t depth) {
  const std::size_t kind = depth == 0 ? 0 : below(3);
  if (kind == 0)
    return make_literal(below);
  made_value out;
  const std::size_t count = below(4);
  out.wire.push_back(static_cast<std::uint8_t>(kind));
  put(out.bits, kind == 1 ? 0b10 : 0b01, 2);
  if (kind == 1)
    out.wire.push_back(static_cast<std::uint8_t>(count));
  else
    append_le(out.wire, static_cast<std::uint32_t>(count));
  put(out.bits, count, kind == 1 ? 8 : 32);
  for (std::size_t i = 0; i < count; ++i) {
    if (kind == 1) {
      const auto member = name(below, i);
      append_ident(out.wire, member);
      put(out.bits, 8 * member.size(), 8);
      put(out.bits, of_text(member));
    }
    append_item(out, make_plaintext(below, depth - 1));
  }
  return out;
}

made_value make_future(const chance& below, std::size_t depth) {
  made_value out;
  const std::string program = "p" + std::to_string(below(100)), function = name(below, 1);
  append_ident(out.wire, program);
  append_ident(out.wire, "aleo");
  append_ident(out.wire, function);
  put(out.bits, 8 * (program.size() + 4), 16);
  put(out.bits, of_text(program + "aleo"));
  put(out.bits, 8 * function.size(), 16);
  put(out.bits, of_text(function));
  const std::size_t arguments = below(4);
  out.wire.push_back(static_cast<std::uint8_t>(arguments));
  put(out.bits, arguments, 8);
  for (std::size_t i = 0; i < arguments; ++i) {
    const std::size_t kind = depth == 0 ? 2 * below(2) : below(3);
    byte_buffer wire{static_cast<std::uint8_t>(kind)};
    bits inner{kind != 0};
    if (kind == 2) {
      wire.push_back(1);
      put(inner, 0, 12);
      for (int f = 0; f < 4; ++f) {
        const auto field = number(below);
        append(wire, field);
        put(inner, of_bytes(field, 253));
      }
    } else {
      const auto made = kind == 0 ? make_plaintext(below, 2) : make_future(below, depth - 1);
      append(wire, made.wire);
      put(inner, made.bits);
    }
    append_le(out.wire, static_cast<std::uint16_t>(wire.size()));
    append(out.wire, wire);
    put(out.bits, inner.size(), inner.size() > 65535 ? 32 : 16);
    put(out.bits, inner);
  }
  return out;
}

byte_buffer nested_arrays(std::size_t levels) {
  byte_buffer out = {0, 1, 0, 1}; // the literal true
  for (std::size_t i = 0; i < levels; ++i) {
    byte_buffer around = {2};
    append_le(around, std::uint32_t{1});
    append_le(around, static_cast<std::uint16_t>(out.size()));
    append(around, out);
    out = std::move(around);
  }
  return out;
}

} // namespace blockferry::chain::tests
