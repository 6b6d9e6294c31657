#include "chain/hash/hash_to_group.hpp"
#include "chain/stake/committee.hpp"

namespace blockferry::chain::stake {

address committee::leader(std::uint64_t round) const {
  const std::array input{field::from(round)};
  const std::array points{hash_to_group(input)};
  return member_drawn(x_coordinates(points).front().number()[0]);
}

} // namespace blockferry::chain::stake
