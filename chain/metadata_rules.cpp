#include "chain/metadata_rules.hpp"

#include "chain/wide.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace blockferry::chain {
namespace {

__extension__ typedef __int128 signed_wide;

constexpr std::uint64_t u64_max = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t solutions_max = 4;

/// Collects the first rule that is broken.
class judge {
public:
  explicit judge(check which) : which_(which) {}
  template <class Number>
  void equal(std::size_t place, const char* what, Number expected, Number found) {
    rule(expected == found, place, what, std::to_string(expected), std::to_string(found));
  }
  void equal(std::size_t place, const char* what, const uint128& expected, const uint128& found) {
    rule(expected == found, place, what, to_decimal(expected), to_decimal(found));
  }
  template <class Number>
  void at_least(std::size_t place, const char* what, Number least, Number found) {
    rule(found >= least, place, what, "at least " + std::to_string(least), std::to_string(found));
  }
  /// `place`: offset of what breaks the rule from the block's first byte.
  void rule(bool holds, std::size_t place, const char* what, std::string expected,
            std::string found) {
    if (!holds && !broken_)
      broken_ = broken_rule{which_, std::move(expected), std::move(found), what, place};
  }
  [[nodiscard]] const std::optional<broken_rule>& broken() const { return broken_; }

private:
  check which_;
  std::optional<broken_rule> broken_;
};

struct named_root {
  hash block_front::*member;
  std::size_t offset;
  const char* name;
  bool zero_in_genesis;
  bool never_zero_later;
};

/// Specification 6.1.
constexpr std::array roots = {
    named_root{&block_front::previous_state_root, previous_state_root_offset, "previous state root",
               true, true},
    named_root{&block_front::transactions_root, transactions_root_offset, "transactions root",
               false, true},
    named_root{&block_front::finalize_root, finalize_root_offset, "finalize root", false, true},
    named_root{&block_front::ratifications_root, ratifications_root_offset, "ratifications root",
               false, true},
    named_root{&block_front::solutions_root, solutions_root_offset, "solutions root", true, false},
    named_root{&block_front::subdag_root, subdag_root_offset, "subdag root", true, false},
};

std::optional<broken_rule> check_genesis(const network& net, const block_front& front) {
  const metadata& m = front.header;
  judge rules{check::metadata};
  rules.equal(round_offset, "genesis round", std::uint64_t{0}, m.round);
  rules.equal(cumulative_weight_offset, "genesis cumulative weight", uint128{},
              m.cumulative_weight);
  rules.equal(cumulative_proof_target_offset, "genesis cumulative proof target", uint128{},
              m.cumulative_proof_target);
  rules.equal(coinbase_target_offset, "genesis coinbase target", net.genesis_coinbase_target,
              m.coinbase_target);
  rules.equal(proof_target_offset, "genesis proof target", net.genesis_proof_target,
              m.proof_target);
  rules.equal(last_coinbase_target_offset, "genesis last coinbase target",
              net.genesis_coinbase_target, m.last_coinbase_target);
  rules.equal(last_coinbase_timestamp_offset, "genesis last coinbase timestamp",
              net.genesis_timestamp, m.last_coinbase_timestamp);
  rules.equal(timestamp_offset, "genesis timestamp", net.genesis_timestamp, m.timestamp);
  for (const named_root& one : roots) {
    const bool is_zero = front.*one.member == hash{};
    if (is_zero && !one.zero_in_genesis)
      rules.rule(false, one.offset, one.name, "not zero", "zero");
    else if (!is_zero && one.zero_in_genesis)
      rules.rule(false, one.offset, one.name, "zero", "not zero");
  }
  return rules.broken();
}

} // namespace

std::string to_decimal(const uint128& number) {
  wide left = widen(number);
  std::string digits;
  do
    digits += static_cast<char>('0' + static_cast<int>(left % 10));
  while ((left /= 10) != 0);
  std::ranges::reverse(digits);
  return digits;
}

std::optional<broken_rule> check_front_alone(const network& net, const block_front& front) {
  const metadata& m = front.header;
  if (m.height == 0)
    return check_genesis(net, front);
  judge rules{check::metadata};
  rules.at_least(round_offset, "round", std::max<std::uint64_t>(1, m.height), m.round);
  rules.at_least(coinbase_target_offset, "coinbase target", net.genesis_coinbase_target,
                 m.coinbase_target);
  rules.at_least(proof_target_offset, "proof target", net.genesis_proof_target, m.proof_target);
  rules.rule(m.coinbase_target > m.proof_target, coinbase_target_offset, "coinbase target",
             "above the proof target " + std::to_string(m.proof_target),
             std::to_string(m.coinbase_target));
  rules.at_least(last_coinbase_target_offset, "last coinbase target", net.genesis_coinbase_target,
                 m.last_coinbase_target);
  rules.at_least(last_coinbase_timestamp_offset, "last coinbase timestamp", net.genesis_timestamp,
                 m.last_coinbase_timestamp);
  rules.rule(m.timestamp > net.genesis_timestamp, timestamp_offset, "timestamp",
             "above " + std::to_string(net.genesis_timestamp), std::to_string(m.timestamp));
  for (const named_root& one : roots)
    if (one.never_zero_later)
      rules.rule(front.*one.member != hash{}, one.offset, one.name, "not zero", "zero");
  return rules.broken();
}

std::optional<broken_rule> check_metadata_pair(const network& net, const metadata& previous,
                                               const block_front& front) {
  const metadata& m = front.header;
  judge rounds{check::rounds};
  rounds.rule(m.round > previous.round, round_offset, "round",
              "above " + std::to_string(previous.round), std::to_string(m.round));
  if (rounds.broken())
    return rounds.broken();

  // W, the sum of the solutions' targets, as far as the metadata tells it.
  judge weights{check::weight};
  const wide before = widen(previous.cumulative_weight);
  const wide now = widen(m.cumulative_weight);
  weights.rule(now >= before, cumulative_weight_offset, "cumulative weight",
               "at least " + to_decimal(narrow(before)), to_decimal(narrow(now)));
  const wide weight = now - before;
  weights.rule(weight == 0 || weight >= previous.proof_target, cumulative_weight_offset,
               "weight of the solutions", "0 or at least " + std::to_string(previous.proof_target),
               to_decimal(narrow(weight)));
  weights.rule(weight <= static_cast<wide>(solutions_max) * u64_max, cumulative_weight_offset,
               "weight of the solutions", "at most four targets of 64 bits",
               to_decimal(narrow(weight)));
  weights.rule((weight == 0) == (front.solutions_root == hash{}), cumulative_weight_offset,
               "weight of the solutions", "zero exactly without solutions",
               to_decimal(narrow(weight)));
  if (weights.broken())
    return weights.broken();

  const std::uint64_t anchor = value_at(net.anchor_time_seconds, consensus_version(net, m.height));
  const std::uint64_t half_life = std::uint64_t{net.blocks_per_epoch / 2} * anchor;
  const std::uint64_t coinbase =
      std::max(retarget(previous.last_coinbase_target, previous.last_coinbase_timestamp,
                        m.timestamp, anchor, half_life),
               net.genesis_coinbase_target);
  const wide cumulative = add_saturating(widen(previous.cumulative_proof_target), weight);
  const bool hit = cumulative >= previous.coinbase_target / 2;
  judge targets{check::targets};
  targets.equal(coinbase_target_offset, "coinbase target", coinbase, m.coinbase_target);
  targets.equal(proof_target_offset, "proof target", (coinbase >> 2) + 1, m.proof_target);
  targets.equal(cumulative_proof_target_offset, "cumulative proof target",
                hit ? uint128{} : narrow(cumulative), m.cumulative_proof_target);
  targets.equal(last_coinbase_target_offset, "last coinbase target",
                hit ? coinbase : previous.last_coinbase_target, m.last_coinbase_target);
  targets.equal(last_coinbase_timestamp_offset, "last coinbase timestamp",
                hit ? m.timestamp : previous.last_coinbase_timestamp, m.last_coinbase_timestamp);
  return targets.broken();
}

std::uint64_t retarget(std::uint64_t previous_target, std::int64_t previous_timestamp,
                       std::int64_t timestamp, std::uint64_t anchor, std::uint64_t half_life) {
  const signed_wide elapsed =
      std::max<signed_wide>(static_cast<signed_wide>(timestamp) - previous_timestamp, 1);
  const signed_wide drift = static_cast<signed_wide>(anchor) - elapsed;
  if (drift == 0)
    return previous_target;
  const signed_wide exponent = 65536 * drift / static_cast<signed_wide>(half_life); // truncates
  const signed_wide integral = exponent >> 16;                                      // floors
  const auto f = static_cast<wide>(exponent - integral * 65536);
  // A cubic approximation of 2^(f / 65536), in 16-bit fixed point (ASERT).
  const wide multiplier = 65536 + ((wide{195766423245049} * f + wide{971821376} * f * f +
                                    wide{5127} * f * f * f + (wide{1} << 47)) >>
                                   48);
  wide target = previous_target * multiplier;
  const signed_wide shift = integral - 16;
  if (shift >= 128)
    return u64_max;
  if (shift <= -128)
    return 1;
  target = shift < 0 ? target >> -shift : target << shift;
  return static_cast<std::uint64_t>(std::clamp<wide>(target, 1, u64_max));
}

} // namespace blockferry::chain
