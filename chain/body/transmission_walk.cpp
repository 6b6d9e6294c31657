#include "chain/body/transmission_walk.hpp"

#include "chain/name.hpp"

#include <algorithm>

namespace blockferry::chain {
namespace {

/// Kind, then id: what a walk sees once.
bool id_less(const transmission& a, const transmission& b) {
  return a.of != b.of ? a.of < b.of : std::ranges::lexicographical_compare(a.id, b.id);
}

/// For each transmission of the subdag, in its order, whether its id stood before.  By sorting: ids
/// are the sender's choice, and could be chosen to collide in a hash table.
std::vector<bool> seen_before(std::span<const transmission> all) {
  std::vector<std::uint32_t> order(all.size());
  for (std::uint32_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
    if (id_less(all[a], all[b]) || id_less(all[b], all[a]))
      return id_less(all[a], all[b]);
    return a < b;
  });
  std::vector<bool> seen(all.size());
  for (std::size_t i = 1; i < order.size(); ++i)
    seen[order[i]] = !id_less(all[order[i - 1]], all[order[i]]);
  return seen;
}

/// Whether all ids of the list, `size` bytes each, are among those left over, which rise; takes
/// them out of `left`.
bool all_left_over(byte_view aborted, std::size_t size, std::vector<byte_view>& left) {
  const auto less = [](byte_view a, byte_view b) {
    return std::ranges::lexicographical_compare(a, b);
  };
  std::vector<bool> listed(left.size());
  for (std::size_t at = 0; at < aborted.size(); at += size) {
    const byte_view id = aborted.subspan(at, size);
    const auto found = std::ranges::lower_bound(left, id, less);
    if (found == left.end() || !std::ranges::equal(*found, id))
      return false;
    listed[static_cast<std::size_t>(found - left.begin())] = true;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < left.size(); ++i)
    if (!listed[i])
      left[kept++] = left[i];
  left.resize(kept);
  return true;
}

tl::unexpected<broken_rule> refuse(byte_view place, std::string expected, std::string found,
                                   std::string detail) {
  return make_unexpected(at(place, broken(check::transmissions, std::move(expected),
                                          std::move(found), std::move(detail))));
}

} // namespace

expected<walked, broken_rule> walk_transmissions(const body_head& body,
                                                 std::span<const transaction_facts> transactions,
                                                 byte_view aborted_transactions) {
  if (!body.quorum)
    return walked{};
  // Certificates stand in rounds rising, so their transmissions do as well.
  const auto& all = body.quorum->transmissions;
  const auto seen = seen_before(all);
  std::size_t solution = 0;
  std::size_t transaction = 0;
  std::vector<byte_view> left_solutions;
  std::vector<byte_view> left_transactions;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const transmission& one = all[i];
    if (seen[i] || one.of == transmission::kind::ratification)
      continue;
    if (one.of == transmission::kind::solution) {
      if (solution < body.solutions.size() &&
          body.solutions[solution].id == load_le<std::uint64_t>(one.id))
        ++solution;
      else
        left_solutions.push_back(one.id);
      continue;
    }
    const uint128 checksum{load_le<std::uint64_t>(one.checksum),
                           load_le<std::uint64_t>(one.checksum.subspan(8))};
    if (transaction < transactions.size() &&
        std::ranges::equal(transactions[transaction].unconfirmed_id.bytes, one.id) &&
        transactions[transaction].checksum == checksum)
      ++transaction;
    else
      left_transactions.push_back(one.id);
  }
  if (solution != body.solutions.size())
    return refuse(body.solutions[solution].epoch_hash.bytes(), "in the subdag, at its place",
                  std::to_string(body.solutions[solution].id),
                  "solution " + std::to_string(solution));
  if (transaction != transactions.size())
    return refuse(transactions[transaction].bytes, "in the subdag, at its place, with its checksum",
                  bech32m(transaction_prefix, transactions[transaction].unconfirmed_id.bytes),
                  "transaction " + std::to_string(transaction));
  const auto less = [](byte_view a, byte_view b) {
    return std::ranges::lexicographical_compare(a, b);
  };
  std::ranges::sort(left_solutions, less);
  std::ranges::sort(left_transactions, less);
  if (!all_left_over(body.aborted_solutions, sizeof(std::uint64_t), left_solutions) ||
      !all_left_over(aborted_transactions, sizeof(hash::bytes), left_transactions))
    return refuse(body.aborted_solutions, "in the subdag, and not in the block", "another id",
                  "ids listed as aborted");
  return walked{left_solutions.empty() && left_transactions.empty()};
}

} // namespace blockferry::chain
