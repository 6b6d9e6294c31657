#pragma once

#include "chain/stake/stake_facts.hpp"

#include <map>
#include <optional>
#include <string_view>
#include <tuple>

namespace blockferry::chain::stake {

/// A value of one of the mappings: each uses the members that it needs.
///
///     committee  is_open, commission      unbonding  amount, height      metadata  height (a u32)
///     bonded     who, amount              withdraw   who                 delegated, pool  amount
struct credits_value {
  address who{};
  std::uint64_t amount = 0; ///< microcredits
  std::uint32_t height = 0;
  std::uint8_t commission = 0;
  bool is_open = false;
  friend auto operator<=>(const credits_value&, const credits_value&) = default;
};

[[nodiscard]] std::string_view name_of(mapping which) noexcept;

/// Ids of finalize operations (specification 4.5).  The first call computes those of the mappings.
[[nodiscard]] const hash& mapping_id(mapping which);
/// The mapping with this id, or none.
[[nodiscard]] std::optional<mapping> mapping_of(const hash& id);
[[nodiscard]] hash key_id(mapping which, const address& key);
/// `which` is not `account`, whose values are not followed.
[[nodiscard]] hash value_id(mapping which, const hash& key, const credits_value& value);

/// Computes each id once, however often a search asks for it.
class id_memo {
public:
  [[nodiscard]] const hash& key(mapping which, const address& key);
  [[nodiscard]] const hash& value(mapping which, const address& key, const credits_value& value);

private:
  std::map<std::pair<mapping, address>, hash> keys_;
  std::map<std::tuple<mapping, address, credits_value>, hash> values_;
};

} // namespace blockferry::chain::stake
