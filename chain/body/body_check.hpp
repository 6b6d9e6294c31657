#pragma once

#include "chain/checked_blocks.hpp"
#include "chain/failure.hpp"
#include "chain/front.hpp"
#include "chain/network.hpp"
#include "chain/signers/signer_cache.hpp"

#include <span>
#include <stop_token>

namespace blockferry::chain {

/// A block whose body is to be checked; its front is right as far as `header` goes.
struct body_job {
  byte_view bytes;                    ///< the whole block
  const block_front* front = nullptr; ///< its own
  std::uint64_t offset = 0;           ///< of the block in its bundle
};

/// What was found out about one body.
struct checked_body {
  check_record record; ///< of the levels above `header`
  stake::block_stakes stakes;
  stake::block_votes votes;
  body_facts facts;
};

/// Makes all checks of the levels above `header`, up to `floor`, that need no block before: reads
/// each body once.  Bodies are taken in groups of about 1 MB, so that what is read of them stays
/// bounded and hashes of small blocks are computed together.  Gives up between two groups, and in
/// one at least every 256 signatures.
[[nodiscard]] expected<std::vector<checked_body>, check_failure>
check_bodies(const network& net, level floor, std::span<const body_job> blocks,
             signer_cache& signers, const std::stop_token& stop);

/// Checks of a body that no block before is needed for, at the level `consensus`.
[[nodiscard]] check_set body_checks_alone();

} // namespace blockferry::chain
