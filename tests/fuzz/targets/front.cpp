// The fixed front of a block.
#include "chain/front.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/metadata_rules.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace blockferry;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto front = chain::read_front({data, size});
  if (!front) {
    fuzz::require(front.error().offset <= size, "an error lies in the block");
    return 0;
  }
  fuzz::require(size >= chain::front_bytes, "a front that is read is whole");
  (void)chain::check_front_alone(chain::mainnet(), *front);
  (void)chain::check_metadata_pair(chain::mainnet(), front->header, *front);
  const chain::byte_view bytes{data, size};
  chain::hash computed;
  chain::block_hashes({&bytes, 1}, {&computed, 1});
  return 0;
}
