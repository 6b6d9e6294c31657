#pragma once

#include "chain/bytes.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace blockferry::chain::stake {

/// A point's x-coordinate as on the wire; compares by its bytes, the order in which stakers are
/// stored (specification 7.5).
using address = hash;

/// The mappings of credits.aleo (specification 7.5).
enum class mapping : std::uint8_t {
  committee = 0,
  delegated = 1,
  bonded = 2,
  unbonding = 3,
  withdraw = 4,
  metadata = 5,
  account = 6,
  pool = 7,
};
constexpr std::size_t mapping_count = 8;

/// What a future of credits.aleo does, as far as stakes are concerned.
enum class credits_function : std::uint8_t {
  bond_validator = 0,
  bond_public = 1,
  unbond_public = 2,
  claim_unbond_public = 3,
  set_validator_state = 4,
  upgrade = 5,
  move_between = 6, ///< public balances only, of a payer and a payee
  move_out = 7,     ///< of a payer
  move_in = 8,      ///< of a payee
  unknown = 9,      ///< no function of specification 7.5, or arguments it cannot have
};
constexpr std::uint8_t credits_function_count = 10;

/// One of the first five: those that change stakes, withdrawals or validators.
[[nodiscard]] constexpr bool changes_stakes(credits_function function) noexcept {
  return function <= credits_function::set_validator_state;
}

/// One future of credits.aleo.  Amounts of pure moves are left out: `account` is not followed.
struct credits_call {
  credits_function function = credits_function::unknown;
  /// The address arguments in the order of specification 7.5: v w | s v w | k s | s | v; of a move,
  /// payer then payee.  Zero where there are fewer.
  std::array<address, 3> who{};
  std::uint64_t amount = 0;    ///< n, microcredits
  std::uint8_t commission = 0; ///< c, percent
  bool is_open = false;        ///< b
  friend auto operator<=>(const credits_call&, const credits_call&) = default;
};

/// A listed finalize operation on a mapping of credits.aleo.
struct credits_operation {
  std::uint8_t kind = 0; ///< as on the wire: 2 update, 3 remove
  mapping which = mapping::committee;
  hash key_id;
  hash value_id; ///< zero for a removal
  friend bool operator==(const credits_operation&, const credits_operation&) = default;
};

/// An accepted transaction with calls that matter.  Transactions without one are left out.
struct staking_transaction {
  std::uint32_t index = 0;         ///< in the block
  std::vector<credits_call> calls; ///< futures of the execution, in the order of the transitions
  std::vector<credits_call> fee;   ///< the fee's future; empty for a private fee, or none
  std::vector<credits_operation> operations; ///< as listed
  friend bool operator==(const staking_transaction&, const staking_transaction&) = default;
};

struct committee_member {
  address who;
  std::uint64_t stake = 0; ///< microcredits
  bool is_open = false;
  std::uint8_t commission = 0; ///< percent
  friend bool operator==(const committee_member&, const committee_member&) = default;
};

struct genesis_bond {
  address staker;
  address validator;
  address withdrawal;
  std::uint64_t amount = 0; ///< microcredits
  friend bool operator==(const genesis_bond&, const genesis_bond&) = default;
};

/// The genesis ratification, without public balances (specification 2.3).
struct genesis_stakes {
  std::uint64_t starting_round = 0;
  std::vector<committee_member> members; ///< in the stored order
  std::vector<genesis_bond> bonded;
  friend bool operator==(const genesis_stakes&, const genesis_stakes&) = default;
};

/// The certificates of one round of a subdag.
struct round_certificates {
  std::uint64_t round = 0;
  std::vector<hash> ids;
  friend bool operator==(const round_certificates&, const round_certificates&) = default;
};

/// What following committees and certificates needs of one block.  Stored beside the block, so that
/// a start needs no block bytes.
struct block_stakes {
  std::uint64_t round = 0; ///< the header's
  /// Whether the transactions were read; without them the committees end here.
  bool readable = true;
  std::optional<std::uint64_t> reward; ///< block reward, microcredits; absent in genesis
  std::optional<genesis_stakes> genesis;
  std::vector<staking_transaction> transactions; ///< in the block's order
  std::vector<round_certificates> certificates;  ///< the subdag's, rounds rising
  friend bool operator==(const block_stakes&, const block_stakes&) = default;
};

/// A certificate as the committee judges it; people are numbers into `block_votes::people`.
struct certificate_votes {
  std::uint16_t author = 0;
  std::vector<std::uint16_t> signers; ///< distinct, without the author
  std::int64_t timestamp = 0;
  friend bool operator==(const certificate_votes&, const certificate_votes&) = default;
};

/// One round of a subdag.  All its certificates carry one committee id (specification 6.1).
struct round_votes {
  std::uint64_t round = 0;
  hash committee_id;
  std::vector<certificate_votes> certificates;
  friend bool operator==(const round_votes&, const round_votes&) = default;
};

/// A previous certificate that is not in the block itself and must be in an earlier one.
struct outside_certificate {
  std::uint64_t round = 0;
  hash id;
  friend bool operator==(const outside_certificate&, const outside_certificate&) = default;
};

/// What the checks against the committee need of a quorum block.  Not stored.
struct block_votes {
  std::vector<address> people;     ///< authors and signers, each once
  std::vector<round_votes> rounds; ///< rising by 1; the last is the leader's; empty for a beacon
  std::vector<outside_certificate> outside;
  friend bool operator==(const block_votes&, const block_votes&) = default;
};

} // namespace blockferry::chain::stake
