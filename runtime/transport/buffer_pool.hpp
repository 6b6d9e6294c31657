#pragma once

#include "chain/bytes.hpp"
#include "messages/payload.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace blockferry::runtime {

/// Buffers of payloads that are gone, kept for the next ones: a sync would otherwise map and fault
/// in every megabyte anew.  Thread-safe; outlives its users for as long as a payload lives.
class buffer_pool : public std::enable_shared_from_this<buffer_pool> {
public:
  /// Keeps at most `bytes_max` bytes in waiting buffers.
  explicit buffer_pool(std::uint64_t bytes_max);

  /// An empty buffer with room for `bytes`, and not for much more: a small file in a large buffer
  /// would hide memory from the window (P6).
  [[nodiscard]] chain::byte_buffer take(std::uint64_t bytes);

  /// The bytes as a payload whose buffer comes back here with its last copy.
  [[nodiscard]] payload share(chain::byte_buffer bytes);

  void give_back(chain::byte_buffer buffer) noexcept;

  /// Bytes in waiting buffers.
  [[nodiscard]] std::uint64_t waiting_bytes() const;

private:
  mutable std::mutex mutex_;
  std::vector<chain::byte_buffer> waiting_; ///< the newest last
  std::uint64_t waiting_bytes_ = 0;
  const std::uint64_t bytes_max_;
};

/// Room that a buffer may have beyond its bytes.
[[nodiscard]] constexpr std::uint64_t spare_bytes_max(std::uint64_t bytes) noexcept {
  return bytes / 8 + 4'096;
}

} // namespace blockferry::runtime
