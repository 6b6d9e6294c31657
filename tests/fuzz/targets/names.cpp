// Names of blocks, roots and addresses.
#include "chain/name.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <array>

using namespace blockferry;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chain;
  const std::string_view text = fuzz::text_of({data, size});
  for (const std::string_view prefix :
       {block_hash_prefix, state_root_prefix, ratification_prefix, transaction_prefix,
        transition_prefix, address_prefix, solution_prefix, signature_prefix})
    if (const auto bytes = parse_bech32m(prefix, text)) {
      const auto again = parse_bech32m(prefix, bech32m(prefix, *bytes));
      fuzz::require(again && *again == *bytes, "bytes come back from their name");
    }
  const byte_view some{data, size < 96 ? size : 96};
  const auto back = parse_bech32m(address_prefix, bech32m(address_prefix, some));
  fuzz::require(back && std::equal(back->begin(), back->end(), some.begin(), some.end()),
                "any bytes have a name");
  if (const auto block = parse_block_name(text))
    fuzz::require(parse_block_name(block_name(*block)) == block, "a block's name comes back");
  return 0;
}
