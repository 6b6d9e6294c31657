#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace blockferry::hostile {

/// The head of an HTTP/1.1 request.  Header names are in lower case.
struct request {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;

  /// The first value of a header, or nothing.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// The last part of the target, without its query: "latest.json", "50.100.blocks".
  [[nodiscard]] std::string_view file_name() const;
};

/// ASCII in lower case.
[[nodiscard]] std::string lower(std::string_view text);

/// Takes one request off the front of `input`; nothing while its head is not complete.  A head that
/// is no request gives one with an empty method.
[[nodiscard]] std::optional<request> take_request(std::string& input);

} // namespace blockferry::hostile
