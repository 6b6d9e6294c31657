#include "chain/checks.hpp"

#include <array>
#include <utility>

namespace blockferry::chain {
namespace {

struct named_check {
  check which;
  level at;
  std::string_view name;
};

constexpr std::array all_checks = {
    named_check{check::framing, level::link, "framing"},
    named_check{check::front, level::link, "front"},
    named_check{check::height, level::link, "height"},
    named_check{check::previous_hash, level::link, "previous_hash"},
    named_check{check::network_id, level::link, "network_id"},
    named_check{check::genesis, level::link, "genesis"},
    named_check{check::checkpoint, level::link, "checkpoint"},
    named_check{check::block_hash, level::header, "block_hash"},
    named_check{check::state_root, level::header, "state_root"},
    named_check{check::metadata, level::header, "metadata"},
    named_check{check::targets, level::header, "targets"},
    named_check{check::rounds, level::header, "rounds"},
    named_check{check::weight, level::header, "weight"},
    named_check{check::authority, level::consensus, "authority"},
    named_check{check::subdag, level::consensus, "subdag"},
    named_check{check::certificate_order, level::consensus, "certificate_order"},
    named_check{check::batch_ids, level::consensus, "batch_ids"},
    named_check{check::subdag_root, level::consensus, "subdag_root"},
    named_check{check::signatures, level::consensus, "signatures"},
    named_check{check::ratifications, level::consensus, "ratifications"},
    named_check{check::solutions, level::consensus, "solutions"},
    named_check{check::rewards, level::consensus, "rewards"},
    named_check{check::transaction_ids, level::consensus, "transaction_ids"},
    named_check{check::transactions_root, level::consensus, "transactions_root"},
    named_check{check::transmissions, level::consensus, "transmissions"},
    named_check{check::membership, level::consensus, "membership"},
    named_check{check::quorum, level::consensus, "quorum"},
    named_check{check::leader, level::consensus, "leader"},
    named_check{check::median_timestamp, level::consensus, "median_timestamp"},
    named_check{check::certificate_history, level::consensus, "certificate_history"},
    named_check{check::transmission_history, level::consensus, "transmission_history"},
    named_check{check::value_ids, level::content, "value_ids"},
    named_check{check::owners, level::content, "owners"},
    named_check{check::fees, level::content, "fees"},
    named_check{check::finalize_root, level::content, "finalize_root"},
    named_check{check::deployments, level::content, "deployments"},
    named_check{check::duplicates, level::content, "duplicates"},
};

constexpr std::array level_names = {
    std::pair{level::none, std::string_view{"none"}},
    std::pair{level::link, std::string_view{"link"}},
    std::pair{level::header, std::string_view{"header"}},
    std::pair{level::consensus, std::string_view{"consensus"}},
    std::pair{level::content, std::string_view{"content"}},
};

} // namespace

check_set checks_of(level wanted) {
  check_set out;
  for (const auto& one : all_checks)
    if (one.at <= wanted)
      out.add(one.which);
  return out;
}

check_set excusable_checks() {
  // The first six of them read blocks before the first one stored, or a committee that follows from
  // them; a finalize root with a puzzle reward reads balances.
  return {check::previous_hash,
          check::genesis,
          check::state_root,
          check::targets,
          check::rounds,
          check::weight,
          check::solutions,
          check::rewards,
          check::membership,
          check::quorum,
          check::leader,
          check::median_timestamp,
          check::certificate_history,
          check::transmission_history,
          check::finalize_root};
}

level level_of(check_record record) {
  const check_set covered = record.made | (record.unmade & excusable_checks());
  level reached = level::none;
  for (const auto& [candidate, name] : level_names)
    if (candidate != level::none && covered.includes(checks_of(candidate)))
      reached = candidate;
    else if (candidate != level::none)
      break;
  return reached;
}

std::string_view to_string(check one) {
  for (const auto& named : all_checks)
    if (named.which == one)
      return named.name;
  return "unknown";
}

std::string_view to_string(level one) {
  for (const auto& [value, name] : level_names)
    if (value == one)
      return name;
  return "unknown";
}

std::optional<check> parse_check(std::string_view name) {
  for (const auto& named : all_checks)
    if (named.name == name)
      return named.which;
  return std::nullopt;
}

std::optional<level> parse_level(std::string_view name) {
  for (const auto& [value, text] : level_names)
    if (text == name)
      return value;
  return std::nullopt;
}

} // namespace blockferry::chain
