#include "chain/body/subdag_links.hpp"

#include <algorithm>

namespace blockferry::chain {

subdag_links::subdag_links(const subdag& of) {
  const auto count = static_cast<std::uint32_t>(of.certificates.size());
  std::vector<std::uint32_t> round_of(count);
  for (std::uint32_t round = 0; round < of.rounds.size(); ++round)
    for (std::uint32_t i = 0; i < of.rounds[round].count; ++i)
      round_of[of.rounds[round].first + i] = round;
  for (std::uint32_t i = 0; i < count; ++i)
    by_id_.push_back({of.certificates[i].id.value(), i});
  std::ranges::sort(by_id_);
  const auto twin = std::ranges::adjacent_find(by_id_, {}, &named::id);
  if (twin != by_id_.end())
    repeated_ = std::next(twin)->certificate;

  first_.push_back(0);
  for (std::uint32_t i = 0; i < count; ++i) {
    const byte_view ids = of.certificates[i].previous;
    for (std::size_t at = 0; at < ids.size(); at += sizeof(hash::bytes)) {
      const hash id = load_hash(ids.subspan(at));
      std::uint32_t target = outside;
      for (auto found = std::ranges::lower_bound(by_id_, id, {}, &named::id);
           found != by_id_.end() && found->id == id; ++found)
        if (round_of[found->certificate] + 1 == round_of[i])
          target = found->certificate;
      targets_.push_back(target);
    }
    first_.push_back(static_cast<std::uint32_t>(targets_.size()));
  }
}

bool subdag_links::holds(const hash& id) const {
  const auto found = std::ranges::lower_bound(by_id_, id, {}, &named::id);
  return found != by_id_.end() && found->id == id;
}

std::vector<std::uint32_t> subdag_links::walk() const {
  std::vector<std::uint32_t> out;
  const auto count = static_cast<std::uint32_t>(by_id_.size());
  std::vector<bool> pushed(count);
  std::vector<std::uint32_t> stack{count - 1}; // the leader's stands last
  pushed[count - 1] = true;
  while (!stack.empty()) {
    const std::uint32_t one = stack.back();
    stack.pop_back();
    out.push_back(one);
    const auto below = previous(one);
    for (std::size_t i = below.size(); i-- > 0;)
      if (below[i] != outside && !pushed[below[i]]) {
        pushed[below[i]] = true;
        stack.push_back(below[i]);
      }
  }
  return out;
}

} // namespace blockferry::chain
