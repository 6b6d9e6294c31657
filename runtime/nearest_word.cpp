#include "runtime/nearest_word.hpp"

#include <algorithm>
#include <vector>

namespace blockferry::runtime {
namespace {

constexpr std::size_t word_bytes_max = 64;

/// Letters wrong, missing, too many, or two swapped (restricted Damerau-Levenshtein).
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = i + j;
        continue;
      }
      const std::size_t replaced = table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      table[i][j] = std::min({replaced, table[i - 1][j] + 1, table[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
    }
  return table[a.size()][b.size()];
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
