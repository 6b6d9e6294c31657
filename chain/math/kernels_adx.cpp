#include "chain/math/adx_multiplier.hpp"
#include "chain/math/path_kernels.hpp"
#include "chain/math/scalar_kernels.hpp"

#if defined(__x86_64__)

namespace blockferry::chain {

const kernels& adx_kernels() {
  return scalar_path<loose::adx_multiplier>;
}

} // namespace blockferry::chain

#endif
