#pragma once

#include "chain/aleo_rules.hpp"
#include "chain/chain_state.hpp"
#include "signed_chain.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace blockferry::differential {

/// What the rules say of a block at level `content`.
struct judgement {
  std::optional<chain::check_failure> failure; ///< none if it passes
  chain::check_record record;                  ///< of a block that passes
};

/// A chain of the reference data, judged from genesis on, one block after another.
class judged_chain {
public:
  /// The name of the made chain (signed_chain.hpp) among those of the reference data.
  static constexpr std::string_view signed_name = "signed";

  /// Throws std::runtime_error if it cannot be read.
  judged_chain(const std::filesystem::path& folder, const std::string& name);
  /// Any chain from genesis on, or with `pinned` from its first block on, of whose past nothing is
  /// known.
  judged_chain(std::vector<chain::byte_buffer> blocks, chain::network net, bool pinned = false);

  /// Goes on until block `height` is next; throws std::runtime_error if one before it is refused.
  void advance_to(chain::height_t height);
  /// What the rules say of these bytes as the next block.  Any thread may ask.
  [[nodiscard]] judgement judge(chain::byte_view block) const;
  /// The mutant of the block of this height that the seed stands for.
  [[nodiscard]] mutant mutate(chain::height_t height, std::uint64_t seed) const;
  [[nodiscard]] const chain::byte_buffer& block(chain::height_t height) const {
    return blocks_.at(height - first_);
  }
  [[nodiscard]] const chain::network& net() const noexcept { return net_; }
  /// Its number in its file, and that of the block from which parts of mutants come.
  [[nodiscard]] static std::size_t index_of(chain::height_t height) { return height % 50; }
  [[nodiscard]] static chain::height_t other_of(chain::height_t height) {
    return index_of(height) != 0 ? height - 1 : height + 1;
  }
  [[nodiscard]] chain::height_t next() const noexcept { return state_.next_height; }

private:
  std::vector<chain::byte_buffer> blocks_;
  chain::height_t first_ = 0; ///< height of blocks_[0]
  chain::network net_;
  std::optional<chain::aleo_rules> rules_;
  std::optional<signed_chain> signed_; ///< of the made chain
  chain::chain_state state_ = chain::state_before_genesis();
};

} // namespace blockferry::differential
