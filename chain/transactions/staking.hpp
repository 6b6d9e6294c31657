#pragma once

#include "chain/stake/stake_facts.hpp"
#include "chain/transactions/transaction.hpp"

#include <vector>

namespace blockferry::chain {

/// What following the stakes needs of a block's transactions (specification 7.5): of each accepted
/// execution with a call that is more than a move of public balances, its calls, its fee and its
/// operations on credits.aleo, in the block's order.
[[nodiscard]] std::vector<stake::staking_transaction>
staking_transactions(const transactions_area& block);

} // namespace blockferry::chain
