// The state that every commit stores.
#include "chain/chain_state.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace blockferry;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::require_round_trip({data, size},
                           [](chain::byte_view bytes) { return chain::decode_chain_state(bytes); });
  return 0;
}
