#pragma once

#include "chain/body/body.hpp"
#include "chain/network.hpp"

namespace blockferry::chain::tests {

/// A block whose bytes a test alters, with what binds them to the header made right again, so that
/// one rule alone is broken.
class altered_block {
public:
  altered_block(byte_buffer block, const network& net) : bytes(std::move(block)), net_(net) {}

  byte_buffer bytes;

  /// Views into `bytes` as they are now.
  [[nodiscard]] body_head head() const;
  /// The place of a view of `head()` in `bytes`.
  [[nodiscard]] std::size_t offset(byte_view part) const;
  /// Where the aborted solution ids' count stands: behind the solutions.
  [[nodiscard]] std::size_t aborted_solutions_offset() const;

  /// Each makes one commitment fit the body, then the block hash fit the header.
  void rebind_subdag();
  void rebind_ratifications();
  void rehash();

private:
  network net_;
};

/// Places of roots in a block (specification 2.1).
constexpr std::size_t previous_state_root_offset = 66;
constexpr std::size_t transactions_root_offset = 98;
constexpr std::size_t ratifications_root_offset = 162;
constexpr std::size_t solutions_root_offset = 194;
constexpr std::size_t subdag_root_offset = 226;

} // namespace blockferry::chain::tests
