// Prints the JSON form of each block of CDN files, one a line:  print_json [--pretty] FILE...
#include "chain/bundle.hpp"
#include "chain/json/block_json.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

using namespace blockferry::chain;

namespace {

bool print(byte_view block, json_layout layout) {
  const auto text = to_json(block, layout);
  if (!text) {
    std::cerr << "offset " << text.error().offset << ", " << text.error().detail << ": expected "
              << text.error().expected << ", found " << text.error().found << '\n';
    return false;
  }
  std::cout << *text << '\n';
  return true;
}

} // namespace

int main(int argc, char** argv) {
  auto layout = json_layout::compact;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view{argv[i]} == "--pretty") {
      layout = json_layout::pretty;
      continue;
    }
    std::ifstream file{argv[i], std::ios::binary};
    const byte_buffer bytes{std::istreambuf_iterator<char>{file}, {}};
    const auto framed = split_bundle(bytes);
    if (!framed) { // a block alone
      if (!print(bytes, layout))
        return 1;
      continue;
    }
    for (const auto& one : *framed)
      if (!print(one.bytes, layout))
        return 1;
  }
  return 0;
}
