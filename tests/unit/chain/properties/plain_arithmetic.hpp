#pragma once

#include "chain/math/field.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

/// The arithmetic of the specification (3.1 to 3.5) word for word: slow, short, and without
/// anything that the product does to be fast.  Each layer stands on the one below it, which is
/// compared with the product by itself: numbers on integers, points on the product's fields, hashes
/// on points.
namespace blockferry::chain::plain {

/// A number of 256 bits, least significant limb first.
using number = std::array<std::uint64_t, 4>;

/// Q.
inline constexpr number modulus = {0x0a11800000000001, 0x59aa76fed0000001, 0x60b44d1e5c37b001,
                                   0x12ab655e9a2ca556};

/// Bit by bit, all below Q.
[[nodiscard]] number sum(const number& a, const number& b);
[[nodiscard]] number difference(const number& a, const number& b);
[[nodiscard]] number product(const number& a, const number& b);
[[nodiscard]] number power(const number& a, const number& exponent);
/// What is left of any number of 256 bits.
[[nodiscard]] number reduced(number of);

/// A point of the curve; the identity is (0, 1).
struct affine {
  field x;
  field y = field::one();
  friend bool operator==(const affine&, const affine&) = default;
};
/// The one law of addition of a complete Edwards curve, division and all.
[[nodiscard]] affine sum(const affine& a, const affine& b);
[[nodiscard]] affine multiple(const affine& a, const number& times);

using bits = std::vector<bool>;
void append(bits& to, std::uint64_t value, std::size_t count);
void append(bits& to, const hash& element); ///< its 253 bits

/// BHP of `windows` windows of `window_size` chunks (3.4).
class bhp {
public:
  bhp(std::size_t windows, std::size_t window_size, const std::string& domain);
  [[nodiscard]] field operator()(const bits& input) const;

private:
  [[nodiscard]] field round(bits message) const;

  std::vector<std::array<affine, 4>> multiples_; ///< of each base: once, twice, ..
  bits domain_;
};
[[nodiscard]] const bhp& bhp1024();
[[nodiscard]] const bhp& bhp512();

/// Root of a tree (3.5) over leaves of any length.
[[nodiscard]] hash leaf(const bits& of);
[[nodiscard]] hash node(const hash& left, const hash& right);
[[nodiscard]] hash root(std::vector<hash> hashed_leaves, unsigned depth);

} // namespace blockferry::chain::plain
