// A snapshot of all that is followed.
#include "chain/stake/stake_codec.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace blockferry;
using namespace blockferry::chain::stake;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const chain::byte_view bytes{data, size};
  fuzz::require_round_trip(bytes, [](chain::byte_view all) { return decode_following(all); });
  const auto state = decode_following(bytes);
  if (!state)
    return 0;
  fuzz::require(snapshot_bytes_bound(*state) >= encode(*state).size(), "a snapshot is bounded");
  for (std::uint64_t back = 0; back < 3; ++back)
    (void)state->committees.for_round(state->committees.last_round() - back);
  return 0;
}
