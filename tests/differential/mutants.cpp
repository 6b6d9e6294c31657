// Writes mutants of one block to the standard output:  mutants FILE INDEX OTHER_INDEX FIRST COUNT
// FILE is a bundle; each mutant is its seed and its length, 8 bytes each, then its bytes.
#include "chain/bundle.hpp"
#include "chain/wire.hpp"
#include "mutation.hpp"
#include "tests/kit/cdn_folder.hpp"

#include <cstdlib>
#include <iostream>

int main(int argc, char** argv) {
  using namespace blockferry;
  if (argc != 6) {
    std::cerr << "mutants FILE INDEX OTHER_INDEX FIRST COUNT\n";
    return 2;
  }
  const auto number = [&](int i) { return std::strtoull(argv[i], nullptr, 10); };
  const auto file = kit::read_file(argv[1]);
  const auto blocks = chain::split_bundle(file);
  if (!blocks || number(2) >= blocks->size() || number(3) >= blocks->size())
    return 2;
  for (std::uint64_t seed = number(4); seed < number(4) + number(5); ++seed) {
    const auto made =
        differential::mutate((*blocks)[number(2)].bytes, (*blocks)[number(3)].bytes, seed);
    chain::byte_buffer head;
    chain::append_le(head, seed);
    chain::append_le(head, std::uint64_t{made.bytes.size()});
    std::cout.write(reinterpret_cast<const char*>(head.data()), 16);
    std::cout.write(reinterpret_cast<const char*>(made.bytes.data()),
                    static_cast<std::streamsize>(made.bytes.size()));
  }
  return 0;
}
