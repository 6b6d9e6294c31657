#include "runtime/options/option_sources.hpp"

#include "chain/math/cpu_path.hpp"
#include "runtime/nearest_word.hpp"
#include "runtime/refuse.hpp"

#include <algorithm>
#include <sstream>

namespace blockferry::runtime {
namespace {

constexpr std::string_view environment_prefix = "BLOCKFERRY_";
/// Variables that others read: the arithmetic (chain/math), the configuration file's place, tests.
constexpr std::string_view other_variables[] = {"BLOCKFERRY_CPU", "BLOCKFERRY_CONFIG",
                                                "BLOCKFERRY_SEED"};

tl::expected<void, failure> read_into(program_options& to, const option& one,
                                      const given_value& given) {
  if (!one.repeatable && given.texts.size() > 1)
    return refuse(given.origin + ": given " + std::to_string(given.texts.size()) +
                  " times, at most once");
  for (const auto& text : given.texts)
    if (const auto done = one.set(to, text); !done)
      return refuse(given.origin + ": " + done.error());
  return {};
}

/// The arithmetic itself would fall back in silence.
tl::expected<void, failure> check_cpu_path(const std::string& name) {
  std::vector<std::string_view> here;
  for (const auto path : chain::all_cpu_paths)
    if (chain::machine_has(path))
      here.push_back(chain::to_string(path));
  if (name.empty() || std::ranges::find(here, name) != here.end())
    return {};
  const bool known = chain::parse_cpu_path(name).has_value();
  return refuse("environment BLOCKFERRY_CPU: " +
                (known ? "this machine does not have the code path '" + name + "'"
                       : "'" + name + "' is no code path" + did_you_mean(name, here)) +
                ". Leave it away for the fastest, " + std::string{here.back()} + ".");
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in{text};
  std::vector<std::string> out;
  for (std::string word; in >> word;)
    out.push_back(word);
  return out;
}

} // namespace

tl::expected<given_values, failure> values_of_environment(const char* const* variables) {
  std::vector<std::string> names{std::begin(other_variables), std::end(other_variables)};
  for (const option& one : option_table())
    names.push_back(variable_of(one));
  given_values out;
  for (; *variables != nullptr; ++variables) {
    const std::string_view entry{*variables};
    if (!entry.starts_with(environment_prefix))
      continue;
    const auto split = std::min(entry.find('='), entry.size() - 1);
    const std::string name{entry.substr(0, split)};
    const std::string value{entry.substr(split + 1)};
    if (name == "BLOCKFERRY_CPU")
      if (auto done = check_cpu_path(value); !done)
        return tl::make_unexpected(done.error());
    if (std::ranges::find(other_variables, name) != std::end(other_variables) || value.empty())
      continue;
    const auto table = option_table();
    const auto one = std::find_if(table.begin(), table.end(), [&](const option& candidate) {
      return variable_of(candidate) == name;
    });
    if (one == table.end()) {
      const std::vector<std::string_view> known{names.begin(), names.end()};
      return refuse("environment " + name + " is no option" + did_you_mean(name, known));
    }
    out[std::string{one->name}] = {one->repeatable ? words_of(value) : std::vector{value},
                                   "environment " + name};
  }
  return out;
}

tl::expected<resolved_options, failure> resolve(const std::vector<given_values>& sources) {
  resolved_options out;
  for (const option& one : option_table()) {
    bool found = false;
    for (const auto& source : sources) {
      const auto given = source.find(one.name);
      if (given == source.end())
        continue;
      // A value that loses is wrong all the same where it is wrong: it is read, and forgotten.
      program_options forgotten;
      if (auto done = read_into(found ? forgotten : out.values, one, given->second); !done)
        return tl::make_unexpected(done.error());
      if (!std::exchange(found, true))
        out.given[std::string{one.name}] = given->second;
    }
    if (!found)
      out.given[std::string{one.name}] = {one.default_text.empty()
                                              ? std::vector<std::string>{}
                                              : std::vector{std::string{one.default_text}},
                                          "default"};
  }
  return out;
}

} // namespace blockferry::runtime
