#pragma once

#include "chain/metadata.hpp"
#include "chain/network.hpp"
#include "tests/kit/account.hpp"

#include <optional>
#include <vector>

namespace blockferry::differential {

/// What is made right again of a changed block.  The signatures, edges, roots and the block hash
/// always are.
struct binding {
  bool ids = true;           ///< of transitions and transactions
  bool transmissions = true; ///< batches name the transactions as they are now
  bool rewards = true;       ///< with the priority fees as they are now
  bool targets = false;      ///< those that the timestamp gives
};

/// Binds and signs a changed block anew.  All signers of its certificates are known.
class binder {
public:
  binder(chain::network net, std::vector<kit::account> keys);

  /// In place, as far as the block can still be read.  `unchanged` is the block before its change,
  /// `previous` the metadata of the block that it follows.
  void bind(chain::byte_buffer& block, chain::byte_view unchanged, const chain::metadata& previous,
            const binding& how) const;

  /// Members of the committee first, then others.
  [[nodiscard]] const std::vector<kit::account>& keys() const noexcept { return keys_; }

private:
  void sign(chain::byte_buffer& block, std::size_t at, const chain::hash& message) const;
  void bind_certificates(chain::byte_buffer& block) const;
  void bind_rewards(chain::byte_buffer& block, const chain::metadata& previous) const;

  chain::network net_;
  std::vector<kit::account> keys_;
  std::vector<chain::byte_buffer> points_; ///< the two points in each one's signatures
};

} // namespace blockferry::differential
