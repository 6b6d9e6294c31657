#include "chain/math/adx_multiplier.hpp"
#include "chain/math/path_kernels.hpp"
#include "chain/math/scalar_kernels.hpp"

#if defined(__x86_64__)

namespace blockferry::chain {

const kernels& adx_kernels() {
  return loose::scalar_kernels<loose::adx_multiplier>::all;
}

} // namespace blockferry::chain

#endif
