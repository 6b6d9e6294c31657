#include "chain/hash/poseidon_batch.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace blockferry::chain {

std::vector<field> poseidon_batch::hashes() const {
  const std::size_t rate = by_.rate(), width = by_.width();
  // Longest first: those that are not done are the first ones, and their states lie together.
  std::vector<std::size_t> order(starts_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return ~size_of(i); });
  std::map<std::size_t, std::vector<field>> before;
  std::vector<field> states;
  states.reserve(order.size() * width);
  for (const std::size_t input : order) {
    auto& start = before[size_of(input)];
    if (start.empty())
      start = by_.state_before(size_of(input));
    states.insert(states.end(), start.begin(), start.end());
  }
  for (std::size_t done = 0;; done += rate) {
    std::size_t active = 0;
    for (; active < order.size() && size_of(order[active]) > done; ++active) {
      const std::size_t input = order[active];
      const std::size_t some = std::min(rate, size_of(input) - done);
      field* const state = states.data() + active * width;
      for (std::size_t i = 0; i < some; ++i)
        state[1 + i] = state[1 + i] + fields_[starts_[input] + done + i];
    }
    if (active == 0)
      break;
    by_.permute(std::span{states}.first(active * width));
  }
  std::vector<field> out(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    out[order[i]] = states[i * width + 1];
  return out;
}

} // namespace blockferry::chain
