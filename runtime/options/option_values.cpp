#include "runtime/options/option_values.hpp"

namespace blockferry::runtime::option_values {
namespace {

constexpr std::array<std::string_view, 4> level_names{"link", "header", "consensus", "content"};
constexpr std::array<std::string_view, 4> log_level_names{"debug", "info", "warning", "error"};

/// "'heade' is none of link, header, ...; did you mean 'header'?"
tl::unexpected<std::string> none_of(std::string_view value,
                                    std::span<const std::string_view> names) {
  std::string out = "'" + std::string{value} + "' is none of ";
  for (const auto name : names)
    out += (name == names.front() ? "" : ", ") + std::string{name};
  return tl::make_unexpected(out + did_you_mean(value, names));
}

parsed<chain::hash> hash_named(std::string_view value) {
  const auto hash = chain::parse_block_name(value);
  if (!hash)
    return tl::make_unexpected("'" + std::string{value} +
                               "' is not a block hash: 'ab1' and 58 letters and digits");
  return *hash;
}

} // namespace

parsed<chain::level> level_named(std::string_view value) {
  const auto level = chain::parse_level(value);
  if (!level || *level == chain::level::none)
    return none_of(value, level_names);
  return *level;
}

parsed<void> cdn_url(program_options& to, std::string_view value) {
  // So a list in the environment, which stands apart by spaces, can be read in one way only.
  if (value.find_first_of(" \t\r\n") != std::string_view::npos)
    return tl::make_unexpected("'" + std::string{value} +
                               "' holds a space, as no URL may: write it as %20");
  for (const auto scheme : {"http://", "https://", "file://"})
    if (value.starts_with(scheme)) {
      to.cdn.emplace_back(value);
      return {};
    }
  return tl::make_unexpected("'" + std::string{value} +
                             "' does not begin with http://, https:// or file://");
}

parsed<void> floor(program_options& to, std::string_view value) {
  return level_named(value).map([&](chain::level level) { to.verify = level; });
}

parsed<void> required_check(program_options& to, std::string_view value) {
  if (const auto check = chain::parse_check(value)) {
    to.require.add(*check);
    return {};
  }
  std::vector<std::string_view> names;
  chain::for_each_check(chain::checks_of(chain::level::content),
                        [&](chain::check one) { names.push_back(chain::to_string(one)); });
  return none_of(value, names);
}

parsed<void> checkpoint(program_options& to, std::string_view value) {
  const auto split = value.find('=');
  if (split == std::string_view::npos)
    return tl::make_unexpected("'" + std::string{value} +
                               "' is not HEIGHT=HASH, as in '1000=ab1...'");
  const auto height = parse_count(value.substr(0, split), 0, limits::height_max);
  if (!height)
    return tl::make_unexpected(height.error());
  return hash_named(value.substr(split + 1)).map([&](const chain::hash& hash) {
    to.checkpoints.push_back({static_cast<height_t>(*height), hash});
  });
}

parsed<void> start_hash(program_options& to, std::string_view value) {
  return hash_named(value).map([&](const chain::hash& hash) { to.start_hash = hash; });
}

parsed<void> log_level(program_options& to, std::string_view value) {
  for (const auto name : log_level_names)
    if (value == name) {
      to.log_level = std::string{value};
      return {};
    }
  return none_of(value, log_level_names);
}

} // namespace blockferry::runtime::option_values
