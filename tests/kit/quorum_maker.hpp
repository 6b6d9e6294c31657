#pragma once

#include "tests/kit/chain_maker.hpp"
#include "tests/kit/genesis.hpp"

#include <map>
#include <vector>

namespace blockferry::kit {

/// Makes chains whose blocks a committee agreed on: two rounds a block, each validator a
/// certificate a round, signed by all the others.  Leaders, committees after rewards, orders and
/// timestamps are as the specification (2.2, 6.3, 7, 10.5) demands, from genesis on.
class quorum_maker {
public:
  /// The chain begins with `make_genesis(options.net, validators)`.
  quorum_maker(chain_options options, std::vector<validator> validators);

  [[nodiscard]] const chain::byte_buffer& genesis() const noexcept { return genesis_; }
  /// The next block, from 1 on.
  [[nodiscard]] chain::byte_buffer next();
  [[nodiscard]] const chain_maker& chain() const noexcept { return chain_; }

private:
  struct certificate {
    std::size_t author = 0; ///< index of the validator
    chain::hash id;
    chain::byte_buffer wire;
  };
  using round_of_certificates = std::vector<certificate>;

  /// The committee whose stakes count in `round` (specification 7.3).
  [[nodiscard]] const committee& committee_of(std::uint64_t round) const;
  [[nodiscard]] std::int64_t timestamp_of(std::uint64_t round) const;
  [[nodiscard]] std::size_t index_of(const chain::hash& address) const;
  [[nodiscard]] certificate make_certificate(std::size_t author, std::uint64_t round,
                                             const round_of_certificates& previous,
                                             const std::vector<made_transaction>& carried) const;
  [[nodiscard]] round_of_certificates
  make_round(std::uint64_t round, const round_of_certificates& previous,
             const std::vector<made_transaction>& carried) const;
  void settle(std::uint64_t round, std::uint64_t reward);

  chain_options options_;
  std::vector<validator> validators_;
  chain_maker chain_;
  chain::byte_buffer genesis_;
  std::map<std::uint64_t, committee> committees_; ///< by the round from which each is in force
  std::uint64_t anchor_ = 0;                      ///< round of the last block
  round_of_certificates anchor_round_;            ///< all certificates of that round
  std::size_t anchor_leader_ = 0;                 ///< whose certificate is in the last block
};

} // namespace blockferry::kit
