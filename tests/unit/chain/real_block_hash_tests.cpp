// Every block of the reference data: its hash from its header, and its state root from all hashes.
#include "chain/hash/block_tree.hpp"
#include "chain/hash/header_hash.hpp"
#include "number.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace blockferry::chain::tests {
namespace {

std::uint64_t u64_at(byte_view bytes, std::size_t offset) {
  std::uint64_t out = 0;
  for (std::size_t i = 8; i-- > 0;)
    out = out << 8 | bytes[offset + i];
  return out;
}

hash block_part(byte_view bytes, std::size_t offset) {
  hash out;
  std::ranges::copy(bytes.subspan(offset, 32), out.bytes.begin());
  return out;
}

/// The fronts of a chain's blocks, from its bundles in order.
std::vector<byte_buffer> fronts_of(const std::filesystem::path& chain) {
  std::vector<byte_buffer> out;
  for (unsigned start = 0;; start += 50) {
    const auto name = std::to_string(start) + "." + std::to_string(start + 50) + ".blocks";
    std::ifstream file{chain / name, std::ios::binary};
    const byte_buffer bytes{std::istreambuf_iterator<char>{file}, {}};
    if (bytes.empty())
      return out;
    for (std::size_t at = 8; at < bytes.size(); at += 8 + u64_at(bytes, at))
      out.emplace_back(bytes.begin() + static_cast<std::ptrdiff_t>(at + 8),
                       bytes.begin() + static_cast<std::ptrdiff_t>(at + 8 + front_bytes));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(real_block_hash_tests)

// Goal: hashes and roots of every block, at every place of a batch.
// Method: batches of a size that shares no factor with the tree's.
BOOST_AUTO_TEST_CASE(every_block_has_the_hash_and_the_state_root_it_carries) {
  const std::filesystem::path data = std::filesystem::path{BLOCKFERRY_SHARED_DIR} / "data/aleo";
  if (!std::filesystem::exists(data)) {
    BOOST_TEST_MESSAGE("SKIPPED: no reference blocks in " << data);
    return;
  }
  std::size_t checked = 0;
  for (const char* name :
       {"mainnet", "canary", "devnet4", "devnet10", "devnet-staking", "devnet-staking2"}) {
    const auto fronts = fronts_of(data / name);
    std::vector<subtree> peaks;
    for (std::size_t from = 0; from < fronts.size(); from += 77) {
      const auto count = std::min<std::size_t>(77, fronts.size() - from);
      std::vector<byte_view> views(fronts.begin() + static_cast<std::ptrdiff_t>(from),
                                   fronts.begin() + static_cast<std::ptrdiff_t>(from + count));
      std::vector<hash> hashes(count), leaves(count);
      block_hashes(views, hashes);
      tree_leaves(hashes, leaves);
      const auto roots = state_roots(peaks, from, leaves);
      for (std::size_t i = 0; i < count; ++i) {
        BOOST_REQUIRE_EQUAL(hashes[i], block_part(views[i], 1));
        BOOST_REQUIRE_EQUAL(roots[i], block_part(views[i], 66));
      }
      append_subtrees(peaks, fold_leaves(static_cast<height_t>(from), leaves));
      checked += count;
    }
  }
  BOOST_TEST(checked > 2600U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
