#pragma once

#include "chain/bytes.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace blockferry {

/// The bytes of one fetched file: shared, immutable, copied once from the socket and bound to
/// SQLite without another copy.  The owner of the buffer may be a pool that takes it back when the
/// last copy of the payload is gone; copies may be dropped on any thread.
class payload {
public:
  payload() = default;
  explicit payload(std::shared_ptr<const chain::byte_buffer> bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] chain::byte_view view() const noexcept {
    return bytes_ ? chain::byte_view{*bytes_} : chain::byte_view{};
  }
  [[nodiscard]] std::uint64_t size() const noexcept { return bytes_ ? bytes_->size() : 0; }
  /// Equal bytes, wherever they lie.
  friend bool operator==(const payload& a, const payload& b) {
    return std::ranges::equal(a.view(), b.view());
  }

private:
  std::shared_ptr<const chain::byte_buffer> bytes_;
};

} // namespace blockferry
