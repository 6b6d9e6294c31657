#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

namespace blockferry::schedule {

/// A hash of values in their order.  64 bits: of a million values two are the same by chance in one
/// case of 37 million.
class fingerprint {
public:
  fingerprint& add(std::uint64_t number) {
    // Murmur's finaliser between two odd multiplications: every bit in reaches every bit out.
    value_ = (value_ ^ number) * 0x9e3779b97f4a7c15;
    value_ = (value_ ^ (value_ >> 33)) * 0xff51afd7ed558ccd;
    value_ = (value_ ^ (value_ >> 33)) * 0xc4ceb9fe1a85ec53;
    value_ = std::rotl(value_ ^ (value_ >> 33), 17);
    return *this;
  }
  fingerprint& add(std::string_view text) {
    add(std::uint64_t{text.size()});
    for (const char letter : text)
      add(static_cast<std::uint64_t>(static_cast<unsigned char>(letter)));
    return *this;
  }
  template <class T>
  fingerprint& add(const std::optional<T>& value) {
    add(std::uint64_t{value.has_value()});
    return value ? add(*value) : *this;
  }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

private:
  std::uint64_t value_ = 0xcbf29ce484222325;
};

} // namespace blockferry::schedule
