// What following the committees needs of a block, as stored beside it, and the votes as they cross
// machines. The first byte chooses; stakes that are taken are also followed.
#include "chain/stake/stake_codec.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace blockferry;
using namespace blockferry::chain::stake;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  if (in.byte() % 2 == 1) {
    fuzz::require_round_trip(in.rest(),
                             [](chain::byte_view bytes) { return decode_block_votes(bytes); });
    return 0;
  }
  following state;
  for (chain::height_t height = 0; height < 4 && !in.empty(); ++height) {
    const auto one = in.take(in.number<std::uint16_t>());
    fuzz::require_round_trip(one,
                             [](chain::byte_view bytes) { return decode_block_stakes(bytes); });
    const auto stakes = decode_block_stakes(one);
    if (!stakes)
      return 0;
    state.add(height, *stakes);
  }
  fuzz::require(snapshot_bytes_bound(state) >= encode(state).size(), "a snapshot is bounded");
  return 0;
}
