// A deployed program, and its text.
#include "chain/program/program.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace blockferry;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const chain::byte_view bytes{data, size};
  chain::cursor silent{bytes};
  const chain::program without_text = chain::read_program(silent);
  chain::cursor in{bytes};
  std::string text;
  const chain::program program = chain::read_program(in, &text);
  fuzz::require(silent.ok() == in.ok() && silent.offset() == in.offset(),
                "the text changes nothing");
  if (in.ok())
    fuzz::require(program.bytes.size() == in.offset() && without_text.name == program.name &&
                      !text.empty(),
                  "a program is what was read");
  return 0;
}
