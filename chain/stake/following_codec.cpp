#include "chain/stake/compact_bytes.hpp"
#include "chain/stake/stake_codec.hpp"

namespace blockferry::chain::stake {

namespace {

constexpr std::uint8_t following_version = 1;

void put(wire_writer& out, const stake_state& state) {
  const stake_register& who = state.who();
  out.number(who.validators.size());
  for (const validator& one : who.validators) {
    out.put(one.who);
    out.flag(one.is_member);
    out.flag(one.is_open);
    out.fixed(one.commission);
  }
  out.number(who.stakers.size());
  for (std::size_t i = 0; i < who.stakers.size(); ++i) {
    out.put(who.stakers[i]);
    out.number(who.validator_of[i]);
    out.number(state.amounts()[i]);
  }
  out.number(who.withdraw.size());
  // Most stakers withdraw to themselves, and are listed above.
  std::size_t staker = 0;
  for (const auto& [owner, to] : who.withdraw) {
    while (staker < who.stakers.size() && who.stakers[staker] < owner)
      ++staker;
    const bool is_staker = staker < who.stakers.size() && who.stakers[staker] == owner;
    out.number(is_staker ? staker + 1 : 0);
    if (!is_staker)
      out.put(owner);
    out.flag(owner == to);
    if (owner != to)
      out.put(to);
  }
  out.number(who.unbonding.size());
  for (const auto& [owner, entry] : who.unbonding) {
    out.put(owner);
    out.number(entry.amount);
    out.number(entry.height);
  }
  out.maybe(who.member_count);
  out.maybe(who.delegator_count);
  out.maybe(who.pool);
}

std::uint32_t get_u32(wire_reader& in) {
  return static_cast<std::uint32_t>(in.number(0xffffffff));
}

void get_stakers(wire_reader& in, stake_register& who, std::vector<std::uint64_t>& amounts) {
  who.validators.resize(in.count(35));
  for (validator& one : who.validators) {
    one.who = in.get();
    one.is_member = in.flag();
    one.is_open = in.flag();
    one.commission = in.fixed<std::uint8_t>();
  }
  const std::size_t stakers = in.count(34);
  if (stakers > 0 && who.validators.empty())
    in.fail();
  who.stakers.resize(stakers);
  who.validator_of.resize(stakers);
  amounts.resize(stakers);
  for (std::size_t i = 0; i < stakers && !in.failed(); ++i) {
    who.stakers[i] = in.get();
    who.validator_of[i] = static_cast<std::uint32_t>(in.number(who.validators.size() - 1));
    amounts[i] = in.number();
  }
}

void get_withdraw(wire_reader& in, stake_register& who) {
  for (std::size_t left = in.count(2); left > 0 && !in.failed(); --left) {
    const std::uint64_t staker = in.number(who.stakers.size());
    const address owner = staker == 0 ? in.get() : who.stakers[staker - 1];
    const bool same = in.flag();
    who.withdraw.push_back({owner, same ? owner : in.get()});
  }
}

template <class Table, class Projection>
bool rises(const Table& table, Projection key) {
  return std::ranges::adjacent_find(
             table, [](const auto& a, const auto& b) { return !(a < b); }, key) == table.end();
}

std::optional<stake_state> get_state(wire_reader& in) {
  stake_register who;
  std::vector<std::uint64_t> amounts;
  get_stakers(in, who, amounts);
  get_withdraw(in, who);
  who.unbonding.resize(in.count(34));
  for (auto& [owner, entry] : who.unbonding) {
    owner = in.get();
    entry.amount = in.number();
    entry.height = get_u32(in);
  }
  who.member_count = in.maybe<std::uint32_t>();
  who.delegator_count = in.maybe<std::uint32_t>();
  who.pool = in.maybe<std::uint64_t>();
  const auto first = [](const auto& entry) { return entry.first; };
  if (in.failed() || !rises(who.validators, &validator::who) ||
      !rises(who.stakers, std::identity{}) || !rises(who.withdraw, first) ||
      !rises(who.unbonding, first))
    return std::nullopt;
  return stake_state::make(std::move(who), std::move(amounts));
}

/// From block to block little changes but the stakes.
bool same_people(const committee& a, const committee& b) {
  return std::ranges::equal(a.members(), b.members(), [](const auto& one, const auto& other) {
    return one.who == other.who && one.is_open == other.is_open &&
           one.commission == other.commission;
  });
}

void put(wire_writer& out, const committee& one, const committee* before) {
  const bool same = before != nullptr && same_people(one, *before);
  out.flag(same);
  out.number(one.starting_round());
  if (!same)
    out.number(one.members().size());
  for (const committee_member& member : one.members()) {
    out.number(member.stake);
    if (same)
      continue;
    out.put(member.who);
    out.flag(member.is_open);
    out.fixed(member.commission);
  }
}

std::optional<committee> get_committee(wire_reader& in, const committee* before) {
  const bool same = in.flag();
  const std::uint64_t starting_round = in.number();
  if (same && before == nullptr)
    return std::nullopt;
  std::vector<committee_member> members;
  if (same)
    members = before->members();
  else
    members.resize(in.count(35));
  for (committee_member& member : members) {
    member.stake = in.number();
    if (same)
      continue;
    member.who = in.get();
    member.is_open = in.flag();
    member.commission = in.fixed<std::uint8_t>();
  }
  return committee::make(starting_round, std::move(members));
}

void put(wire_writer& out, const certificate_window& window) {
  out.maybe(window.complete_from());
  out.number(window.rounds().size());
  for (const round_certificates& one : window.rounds()) {
    out.number(one.round);
    out.number(one.ids.size());
    for (const hash& id : one.ids)
      out.put(id);
  }
}

std::optional<certificate_window> get_window(wire_reader& in) {
  const auto complete_from = in.maybe<std::uint64_t>();
  std::vector<round_certificates> rounds;
  for (std::size_t left = in.count(2); left > 0 && !in.failed(); --left) {
    round_certificates& one = rounds.emplace_back();
    one.round = in.number();
    one.ids.resize(in.count(32));
    for (hash& id : one.ids)
      id = in.get();
  }
  return certificate_window::restore(complete_from, std::move(rounds));
}

std::optional<committee_following> get_committees(wire_reader& in) {
  const std::uint64_t last_round = in.number();
  const std::uint64_t known_to = in.number();
  std::string lost = in.text();
  std::optional<stake_state> stakes;
  if (in.flag()) {
    stakes = get_state(in);
    if (!stakes)
      return std::nullopt;
  }
  std::vector<committee_following::dated> committees;
  for (std::size_t left = in.count(3); left > 0 && !in.failed(); --left) {
    const std::uint64_t since = in.number();
    auto one = get_committee(in, committees.empty() ? nullptr : committees.back().who.get());
    if (!one)
      return std::nullopt;
    committees.push_back({since, std::make_shared<const committee>(std::move(*one))});
  }
  return committee_following::restore(last_round, known_to, std::move(lost), std::move(stakes),
                                      std::move(committees));
}

} // namespace

byte_buffer encode(const following& state) {
  wire_writer out;
  out.fixed(following_version);
  out.number(state.committees.last_round());
  out.number(state.committees.known_to());
  out.text(state.committees.lost());
  out.flag(state.committees.stakes().has_value());
  if (state.committees.stakes())
    put(out, *state.committees.stakes());
  out.number(state.committees.committees().size());
  const committee* before = nullptr;
  for (const committee_following::dated& one : state.committees.committees()) {
    out.number(one.since);
    put(out, *one.who, before);
    before = one.who.get();
  }
  put(out, state.certificates);
  return out.take();
}

std::uint64_t snapshot_bytes_bound(const following& state) {
  constexpr std::uint64_t number = 10, address_bytes = 32; // a varint at its longest
  std::uint64_t bytes = 256 + state.committees.lost().size();
  if (state.committees.stakes()) {
    const stake_register& who = state.committees.stakes()->who();
    bytes += who.validators.size() * (address_bytes + 3) +
             who.stakers.size() * (address_bytes + 5 + number) +
             who.unbonding.size() * (address_bytes + number + 5);
    // Of those who are stakers, the address is not repeated.
    for (const auto& [owner, to] : who.withdraw)
      bytes += 6 + (owner == to ? 0 : address_bytes);
    if (who.withdraw.size() > who.stakers.size())
      bytes += (who.withdraw.size() - who.stakers.size()) * address_bytes;
  }
  const std::vector<committee_member>* before = nullptr;
  for (const committee_following::dated& one : state.committees.committees()) {
    const std::vector<committee_member>& members = one.who->members();
    const bool same = before != nullptr && before->size() == members.size();
    bytes += 3 * number + members.size() * (same ? number : number + address_bytes + 2);
    before = &members;
  }
  for (const round_certificates& one : state.certificates.rounds())
    bytes += 2 * number + one.ids.size() * address_bytes;
  return bytes;
}

expected<following, std::string> decode_following(byte_view bytes) {
  wire_reader in{bytes};
  if (in.fixed<std::uint8_t>() != following_version)
    return make_unexpected("committee state: a version that this program does not know");
  auto committees = get_committees(in);
  auto window = committees ? get_window(in) : std::nullopt;
  if (!window || !in.done())
    return make_unexpected("committee state: the bytes end early or late, or do not fit together");
  return following{std::move(*committees), std::move(*window)};
}

} // namespace blockferry::chain::stake
