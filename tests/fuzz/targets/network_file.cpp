// A network file.
#include "runtime/network_file.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace blockferry;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto net = runtime::parse_network(fuzz::text_of({data, size}), "/nowhere/network.toml");
  if (!net) {
    fuzz::require(net.error().code == errc::invalid_argument && !net.error().message.empty(),
                  "a file that does not fit is an error of usage");
    return 0;
  }
  const auto again = runtime::parse_network(runtime::to_toml(*net), "/nowhere/network.toml");
  fuzz::require(again.has_value(), "a network's text is read");
  fuzz::require(runtime::to_toml(*again) == runtime::to_toml(*net), "a network comes back");
  return 0;
}
