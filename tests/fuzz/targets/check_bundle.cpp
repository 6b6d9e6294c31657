// A file of blocks through all three steps of the rules, at each level: first byte as `choice_of`
// reads it, then the file, whose mutations keep their framing, links and hashes (block_mutator).
#include "chain/aleo_rules.hpp"
#include "chain/bundle.hpp"
#include "chain/front.hpp"
#include "tests/fuzz/block_mutator.hpp"
#include "tests/fuzz/seed_chains.hpp"

using namespace blockferry;

namespace {

const chain::aleo_rules& rules_of(bool quorum) {
  static const chain::aleo_rules beacons{fuzz::beacon_chain(4).net};
  static const chain::aleo_rules committee{fuzz::quorum_chain(4).net};
  return quorum ? committee : beacons;
}

void check_results(const chain::checked_blocks& blocks, const chain::bundle_job& job) {
  fuzz::require(blocks.blocks.size() <= blocks.file_blocks, "no block that the file has not");
  for (std::size_t i = 0; i < blocks.blocks.size(); ++i) {
    const auto& one = blocks.blocks[i];
    fuzz::require(one.height == job.wanted.first + i, "heights rise by one");
    fuzz::require(one.offset + one.size <= job.bytes.size(), "a block lies in its file");
  }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  const auto [quorum, floor] = fuzz::choice_of(data[0]);
  const chain::byte_view file{data + 1, size - 1};
  const auto& rules = rules_of(quorum);
  chain::height_t start = 0;
  chain::chain_state before = chain::state_before_genesis();
  if (const auto framed = chain::split_bundle(file); framed && !framed->empty())
    if (const auto front = chain::read_front(framed->front().bytes);
        front && front->header.height > 0) {
      start = front->header.height;
      before = chain::state_before_pinned(start, front->block_hash);
    }
  const chain::bundle_job job{file, start, {start, 50}, floor, {}};
  const auto checked = rules.check_bundle(job, {});
  if (!checked) {
    fuzz::require(checked.error().kind == chain::failure_kind::refused, "nobody cancelled");
    fuzz::require(!chain::to_string(checked.error()).empty(), "a refusal has words");
    return 0;
  }
  check_results(*checked, job);
  if (checked->blocks.empty())
    return 0;
  const auto after = rules.extend(before, *checked);
  if (!after)
    return 0;
  fuzz::require(after->next_height == start + checked->blocks.size(), "every block counts");
  const auto records = rules.check_history(before, *checked, {});
  if (records)
    for (const auto& one : *records)
      fuzz::require((one.made & one.unmade).empty() && chain::level_of(one) >= floor,
                    "a record says what was made, and reaches the floor");
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t size_max, unsigned seed) {
  std::mt19937_64 random{seed};
  if (size == 0 || size_max < 2)
    return fuzz::LLVMFuzzerMutate(data, size, size_max);
  if (random() % 16 == 0)
    data[0] = static_cast<std::uint8_t>(random());
  const auto bytes = fuzz::mutated_bundle({data + 1, size - 1}, size_max - 1, random);
  std::copy(bytes.begin(), bytes.end(), data + 1);
  return bytes.size() + 1;
}
