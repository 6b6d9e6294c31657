#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace blockferry::chain {

/// Every named check.  The value is the bit under which the store records it: append, never
/// renumber.  Sections are those of the format specification.
enum class check : std::uint8_t {
  // link
  framing = 0,       ///< bundle and block lengths used up exactly (1.1)
  front = 1,         ///< versions and fields of the fixed front (2.1)
  height = 2,        ///< heights follow each other (6.3)
  previous_hash = 3, ///< names the hash of the block before (6.3)
  network_id = 4,    ///< the network's own id (6.1)
  genesis = 5,       ///< block 0 is the network's genesis; later blocks descend from it or a pin
  checkpoint = 6,    ///< agrees with every checkpoint of the network or the operator
  // header
  block_hash = 8, ///< recomputed from the header (4.1)
  state_root = 9, ///< recomputed over every hash before it (5)
  metadata = 10,  ///< rules of 6.1 that read one header only
  targets = 11,   ///< coinbase and proof targets, cumulative target (6.3)
  rounds = 12,    ///< rounds rise (6.3)
  weight = 13,    ///< the difference of cumulative_weight fits the targets (6.3)
  // consensus
  authority = 16,            ///< kind of authority, beacon or quorum (6.1, 7.1)
  subdag = 17,               ///< certificate and subdag rules, edges (2.2, 6.1, 6.3)
  certificate_order = 18,    ///< canonical order from V18 on (10.5)
  batch_ids = 19,            ///< recomputed (4.6)
  subdag_root = 20,          ///< recomputed (4.6)
  signatures = 21,           ///< every certificate signature (7.2)
  ratifications = 22,        ///< ids and root (4.2)
  solutions = 23,            ///< ids, root, targets, epoch, sum against the weight (4.3, 6.3)
  rewards = 24,              ///< block and puzzle reward (6.4)
  transaction_ids = 25,      ///< transition and transaction ids, checksums (4.4)
  transactions_root = 26,    ///< recomputed (4.4)
  transmissions = 27,        ///< the walk of 6.2
  membership = 28,           ///< signers are members of the committee in force (7.2, 7.3)
  quorum = 29,               ///< stake of every certificate reaches the quorum (7.3)
  leader = 30,               ///< leader, its committee id, none skipped (7.3, 7.4)
  median_timestamp = 31,     ///< weighted median (6.3)
  certificate_history = 32,  ///< previous certificates outside the subdag are known (6.3)
  transmission_history = 33, ///< transmissions not in the block are known from earlier ones (6.2)
  // content
  value_ids = 40,     ///< values bound to the ids of inputs and outputs (4.4)
  owners = 41,        ///< deployment owners' signatures (4.4)
  fees = 42,          ///< none is missing, each names what it pays for (2.5, 6.1)
  finalize_root = 43, ///< where 4.5 allows
  deployments = 44,   ///< deployments against their consensus version (10.3)
  duplicates = 45,    ///< no id twice within the block (6.1); across blocks no check says it
};

/// A set of checks, as stored: bit n stands for the check with value n.
class check_set {
public:
  constexpr check_set() = default;
  constexpr explicit check_set(std::uint64_t bits) : bits_(bits) {}
  constexpr check_set(std::initializer_list<check> checks) {
    for (check one : checks)
      add(one);
  }
  constexpr void add(check one) { bits_ |= std::uint64_t{1} << static_cast<unsigned>(one); }
  constexpr void remove(check one) { bits_ &= ~(std::uint64_t{1} << static_cast<unsigned>(one)); }
  [[nodiscard]] constexpr bool has(check one) const {
    return (bits_ >> static_cast<unsigned>(one) & 1) != 0;
  }
  [[nodiscard]] constexpr bool includes(check_set other) const {
    return (other.bits_ & ~bits_) == 0;
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }
  friend constexpr check_set operator|(check_set a, check_set b) {
    return check_set{a.bits_ | b.bits_};
  }
  friend constexpr check_set operator&(check_set a, check_set b) {
    return check_set{a.bits_ & b.bits_};
  }
  friend constexpr check_set operator-(check_set a, check_set b) {
    return check_set{a.bits_ & ~b.bits_};
  }
  friend constexpr bool operator==(check_set, check_set) = default;

private:
  std::uint64_t bits_ = 0;
};

/// Verification levels, each including those below it.  `none` is what a record without the whole
/// of `link` has; it is never a floor.
enum class level : std::uint8_t { none = 0, link = 1, header = 2, consensus = 3, content = 4 };

/// What was checked of one block: `made` passed; `unmade` belongs to the level it was checked at
/// but could not be made (history or committee missing, newer format).  Never both.
struct check_record {
  check_set made;
  check_set unmade;
  friend bool operator==(const check_record&, const check_record&) = default;
};

/// All checks of `wanted` and the levels below it.
[[nodiscard]] check_set checks_of(level wanted);

/// Those among `checks_of(level::content)` whose absence a floor excuses, because they need history
/// or a committee that a node may not have.
[[nodiscard]] check_set excusable_checks();

/// The highest level all of whose checks were made, or were excusable and recorded as unmade.
[[nodiscard]] level level_of(check_record record);

[[nodiscard]] std::string_view to_string(check one);
[[nodiscard]] std::string_view to_string(level one);
[[nodiscard]] std::optional<check> parse_check(std::string_view name);
[[nodiscard]] std::optional<level> parse_level(std::string_view name);

/// Calls `visit(check)` for each check there is, in the order of their bits.
template <class Visitor>
void for_each_check(check_set set, Visitor visit) {
  for (unsigned bit = 0; bit < 64; ++bit)
    if ((set.bits() >> bit & 1) != 0)
      visit(static_cast<check>(bit));
}

} // namespace blockferry::chain
