// A block's body: authority, ratifications, solutions, transactions and what follows them.  First
// byte: kind of authority; the rest is the body.
#include "chain/body/body.hpp"
#include "chain/transactions/ids.hpp"
#include "chain/transactions/staking.hpp"
#include "chain/transactions/transaction.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace blockferry;
using namespace blockferry::chain;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  const byte_view body{data, size};
  cursor in{body};
  const auto head = read_head(in, mainnet(), data[0]);
  if (!head) {
    fuzz::require(head.error().error.offset <= body.size(), "an error lies in the body");
    return 0;
  }
  const transactions_area area = read_transactions(in);
  if (!in.ok()) {
    fuzz::require(in.error().offset <= body.size(), "an error lies in the body");
    return 0;
  }
  (void)read_tail(in, mainnet());
  const transactions_area* const one = &area;
  const auto ids = compute_ids({&one, 1});
  fuzz::require(ids.size() == 1 && ids[0].transactions.size() == area.confirmed.size(),
                "each transaction has its ids");
  (void)check_ids(area, ids[0], ids[0].root);
  (void)staking_transactions(area);
  for (std::size_t i = 0; i < area.confirmed.size(); ++i) {
    (void)transmission_checksum(area.confirmed[i], area, ids[0].unconfirmed[i]);
    fuzz::require(unconfirmed_size(area.confirmed[i], area) <= size + 64, "sizes are of the bytes");
    (void)priority_fee(area.confirmed[i], area);
  }
  return 0;
}
