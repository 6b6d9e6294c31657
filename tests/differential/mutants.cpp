// Writes mutants of one block to the standard output:
//
//   mutants CHAIN HEIGHT FIRST COUNT DATA    each its seed and its length, 8 bytes each, then its
//   bytes mutants --chain FOLDER DATA              the made chain "signed", as a CDN's files
//
// DATA is the folder of the reference blocks.
#include "chain/wire.hpp"
#include "judge.hpp"
#include "tests/kit/cdn_folder.hpp"

#include <cstdlib>
#include <iostream>

namespace {

using namespace blockferry;

int write_chain(const char* folder, const char* data) {
  kit::cdn_folder files{folder};
  const differential::signed_chain made{data};
  for (const auto& block : made.blocks())
    files.add(block);
  files.finish({});
  return 0;
}

int write_mutants(char** words) {
  const auto number = [&](int i) { return std::strtoull(words[i], nullptr, 10); };
  const differential::judged_chain chain{words[5], words[1]};
  for (std::uint64_t seed = number(3); seed < number(3) + number(4); ++seed) {
    const auto made = chain.mutate(static_cast<chain::height_t>(number(2)), seed);
    chain::byte_buffer head;
    chain::append_le(head, seed);
    chain::append_le(head, std::uint64_t{made.bytes.size()});
    std::cout.write(reinterpret_cast<const char*>(head.data()), 16);
    std::cout.write(reinterpret_cast<const char*>(made.bytes.data()),
                    static_cast<std::streamsize>(made.bytes.size()));
  }
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view{argv[1]} == "--chain")
    return write_chain(argv[2], argv[3]);
  if (argc == 6)
    return write_mutants(argv);
  std::cerr << "mutants CHAIN HEIGHT FIRST COUNT DATA | mutants --chain FOLDER DATA\n";
  return 2;
}
