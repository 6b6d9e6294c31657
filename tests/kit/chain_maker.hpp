#pragma once

#include "chain/body/reward_checks.hpp"
#include "chain/chain_state.hpp"
#include "chain/front.hpp"
#include "chain/network.hpp"
#include "tests/kit/ledger.hpp"
#include "tests/kit/wire_writer.hpp"

#include <functional>
#include <map>
#include <memory>
#include <random>

namespace blockferry::kit {

/// What a block carries beside its authority and its rewards.
struct block_content {
  std::vector<made_transaction> transactions;
  std::vector<made_solution> solutions; ///< at most 4
  std::vector<std::uint64_t> aborted_solutions;
  std::vector<chain::hash> aborted_transactions;
};

/// The block for which content is made.
struct block_place {
  chain::height_t height = 0;
  const chain::metadata* previous = nullptr;
  chain::hash epoch_hash; ///< what solutions name (specification 6.3)
};

/// What a made chain is to be.
struct chain_options {
  chain::network net; ///< `genesis` is not read
  std::uint64_t seed = 1;
  std::size_t block_bytes = 0;     ///< about; 0: as small as a block can be (514 bytes)
  std::int64_t block_seconds = 10; ///< between two timestamps
  /// Each block gets transactions of its own.  Without it eight bodies repeat, which is faster and
  /// right for a level that does not look for duplicates across blocks.
  bool fresh_transactions = false;
  /// Signs a block hash as a beacon; without it the signature is one that fits no block.
  std::function<chain::byte_buffer(const chain::hash&)> sign;
  /// Makes what each block carries before its padding; needs `accounts`.
  std::function<block_content(const block_place&)> content{};
  /// Balances and stakes since genesis; they are followed where somebody asks for them.
  std::shared_ptr<ledger> accounts{};
};

/// Who makes a block, and when.
struct authority {
  std::uint8_t kind = 0; ///< 0 beacon, 1 quorum
  std::uint64_t round = 0;
  std::int64_t timestamp = 0; ///< Unix seconds
  chain::hash subdag_root;
  /// Wire bytes of the authority, for the hash of its block.
  std::function<chain::byte_buffer(const chain::hash&)> wire;
};

/// Makes valid chains, one block after another, the same for the same seed.  Right in hash, roots,
/// targets, rewards and ids.
class chain_maker {
public:
  explicit chain_maker(chain_options options);

  /// Makes the next block follow this one.  The first call gives genesis, or the blocks of a chain
  /// that is to be extended.  Throws std::invalid_argument for bytes that are no block.
  void follow(chain::byte_view block);
  /// The next block, by a beacon; needs at least one block to follow.
  [[nodiscard]] chain::byte_buffer next();
  /// The next block, by any authority.
  [[nodiscard]] chain::byte_buffer next_by(const authority& by);
  /// That of the next block.
  [[nodiscard]] const block_content& next_content() { return next_body().content; }

  [[nodiscard]] chain::height_t next_height() const noexcept { return next_height_; }
  /// Of the last block.
  [[nodiscard]] const chain::hash& tip_hash() const noexcept { return tip_hash_; }
  [[nodiscard]] const chain::metadata& tip_metadata() const noexcept { return tip_; }
  /// Root over every block so far: the next block's previous_state_root.
  [[nodiscard]] chain::hash state_root() const;

private:
  struct body {
    block_content content;
    chain::hash transactions_root;
    chain::hash finalize_root; ///< without a puzzle reward
  };
  [[nodiscard]] body make_body();
  /// That of the next block.
  [[nodiscard]] const body& next_body();
  [[nodiscard]] const chain::hash& reward_root(std::uint64_t block_reward,
                                               std::uint64_t puzzle_reward);
  /// Pays the rewards; gives the finalize root.
  [[nodiscard]] chain::hash settle(const body& with, const chain::metadata& header,
                                   const chain::block_rewards& rewards);
  void append(const chain::hash& block_hash, const chain::metadata& header);

  chain_options options_;
  std::mt19937_64 random_;
  std::vector<body> bodies_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, chain::hash> reward_roots_;
  std::vector<chain::subtree> peaks_;
  chain::height_t next_height_ = 0;
  chain::height_t body_height_ =
      0; ///< of the block that `bodies_[0]` is for, where each has its own
  chain::hash epoch_hash_;
  chain::hash tip_hash_;
  chain::metadata tip_;
};

/// Wire bytes of the ratifications of a block reward and of a puzzle reward, in microcredits.
[[nodiscard]] std::vector<chain::byte_buffer> reward_ratifications(std::uint64_t block_reward,
                                                                   std::uint64_t puzzle_reward);

/// The front of a block with its hash, authority kind included; `front.block_hash` is set.
[[nodiscard]] chain::byte_buffer front_bytes_of(chain::block_front& front);

/// All of a block after its authority.
void append_tail(wire_writer& out, const std::vector<chain::byte_buffer>& ratifications,
                 const block_content& content);

/// The metadata of a block that follows `previous`, but for `round`; `weight` is the sum of its
/// solutions' targets.
[[nodiscard]] chain::metadata metadata_after(const chain::network& net,
                                             const chain::metadata& previous,
                                             std::int64_t timestamp, std::uint64_t weight = 0);

} // namespace blockferry::kit
