#include "plain_arithmetic.hpp"

#include "chain/hash/hash_to_curve.hpp"
#include "chain/math/curve.hpp"

#include <algorithm>

namespace blockferry::chain::plain {
namespace {

bool less(const number& a, const number& b) {
  return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

number plus(const number& a, const number& b) { // without the carry out of 256 bits
  number out{};
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint64_t some = a[i] + carry;
    out[i] = some + b[i];
    carry = (some < carry ? 1U : 0U) + (out[i] < some ? 1U : 0U);
  }
  return out;
}

number minus(const number& a, const number& b) {
  number not_b{};
  for (std::size_t i = 0; i < b.size(); ++i)
    not_b[i] = ~b[i];
  return plus(plus(a, not_b), {1, 0, 0, 0});
}

bool bit(const number& of, std::size_t place) {
  return (of[place / 64] >> place % 64 & 1) != 0;
}

affine from(const point& of) {
  const field z = inverse(of.z);
  return {of.x * z, of.y * z};
}

} // namespace

number sum(const number& a, const number& b) {
  const number all = plus(a, b);
  return less(all, modulus) ? all : minus(all, modulus);
}

number difference(const number& a, const number& b) {
  return less(a, b) ? minus(plus(a, modulus), b) : minus(a, b);
}

number product(const number& a, const number& b) {
  number out{};
  for (std::size_t place = 256; place-- > 0;) {
    out = sum(out, out);
    if (bit(b, place))
      out = sum(out, a);
  }
  return out;
}

number power(const number& a, const number& exponent) {
  number out{1, 0, 0, 0};
  for (std::size_t place = 256; place-- > 0;) {
    out = product(out, out);
    if (bit(exponent, place))
      out = product(out, a);
  }
  return out;
}

number reduced(number of) {
  while (!less(of, modulus))
    of = minus(of, modulus);
  return of;
}

affine sum(const affine& a, const affine& b) {
  const field d = field::from(3021) * a.x * b.x * a.y * b.y;
  const field both = inverse(field::one() - d * d); // of (1 + d) and (1 - d)
  return {(a.x * b.y + a.y * b.x) * (field::one() - d) * both,
          (a.y * b.y + a.x * b.x) * (field::one() + d) * both};
}

affine multiple(const affine& a, const number& times) {
  affine out;
  for (std::size_t place = 256; place-- > 0;) {
    out = sum(out, out);
    if (bit(times, place))
      out = sum(out, a);
  }
  return out;
}

void append(bits& to, std::uint64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    to.push_back((value >> i & 1) != 0);
}

void append(bits& to, const hash& element) {
  for (std::size_t i = 0; i < 253; ++i)
    to.push_back((element.bytes[i / 8] >> i % 8 & 1) != 0);
}

bhp::bhp(std::size_t windows, std::size_t window_size, const std::string& domain) {
  for (std::size_t window = 0; window < windows; ++window) {
    affine base = from(hash_to_curve("Aleo.BHP." + std::to_string(windows) + "." +
                                     std::to_string(window_size) + "." + domain + "." +
                                     std::to_string(window)));
    for (std::size_t chunk = 0; chunk < window_size; ++chunk) {
      auto& multiples = multiples_.emplace_back();
      for (affine next = base; affine & one : multiples) {
        one = next;
        next = sum(next, base);
      }
      base = multiple(base, {16, 0, 0, 0});
    }
  }
  for (const char letter : domain)
    append(domain_, static_cast<std::uint8_t>(letter), 8);
  domain_.resize(188);
  std::reverse(domain_.begin(), domain_.end());
}

field bhp::operator()(const bits& input) const {
  const std::size_t step = 3 * multiples_.size() - 252;
  field out;
  for (std::size_t at = 0; at < input.size(); at += step) {
    bits message;
    if (at == 0) {
      message = domain_;
      append(message, input.size(), 64);
    } else {
      append(message, out.wire());
      message.resize(252);
    }
    for (std::size_t i = at; i < std::min(at + step, input.size()); ++i)
      message.push_back(input[i]);
    out = round(std::move(message));
  }
  return out;
}

field bhp::round(bits message) const {
  message.resize((message.size() + 2) / 3 * 3);
  affine out;
  for (std::size_t chunk = 0; 3 * chunk < message.size(); ++chunk) {
    affine term =
        multiples_[chunk][(message[3 * chunk] ? 1U : 0U) + (message[3 * chunk + 1] ? 2U : 0U)];
    if (message[3 * chunk + 2])
      term.x = -term.x;
    out = sum(out, term);
  }
  return out.x;
}

const bhp& bhp1024() {
  static const bhp made{8, 54, "AleoBHP1024"};
  return made;
}
const bhp& bhp512() {
  static const bhp made{6, 43, "AleoBHP512"};
  return made;
}

hash leaf(const bits& of) {
  bits message{false};
  message.insert(message.end(), of.begin(), of.end());
  return bhp1024()(message).wire();
}

hash node(const hash& left, const hash& right) {
  bits message{true};
  append(message, left);
  append(message, right);
  return bhp512()(message).wire();
}

hash root(std::vector<hash> hashed_leaves, unsigned depth) {
  const hash absent = node({}, {});
  std::size_t width = 1;
  unsigned height = 0;
  for (; width < hashed_leaves.size(); width *= 2)
    ++height;
  hashed_leaves.resize(width, absent);
  for (; hashed_leaves.size() > 1; hashed_leaves.resize(hashed_leaves.size() / 2))
    for (std::size_t i = 0; 2 * i < hashed_leaves.size(); ++i)
      hashed_leaves[i] = node(hashed_leaves[2 * i], hashed_leaves[2 * i + 1]);
  for (; height < depth; ++height)
    hashed_leaves.front() = node(hashed_leaves.front(), absent);
  return hashed_leaves.front();
}

} // namespace blockferry::chain::plain
