#pragma once

#include "chain/cursor.hpp"
#include "chain/failure.hpp"
#include "chain/metadata.hpp"
#include "chain/network.hpp"
#include "chain/stake/certificate_window.hpp"
#include "chain/stake/committee.hpp"

#include <optional>
#include <vector>

namespace blockferry::chain {

/// A transmission that a batch names (specification 2.2).
struct transmission {
  enum class kind : std::uint8_t { ratification = 0, solution = 1, transaction = 2 };
  kind of = kind::ratification;
  byte_view id;       ///< 0, 8 or 32 bytes
  byte_view checksum; ///< 16 bytes, little-endian; none of a ratification
};

/// A certificate where it stands in the block (specification 2.2).
struct certificate {
  field_view id;              ///< also the batch id
  field_view author;          ///< address
  std::uint64_t round = 0;    ///< that of the round that lists it
  std::int64_t timestamp = 0; ///< Unix seconds
  field_view committee_id;
  byte_view head;                       ///< author .. last transmission id: what the id begins with
  std::uint32_t first_transmission = 0; ///< in `subdag::transmissions`
  std::uint32_t transmissions = 0;
  byte_view previous;         ///< ids of 32 bytes
  byte_view author_signature; ///< 128 bytes
  byte_view signatures;       ///< of 128 bytes each
};

/// The certificates of one round, a run of `subdag::certificates`.
struct subdag_round {
  std::uint64_t round = 0;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// The authority of a quorum block.
struct subdag {
  std::vector<subdag_round> rounds; ///< rising by 1
  std::vector<certificate> certificates;
  std::vector<transmission> transmissions;
};

/// A ratification (specification 2.3).
struct ratification {
  std::uint8_t kind = 0;    ///< 0 genesis, 1 block reward, 2 puzzle reward
  std::uint64_t amount = 0; ///< microcredits, of a reward
  byte_view bytes;          ///< version byte to end: what its id hashes
};

/// A solution (specification 2.4).
struct solution {
  field_view epoch_hash;
  field_view prover;         ///< address
  std::uint64_t counter = 0; ///< as the prover chose it
  std::uint64_t target = 0;
  std::uint64_t id = 0; ///< computed
};

/// All of a body before its transactions, as views into the block.
struct body_head {
  byte_view beacon;             ///< signature of a beacon block, else empty
  std::optional<subdag> quorum; ///< of a quorum block
  std::vector<ratification> ratifications;
  std::optional<stake::genesis_stakes> genesis; ///< of the genesis ratification
  byte_view genesis_committee;                  ///< its committee id and what that hashes
  std::vector<solution> solutions;
  byte_view aborted_solutions; ///< ids of 8 bytes
};

/// What checks outside the transactions area need of one confirmed transaction.
struct transaction_facts {
  hash id;                        ///< of the confirmed transaction
  hash unconfirmed_id;            ///< as it was sent: of a rejected one its own (6.2)
  uint128 checksum;               ///< of the unconfirmed transaction's bytes (6.2)
  std::uint64_t priority_fee = 0; ///< microcredits (6.4)
  byte_view bytes{};              ///< of the transaction, in the block
};

/// Largest number of certificates in a round, previous ids, signatures and members that a reader
/// lets pass for this network: the last of its series (specification 9).
[[nodiscard]] std::uint64_t certificates_bound(const network& net);

/// A read error with the check that it breaks.
struct body_error {
  check which = check::authority;
  read_error error;
};

/// The failure that it is, in a block that begins at `block_offset` of its bundle.
[[nodiscard]] check_failure to_failure(const body_error& error, height_t height,
                                       std::uint64_t block_offset);

/// Reads everything from the authority to the aborted solution ids; `in` then stands at the
/// transactions. `authority_kind` is the front's.  Structure rules of 2.2 to 2.4 that one value
/// breaks by itself are errors; whatever relates values is left to the checks.
[[nodiscard]] expected<body_head, body_error> read_head(cursor& in, const network& net,
                                                        std::uint8_t authority_kind);

/// Reads the aborted transaction ids (32 bytes each), which end the block.
[[nodiscard]] expected<byte_view, body_error> read_tail(cursor& in, const network& net);

} // namespace blockferry::chain
