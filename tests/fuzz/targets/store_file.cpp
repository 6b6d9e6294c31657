// The store's file with patches: each 5 bytes are an offset (3 bytes, big-endian, modulo the file's
// size) and what is written there: a length (1 to 8) and a byte that is repeated.  A first byte of
// 0xff gives the rest as the whole file, 0xfe the patches to the journal of a store that was
// killed.
#include "tests/fuzz/store_maker.hpp"

using namespace blockferry;

namespace {

fuzz::byte_buffer patched(fuzz::byte_buffer file, fuzz::input& in) {
  while (!in.empty()) {
    std::uint32_t offset = 0;
    for (int i = 0; i < 3; ++i)
      offset = offset << 8 | in.byte();
    const std::size_t length = 1 + in.byte() % 8;
    const std::uint8_t value = in.byte();
    for (std::size_t i = 0; i < length; ++i)
      file[(offset + i) % file.size()] = value;
  }
  return file;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const std::uint8_t kind = size > 0 ? data[0] : 0;
  if (kind == 0xff) {
    in.byte();
    const auto rest = in.rest();
    fuzz::look_at_store(fuzz::byte_buffer{rest.begin(), rest.end()});
  } else if (kind == 0xfe) {
    in.byte();
    const auto& killed = fuzz::killed_store();
    fuzz::look_at_store(killed.database, patched(killed.journal, in));
  } else {
    fuzz::look_at_store(patched(fuzz::made_store(), in));
  }
  return 0;
}
