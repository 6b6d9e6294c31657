// Inversion by division steps: Bernstein and Yang, "Fast constant-time gcd computation and modular
// inversion", 2019, section 11, in the variable-time form that takes several steps at a time.  62
// steps are computed on the lowest words alone; the 2 x 2 matrix they amount to is then applied to
// the whole numbers f, g and, modulo Q, to d, e.  Invariants: d x = f, e x = g modulo Q, f odd.
#include "chain/math/loose_field.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace blockferry::chain {
namespace {

__extension__ typedef __int128 signed_wide;

constexpr unsigned limb_bits = 62;
constexpr std::uint64_t limb_mask = (std::uint64_t{1} << limb_bits) - 1;

/// Sum of limb[i] 2^(62 i); the top limb carries the sign, the others lie in 0 .. 2^62 - 1.
using number62 = std::array<std::int64_t, 5>;

constexpr number62 split(const std::uint64_t* w) {
  return {static_cast<std::int64_t>(w[0] & limb_mask),
          static_cast<std::int64_t>((w[0] >> 62 | w[1] << 2) & limb_mask),
          static_cast<std::int64_t>((w[1] >> 60 | w[2] << 4) & limb_mask),
          static_cast<std::int64_t>((w[2] >> 58 | w[3] << 6) & limb_mask),
          static_cast<std::int64_t>(w[3] >> 56)};
}

constexpr number62 q62 = split(loose::modulus);

/// 2^62 (f', g') = (u f + v g, q f + r g)
struct step_matrix {
  std::int64_t u = 1, v = 0, q = 0, r = 1;
};

std::int64_t times(std::int64_t a, std::uint64_t b) { // modulo 2^64
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * b);
}

/// 62 division steps on the lowest words.  `eta` is minus the paper's delta.
step_matrix steps62(std::int64_t& eta, std::uint64_t f, std::uint64_t g) {
  step_matrix m;
  for (unsigned left = limb_bits;;) {
    const auto zeros = static_cast<unsigned>(std::countr_zero(g | ~std::uint64_t{0} << left));
    g >>= zeros;
    m.u = times(m.u, std::uint64_t{1} << zeros);
    m.v = times(m.v, std::uint64_t{1} << zeros);
    eta -= zeros;
    left -= zeros;
    if (left == 0)
      return m;
    if (eta < 0) { // swap
      eta = -eta;
      m = {m.q, m.r, -m.u, -m.v};
      const std::uint64_t old_f = f;
      f = g;
      g = 0 - old_f;
    }
    // The multiple of f that clears as many low bits of g as steps may be taken before the next
    // swap: -g / f modulo a power of two, where f (2 - f f) is 1 / f modulo 64 for odd f.
    const auto bits = std::min<std::uint64_t>({static_cast<std::uint64_t>(eta) + 1, left, 6});
    const std::uint64_t w = (f * g * (f * f - 2)) & ((std::uint64_t{1} << bits) - 1);
    g += f * w;
    m.q += times(m.u, w);
    m.r += times(m.v, w);
  }
}

/// (a x + b y) / 2^62, which divides.
number62 combine(const number62& x, const number62& y, std::int64_t a, std::int64_t b) {
  number62 out;
  signed_wide sum = static_cast<signed_wide>(a) * x[0] + static_cast<signed_wide>(b) * y[0];
  sum >>= limb_bits;
  for (std::size_t i = 1; i < 5; ++i) {
    sum += static_cast<signed_wide>(a) * x[i] + static_cast<signed_wide>(b) * y[i];
    out[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) & limb_mask);
    sum >>= limb_bits;
  }
  out[4] = static_cast<std::int64_t>(sum);
  return out;
}

/// (a x + b y) / 2^62 modulo Q; x, y and the result in -2 Q .. Q.
number62 combine_modulo(const number62& x, const number62& y, std::int64_t a, std::int64_t b) {
  // A multiple of Q that brings negative x, y into range, and then makes the low limb divisible.
  std::int64_t k = (a & (x[4] >> 63)) + (b & (y[4] >> 63));
  signed_wide sum = static_cast<signed_wide>(a) * x[0] + static_cast<signed_wide>(b) * y[0];
  constexpr std::uint64_t minus_inverse = loose::negative_inverse & limb_mask;
  const std::uint64_t low = static_cast<std::uint64_t>(sum) +
                            static_cast<std::uint64_t>(k) * static_cast<std::uint64_t>(q62[0]);
  // Chosen in -2^62 < more <= 0, as far below as the sum may be above.
  const auto more = static_cast<std::int64_t>((low * minus_inverse) & limb_mask);
  k += more - (more != 0 ? std::int64_t{1} << limb_bits : 0);
  sum += static_cast<signed_wide>(k) * q62[0];
  number62 out;
  sum >>= limb_bits;
  for (std::size_t i = 1; i < 5; ++i) {
    sum += static_cast<signed_wide>(a) * x[i] + static_cast<signed_wide>(b) * y[i] +
           static_cast<signed_wide>(k) * q62[i];
    out[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) & limb_mask);
    sum >>= limb_bits;
  }
  out[4] = static_cast<std::int64_t>(sum);
  return out;
}

/// The field limbs of sign * a for a in -2 Q .. Q.
field joined(number62 a, bool negated) {
  const auto carry = [&] {
    for (std::size_t i = 0; i < 4; ++i) {
      a[i + 1] += a[i] >> limb_bits;
      a[i] &= static_cast<std::int64_t>(limb_mask);
    }
  };
  const auto add_modulus_if_negative = [&] {
    if (a[4] < 0)
      for (std::size_t i = 0; i < 5; ++i)
        a[i] += q62[i];
    carry();
  };
  add_modulus_if_negative();
  if (negated)
    for (auto& limb : a)
      limb = -limb;
  carry();
  add_modulus_if_negative();
  add_modulus_if_negative();
  std::array<std::uint64_t, 5> w{};
  for (std::size_t i = 0; i < 5; ++i)
    w[i] = static_cast<std::uint64_t>(a[i]);
  return loose::canonical(field{
      {w[0] | w[1] << 62, w[1] >> 2 | w[2] << 60, w[2] >> 4 | w[3] << 58, w[3] >> 6 | w[4] << 56}});
}

} // namespace

field inverse(const field& a) noexcept {
  // a stands for x 2^256; the gcd gives 1 / (x 2^256), and two factors 2^512 / 2^256 bring it back.
  constexpr field square_of_factor = {
      {0x25d577bab861857b, 0xcc2c27b58860591f, 0xa7cc008fe5dc8593, 0x011fdae7eff1c939}};
  number62 f = q62, g = split(a.limbs.data()), d{}, e{1};
  for (std::int64_t eta = -1; g != number62{};) {
    const step_matrix m =
        steps62(eta, static_cast<std::uint64_t>(f[0]) | static_cast<std::uint64_t>(f[1]) << 62,
                static_cast<std::uint64_t>(g[0]) | static_cast<std::uint64_t>(g[1]) << 62);
    const number62 next_d = combine_modulo(d, e, m.u, m.v);
    e = combine_modulo(d, e, m.q, m.r);
    d = next_d;
    const number62 next_f = combine(f, g, m.u, m.v);
    g = combine(f, g, m.q, m.r);
    f = next_f;
  }
  // f is 1 or -1 (Q for a = 0, where d is 0).
  return joined(d, f[4] < 0) * square_of_factor * square_of_factor;
}

} // namespace blockferry::chain
