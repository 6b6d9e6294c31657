#include "chain/stake/settle.hpp"

#include "chain/stake/credits_writes.hpp"

#include <set>

namespace blockferry::chain::stake {

namespace {

constexpr std::uint8_t kind_update = 2, kind_remove = 3;

/// Depth-first search for the order of the calls, with an explicit stack.
class order_search {
public:
  order_search(credits_overlay& now, std::span<const credits_operation> listed, height_t height,
               id_memo& ids)
      : now_(now), listed_(listed), height_(height), ids_(ids) {}

  bool run(const std::vector<credits_call>& calls) {
    stack_.push_back({calls, 0, 0, {}});
    while (!stack_.empty()) {
      step& top = stack_.back();
      if (top.left.empty() && top.position == listed_.size())
        return true;
      if (!descend(top))
        back();
    }
    return false;
  }

private:
  struct step {
    std::vector<credits_call> left; ///< not yet applied, in the order of the transitions
    std::size_t position = 0;       ///< operations explained so far
    std::size_t next = 0;           ///< the first of `left` not yet tried here
    std::vector<credits_overlay::undo_step> undo; ///< takes back the call that led here
  };

  /// Applies the next call that fits; false if there is none.
  bool descend(step& top) {
    if (failed_.contains({top.position, sorted(top.left)}))
      return false;
    for (; top.next < top.left.size(); ++top.next) {
      const credits_call& call = top.left[top.next];
      const auto tried = std::span{top.left}.first(top.next);
      if (std::ranges::find(tried, call) != tried.end())
        continue;
      if (++tries_ > settle_tries_max)
        return false;
      const auto writes = writes_of(call, now_, height_);
      if (!writes || !are_listed(*writes, listed_.subspan(top.position), ids_))
        continue;
      step deeper{top.left, top.position + writes->size(), 0, now_.apply(*writes)};
      deeper.left.erase(deeper.left.begin() + static_cast<std::ptrdiff_t>(top.next));
      ++top.next;
      stack_.push_back(std::move(deeper));
      return true;
    }
    return false;
  }

  void back() {
    failed_.insert({stack_.back().position, sorted(stack_.back().left)});
    now_.take_back(stack_.back().undo);
    stack_.pop_back();
  }

  static std::vector<credits_call> sorted(std::vector<credits_call> calls) {
    std::ranges::sort(calls);
    return calls;
  }

  credits_overlay& now_;
  std::span<const credits_operation> listed_;
  height_t height_;
  id_memo& ids_;
  std::vector<step> stack_;
  std::set<std::pair<std::size_t, std::vector<credits_call>>> failed_;
  std::size_t tries_ = 0;
};

} // namespace

bool are_listed(std::span<const credits_write> writes, std::span<const credits_operation> listed,
                id_memo& ids) {
  if (writes.size() > listed.size())
    return false;
  listed = listed.first(writes.size());
  const auto same = [&](auto equal) { return std::ranges::equal(listed, writes, equal); };
  // The cheap comparison of all before the first hash.
  return same([](const credits_operation& operation, const credits_write& write) {
           return operation.kind == (write.value ? kind_update : kind_remove) &&
                  operation.which == write.which;
         }) &&
         same([&](const credits_operation& operation, const credits_write& write) {
           return operation.key_id == ids.key(write.which, write.key);
         }) &&
         same([&](const credits_operation& operation, const credits_write& write) {
           return !write.value || write.which == mapping::account ||
                  operation.value_id == ids.value(write.which, write.key, *write.value);
         });
}

bool settle(credits_overlay& now, const staking_transaction& transaction, height_t height,
            id_memo& ids) {
  const std::span<const credits_operation> listed = transaction.operations;
  // A public fee is one operation, and comes last.
  if (transaction.fee.size() > listed.size())
    return false;
  const std::size_t paid = listed.size() - transaction.fee.size();
  for (std::size_t i = 0; i < transaction.fee.size(); ++i) {
    if (transaction.fee[i].function != credits_function::move_out)
      return false;
    const auto writes = writes_of(transaction.fee[i], now, height);
    if (!are_listed(*writes, listed.subspan(paid + i), ids))
      return false;
  }
  return order_search{now, listed.first(paid), height, ids}.run(transaction.calls);
}

} // namespace blockferry::chain::stake
