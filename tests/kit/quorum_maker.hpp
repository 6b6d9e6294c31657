#pragma once

#include "tests/kit/chain_maker.hpp"

#include <vector>

namespace blockferry::kit {

/// Makes chains whose blocks a committee agreed on: two rounds a block, each member of the round's
/// committee a certificate, signed by all the others.  Leaders, committees after rewards and
/// staking, orders and timestamps are as the specification (2.2, 6.3, 7, 10.5) demands, from
/// genesis on.
class quorum_maker {
public:
  /// The chain begins with `make_genesis(options.net, genesis)`.  `candidates` may become
  /// validators, where the content has them do so.
  quorum_maker(chain_options options, const genesis_parts& genesis,
               const std::vector<account>& candidates = {});
  quorum_maker(chain_options options, std::vector<validator> validators);

  [[nodiscard]] const chain::byte_buffer& genesis() const noexcept { return genesis_; }
  /// The next block, from 1 on.
  [[nodiscard]] chain::byte_buffer next();
  [[nodiscard]] const chain_maker& chain() const noexcept { return chain_; }

private:
  struct certificate {
    std::size_t author = 0; ///< position in `keys_`
    chain::hash id;
    chain::byte_buffer wire;
  };
  using round_of_certificates = std::vector<certificate>;

  [[nodiscard]] std::int64_t timestamp_of(std::uint64_t round) const;
  /// Positions in `keys_` of the members of the round's committee.
  [[nodiscard]] std::vector<std::size_t> members_of(std::uint64_t round) const;
  [[nodiscard]] certificate make_certificate(std::size_t author, chain::byte_view head,
                                             std::span<const std::size_t> members,
                                             const round_of_certificates& previous) const;
  /// Round `round`; the first certificate carries what `carried` has.
  [[nodiscard]] round_of_certificates make_round(std::uint64_t round,
                                                 const round_of_certificates& previous,
                                                 const block_content& carried) const;
  [[nodiscard]] const certificate& leader_of(const round_of_certificates& round,
                                             std::uint64_t number) const;

  chain_options options_;
  std::vector<account> keys_; ///< validators, then candidates
  chain_maker chain_;
  chain::byte_buffer genesis_;
  std::uint64_t anchor_ = 0;           ///< round of the last block
  round_of_certificates anchor_round_; ///< all certificates of that round
  std::size_t anchor_leader_ = 0;      ///< author of the one that is in the last block
};

} // namespace blockferry::kit
