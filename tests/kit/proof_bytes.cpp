#include "tests/kit/proof_bytes.hpp"

#include <algorithm>

namespace blockferry::kit {
namespace {

/// Bytes of a proof over one circuit with one instance, and of each instance more.
constexpr std::size_t proof_bytes = 730;
constexpr std::size_t instance_bytes = 144;
/// More instances than this no reader takes (specification 9).
constexpr std::size_t instances_max = 527;

} // namespace

void append_groups(wire_writer& out, std::size_t count, std::mt19937_64& random) {
  for (; count > 0; --count) {
    out.field(random_field(random));
    out.zeros(16);
  }
}

void append_proof(wire_writer& out, std::size_t bytes, std::mt19937_64& random) {
  const auto more = bytes > proof_bytes ? (bytes - proof_bytes) / instance_bytes : 0;
  const auto instances = std::min(1 + more, instances_max);
  out.u8(1);
  out.u64(1);
  out.u64(instances);
  append_groups(out, instances, random);
  out.u8(0);
  append_groups(out, 7, random);
  for (std::size_t i = 0; i < 7 + 3 * instances; ++i)
    out.field(random_field(random));
  out.u64(0);
}

} // namespace blockferry::kit
