#pragma once

#include "tests/kit/chain_maker.hpp"
#include "tests/kit/credits_calls.hpp"

#include <optional>
#include <set>
#include <string_view>

namespace blockferry::kit {

/// Kinds of what blocks carry.
enum class kind : std::uint8_t {
  split,    ///< `split`, without a fee
  transfer, ///< a public transfer with a public fee
  shield,   ///< `transfer_public_to_private` and back, with private fees
  deploy,   ///< a small program
  reject,   ///< a rejected execution and a rejected deployment
  stake,    ///< bonds, unbondings, claims, validators that join, close and leave
  solution, ///< solutions, and the puzzle reward for them
  abort,    ///< ids of aborted transactions and solutions
};
constexpr std::size_t kind_count = 8;
[[nodiscard]] std::string_view name_of(kind one) noexcept;
/// By name, or none.
[[nodiscard]] std::optional<kind> kind_named(std::string_view name) noexcept;
[[nodiscard]] std::set<kind> all_kinds();

/// Those who act in a made chain.
struct people {
  genesis_parts genesis; ///< everyone has a public balance
  account candidate;     ///< bonds ten million credits and becomes a validator, and leaves
  account newcomer;      ///< bonds to the candidate, and leaves
  account withdrawal;    ///< where the candidate's stake goes
  account prover;
};
/// With `delegators` of different stakes, one validator after another.
[[nodiscard]] people make_people(std::vector<validator> validators, std::size_t delegators,
                                 std::uint64_t seed);

/// Makes the content of blocks: of each kind something in each block, of `stake` what its schedule
/// has.  The schedule takes 400 blocks, for what is unbonded is claimed 360 blocks later, and then
/// begins anew.
class traffic {
public:
  traffic(chain::network net, people who, std::set<kind> kinds, std::uint64_t seed);

  [[nodiscard]] block_content next(const block_place& at);

private:
  [[nodiscard]] fee_terms public_fee(const chain::hash& payer);
  [[nodiscard]] fee_terms private_fee();
  void execute(block_content& out, credits_name name, const credits_arguments& with,
               const fee_terms& fee, bool accepted = true);
  void deploy(block_content& out, chain::height_t height, bool accepted);
  void add_kind(block_content& out, kind one, const block_place& at);
  void add_staking(block_content& out, chain::height_t height);
  void add_solutions(block_content& out, const block_place& at);

  chain::network net_;
  people who_;
  std::set<kind> kinds_;
  std::mt19937_64 random_;
};

} // namespace blockferry::kit
