#include "chain/transactions/ids.hpp"

#include "chain/hash/forest.hpp"
#include "chain/hash/packed.hpp"
#include "chain/hash/sha3.hpp"

#include <algorithm>
#include <array>

namespace blockferry::chain {
namespace {

constexpr unsigned transition_depth = 5;
constexpr unsigned transactions_depth = 20;
/// Leaves of transitions and transactions alike: a zero, three bytes, an id.
constexpr std::size_t leaf_head_bits = 1 + 24;
constexpr std::size_t leaf_bits = leaf_head_bits + 253;
constexpr std::size_t id_leaf_bits = 1 + 253;
constexpr std::size_t pair_bits = 2 * 253;

/// Which trees share a leaf is known before its hash: leaves first, trees over their numbers.
struct leaf_list {
  std::vector<std::uint32_t> heads;
  std::vector<hash> ids;

  std::size_t add(std::uint32_t head, const hash& id) {
    heads.push_back(head);
    ids.push_back(id);
    return ids.size() - 1;
  }
  [[nodiscard]] std::vector<hash> hashes() const {
    static const point start = bhp1024().start(leaf_bits);
    packed_inputs inputs{ids.size(), leaf_bits};
    for (std::size_t i = 0; i < ids.size(); ++i) {
      inputs.put(i, 1, heads[i]);
      inputs.put(i, leaf_head_bits, ids[i]);
    }
    return hash_batch(bhp1024(), inputs, 0, leaf_bits, start, ids.size());
  }
};

/// A leaf of a transition: version of the leaf, index, kind (specification 4.4).
std::uint32_t value_leaf_head(std::size_t index, std::uint8_t kind, bool is_output) {
  const std::uint8_t with_record = is_output ? 7 : 6;
  std::uint32_t version = 1, variant = kind;
  if (kind >= with_record) {
    version = 2;
    variant = kind == with_record ? 3 : 4;
  }
  return version | static_cast<std::uint32_t>(index) << 8 | variant << 16;
}

/// A leaf of a transaction: 0 for a function, 1 for a transition; its index.
std::uint32_t transaction_leaf_head(bool is_transition, std::size_t index) {
  return (is_transition ? 1U : 0U) | static_cast<std::uint32_t>(index) << 8;
}

/// What each function of a deployment is hashed with (specification 4.4).
void append_function_message(bit_string& out, const deployment& of, const hash& whole,
                             const program_function& one) {
  if (of.version == 1) {
    out.append_text(of.program.name);
    out.append_text("aleo");
  } else {
    out.append_u8(of.version);
    out.append_bytes(whole.bytes);
  }
  out.append_bytes(one.bytes);
}

/// Transactions in a row of one block, and their transitions.
struct run {
  std::size_t block = 0;
  std::size_t first = 0, end = 0;
  std::size_t first_transition = 0, end_transition = 0;
};

/// Bytes of transactions whose ids are computed in common.
constexpr std::size_t part_bytes = std::size_t{1} << 20;

std::size_t bytes_of(const transactions_area& block, const confirmed_transaction& one) {
  const std::size_t rejected = one.is_accepted() ? 0 : one.execution.bytes.size();
  return one.bytes.size() + rejected +
         (one.is_deploy() ? block.deployments[one.deployment].bytes.size() : 0);
}

/// Every transaction has a transition, and they stand in the order of the transactions.
std::size_t first_transition(const transactions_area& block, std::size_t transaction) {
  if (transaction == block.confirmed.size())
    return block.transitions.size();
  const auto& one = block.confirmed[transaction];
  std::size_t out = block.transitions.size();
  if (one.has_fee)
    out = std::min<std::size_t>(out, one.fee.transition);
  if (one.execution.transitions != 0)
    out = std::min<std::size_t>(out, one.execution.first_transition);
  return out;
}

/// All transactions, in parts of about a megabyte each.
std::vector<std::vector<run>> parts_of(std::span<const transactions_area* const> blocks) {
  std::vector<std::vector<run>> out(1);
  std::size_t bytes = 0;
  for (std::size_t b = 0; b < blocks.size(); ++b)
    for (std::size_t i = 0; i < blocks[b]->confirmed.size(); ++i) {
      if (bytes >= part_bytes) {
        out.emplace_back();
        bytes = 0;
      }
      auto& part = out.back();
      if (part.empty() || part.back().block != b)
        part.push_back({b, i, i, first_transition(*blocks[b], i), 0});
      part.back().end = i + 1;
      part.back().end_transition = first_transition(*blocks[b], i + 1);
      bytes += bytes_of(*blocks[b], blocks[b]->confirmed[i]);
    }
  return out;
}

/// Adds the trees of some transactions to one forest and tells its roots apart again.
class id_trees {
public:
  id_trees(std::span<const transactions_area* const> blocks, std::span<const run> runs,
           const std::stop_token& stop)
      : blocks_{blocks}, runs_{runs}, stop_{stop} {}

  /// Appends to the results of the blocks.
  void run_into(std::vector<transactions_ids>& out) {
    hash_functions();
    if (stop_.stop_requested())
      return;
    for (const run& one : runs_)
      add(one);
    const auto leaves = leaves_.hashes();
    forest trees{transition_depth};
    for (const auto& one : trees_) {
      trees.add_tree();
      for (const std::size_t leaf : one)
        trees.add_leaf(leaves[leaf]);
    }
    roots_ = std::move(trees).roots(stop_);
    if (stop_.stop_requested())
      return;
    for (const run& one : runs_)
      take(one, out[one.block]);
    hash_transition_ids(out);
  }

private:
  using tree = std::vector<std::size_t>;

  /// Of all deployments, in order.
  void hash_functions() {
    std::vector<bit_string> messages;
    for (const run& part : runs_)
      for (std::size_t i = part.first; i < part.end; ++i) {
        if (!blocks_[part.block]->confirmed[i].is_deploy())
          continue;
        const auto& one =
            blocks_[part.block]->deployments[blocks_[part.block]->confirmed[i].deployment];
        const hash whole = one.version == 1 ? hash{} : sha3_256({one.bytes});
        for (const auto& function : one.program.functions)
          append_function_message(messages.emplace_back(), one, whole, function);
      }
    std::vector<bit_view> views;
    for (const auto& message : messages)
      views.push_back(message.view());
    std::vector<field> made(views.size());
    bhp1024().hash_many(views, made, stop_);
    for (const field& one : made)
      functions_.push_back(one.wire());
  }

  void add_transition(const transactions_area& block, const transition& one) {
    tree leaves;
    for (std::size_t i = 0; i < std::size_t{one.inputs} + one.outputs; ++i) {
      const transition_value& value = block.values[one.first_input + i];
      leaves.push_back(
          leaves_.add(value_leaf_head(i, value.kind, i >= one.inputs), value.id.value()));
    }
    trees_.push_back(std::move(leaves));
  }

  void add_transaction(const transactions_area& block, const confirmed_transaction& one) {
    tree body;
    if (one.is_deploy()) {
      const auto count = block.deployments[one.deployment].program.functions.size();
      for (std::size_t i = 0; i < count; ++i)
        body.push_back(leaves_.add(transaction_leaf_head(false, i), functions_[next_function_++]));
    } else {
      for (std::size_t i = 0; i < one.execution.transitions; ++i)
        body.push_back(
            leaves_.add(transaction_leaf_head(true, i),
                        block.transitions[one.execution.first_transition + i].id.value()));
    }
    tree whole = body;
    if (one.has_fee)
      whole.push_back(leaves_.add(transaction_leaf_head(true, body.size()),
                                  block.transitions[one.fee.transition].id.value()));
    trees_.push_back(std::move(body));
    trees_.push_back(std::move(whole));
    if (!one.is_accepted())
      trees_.push_back({leaves_.add(transaction_leaf_head(true, 0),
                                    block.transitions[one.fee.transition].id.value())});
  }

  void add(const run& part) {
    const transactions_area& block = *blocks_[part.block];
    for (std::size_t i = part.first_transition; i < part.end_transition; ++i)
      add_transition(block, block.transitions[i]);
    for (std::size_t i = part.first; i < part.end; ++i)
      add_transaction(block, block.confirmed[i]);
  }

  void take(const run& part, transactions_ids& out) {
    for (std::size_t i = part.first_transition; i < part.end_transition; ++i)
      out.transitions.push_back(roots_[next_root_++]);
    for (std::size_t i = part.first; i < part.end; ++i) {
      out.bodies.push_back(roots_[next_root_++]);
      out.unconfirmed.push_back(roots_[next_root_++]);
      out.transactions.push_back(blocks_[part.block]->confirmed[i].is_accepted()
                                     ? out.unconfirmed.back()
                                     : roots_[next_root_++]);
    }
  }

  /// transition id = BHP512(root || tcm), in place of the root.
  void hash_transition_ids(std::vector<transactions_ids>& out) const {
    static const point start = bhp512().start(pair_bits);
    std::vector<hash*> roots;
    std::vector<hash> tcms;
    for (const run& part : runs_)
      for (std::size_t i = part.first_transition; i < part.end_transition; ++i) {
        roots.push_back(&out[part.block].transitions[i]);
        tcms.push_back(blocks_[part.block]->transitions[i].tcm.value());
      }
    packed_inputs inputs{roots.size(), pair_bits};
    for (std::size_t i = 0; i < roots.size(); ++i) {
      inputs.put(i, 0, *roots[i]);
      inputs.put(i, 253, tcms[i]);
    }
    const auto made = hash_batch(bhp512(), inputs, 0, pair_bits, start, roots.size());
    for (std::size_t i = 0; i < roots.size(); ++i)
      *roots[i] = made[i];
  }

  std::span<const transactions_area* const> blocks_;
  std::span<const run> runs_;
  const std::stop_token& stop_;
  std::vector<hash> functions_;
  std::size_t next_function_ = 0;
  leaf_list leaves_;
  std::vector<tree> trees_;
  std::vector<hash> roots_;
  std::size_t next_root_ = 0;
};

/// Leaves of the trees over transactions: of the ids that the block carries.
std::vector<hash> id_leaves(std::span<const transactions_area* const> blocks,
                            std::span<const run> runs) {
  static const point start = bhp1024().start(id_leaf_bits);
  std::vector<hash> ids;
  for (const run& part : runs)
    for (std::size_t i = part.first; i < part.end; ++i)
      ids.push_back(blocks[part.block]->confirmed[i].id.value());
  packed_inputs inputs{ids.size(), id_leaf_bits};
  for (std::size_t i = 0; i < ids.size(); ++i)
    inputs.put(i, 1, ids[i]);
  return hash_batch(bhp1024(), inputs, 0, id_leaf_bits, start, ids.size());
}

} // namespace

std::vector<transactions_ids> compute_ids(std::span<const transactions_area* const> blocks,
                                          const std::stop_token& stop) {
  std::vector<transactions_ids> out(blocks.size());
  std::vector<hash> leaves;
  for (const auto& part : parts_of(blocks)) {
    id_trees{blocks, part, stop}.run_into(out);
    if (stop.stop_requested())
      return {};
    const auto more = id_leaves(blocks, part);
    leaves.insert(leaves.end(), more.begin(), more.end());
  }
  forest trees{transactions_depth};
  auto next = leaves.begin();
  for (const transactions_area* block : blocks) {
    trees.add_tree();
    for (std::size_t i = 0; i < block->confirmed.size(); ++i)
      trees.add_leaf(*next++);
  }
  const auto roots = std::move(trees).roots(stop);
  if (stop.stop_requested())
    return {};
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i].root = roots[i];
  return out;
}

} // namespace blockferry::chain
