#pragma once

#include "chain/math/loose_field.hpp"
#include "chain/math/permutation.hpp"

#include <array>

namespace blockferry::chain::loose {

/// Sum of products, reduced once: products of elements below 2 Q and below Q, at most nine of them,
/// so that the sum stays below 2^256 1.4 Q.  The result is below 2.4 Q.
class product_sum {
public:
  void add(const field& a, const field& b) noexcept {
    std::uint64_t product[8]; // by rows, so that each row's last carry finds its word unused
    for (std::size_t i = 0; i < 4; ++i) {
      std::uint64_t carry = 0;
      for (std::size_t j = 0; j < 4; ++j) {
        wide one = static_cast<wide>(a.limbs[i]) * b.limbs[j] + carry;
        if (i > 0)
          one += product[i + j];
        product[i + j] = static_cast<std::uint64_t>(one);
        carry = static_cast<std::uint64_t>(one >> 64);
      }
      product[i + 4] = carry;
    }
    // 18 Q^2 is below 2^512: no carry leaves the last word.
    wide carry = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      carry += static_cast<wide>(sum_[i]) + product[i];
      sum_[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
  }
  [[nodiscard]] field reduced() noexcept {
    std::uint64_t above = 0; // carries into the upper half
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint64_t m = sum_[i] * negative_inverse;
      std::uint64_t carry = 0;
      for (std::size_t j = 0; j < 4; ++j) {
        const wide one = static_cast<wide>(m) * modulus[j] + sum_[i + j] + carry;
        sum_[i + j] = static_cast<std::uint64_t>(one);
        carry = static_cast<std::uint64_t>(one >> 64);
      }
      const wide one = static_cast<wide>(sum_[i + 4]) + carry + above;
      sum_[i + 4] = static_cast<std::uint64_t>(one);
      above = static_cast<std::uint64_t>(one >> 64);
    }
    return {{sum_[4], sum_[5], sum_[6], sum_[7]}};
  }

private:
  std::array<std::uint64_t, 8> sum_{};
};

/// The permutation over one multiplication.  Elements stay below 2.4 Q between rounds.
template <class Multiplier>
struct scalar_permutation {
  using state = std::array<field, permutation_width_max>;

  [[nodiscard]] static field power17(const field& a) noexcept {
    field b = Multiplier::multiply(a, a);
    for (int i = 0; i < 3; ++i)
      b = Multiplier::multiply(b, b);
    return Multiplier::multiply(a, b);
  }

  static void full_round(std::size_t t, const field* constants, const field* matrix,
                         state& s) noexcept {
    for (std::size_t i = 0; i < t; ++i)
      s[i] = power17(Multiplier::add(s[i], constants[i]));
    state next;
    for (std::size_t i = 0; i < t; ++i) {
      product_sum sum;
      for (std::size_t j = 0; j < t; ++j)
        sum.add(s[j], matrix[i * t + j]);
      next[i] = sum.reduced();
    }
    for (std::size_t i = 0; i < t; ++i)
      s[i] = next[i];
  }

  static void partial_round(std::size_t t, const field* sparse, state& s) noexcept {
    const field* row = sparse + 1;
    const field* column = row + t;
    const field first = power17(Multiplier::add(s[0], sparse[0]));
    product_sum sum;
    sum.add(first, row[0]);
    for (std::size_t j = 1; j < t; ++j) {
      sum.add(s[j], row[j]);
      s[j] = halfway(Multiplier::add(s[j], Multiplier::multiply(first, column[j - 1])));
    }
    s[0] = sum.reduced();
  }

  static void permute(const permutation_tables& of, std::span<field> states) {
    const std::size_t t = of.width;
    for (std::size_t at = 0; at < states.size(); at += t) {
      state s;
      for (std::size_t i = 0; i < t; ++i)
        s[i] = states[at + i];
      for (std::size_t r = 0; r < of.half_rounds; ++r) {
        const auto& matrix = r + 1 < of.half_rounds ? of.matrix : of.joint;
        full_round(t, of.before.data() + r * t, matrix.data(), s);
      }
      for (std::size_t i = 1; i < t; ++i)
        s[i] = halfway(s[i]);
      for (std::size_t r = 0; r < of.partial_rounds; ++r)
        partial_round(t, of.sparse.data() + r * 2 * t, s);
      for (std::size_t r = 0; r < of.half_rounds; ++r)
        full_round(t, of.after.data() + r * t, of.matrix.data(), s);
      for (std::size_t i = 0; i < t; ++i)
        states[at + i] = canonical(s[i]);
    }
  }
};

} // namespace blockferry::chain::loose
