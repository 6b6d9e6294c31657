#include "chain/stake/committee.hpp"

#include "chain/hash/bhp.hpp"

#include <algorithm>

namespace blockferry::chain::stake {

namespace {

__extension__ using wide = unsigned __int128;

/// As numbers, which the bytes hold least significant first.
bool greater_number(const address& a, const address& b) {
  return std::ranges::lexicographical_compare(b.bytes.rbegin(), b.bytes.rend(), a.bytes.rbegin(),
                                              a.bytes.rend());
}

} // namespace

std::optional<committee> committee::make(std::uint64_t starting_round,
                                         std::vector<committee_member> members) {
  if (members.size() < members_min)
    return std::nullopt;
  committee made;
  made.starting_round_ = starting_round;
  for (const committee_member& one : members)
    if (one.stake < member_stake_min ||
        __builtin_add_overflow(made.total_, one.stake, &made.total_))
      return std::nullopt;
  made.members_ = std::move(members);
  return made;
}

std::optional<std::uint64_t> committee::stake_of(const address& who) const noexcept {
  const auto found = std::ranges::find(members_, who, &committee_member::who);
  return found == members_.end() ? std::nullopt : std::optional{found->stake};
}

std::uint64_t committee::quorum_threshold() const noexcept {
  return static_cast<std::uint64_t>(wide{total_} * 2 / 3) + 1;
}

std::uint64_t committee::availability_threshold() const noexcept {
  return static_cast<std::uint64_t>((wide{total_} + 2) / 3);
}

address committee::member_drawn(std::uint64_t draw) const {
  std::vector<const committee_member*> by_number;
  by_number.reserve(members_.size());
  for (const committee_member& one : members_)
    by_number.push_back(&one);
  std::ranges::sort(by_number, greater_number, [](const auto* one) { return one->who; });
  const std::uint64_t index = draw % total_;
  std::uint64_t up_to = 0;
  for (const committee_member* one : by_number) {
    up_to += one->stake;
    if (up_to >= index)
      return one->who;
  }
  return by_number.back()->who;
}

hash committee::id() const {
  bit_string bits;
  bits.append_u64(starting_round_);
  bits.append_u16(static_cast<std::uint16_t>(members_.size()));
  for (const committee_member& one : members_) {
    bits.append_bytes(one.who.bytes);
    bits.append_u64(one.stake);
    bits.append_u8(one.is_open ? 1 : 0);
    bits.append_u8(one.commission);
  }
  bits.append_u64(total_);
  return bhp1024().hash_bits(bits.view()).wire();
}

std::uint64_t lookback_round(std::uint64_t round) noexcept {
  const std::uint64_t step = round % 2 == 0 ? 1 : 2;
  const std::uint64_t before = round > step ? round - step : 0;
  return before > lookback_rounds ? before - lookback_rounds : 0;
}

std::optional<std::int64_t> weighted_median(std::vector<weighted_timestamp> stamps) {
  std::ranges::sort(stamps);
  wide total = 0;
  for (const weighted_timestamp& one : stamps)
    total += one.stake;
  wide up_to = 0;
  for (const weighted_timestamp& one : stamps) {
    up_to += one.stake;
    if (2 * up_to >= total)
      return one.timestamp;
  }
  return std::nullopt;
}

} // namespace blockferry::chain::stake
