#pragma once

#include "chain/math/ifma_lanes.hpp"

#if defined(__x86_64__)

namespace blockferry::chain::ifma {

/// To memory and back, as they are.
BLOCKFERRY_IFMA void spill(const lanes& a, std::uint64_t* to) {
#pragma GCC unroll 5
  for (std::size_t i = 0; i < 5; ++i)
    _mm512_storeu_si512(to + i * lane_count, a.limb[i]);
}
BLOCKFERRY_IFMA lanes unspill(const std::uint64_t* from) {
  lanes out;
#pragma GCC unroll 5
  for (std::size_t i = 0; i < 5; ++i)
    out.limb[i] = _mm512_loadu_si512(from + i * lane_count);
  return out;
}

/// Limb 4 of 2^256, which takes the 2^260 of these elements to the 2^256 of scalar ones.
constexpr std::uint64_t stored_factor = std::uint64_t{1} << 48;

/// The values below Q, for masked ones below 2 Q.
BLOCKFERRY_IFMA lanes less_modulus(const lanes& a) {
  lanes less;
#pragma GCC unroll 5
  for (std::size_t i = 0; i < 5; ++i)
    less.limb[i] = _mm512_sub_epi64(a.limb[i], every(modulus52[i]));
  less = carried(less);
  const __mmask8 negative = _mm512_movepi64_mask(less.limb[4]);
  less = masked(less);
#pragma GCC unroll 5
  for (std::size_t i = 0; i < 5; ++i)
    less.limb[i] = _mm512_mask_mov_epi64(less.limb[i], negative, a.limb[i]);
  return less;
}

BLOCKFERRY_IFMA void put(field* at, __m512i two) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), _mm512_castsi512_si256(two));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(at + 2), _mm512_extracti64x4_epi64(two, 1));
}

/// Writes a * scale / 2^260 to eight canonical scalar elements; a raw and below 16 Q, scale at most
/// 2^256.
BLOCKFERRY_IFMA void store_scaled(const lanes& a, std::uint64_t scale_limb_0,
                                  std::uint64_t scale_limb_4, field* to) {
  const __m512i zero = _mm512_setzero_si512();
  const lanes scale = {{every(scale_limb_0), zero, zero, zero, every(scale_limb_4)}};
  const lanes made = less_modulus(masked(carried(multiply(carried(a), scale))));
  const __m512i* l = made.limb;
  const __m512i w0 = _mm512_or_si512(l[0], _mm512_slli_epi64(l[1], 52));
  const __m512i w1 = _mm512_or_si512(_mm512_srli_epi64(l[1], 12), _mm512_slli_epi64(l[2], 40));
  const __m512i w2 = _mm512_or_si512(_mm512_srli_epi64(l[2], 24), _mm512_slli_epi64(l[3], 28));
  const __m512i w3 = _mm512_or_si512(_mm512_srli_epi64(l[3], 36), _mm512_slli_epi64(l[4], 16));
  // Lanes by word -> words by lane: pairs of words, then the pairs of even and of odd lanes.
  const __m512i even01 = _mm512_unpacklo_epi64(w0, w1), odd01 = _mm512_unpackhi_epi64(w0, w1);
  const __m512i even23 = _mm512_unpacklo_epi64(w2, w3), odd23 = _mm512_unpackhi_epi64(w2, w3);
  const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
  const __m512i second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  put(to, _mm512_permutex2var_epi64(even01, first, even23));      // lanes 0 and 2
  put(to + 1, _mm512_permutex2var_epi64(odd01, first, odd23));    // 1 and 3
  put(to + 4, _mm512_permutex2var_epi64(even01, second, even23)); // 4 and 6
  put(to + 5, _mm512_permutex2var_epi64(odd01, second, odd23));   // 5 and 7
}

/// Writes eight canonical scalar elements; raw and below 16 Q.
BLOCKFERRY_IFMA void store(const lanes& a, field* to) {
  store_scaled(a, 0, stored_factor, to);
}

} // namespace blockferry::chain::ifma

#endif
