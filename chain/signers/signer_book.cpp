#include "chain/signers/signer_book.hpp"

#include "chain/wire.hpp"

#include <utility>

namespace blockferry::chain {

std::size_t signer_book::key_hash::operator()(const signer_key& key) const noexcept {
  // Points that exist, in a book of bounded size: nobody gains by choosing them to collide.
  return static_cast<std::size_t>(load_le<std::uint64_t>(key.pk_sig.bytes) ^
                                  (load_le<std::uint64_t>(key.pr_sig.bytes) << 1));
}

known_signer* signer_book::find(const signer_key& key) {
  const auto found = places_.find(key);
  return found == places_.end() ? nullptr : &*found->second;
}

void signer_book::meet(known_signer& one) {
  order_.splice(order_.begin(), order_, places_.find(one.key)->second);
  if (one.table || ++one.met < signatures_before_table)
    return;
  one.table = std::make_unique<fixed_base>(one.pk, signer_table_bits);
  if (++tables_ <= signer_tables_max)
    return;
  for (auto oldest = order_.rbegin(); oldest != order_.rend(); ++oldest)
    if (oldest->table) {
      oldest->table.reset();
      oldest->met = 0;
      --tables_;
      return;
    }
}

known_signer& signer_book::add(known_signer made) {
  order_.push_front(std::move(made));
  places_.emplace(order_.front().key, order_.begin());
  return order_.front();
}

void signer_book::make_room(std::size_t count) {
  while (!order_.empty() && order_.size() + count > signers_max) {
    if (order_.back().table)
      --tables_;
    places_.erase(order_.back().key);
    order_.pop_back();
  }
}

std::size_t signer_book::bytes() const noexcept {
  std::size_t out = order_.size() * (sizeof(known_signer) + 2 * sizeof(signer_key));
  for (const known_signer& one : order_)
    out += one.table ? one.table->bytes() : 0;
  return out;
}

} // namespace blockferry::chain
