#pragma once

#include "chain/failure.hpp"
#include "chain/stake/following.hpp"

#include <span>

namespace blockferry::chain::stake {

/// Committees and certificates as they stood before each block of a run, for checks that look at
/// the blocks in order.  Follows the stakes only as far as a block of the run is asked for.
class history_walk {
public:
  /// `blocks` are those of the run, the first of height `first`; all arguments outlive the walk.
  history_walk(const following& before, height_t first, std::span<const block_stakes> blocks);

  /// Null where the committee that counts for `round` is not known before the current block.
  [[nodiscard]] const committee* committee_for(std::uint64_t round);
  [[nodiscard]] const certificate_window& certificates() const noexcept { return certificates_; }
  /// To the next block of the run.
  void advance();

private:
  const committee_following& before_;
  std::optional<committee_following> followed_;
  certificate_window certificates_;
  height_t first_;
  std::span<const block_stakes> blocks_;
  std::size_t current_ = 0; ///< block that is being checked
  std::size_t next_ = 0;    ///< first block of the run not in `followed_`
};

/// A block as the committee judges it.
struct judged_block {
  height_t height = 0;
  std::uint64_t round = 0;
  std::uint64_t previous_round = 0; ///< of the block before
  std::int64_t timestamp = 0;       ///< Unix seconds
  const block_votes* votes = nullptr;
  /// The first block after a start file, whose committees no block has confirmed yet.
  bool after_start_file = false;
};

/// The checks that `check_votes` makes or records as unmade.
constexpr check_set vote_checks{check::membership, check::quorum, check::leader,
                                check::median_timestamp, check::certificate_history};

/// Judges one block (specification 6.3, 7.2 to 7.4): members only, quorum of every certificate,
/// leader with its committee id (after a start file that of every round), no due leader skipped,
/// weighted median, previous certificates known.  Gives those of `vote_checks` that were made; the
/// rest could not be.  A beacon block has no votes, and all are made.
///
/// Relies on the checks `subdag` and `signatures`: rounds rise by 1, the last has one certificate,
/// all are linked, authors and signers are who they say.
[[nodiscard]] expected<check_set, check_failure> check_votes(const judged_block& block,
                                                             history_walk& history);

} // namespace blockferry::chain::stake
