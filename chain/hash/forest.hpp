#pragma once

#include "chain/hash/merkle.hpp"

#include <stop_token>
#include <vector>

namespace blockferry::chain {

/// Many Merkle trees of one depth over hashed leaves, computed level by level in common, so that
/// the lanes of a batch stay full (specification 3.5).
class forest {
public:
  explicit forest(unsigned depth) : depth_{depth} {}

  /// Begins a tree; gives its number.  The leaves that follow are its leaves.
  std::size_t add_tree() {
    sizes_.push_back(0);
    return sizes_.size() - 1;
  }
  /// A leaf of the last tree, which has fewer than 2^depth.
  void add_leaf(const hash& leaf) {
    nodes_.push_back(leaf);
    ++sizes_.back();
  }
  /// One root a tree; none where `stop` asks, which is looked at between some thousand nodes.
  [[nodiscard]] std::vector<hash> roots(const std::stop_token& stop = {}) &&;

private:
  void pad();
  void climb(const std::stop_token& stop);

  unsigned depth_;
  std::vector<hash> nodes_; ///< of all trees, one tree after another
  std::vector<std::size_t> sizes_;
};

} // namespace blockferry::chain
