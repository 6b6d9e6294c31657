#include "tests/kit/solutions.hpp"

#include "chain/hash/poseidon.hpp"
#include "chain/hash/sha256.hpp"
#include "tests/kit/wire_writer.hpp"

namespace blockferry::kit {

std::uint64_t made_solution::id() const {
  wire_writer out;
  out.raw(chain::byte_view{epoch_hash.bytes}.first(8));
  out.raw(prover.bytes);
  out.u64(counter);
  const auto inner = chain::sha256(out.bytes());
  return chain::load_le<std::uint64_t>(chain::sha256(inner.bytes).bytes);
}

chain::byte_buffer wire_of(std::span<const made_solution> solutions) {
  wire_writer out;
  out.u8(1);
  out.u8(solutions.empty() ? 0 : 1);
  if (!solutions.empty())
    out.u8(static_cast<std::uint8_t>(solutions.size()));
  for (const auto& one : solutions) {
    out.field(one.epoch_hash);
    out.field(one.prover);
    out.u64(one.counter);
    out.u64(one.target);
  }
  return out.take();
}

chain::hash solutions_root(std::span<const made_solution> solutions) {
  constexpr std::size_t leaves = 4;
  if (solutions.empty())
    return {};
  std::vector<chain::field> ids(leaves);
  for (std::size_t i = 0; i < solutions.size(); ++i)
    ids.at(i) = chain::field::from(solutions[i].id());
  return chain::poseidon8().hash(ids).wire();
}

} // namespace blockferry::kit
