// latest.json, as a CDN serves it.
#include "chain/latest.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace blockferry;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto exclusive = chain::parse_latest({data, size});
  if (!exclusive) {
    fuzz::require(!exclusive.error().empty(), "an error says what does not fit");
    return 0;
  }
  fuzz::require(size <= chain::latest_bytes_max, "only within its size");
  if (*exclusive > 0) {
    const auto again = chain::parse_latest(chain::make_latest(*exclusive - 1, {}));
    fuzz::require(again.has_value() && *again == *exclusive, "a height comes back");
  }
  return 0;
}
