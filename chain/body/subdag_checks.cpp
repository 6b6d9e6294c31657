#include "chain/body/subdag_checks.hpp"

#include "chain/hash/bhp.hpp"
#include "chain/hash/merkle.hpp"
#include "chain/name.hpp"

#include <algorithm>

namespace blockferry::chain {
namespace {

constexpr unsigned subdag_depth = 16;
constexpr std::uint8_t canonical_order_version = 18;

std::string of_round(const char* what, std::uint64_t round) {
  return std::string{what} + " of round " + std::to_string(round);
}

bool previous_repeated(byte_view previous) {
  std::vector<hash> ids;
  for (std::size_t at = 0; at < previous.size(); at += sizeof(hash::bytes))
    ids.push_back(load_hash(previous.subspan(at)));
  std::ranges::sort(ids);
  return std::ranges::adjacent_find(ids) != ids.end();
}

/// Kind, id and checksum together make a transmission id.
bool transmission_repeated(std::span<const transmission> all) {
  const auto less = [](const transmission& a, const transmission& b) {
    if (a.of != b.of)
      return a.of < b.of;
    if (!std::ranges::equal(a.id, b.id))
      return std::ranges::lexicographical_compare(a.id, b.id);
    return std::ranges::lexicographical_compare(a.checksum, b.checksum);
  };
  std::vector<transmission> sorted(all.begin(), all.end());
  std::ranges::sort(sorted, less);
  return std::ranges::adjacent_find(
             sorted, [&](const auto& a, const auto& b) { return !less(a, b); }) != sorted.end();
}

std::optional<broken_rule> check_certificate(const subdag& of, const certificate& one) {
  const bool has_previous = !one.previous.empty();
  if ((one.round > 1) != has_previous)
    return at(one.previous, broken(check::subdag, one.round > 1 ? "at least one" : "none",
                                   std::to_string(one.previous.size() / sizeof(hash::bytes)),
                                   of_round("previous ids of a certificate", one.round)));
  if (previous_repeated(one.previous))
    return at(one.previous, broken(check::subdag, "each once", "one twice",
                                   of_round("previous ids of a certificate", one.round)));
  if (transmission_repeated({of.transmissions.data() + one.first_transmission, one.transmissions}))
    return at(one.head, broken(check::subdag, "each once", "one twice",
                               of_round("transmissions of a certificate", one.round)));
  return std::nullopt;
}

std::optional<broken_rule> check_round(const subdag& of, const subdag_round& round,
                                       std::uint64_t most) {
  if (round.count > most)
    return at(of.certificates[round.first].head,
              broken(check::subdag, "at most " + std::to_string(most), std::to_string(round.count),
                     of_round("certificates", round.round)));
  const hash committee = of.certificates[round.first].committee_id.value();
  for (std::uint32_t i = 0; i < round.count; ++i) {
    const certificate& one = of.certificates[round.first + i];
    if (one.committee_id.value() != committee)
      return at(one.committee_id.bytes(),
                broken(check::subdag, field_name(committee), field_name(one.committee_id.value()),
                       of_round("committee ids of the certificates", round.round)));
    if (auto failed = check_certificate(of, one))
      return failed;
  }
  return std::nullopt;
}

} // namespace

std::optional<broken_rule> check_subdag(const network& net, const block_front& front,
                                        const subdag& of, const subdag_links& links) {
  const subdag_round& last = of.rounds.back();
  const byte_view place = of.certificates[last.first].head;
  if (last.round % 2 != 0)
    return at(place, broken(check::subdag, "an even round", std::to_string(last.round),
                            "last round of the subdag"));
  if (last.count != 1)
    return at(place, broken(check::subdag, "1", std::to_string(last.count),
                            "certificates of the last round"));
  if (last.round != front.header.round)
    return at(place,
              broken(check::subdag, std::to_string(front.header.round), std::to_string(last.round),
                     "last round of the subdag, against the header's"));
  if (links.repeated() != subdag_links::outside)
    return at(of.certificates[links.repeated()].id.bytes(),
              broken(check::subdag, "each once",
                     field_name(of.certificates[links.repeated()].id.value()),
                     "certificate ids of the subdag"));
  const std::uint64_t most =
      value_at(net.certificates_max, consensus_version(net, front.header.height));
  for (const subdag_round& round : of.rounds)
    if (auto failed =
            check_round(of, round, net.certificates_max.empty() ? certificates_bound(net) : most))
      return failed;
  if (const auto reached = links.walk().size(); reached != of.certificates.size())
    return broken(check::subdag, std::to_string(of.certificates.size()), std::to_string(reached),
                  "certificates that the leader's reaches");
  return std::nullopt;
}

std::optional<broken_rule> check_certificate_order(const network& net, height_t height,
                                                   const subdag& of, const subdag_links& links) {
  if (consensus_version(net, height) < canonical_order_version)
    return std::nullopt;
  // Stable, so that each round keeps the walk's order.
  auto order = links.walk();
  std::ranges::stable_sort(order, {},
                           [&](std::uint32_t one) { return of.certificates[one].round; });
  for (std::uint32_t i = 0; i < order.size(); ++i)
    if (order[i] != i)
      return at(of.certificates[i].id.bytes(),
                broken(check::certificate_order, field_name(of.certificates[order[i]].id.value()),
                       field_name(of.certificates[i].id.value()),
                       of_round("canonical order of the certificates", of.certificates[i].round)));
  return std::nullopt;
}

std::optional<broken_rule> check_batch_ids(const subdag& of, std::size_t first, std::size_t count) {
  std::vector<bit_string> inputs(count);
  std::vector<bit_view> views;
  for (std::size_t i = 0; i < count; ++i) {
    const certificate& one = of.certificates[first + i];
    inputs[i].append_bytes(one.head);
    inputs[i].append_u32(static_cast<std::uint32_t>(one.previous.size() / sizeof(hash::bytes)));
    inputs[i].append_bytes(one.previous);
    views.push_back(inputs[i].view());
  }
  std::vector<field> ids(count);
  bhp1024().hash_many(views, ids);
  for (std::size_t i = 0; i < count; ++i) {
    const certificate& one = of.certificates[first + i];
    if (ids[i].wire() != one.id.value())
      return at(one.id.bytes(),
                broken(check::batch_ids, field_name(ids[i].wire()), field_name(one.id.value()),
                       of_round("batch id of a certificate", one.round) + ", recomputed"));
  }
  return std::nullopt;
}

std::optional<broken_rule> check_subdag_root(const block_front& front, const subdag* of) {
  hash root;
  if (of != nullptr) {
    std::vector<bit_string> leaves(of->rounds.size());
    std::vector<bit_view> views;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      for (std::uint32_t c = 0; c < of->rounds[i].count; ++c)
        leaves[i].append_field(of->certificates[of->rounds[i].first + c].id.value());
      views.push_back(leaves[i].view());
    }
    root = merkle_root(views, subdag_depth);
  }
  if (root != front.subdag_root)
    return at(subdag_root_offset,
              broken(check::subdag_root, field_name(root), field_name(front.subdag_root),
                     of != nullptr ? "subdag root, recomputed" : "subdag root of a beacon block"));
  return std::nullopt;
}

std::vector<stake::outside_certificate> outside_certificates(const subdag& of,
                                                             const subdag_links& links) {
  constexpr std::uint64_t reach = stake::subdag_rounds_max - 1;
  const std::uint64_t anchor = of.rounds.back().round;
  std::vector<stake::outside_certificate> out;
  for (const certificate& one : of.certificates) {
    if (one.round == 0 || one.round > anchor || anchor - (one.round - 1) >= reach)
      continue;
    for (std::size_t at = 0; at < one.previous.size(); at += sizeof(hash::bytes))
      if (const hash id = load_hash(one.previous.subspan(at)); !links.holds(id))
        out.push_back({one.round - 1, id});
  }
  const auto key = [](const stake::outside_certificate& one) {
    return std::tie(one.round, one.id);
  };
  std::ranges::sort(out, {}, key);
  const auto same = [&](const auto& a, const auto& b) { return key(a) == key(b); };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
  return out;
}

} // namespace blockferry::chain
