#pragma once

#include "messages/transfers.hpp"
#include "runtime/transport/buffer_pool.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace blockferry::runtime {

/// Reads one answer as it comes in, header line by header line and piece by piece, and refuses it
/// at the first thing that is wrong.  What a peer announces never allocates beyond `bytes_max`.
/// libcurl by itself takes duplicate lengths, 206, 204 and endless chunks for success.
class response {
public:
  /// For an answer to `request`; buffers come from `pool`.
  response(const transfer_request& request, std::shared_ptr<buffer_pool> pool);

  /// One header line or status line, with or without its line end; false: end the transfer.
  [[nodiscard]] bool header(std::string_view line);
  /// The next bytes of the body; false: end the transfer.
  [[nodiscard]] bool body(chain::byte_view piece);

  /// Refuses the answer for a reason from outside (time, address); the first reason stays.
  void refuse(errc code, std::string why);

  /// What became of it, after the transfer ended without an error of its own.  `now_ms` is Unix
  /// time, for a Retry-After that is a date.
  [[nodiscard]] tl::expected<transfer_body, transfer_failure> finish(const std::string& url,
                                                                     std::int64_t now_ms);

  /// Whether the verdict is known, however the transfer ends: refused, or a final status that is
  /// not the file's.
  [[nodiscard]] bool settled() const;
  [[nodiscard]] bool answered() const noexcept { return status_ != 0; } ///< a status line came
  [[nodiscard]] std::uint64_t bytes_received() const noexcept { return bytes_received_; }

private:
  void begin(std::string_view status_line);
  void field(std::string_view name, std::string_view value);
  void length_field(std::string_view value);
  [[nodiscard]] bool usable_status() const;
  [[nodiscard]] transfer_failure failed(failure why, const std::string& url,
                                        std::int64_t now_ms) const;

  const std::uint64_t bytes_max_;
  const bool conditional_;
  std::shared_ptr<buffer_pool> pool_;
  chain::byte_buffer bytes_;
  std::uint16_t status_ = 0;
  std::optional<std::uint64_t> length_;
  bool transfer_coded_ = false;
  std::string etag_;
  std::string last_modified_;
  std::optional<std::string> retry_after_;
  std::uint64_t bytes_received_ = 0;
  std::uint32_t header_bytes_ = 0;
  std::optional<failure> refused_;
};

/// At most `bytes_max` bytes of a text that a peer may have a hand in, fit for a log line.
[[nodiscard]] std::string printable(std::string_view text, std::size_t bytes_max);

} // namespace blockferry::runtime
