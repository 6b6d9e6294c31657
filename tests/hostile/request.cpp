#include "tests/hostile/request.hpp"

#include <algorithm>
#include <cctype>

namespace blockferry::hostile {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

} // namespace

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(),
                         [](unsigned char one) { return static_cast<char>(std::tolower(one)); });
  return out;
}

std::optional<std::string_view> request::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name)
      return value;
  return std::nullopt;
}

std::string_view request::file_name() const {
  const auto path = std::string_view{target}.substr(0, target.find('?'));
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::optional<request> take_request(std::string& input) {
  const auto end = input.find("\r\n\r\n");
  if (end == std::string::npos)
    return std::nullopt;
  const std::string head = input.substr(0, end);
  input.erase(0, end + 4);
  request out;
  std::size_t start = head.find("\r\n");
  const std::string_view first = std::string_view{head}.substr(0, start);
  const auto space = first.find(' ');
  if (space == std::string_view::npos)
    return out;
  out.method = first.substr(0, space);
  out.target = trimmed(first.substr(space + 1, first.rfind(' ') - space - 1));
  while (start != std::string::npos) {
    start += 2;
    const auto stop = head.find("\r\n", start);
    const auto line = std::string_view{head}.substr(
        start, stop == std::string::npos ? std::string::npos : stop - start);
    if (const auto colon = line.find(':'); colon != std::string_view::npos)
      out.headers.emplace_back(lower(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    start = stop;
  }
  return out;
}

} // namespace blockferry::hostile
