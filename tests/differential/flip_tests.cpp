// One flipped bit of a block that was verified at level `content`: refused, or its position is on
// the short list of those that nothing binds, which README.md gives with its reasons.
//
//   flip_tests [-- BITS]      bits tried of each block, default 400; 0: every bit
#include "data_folder.hpp"
#include "judge.hpp"
#include "part_map.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>
#include <map>

namespace blockferry::differential {
namespace {

/// Bytes that nothing binds, and why.
struct unbound {
  part where;
  std::string why;
};

/// In a beacon block no batch carries the checksums of transactions (specification 6.2 and 8): what
/// their ids do not hash is free.
void add_of_beacon(chain::byte_view block, const read_block& read, std::vector<unbound>& out) {
  const auto at = [&](chain::byte_view view) {
    return static_cast<std::size_t>(view.data() - block.data());
  };
  const auto add = [&](chain::byte_view view, const char* why) {
    if (!view.empty())
      out.push_back({{at(view), view.size()}, why});
  };
  for (const auto& one : read.transactions.transitions) {
    add(one.tpk.bytes(), "tpk: in no id");
    add(one.scm.bytes(), "scm: in no id");
    const auto* const names = reinterpret_cast<const std::uint8_t*>(one.program.data());
    const auto* const end =
        reinterpret_cast<const std::uint8_t*>(one.function.data()) + one.function.size();
    add({names, end}, "program and function: hashed with public values alone");
  }
  for (const auto& one : read.transactions.confirmed) {
    add(one.execution.proof, "proof: for the prover's check alone");
    add(one.execution.state_root.bytes(), "global state root: for the prover's check alone");
    add(one.fee.proof, "proof: for the prover's check alone");
    add(one.fee.state_root.bytes(), "global state root: for the prover's check alone");
  }
  for (const auto& one : read.transactions.values) {
    add(one.tag.bytes(), "tag: in no id");
    add(one.sender_ciphertext.bytes(), "sender ciphertext: in no id");
    if (one.checksum)
      add(one.checksum.bytes(), "checksum of a record without its value");
  }
}

/// Without the balances that a puzzle reward needs there is no finalize root to compare with.
void add_operations(chain::byte_view block, const read_block& read, std::vector<unbound>& out) {
  for (const auto& one : read.transactions.operations)
    out.push_back(
        {{static_cast<std::size_t>(one.fields.data() - block.data()) - 1, 1 + one.fields.size()},
         "finalize operation of a block with a puzzle reward"});
}

const unbound* find(const std::vector<unbound>& list, std::size_t at) {
  for (const auto& one : list)
    if (at >= one.where.offset && at < one.where.offset + one.where.size)
      return &one;
  return nullptr;
}

std::size_t bits_to_try() {
  const auto& arguments = boost::unit_test::framework::master_test_suite();
  return arguments.argc > 1 ? std::strtoull(arguments.argv[1], nullptr, 10) : 400;
}

/// Flips bits evenly over the block, and counts those that nothing binds.
void flip(const judged_chain& chain, chain::height_t height,
          std::map<std::string, std::size_t>& free) {
  auto block = chain.block(height);
  const auto itself = chain.judge(block);
  BOOST_REQUIRE_MESSAGE(!itself.failure, "block " << height << " itself is refused");
  const auto original = block;
  const auto read = differential::read(original);
  BOOST_REQUIRE(read.has_value());
  std::vector<unbound> list;
  if (!read->head.quorum)
    add_of_beacon(original, *read, list);
  if (itself.record.unmade.has(chain::check::finalize_root))
    add_operations(original, *read, list);
  const std::size_t all = 8 * block.size();
  const std::size_t some = bits_to_try() == 0 ? all : std::min(all, bits_to_try());
  for (std::size_t i = 0; i < some; ++i) {
    // A step that shares no factor with a power of two, so that all bits of a byte have their turn.
    const std::size_t bit = some == all ? i : (i * (all / some | 1)) % all;
    block[bit / 8] = static_cast<std::uint8_t>(block[bit / 8] ^ (1U << (bit % 8)));
    if (!chain.judge(block).failure) {
      const unbound* const known = find(list, bit / 8);
      BOOST_CHECK_MESSAGE(known != nullptr, "bit " << bit % 8 << " of byte " << bit / 8
                                                   << " of block " << height
                                                   << " is bound by nothing");
      if (known != nullptr)
        ++free[known->why];
    }
    block[bit / 8] = original[bit / 8];
  }
}

void flip_blocks(const std::string& name, std::initializer_list<chain::height_t> heights) {
  if (!std::filesystem::exists(data_folder)) {
    BOOST_TEST_MESSAGE("SKIPPED: no reference blocks in " << data_folder);
    return;
  }
  judged_chain chain{data_folder, name};
  std::map<std::string, std::size_t> free;
  for (const auto height : heights) {
    chain.advance_to(height);
    flip(chain, height, free);
  }
  for (const auto& [why, times] : free)
    std::cout << name << ": " << times << " free, " << why << '\n';
}

} // namespace

BOOST_AUTO_TEST_SUITE(flip_tests)

BOOST_AUTO_TEST_CASE(every_bit_of_a_beacon_block_is_bound) {
  flip_blocks("mainnet", {0, 1, 57});
}

BOOST_AUTO_TEST_CASE(every_bit_of_a_quorum_block_is_bound) {
  flip_blocks("devnet4", {0, 13, 20, 33, 46});
  flip_blocks("devnet-staking2", {76, 85});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::differential
