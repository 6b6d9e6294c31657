// A start file; its digest is put right, or no mutation would come further than the digest.
#include "chain/start_file.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <openssl/sha.h>

using namespace blockferry;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto raw = chain::decode_start_file({data, size});
  chain::byte_buffer bytes{data, data + size};
  if (bytes.size() >= SHA256_DIGEST_LENGTH) {
    const std::size_t body = bytes.size() - SHA256_DIGEST_LENGTH;
    SHA256(bytes.data(), body, bytes.data() + body);
  }
  const auto state = chain::decode_start_file(bytes);
  if (!state)
    return 0;
  const auto again = chain::decode_start_file(chain::encode_start_file(*state));
  fuzz::require(again.has_value() && *again == *state, "a state comes back");
  return 0;
}
