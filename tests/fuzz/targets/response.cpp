// An HTTP answer, header lines and body as they come in.  First byte: what was asked; then lines up
// to an empty one, then pieces of a body.
#include "runtime/transport/response.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

using namespace blockferry;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t bytes_max = 4096;
  fuzz::input in{data, size};
  const std::uint8_t asked = in.byte();
  transfer_request request;
  request.bytes_max = bytes_max;
  if ((asked & 1) != 0)
    request.if_none_match = "\"etag\"";
  if ((asked & 2) == 0)
    request.file_start = 50;
  runtime::response answer{request, std::make_shared<runtime::buffer_pool>(bytes_max)};
  const chain::byte_view rest = in.rest();
  auto at = rest.begin();
  bool going = true;
  while (going && at != rest.end()) {
    const auto end = std::find(at, rest.end(), std::uint8_t{'\n'});
    const chain::byte_view line{at, end};
    at = end == rest.end() ? end : end + 1;
    going = answer.header(fuzz::text_of(line));
    if (line.empty() || (line.size() == 1 && line[0] == '\r'))
      break;
  }
  while (going && at != rest.end()) {
    const auto piece = std::min<std::ptrdiff_t>(rest.end() - at, 1 + *at * 8);
    going = answer.body({at, at + piece});
    at += piece;
  }
  const bool settled = answer.settled();
  const auto outcome = answer.finish("http://mirror/50.100.blocks", 1'700'000'000'000);
  if (outcome) {
    fuzz::require(!settled, "a refused answer is a failure");
    fuzz::require(outcome->bytes.size() <= bytes_max, "a body stays below its limit");
    fuzz::require(!outcome->not_modified || (asked & 1) != 0, "304 only where it was asked for");
  } else {
    fuzz::require(is_cdn_error(outcome.error().why.code), "what a server does is a cdn_ error");
  }
  return 0;
}
