#pragma once

#include "chain/chain_state.hpp"
#include "chain/front.hpp"
#include "chain/network.hpp"
#include "tests/kit/transactions.hpp"
#include "tests/kit/wire_writer.hpp"

#include <functional>
#include <map>
#include <optional>
#include <random>

namespace blockferry::kit {

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
  /// Those of the next block.
  [[nodiscard]] const std::vector<made_transaction>& next_transactions();

  [[nodiscard]] chain::height_t next_height() const noexcept { return next_height_; }
  /// Of the last block.
  [[nodiscard]] const chain::hash& tip_hash() const noexcept { return tip_hash_; }
  [[nodiscard]] const chain::metadata& tip_metadata() const noexcept { return tip_; }
  /// Root over every block so far: the next block's previous_state_root.
  [[nodiscard]] chain::hash state_root() const;

private:
  struct body {
    std::vector<made_transaction> transactions_made;
    chain::hash transactions_root;
    chain::hash finalize_root;
    chain::byte_buffer transactions;
  };
  [[nodiscard]] body make_body();
  /// That of the next block.
  [[nodiscard]] const body& next_body();
  [[nodiscard]] const chain::hash& reward_root(std::uint64_t reward);
  void append(const chain::hash& block_hash, const chain::metadata& header);

  chain_options options_;
  std::mt19937_64 random_;
  std::vector<body> bodies_;
  std::map<std::uint64_t, chain::hash> reward_roots_;
  std::vector<chain::subtree> peaks_;
  chain::height_t next_height_ = 0;
  chain::height_t body_height_ =
      0; ///< of the block that `bodies_[0]` is for, where each has its own
  chain::hash tip_hash_;
  chain::metadata tip_;
};

/// Wire bytes of the ratification of a block reward and of a puzzle reward of 0.
[[nodiscard]] std::vector<chain::byte_buffer> reward_ratifications(std::uint64_t block_reward);

/// The front of a block with its hash, authority kind included; `front.block_hash` is set.
[[nodiscard]] chain::byte_buffer front_bytes_of(chain::block_front& front);

/// All of a block after its authority, without solutions and aborted ids.
void append_tail(wire_writer& out, const std::vector<chain::byte_buffer>& ratifications,
                 chain::byte_view transactions);

/// The metadata of a block without solutions that follows `previous`, but for `round`.
[[nodiscard]] chain::metadata
metadata_after(const chain::network& net, const chain::metadata& previous, std::int64_t timestamp);

} // namespace blockferry::kit
