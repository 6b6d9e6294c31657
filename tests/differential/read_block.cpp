#include "read_block.hpp"

#include "chain/hash/header_hash.hpp"

namespace blockferry::differential {

std::optional<read_block> read(chain::byte_view block) {
  static const chain::network any; // takes what the largest of all networks does
  const auto front = chain::read_front(block);
  if (!front)
    return std::nullopt;
  chain::cursor in{block};
  in.take(chain::front_bytes, "front");
  auto head = chain::read_head(in, any, front->authority_kind);
  if (!head)
    return std::nullopt;
  auto transactions = chain::read_transactions(in);
  const auto aborted =
      in.ok() ? chain::read_tail(in, any) : chain::make_unexpected(chain::body_error{});
  if (!aborted)
    return std::nullopt;
  return read_block{*front, std::move(*head), std::move(transactions), *aborted};
}

} // namespace blockferry::differential
