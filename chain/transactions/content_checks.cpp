#include "chain/transactions/content_checks.hpp"

#include "chain/transactions/deployment_rules.hpp"
#include "chain/transactions/duplicates.hpp"
#include "chain/transactions/finalize_root.hpp"
#include "chain/transactions/literals.hpp"
#include "chain/transactions/value_ids.hpp"

namespace blockferry::chain {
namespace {

constexpr check_set always_made = {check::value_ids, check::owners, check::fees, check::deployments,
                                   check::duplicates};

broken_rule other_root(const hash& computed, const hash& found) {
  broken_rule out{check::finalize_root, "", "", "finalize root", finalize_root_offset};
  append_number(out.expected, computed.bytes, "field");
  append_number(out.found, found.bytes, "field");
  return out;
}

std::optional<broken_rule> check_alone(const network& net, const content_block& block,
                                       const std::stop_token& stop) {
  if (auto broken = check_fees(block.front->header.height, *block.transactions, *block.ids))
    return broken;
  if (auto broken = check_duplicates(*block.transactions, *block.head, block.aborted_transactions))
    return broken;
  if (auto broken = check_owners(*block.transactions, *block.ids, stop))
    return broken;
  return check_deployments(net, block.front->header.height, *block.transactions, stop);
}

} // namespace

check_set content_checks() {
  return always_made | check_set{check::finalize_root};
}

std::vector<content_verdict>
check_content(const network& net, std::span<const content_block> blocks, std::stop_token stop) {
  std::vector<const transactions_area*> areas;
  std::vector<finalize_block> finalized;
  for (const auto& block : blocks) {
    areas.push_back(block.transactions);
    finalized.push_back({block.transactions, block.head});
  }
  std::vector<content_verdict> out;
  const auto roots = finalize_roots(finalized, stop);
  if (stop.stop_requested())
    return out;
  auto values = check_value_ids(net.id, areas, stop);
  for (std::size_t i = 0; i < blocks.size() && !stop.stop_requested(); ++i) {
    auto& verdict = out.emplace_back();
    verdict.record.made = always_made;
    (roots[i] ? verdict.record.made : verdict.record.unmade).add(check::finalize_root);
    const hash& claimed = blocks[i].front->finalize_root;
    if (roots[i] && *roots[i] != claimed)
      verdict.broken = other_root(*roots[i], claimed);
    else if (values[i])
      verdict.broken = std::move(values[i]);
    else
      verdict.broken = check_alone(net, blocks[i], stop);
  }
  if (stop.stop_requested() && !out.empty()) // the last one may not have been judged to its end
    out.pop_back();
  return out;
}

} // namespace blockferry::chain
