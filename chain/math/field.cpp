#include "chain/math/field.hpp"

#include <bit>
#include <cstring>

namespace blockferry::chain {
namespace {

__extension__ typedef unsigned __int128 wide;
using number4 = std::array<std::uint64_t, 4>;

// Q and R of the specification, section 0, and what follows from them.
constexpr number4 modulus = {0x0a11800000000001, 0x59aa76fed0000001, 0x60b44d1e5c37b001,
                             0x12ab655e9a2ca556};
constexpr number4 scalar_modulus = {0xb95aee9ac33fd9ff, 0x5293a3afc43c8afe, 0x982d1347970dec00,
                                    0x04aad957a68b2955};
/// -1 / Q modulo 2^64
constexpr std::uint64_t negative_inverse = 0x0a117fffffffffff;
/// 2^256 mod Q, and 2^512 mod Q
constexpr field montgomery_one = {
    {0x7d1c7ffffffffff3, 0x7257f50f6ffffff2, 0x16d81575512c0fee, 0x0d4bda322bbb9a9d}};
constexpr field montgomery_square = {
    {0x25d577bab861857b, 0xcc2c27b58860591f, 0xa7cc008fe5dc8593, 0x011fdae7eff1c939}};
std::uint64_t subtract_borrow(number4& a, const number4& b) noexcept {
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const wide difference = static_cast<wide>(a[i]) - b[i] - borrow;
    a[i] = static_cast<std::uint64_t>(difference);
    borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
  }
  return borrow;
}

void reduce_once(number4& a) noexcept {
  number4 less = a;
  if (subtract_borrow(less, modulus) == 0)
    a = less;
}

number4 load(byte_view wire) noexcept {
  number4 out{};
  if constexpr (std::endian::native == std::endian::little)
    std::memcpy(out.data(), wire.data(), sizeof out);
  else
    for (std::size_t i = 0; i < 32; ++i)
      out[i / 8] |= std::uint64_t{wire[i]} << (8 * (i % 8));
  return out;
}

} // namespace

bool number_less(const number4& a, const number4& b) noexcept {
  for (std::size_t i = 4; i-- > 0;)
    if (a[i] != b[i])
      return a[i] < b[i];
  return false;
}

bool is_field(byte_view wire) noexcept {
  return number_less(load(wire), modulus);
}
bool is_scalar(byte_view wire) noexcept {
  return number_less(load(wire), scalar_modulus);
}

field field::one() noexcept {
  return montgomery_one;
}

field field::half() noexcept {
  return {{0xc396fffffffffffa, 0xe60136071ffffff9, 0xbbc63149d6b1dff7, 0x0ffb9fc862f41ff9}};
}

field field::from(std::uint64_t value) noexcept {
  return field{{value, 0, 0, 0}} * montgomery_square;
}

field field::from_number(const number4& number) noexcept {
  // Montgomery multiplication reduces any number below 2^256 when the other factor is below Q.
  return field{number} * montgomery_square;
}

std::optional<field> field::from_wire(const hash& bytes) noexcept {
  const number4 number = load(bytes.bytes);
  if (!number_less(number, modulus))
    return std::nullopt;
  return field{number} * montgomery_square;
}

number4 field::number() const noexcept {
  return (*this * field{{1, 0, 0, 0}}).limbs;
}

hash wire_of_number(const number4& number) noexcept {
  hash out;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(out.bytes.data(), number.data(), out.bytes.size());
  } else {
    for (std::size_t i = 0; i < out.bytes.size(); ++i)
      out.bytes[i] = static_cast<std::uint8_t>(number[i / 8] >> (8 * (i % 8)));
  }
  return out;
}

number4 number_of_wire(const hash& wire) noexcept {
  return load(wire.bytes);
}

hash field::wire() const noexcept {
  return wire_of_number(number());
}

field operator+(const field& a, const field& b) noexcept {
  field out;
  wide carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    carry += static_cast<wide>(a.limbs[i]) + b.limbs[i];
    out.limbs[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  reduce_once(out.limbs); // 2Q is below 2^254: no carry is left
  return out;
}

field operator-(const field& a, const field& b) noexcept {
  field out = a;
  if (subtract_borrow(out.limbs, b.limbs) != 0) {
    wide carry = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      carry += static_cast<wide>(out.limbs[i]) + modulus[i];
      out.limbs[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
  }
  return out;
}

field operator-(const field& a) noexcept {
  return field{} - a;
}

// Montgomery multiplication, operand scanning.  The top limb of Q leaves the carry of each row room
// in one word (the "no-carry" case: Acar, "High-speed algorithms and architectures for
// number-theoretic cryptosystems", 1997, and the note of the gnark authors).
field operator*(const field& a, const field& b) noexcept {
  std::uint64_t t0 = 0, t1 = 0, t2 = 0, t3 = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint64_t factor = a.limbs[i];
    wide product = static_cast<wide>(factor) * b.limbs[0] + t0;
    const std::uint64_t low = static_cast<std::uint64_t>(product);
    std::uint64_t carry = static_cast<std::uint64_t>(product >> 64);
    const std::uint64_t m = low * negative_inverse;
    std::uint64_t reduce =
        static_cast<std::uint64_t>((static_cast<wide>(m) * modulus[0] + low) >> 64);
    const auto row = [&](std::uint64_t limb, std::uint64_t term, std::uint64_t modulus_limb) {
      const wide one = static_cast<wide>(factor) * limb + term + carry;
      carry = static_cast<std::uint64_t>(one >> 64);
      const wide two =
          static_cast<wide>(m) * modulus_limb + static_cast<std::uint64_t>(one) + reduce;
      reduce = static_cast<std::uint64_t>(two >> 64);
      return static_cast<std::uint64_t>(two);
    };
    t0 = row(b.limbs[1], t1, modulus[1]);
    t1 = row(b.limbs[2], t2, modulus[2]);
    t2 = row(b.limbs[3], t3, modulus[3]);
    t3 = reduce + carry;
  }
  field out{{t0, t1, t2, t3}};
  reduce_once(out.limbs);
  return out;
}

field power(const field& a, const number4& exponent) noexcept {
  std::array<field, 16> table;
  table[0] = field::one();
  for (std::size_t i = 1; i < table.size(); ++i)
    table[i] = table[i - 1] * a;
  field out = field::one();
  for (std::size_t digit = 64; digit-- > 0;) {
    for (int i = 0; i < 4; ++i)
      out = square(out);
    out = out * table[exponent[digit / 16] >> (4 * (digit % 16)) & 15];
  }
  return out;
}

} // namespace blockferry::chain
