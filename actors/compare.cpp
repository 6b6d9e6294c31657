#include "actors/compare.hpp"

#include "chain/wire.hpp"

#include <algorithm>

namespace blockferry {
namespace {

constexpr std::size_t count_bytes = sizeof(std::uint64_t); // the blocks begin behind their count

chain::byte_view blocks_of(const waiting_body& one) {
  const auto view = one.body.bytes.view();
  return view.subspan(std::min(view.size(), count_bytes));
}

} // namespace

const waiting_body* agreed_body(const std::vector<waiting_body>& bodies, std::size_t must_agree) {
  const waiting_body* best = nullptr;
  for (const auto& candidate : bodies) {
    const auto mine = blocks_of(candidate);
    const auto has_mine = [&](const waiting_body& other) {
      const auto theirs = blocks_of(other);
      return theirs.size() >= mine.size() && std::ranges::equal(mine, theirs.first(mine.size()));
    };
    if (static_cast<std::size_t>(std::ranges::count_if(bodies, has_mine)) >= must_agree &&
        (best == nullptr || mine.size() > blocks_of(*best).size()))
      best = &candidate;
  }
  return best;
}

std::uint64_t claimed_blocks(const payload& file) {
  return file.size() < count_bytes ? 0 : chain::load_le<std::uint64_t>(file.view());
}

} // namespace blockferry
