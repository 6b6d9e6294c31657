// A configuration file, and what its values become.
#include "runtime/options/option_sources.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace blockferry;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto given = runtime::values_of_toml(fuzz::text_of({data, size}), "file");
  if (!given) {
    fuzz::require(given.error().code == errc::invalid_argument && !given.error().message.empty(),
                  "a file that does not fit is an error of usage");
    return 0;
  }
  const auto resolved = runtime::resolve({*given});
  if (!resolved)
    fuzz::require(resolved.error().code == errc::invalid_argument &&
                      !resolved.error().message.empty(),
                  "a value that does not fit is an error of usage");
  return 0;
}
