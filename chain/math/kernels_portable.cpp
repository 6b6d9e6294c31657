#include "chain/math/path_kernels.hpp"
#include "chain/math/scalar_kernels.hpp"

namespace blockferry::chain {

const kernels& portable_kernels() {
  return loose::scalar_kernels<loose::portable_multiplier>::all;
}

} // namespace blockferry::chain
