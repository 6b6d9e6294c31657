#pragma once

#include "chain/body/subdag_links.hpp"
#include "chain/front.hpp"
#include "chain/metadata_rules.hpp"
#include "chain/signers/signer_cache.hpp"

#include <stop_token>

namespace blockferry::chain {

/// Whether this kind of authority may make a block of this height (specification 6.1).
[[nodiscard]] std::optional<broken_rule> check_authority_kind(const network& net,
                                                              const block_front& front);

/// Signatures of many blocks, verified `verified_at_once` at a time, and what they say of each
/// block's certificates.
class signature_check {
public:
  explicit signature_check(signer_cache& signers) : signers_(signers) {}

  /// Adds a block; what it views must outlive the check.  Results come in the order of the blocks.
  void add(byte_view block, const body_head& body);
  /// Verifies everything added; false if it gave up because of `stop`.
  [[nodiscard]] bool run(const std::stop_token& stop);
  /// The next block's verdict: `authority` for a beacon's signature, `signatures` for those of
  /// certificates (specification 7.1, 7.2): every one right, signers of a certificate distinct and
  /// not its author.  Where all is well, the people and votes of the block.
  [[nodiscard]] expected<stake::block_votes, broken_rule> next(byte_view block,
                                                               const body_head& body);

private:
  signer_cache& signers_;
  std::vector<signed_field> all_;
  std::vector<std::optional<hash>> found_;
  std::size_t next_ = 0;
};

} // namespace blockferry::chain
