#pragma once

#include "chain/math/kernels.hpp"
#include "chain/math/scalar_ladders.hpp"
#include "chain/math/scalar_permutation.hpp"

namespace blockferry::chain {

/// The kernels of each path; the last two exist on x86-64 only.
[[nodiscard]] const kernels& portable_kernels();
[[nodiscard]] const kernels& adx_kernels();
[[nodiscard]] const kernels& ifma_kernels();

/// All kernels over one multiplication.
template <class Multiplier>
constexpr kernels scalar_path = {loose::scalar_kernels<Multiplier>::multiply,
                                 loose::scalar_kernels<Multiplier>::sum,
                                 loose::scalar_kernels<Multiplier>::x_coordinates,
                                 loose::scalar_kernels<Multiplier>::x_wires,
                                 loose::scalar_kernels<Multiplier>::prepare,
                                 loose::scalar_ladders<Multiplier>::power,
                                 loose::scalar_ladders<Multiplier>::multiples,
                                 loose::scalar_permutation<Multiplier>::permute};

} // namespace blockferry::chain
