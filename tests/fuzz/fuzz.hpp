#pragma once

#include "chain/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// One input of a target: returns 0.  libFuzzer calls it; so does `replay`.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace blockferry::fuzz {

using chain::byte_buffer;
using chain::byte_view;

/// Ends the process where a promise does not hold: what a fuzzer takes for a find.
inline void require(bool holds, const char* what) {
  if (holds)
    return;
  std::fprintf(stderr, "BROKEN PROMISE: %s\n", what);
  std::abort();
}

/// Hands out an input from its front.
class input {
public:
  input(const std::uint8_t* data, std::size_t size) : left_{data, size} {}

  [[nodiscard]] bool empty() const { return left_.empty(); }
  /// 0 at the end.
  std::uint8_t byte() {
    if (left_.empty())
      return 0;
    const std::uint8_t out = left_.front();
    left_ = left_.subspan(1);
    return out;
  }
  template <class Integer>
  Integer number() {
    Integer out = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i)
      out = static_cast<Integer>(out << 8 | byte());
    return out;
  }
  byte_view take(std::size_t size) {
    const byte_view out = left_.first(size < left_.size() ? size : left_.size());
    left_ = left_.subspan(out.size());
    return out;
  }
  byte_view rest() { return take(left_.size()); }

private:
  byte_view left_;
};

[[nodiscard]] inline std::string_view text_of(byte_view bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What a decoder takes must come back from its encoder and be taken again as the same.
template <class Decode>
void require_round_trip(byte_view bytes, Decode decode) {
  const auto value = decode(bytes);
  if (!value) {
    require(!value.error().empty(), "an error says what does not fit");
    return;
  }
  const byte_buffer again = encode(*value);
  const auto back = decode(byte_view{again});
  require(back.has_value(), "an encoded value is decoded");
  require(*back == *value, "an encoded value comes back");
}

} // namespace blockferry::fuzz
