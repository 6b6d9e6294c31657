#include "chain/math/path_kernels.hpp"
#include "chain/math/scalar_kernels.hpp"

namespace blockferry::chain {

const kernels& portable_kernels() {
  return scalar_path<loose::portable_multiplier>;
}

} // namespace blockferry::chain
