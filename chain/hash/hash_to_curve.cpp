#include "chain/hash/hash_to_curve.hpp"

#include "chain/hash/blake2xs.hpp"

namespace blockferry::chain {

point hash_to_curve(const std::string& text) {
  // A try succeeds with probability of about 0.3; the constants of the chain need at most some ten.
  for (unsigned k = 0;; ++k) {
    hash digest{blake2xs(text + " in " + std::to_string(k))};
    const bool larger = digest.bytes[31] >> 7 != 0;
    digest.bytes[31] &= 0x1f; // 253 bits
    const auto x = field::from_wire(digest);
    const auto y = x ? y_of(*x) : std::nullopt;
    if (!y)
      continue;
    const point found = twice(twice(affine_point(*x, larger ? -*y : *y)));
    if (!is_identity(found))
      return found;
  }
}

} // namespace blockferry::chain
