#pragma once

#include "chain/math/kernels.hpp"

#if defined(__x86_64__)

namespace blockferry::chain::ifma {

/// See `kernels`; each in eight lanes.
void power(std::span<const field> bases, const std::array<std::uint64_t, 4>& exponent,
           std::span<field> out);
void multiples(const term* terms, std::size_t count, unsigned doublings, std::span<point> out);
void permute(const permutation_tables& of, std::span<field> states);

} // namespace blockferry::chain::ifma

#endif
