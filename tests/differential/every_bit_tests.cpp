// Every bit of one block flipped, a quorum block with every kind of what a block can carry, as the
// generator makes it: each flip is refused, or its position is on the short list of unbound.hpp.
// Of one real block of mainnet, with 325 signatures, every 128th bit.
//
//   every_bit_tests [-- STEP]    of the real block every STEPth bit, default 128
#include "data_folder.hpp"
#include "judge.hpp"
#include "unbound.hpp"

#include "chain/body/transmission_walk.hpp"
#include "chain/transactions/finalize_root.hpp"
#include "chain/transactions/ids.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/kit/made_chain.hpp"
#include "tests/kit/made_network.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <thread>

namespace blockferry::differential {
namespace {

/// Asks first those of the rules' own checks that cost little, of the part that the bit lies in.
class quick_refusal {
public:
  explicit quick_refusal(chain::byte_view original) : read_{*differential::read(original)} {
    const chain::transactions_area* const area = &read_.transactions;
    const auto ids = chain::compute_ids({&area, 1}).front();
    for (std::size_t i = 0; i < area->confirmed.size(); ++i) {
      const auto& one = area->confirmed[i];
      const auto offset = static_cast<std::size_t>(one.bytes.data() - original.data());
      starts_.push_back(offset);
      facts_.push_back({one.id.value(),
                        ids.unconfirmed[i],
                        chain::transmission_checksum(one, *area, ids.unconfirmed[i]),
                        0,
                        {}});
    }
  }

  /// True where a check refuses the block with one byte changed at `at`; else nothing is known.
  [[nodiscard]] bool refuses(chain::byte_view changed, std::size_t at) const {
    const auto read = differential::read(changed);
    if (!read || read->transactions.confirmed.size() != facts_.size())
      return true; // the number of transactions is what the subdag names
    const auto after = std::ranges::upper_bound(starts_, at);
    if (after == starts_.begin())
      return false;
    return checksum_differs(*read, static_cast<std::size_t>(after - starts_.begin()) - 1) ||
           finalize_root_differs(*read);
  }

private:
  /// Where the ids differ as well, the subdag names the transaction even less.
  [[nodiscard]] bool checksum_differs(const read_block& read, std::size_t index) const {
    auto facts = facts_;
    facts[index].checksum = chain::transmission_checksum(
        read.transactions.confirmed[index], read.transactions, facts[index].unconfirmed_id);
    return facts[index].checksum != facts_[index].checksum &&
           !chain::walk_transmissions(read.head, facts, read.aborted);
  }
  static bool finalize_root_differs(const read_block& read) {
    const chain::finalize_block block{&read.transactions, &read.head};
    const auto root = chain::finalize_roots({&block, 1}).front();
    return root && *root != read.front.finalize_root;
  }

  read_block read_;
  std::vector<std::size_t> starts_; ///< of the transactions' bytes
  std::vector<chain::transaction_facts> facts_;
};

/// What flipping gave.
struct flipped {
  std::vector<std::size_t> accepted; ///< bits
  std::size_t tried = 0, quick = 0;
  std::vector<std::size_t> hasty; ///< bits that the quick checks refuse, and the rules do not
};

/// Flips every `step`th bit from `first` on.  Every so often the rules judge what the quick checks
/// refuse.
flipped flip_bits(const judged_chain& chain, const quick_refusal& quick, chain::byte_buffer block,
                  std::size_t first, std::size_t step) {
  constexpr std::size_t judged_too = 251;
  flipped out;
  for (std::size_t bit = first; bit < 8 * block.size(); bit += step) {
    auto& byte = block[bit / 8];
    const auto before = byte;
    byte = static_cast<std::uint8_t>(byte ^ 1U << bit % 8);
    const bool refused = quick.refuses(block, bit / 8);
    ++out.tried;
    out.quick += refused ? 1U : 0U;
    if ((!refused || bit % judged_too == 0) && !chain.judge(block).failure)
      (refused ? out.hasty : out.accepted).push_back(bit);
    byte = before;
  }
  return out;
}

/// On two threads.
void expect_all_bound(const judged_chain& chain, std::size_t step) {
  const auto& block = chain.block(chain.next());
  const auto itself = chain.judge(block);
  BOOST_REQUIRE(!itself.failure);
  const auto list = unbound_parts(block, *differential::read(block), itself.record);
  const quick_refusal quick{block};
  std::array<flipped, 2> found;
  {
    const auto half = [&](std::size_t i) {
      found.at(i) = flip_bits(chain, quick, block, i * step, 2 * step);
    };
    std::thread other{half, 1};
    half(0);
    other.join();
  }
  std::map<std::string, std::size_t> free;
  for (const auto& one : found) {
    BOOST_TEST(one.hasty.empty());
    for (const auto bit : one.accepted) {
      const auto* const known = find(list, bit / 8);
      BOOST_CHECK_MESSAGE(known != nullptr, "bit " << bit % 8 << " of byte " << bit / 8 << " of "
                                                   << block.size() << " is bound by nothing");
      if (known != nullptr)
        ++free[known->why];
    }
  }
  std::cout << found[0].tried + found[1].tried << " of " << 8 * block.size() << " bits, "
            << found[0].quick + found[1].quick << " refused by the quick checks, "
            << found[0].accepted.size() + found[1].accepted.size() << " bound by nothing\n";
  for (const auto& [why, times] : free)
    std::cout << times << " free, " << why << '\n';
}

/// Of the block of this height of a chain with all kinds.
void expect_made_block_bound(chain::height_t height, std::size_t step) {
  constexpr std::size_t fewest_validators = 3;
  const kit::chain_plan plan{.net = kit::developer_network({}, false),
                             .seed = 20,
                             .validators = kit::make_validators(fewest_validators, 20),
                             .delegators = 1,
                             .kinds = kit::all_kinds()};
  judged_chain chain{kit::blocks_of(plan, height + 1), plan.net};
  chain.advance_to(height);
  expect_all_bound(chain, step);
}

} // namespace

BOOST_AUTO_TEST_SUITE(every_bit_tests)

// Without solutions, so that nothing is left out of the finalize root.
BOOST_AUTO_TEST_CASE(every_bit_of_a_quorum_block_of_all_kinds_is_bound) {
  expect_made_block_bound(9, 1);
}

// Its solutions and their rewards; the operations are bound by nothing.
BOOST_AUTO_TEST_CASE(bits_of_a_quorum_block_with_solutions_are_bound_but_for_its_operations) {
  expect_made_block_bound(8, 16);
}

BOOST_AUTO_TEST_CASE(bits_of_a_real_mainnet_block_are_bound) {
  const auto path = data_folder / "mainnet.1203288.block";
  if (!std::filesystem::exists(path)) {
    std::cout << "SKIPPED: no " << path << '\n';
    return;
  }
  const auto& arguments = boost::unit_test::framework::master_test_suite();
  const std::size_t step = arguments.argc > 1 ? std::strtoull(arguments.argv[1], nullptr, 10) : 128;
  expect_all_bound(judged_chain{{kit::read_file(path)}, chain::mainnet(), true}, step);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::differential
