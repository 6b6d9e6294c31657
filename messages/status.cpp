#include "messages/status.hpp"

namespace blockferry {

committees_status committees_of(const chain::stake::followed& state) {
  if (state.empty())
    return {committees_known::not_followed, {}};
  const auto& lost = state.open()->committees.lost();
  return {lost.empty() ? committees_known::followed : committees_known::unknown, lost};
}

} // namespace blockferry
