#pragma once

#include "chain/math/kernels.hpp"

namespace blockferry::chain {

/// The kernels of each path; the last two exist on x86-64 only.
[[nodiscard]] const kernels& portable_kernels();
[[nodiscard]] const kernels& adx_kernels();
[[nodiscard]] const kernels& ifma_kernels();

} // namespace blockferry::chain
