#include "chain/math/kernels.hpp"

#include "chain/math/path_kernels.hpp"

namespace blockferry::chain {

const kernels& kernels_of(cpu_path path) {
#if defined(__x86_64__)
  switch (path) {
  case cpu_path::portable:
    return portable_kernels();
  case cpu_path::adx:
    return adx_kernels();
  case cpu_path::ifma:
    return ifma_kernels();
  }
#endif
  static_cast<void>(path);
  return portable_kernels();
}

const kernels& active_kernels() {
  return kernels_of(active_cpu_path());
}

std::vector<field> x_coordinates(std::span<const point> points) {
  std::vector<field> out(points.size());
  active_kernels().x_coordinates(points, out);
  return out;
}

} // namespace blockferry::chain
