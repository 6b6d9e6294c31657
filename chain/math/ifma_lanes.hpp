#pragma once

#include "chain/math/loose_field.hpp"

#if defined(__x86_64__)

// GCC 12's header has variables that are uninitialised on purpose (GCC bug 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#pragma GCC diagnostic pop

/// Functions of this file are compiled for AVX-512 IFMA whatever the build's target is; only code
/// that carries the same attribute may inline them, and it may run only where
/// `machine_has(cpu_path::ifma)`.
#define BLOCKFERRY_IFMA_TARGET "avx512f,avx512dq,avx512ifma,bmi2,adx"
#define BLOCKFERRY_IFMA __attribute__((always_inline, target(BLOCKFERRY_IFMA_TARGET))) inline
#define BLOCKFERRY_IFMA_FUNCTION __attribute__((target(BLOCKFERRY_IFMA_TARGET)))

namespace blockferry::chain::ifma {

constexpr std::size_t lane_count = 8;

/// Eight field elements side by side, in five limbs of 52 bits, in Montgomery form with 2^260
/// (Gueron and Krasnov, "Accelerating big integer arithmetic using Intel IFMA extensions", 2016).
/// Scalar elements have 2^256: loading shifts them by four bits, which is the whole conversion.
///
/// Values are loose: 2^260 is above 219 Q, so a product of factors below x Q and y Q is below
/// (x y / 219 + 1) Q.  A loaded value is below 16 Q.
///
/// "Raw" limbs may hold more than 52 bits and be negative, as sums and products leave them;
/// `carried` makes the low 52 bits of each limb right, which is all that the multiplication
/// instructions read; `masked` also clears the bits above.
struct lanes {
  __m512i limb[5];
};

/// Q, and -1 / Q modulo 2^52.
constexpr std::uint64_t modulus52[5] = {0x1800000000001, 0xfed00000010a1, 0xc37b00159aa76,
                                        0xa55660b44d1e5, 0x12ab655e9a2c};
constexpr std::uint64_t negative_inverse52 = 0x17fffffffffff;

BLOCKFERRY_IFMA __m512i every(std::uint64_t value) {
  return _mm512_set1_epi64(static_cast<long long>(value));
}

BLOCKFERRY_IFMA __m512i join(const std::uint64_t* low, const std::uint64_t* high) {
  return _mm512_inserti64x4(
      _mm512_castsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(low))),
      _mm256_loadu_si256(reinterpret_cast<const __m256i*>(high)), 1);
}

/// Reads four words a lane, as an element in eight lanes below 16 Q, ready for multiplication.
BLOCKFERRY_IFMA lanes load(const std::uint64_t* const* from) {
  // Words by lane -> lanes by word; lane order 0 1 2 3 in the low halves, 4 5 6 7 in the high ones.
  const __m512i a = join(from[0], from[4]), b = join(from[1], from[5]), c = join(from[2], from[6]),
                d = join(from[3], from[7]);
  const __m512i ab02 = _mm512_unpacklo_epi64(a, b), ab13 = _mm512_unpackhi_epi64(a, b);
  const __m512i cd02 = _mm512_unpacklo_epi64(c, d), cd13 = _mm512_unpackhi_epi64(c, d);
  const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
  const __m512i high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  const __m512i w0 = _mm512_permutex2var_epi64(ab02, low, cd02);
  const __m512i w1 = _mm512_permutex2var_epi64(ab13, low, cd13);
  const __m512i w2 = _mm512_permutex2var_epi64(ab02, high, cd02);
  const __m512i w3 = _mm512_permutex2var_epi64(ab13, high, cd13);
  return {{_mm512_slli_epi64(w0, 4),
           _mm512_or_si512(_mm512_srli_epi64(w0, 48), _mm512_slli_epi64(w1, 16)),
           _mm512_or_si512(_mm512_srli_epi64(w1, 36), _mm512_slli_epi64(w2, 28)),
           _mm512_or_si512(_mm512_srli_epi64(w2, 24), _mm512_slli_epi64(w3, 40)),
           _mm512_srli_epi64(w3, 12)}};
}

BLOCKFERRY_IFMA lanes masked(lanes a) {
  const __m512i mask = every((std::uint64_t{1} << 52) - 1);
#pragma GCC unroll 5
  for (std::size_t i = 0; i < 5; ++i)
    a.limb[i] = _mm512_and_si512(a.limb[i], mask);
  return a;
}

BLOCKFERRY_IFMA lanes add(const lanes& a, const lanes& b) {
  lanes out;
#pragma GCC unroll 5
  for (std::size_t i = 0; i < 5; ++i)
    out.limb[i] = _mm512_add_epi64(a.limb[i], b.limb[i]);
  return out;
}

/// a + 16 Q
BLOCKFERRY_IFMA lanes add_modulus(lanes a) {
#pragma GCC unroll 5
  for (std::size_t i = 0; i < 5; ++i)
    a.limb[i] = _mm512_add_epi64(a.limb[i], every(16 * modulus52[i]));
  return a;
}

/// a - b + 16 Q, for b below 16 Q.  In a chain of additions of points, differences stay below 19 Q
/// and products below 2.7 Q.
BLOCKFERRY_IFMA lanes subtract(const lanes& a, const lanes& b) {
  lanes out;
#pragma GCC unroll 5
  for (std::size_t i = 0; i < 5; ++i)
    out.limb[i] =
        _mm512_add_epi64(_mm512_sub_epi64(a.limb[i], b.limb[i]), every(16 * modulus52[i]));
  return out;
}

/// -a in the lanes of the mask
BLOCKFERRY_IFMA lanes negate_where(__mmask8 which, lanes a) {
#pragma GCC unroll 5
  for (std::size_t i = 0; i < 5; ++i)
    a.limb[i] = _mm512_mask_sub_epi64(a.limb[i], which, _mm512_setzero_si512(), a.limb[i]);
  return a;
}

BLOCKFERRY_IFMA lanes carried(lanes a) {
#pragma GCC unroll 5
  for (std::size_t i = 0; i < 4; ++i)
    a.limb[i + 1] = _mm512_add_epi64(a.limb[i + 1], _mm512_srai_epi64(a.limb[i], 52));
  return a;
}

/// A sum of products in ten limbs, raw, by 2^260; uses the limbs up.
BLOCKFERRY_IFMA lanes reduced(__m512i* t) {
  const __m512i mask = every((std::uint64_t{1} << 52) - 1);
#pragma GCC unroll 5
  for (std::size_t i = 0; i < 5; ++i) {
    const __m512i m =
        _mm512_madd52lo_epu64(_mm512_setzero_si512(), t[i], every(negative_inverse52));
    // The low half of m q0 makes the low 52 bits of t[i] zero: it carries one unless they were.
    const __m512i carry = _mm512_srli_epi64(_mm512_add_epi64(t[i], mask), 52);
    t[i + 1] = _mm512_add_epi64(t[i + 1], carry);
    t[i + 1] = _mm512_madd52hi_epu64(t[i + 1], m, every(modulus52[0]));
#pragma GCC unroll 4
    for (std::size_t j = 1; j < 5; ++j) {
      t[i + j] = _mm512_madd52lo_epu64(t[i + j], m, every(modulus52[j]));
      t[i + j + 1] = _mm512_madd52hi_epu64(t[i + j + 1], m, every(modulus52[j]));
    }
  }
  return {{t[5], t[6], t[7], t[8], t[9]}};
}

/// The product, raw; factors carried.
BLOCKFERRY_IFMA lanes multiply(const lanes& a, const lanes& b) {
  __m512i t[10];
#pragma GCC unroll 10
  for (auto& one : t)
    one = _mm512_setzero_si512();
#pragma GCC unroll 5
  for (std::size_t i = 0; i < 5; ++i)
#pragma GCC unroll 5
    for (std::size_t j = 0; j < 5; ++j) {
      t[i + j] = _mm512_madd52lo_epu64(t[i + j], a.limb[i], b.limb[j]);
      t[i + j + 1] = _mm512_madd52hi_epu64(t[i + j + 1], a.limb[i], b.limb[j]);
    }
  return reduced(t);
}

} // namespace blockferry::chain::ifma

#endif
