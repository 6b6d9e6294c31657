// A file of blocks is split so that nothing of it is left over or read twice.
#include "chain/bundle.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace blockferry;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto framed = chain::split_bundle({data, size});
  if (!framed) {
    fuzz::require(framed.error().offset <= size, "an error lies in the file");
    return 0;
  }
  std::uint64_t next = sizeof(std::uint64_t);
  fuzz::require(framed->size() <= chain::bundle_blocks_max, "no more blocks than a file may have");
  for (const chain::framed_block& one : *framed) {
    fuzz::require(one.offset == next + sizeof(std::uint64_t), "blocks stand side by side");
    fuzz::require(one.bytes.data() == data + one.offset, "a block is where its offset says");
    next = one.offset + one.bytes.size();
  }
  fuzz::require(next == size, "the file is used up");
  return 0;
}
