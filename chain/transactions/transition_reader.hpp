#pragma once

#include "chain/transactions/transaction.hpp"

namespace blockferry::chain {

/// Reads a transition (specification 2.6) into the lists.
void read_transition(cursor& in, transactions_area& out);

} // namespace blockferry::chain
