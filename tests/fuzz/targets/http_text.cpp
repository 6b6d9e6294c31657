// Dates and Retry-After of HTTP, origins and addresses; the first byte chooses.
#include "runtime/transport/address_rules.hpp"
#include "runtime/transport/http_date.hpp"
#include "runtime/transport/origin.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <string>

using namespace blockferry;
using namespace blockferry::runtime;

namespace {

void retry_after(std::string_view text) {
  const std::int64_t now_ms = 1'700'000'000'000;
  (void)parse_http_date(text);
  if (const auto wait = parse_retry_after(text, now_ms))
    fuzz::require(wait->count() >= 0 && wait->count() <= 3'660LL * 86'400'000,
                  "a Retry-After is clamped");
}

void origins(std::string_view text) {
  const auto read = parse_origin(text);
  if (!read) {
    fuzz::require(read.error().code == errc::invalid_argument, "an error of usage");
    return;
  }
  // A base goes without its last slash; of a file system's root that leaves no path.
  const bool root = read->how == scheme::file && read->folder.empty();
  const auto again = parse_origin(root ? read->base + "/" : read->base);
  fuzz::require(again.has_value() && again->how == read->how && again->host == read->host &&
                    again->folder == read->folder,
                "an origin's base leads to the same");
  fuzz::require(read->base.find('\0') == std::string::npos, "an origin is text for libcurl");
  (void)reach_of_host(read->host, false);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const std::uint8_t kind = in.byte() % 3;
  const std::string text{fuzz::text_of(in.rest())};
  if (kind == 0)
    retry_after(text);
  else if (kind == 1)
    origins(text);
  else
    (void)scope_of_literal(text);
  return 0;
}
