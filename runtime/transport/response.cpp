#include "runtime/transport/response.hpp"

#include "runtime/transport/http_date.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace blockferry::runtime {
namespace {

constexpr std::uint32_t header_bytes_max = 64U << 10;       ///< of one transfer, all heads together
constexpr std::uint64_t refused_body_bytes_max = 16U << 10; ///< read and dropped, so that the
                                                            ///< connection can be used again
constexpr std::size_t validator_bytes_max = 256;            ///< ETag, Last-Modified
constexpr std::uint64_t first_bytes = 64U << 10;            ///< of a body without a length

constexpr std::uint16_t ok = 200;
constexpr std::uint16_t not_modified = 304;

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

/// What may be sent back in a request header.
bool is_validator(std::string_view text) {
  return text.size() <= validator_bytes_max &&
         std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

errc class_of(std::uint16_t status, bool has_retry_after) {
  if (status == 404 || status == 410)
    return errc::cdn_not_found;
  if (status == 429 || (status == 503 && has_retry_after))
    return errc::cdn_rate_limited;
  return errc::cdn_bad_status;
}

} // namespace

response::response(const transfer_request& request, std::shared_ptr<buffer_pool> pool)
    : bytes_max_(request.bytes_max),
      conditional_(!request.if_none_match.empty() || !request.if_modified_since.empty()),
      pool_(std::move(pool)) {}

void response::refuse(errc code, std::string why) {
  if (!refused_)
    refused_ = failure{code, std::move(why)};
}

bool response::header(std::string_view line) {
  header_bytes_ += static_cast<std::uint32_t>(std::min<std::size_t>(line.size(), header_bytes_max));
  if (header_bytes_ > header_bytes_max) {
    if (!settled())
      refuse(errc::cdn_protocol, "more than 64 KiB of headers");
    return false;
  }
  if (line.starts_with("HTTP/"))
    begin(line);
  else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos)
    field(lower(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  // A bad status is read to its end: Retry-After may follow.
  return !refused_;
}

/// A status line begins a new head: an interim answer (1xx) says nothing about the last one.
void response::begin(std::string_view status_line) {
  status_ = 0;
  length_.reset();
  transfer_coded_ = false;
  etag_.clear();
  last_modified_.clear();
  retry_after_.reset();
  const std::size_t space = status_line.find(' ');
  const std::string_view digits =
      space == std::string_view::npos ? "" : status_line.substr(space + 1, 3);
  std::from_chars(digits.data(), digits.data() + digits.size(), status_);
}

void response::field(std::string_view name, std::string_view value) {
  if (name == "content-length") {
    length_field(value);
  } else if (name == "transfer-encoding") {
    transfer_coded_ = true;
    if (lower(value) != "chunked" && lower(value) != "identity")
      refuse(errc::cdn_bad_encoding, "a transfer coding other than chunked");
  } else if (name == "content-encoding") {
    if (lower(value) != "identity" && !value.empty() && usable_status())
      refuse(errc::cdn_bad_encoding, "an encoded body, although none was asked for");
  } else if (name == "etag" && is_validator(value)) {
    etag_ = value;
  } else if (name == "last-modified" && is_validator(value)) {
    last_modified_ = value;
  } else if (name == "retry-after") {
    // Two values contradict each other: neither counts, the wish to wait does.
    retry_after_ = retry_after_ ? std::string{} : std::string{value.substr(0, 64)};
  }
  if (length_ && transfer_coded_) // RFC 9112, 6.3: a sign of request smuggling
    refuse(errc::cdn_protocol, "both a length and a transfer coding");
}

void response::length_field(std::string_view value) {
  std::uint64_t length = 0;
  const auto end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, length);
  if (read.ec == std::errc::result_out_of_range)
    return refuse(errc::cdn_protocol, "a Content-Length beyond 64 bits");
  if (value.empty() || read.ec != std::errc{} || read.ptr != end)
    return refuse(errc::cdn_protocol, "a Content-Length that is no number");
  if (length_)
    return refuse(errc::cdn_protocol, "two Content-Lengths");
  length_ = length;
  if (status_ == ok && length > bytes_max_)
    refuse(errc::cdn_too_large, "announces " + std::to_string(length) + " bytes, at most " +
                                    std::to_string(bytes_max_) + " may come");
}

bool response::usable_status() const {
  return status_ == ok || (status_ == not_modified && conditional_);
}

bool response::settled() const {
  return refused_ || (status_ >= ok && !usable_status());
}

bool response::body(chain::byte_view piece) {
  if (refused_)
    return false;
  bytes_received_ += piece.size();
  if (status_ != ok)
    return bytes_received_ <= refused_body_bytes_max;
  if (piece.size() > bytes_max_ - bytes_.size()) {
    refuse(errc::cdn_too_large,
           "more than the " + std::to_string(bytes_max_) + " bytes that may come");
    return false;
  }
  const std::uint64_t needed = bytes_.size() + piece.size();
  if (needed > bytes_.capacity()) {
    // Both the announced length and the doubling end at the cap.
    const std::uint64_t room = std::min(
        bytes_max_, length_ ? std::max(*length_, needed)
                            : std::max<std::uint64_t>({2 * bytes_.size(), needed, first_bytes}));
    chain::byte_buffer larger = pool_->take(room);
    larger.insert(larger.end(), bytes_.begin(), bytes_.end());
    pool_->give_back(std::exchange(bytes_, std::move(larger)));
  }
  bytes_.insert(bytes_.end(), piece.begin(), piece.end());
  return true;
}

transfer_failure response::failed(failure why, const std::string& url, std::int64_t now_ms) const {
  transfer_failure out;
  out.why = {why.code, url + ": " + why.message};
  out.status = status_;
  if (retry_after_ && why.code == errc::cdn_rate_limited)
    out.retry_after = parse_retry_after(*retry_after_, now_ms);
  if (why.code == errc::cdn_too_large)
    out.bytes_needed = length_.value_or(0);
  return out;
}

tl::expected<transfer_body, transfer_failure> response::finish(const std::string& url,
                                                               std::int64_t now_ms) {
  if (!refused_ && !usable_status())
    refused_ = failure{class_of(status_, retry_after_.has_value()),
                       "status " + std::to_string(status_) + " instead of the file"};
  if (!refused_ && status_ == ok && length_ && bytes_.size() != *length_)
    refused_ = failure{errc::cdn_truncated, std::to_string(bytes_.size()) + " of " +
                                                std::to_string(*length_) + " announced bytes"};
  if (refused_)
    return tl::unexpected(failed(*refused_, url, now_ms));
  transfer_body out;
  out.not_modified = status_ == not_modified;
  out.bytes = pool_->share(std::move(bytes_));
  out.etag = std::move(etag_);
  out.last_modified = std::move(last_modified_);
  out.url = url;
  out.status = status_;
  return out;
}

std::string printable(std::string_view text, std::size_t bytes_max) {
  std::string out{text.substr(0, bytes_max)};
  std::ranges::replace_if(
      out, [](char c) { return c < 0x20 || c >= 0x7f; }, '?');
  return out;
}

} // namespace blockferry::runtime
