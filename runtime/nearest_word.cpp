#include "runtime/nearest_word.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace blockferry::runtime {
namespace {

constexpr std::size_t word_bytes_max = 64;

/// Levenshtein's distance, one row at a time.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

} // namespace

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
  if (word.size() > word_bytes_max)
    return {};
  std::size_t least = std::max<std::size_t>(word.size() / 3, 1) + 1;
  std::string_view nearest;
  for (const std::string_view one : known)
    if (const auto edits = edits_between(word, one); edits < least) {
      least = edits;
      nearest = one;
    }
  return nearest.empty() ? std::string{} : "; did you mean '" + std::string{nearest} + "'?";
}

} // namespace blockferry::runtime
