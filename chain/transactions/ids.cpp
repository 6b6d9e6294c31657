#include "chain/transactions/ids.hpp"

#include "chain/hash/forest.hpp"
#include "chain/hash/packed.hpp"
#include "chain/hash/sha3.hpp"

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

/// Hashes of the functions of all deployments of all blocks, in order.
std::vector<hash> function_hashes(std::span<const transactions_area* const> blocks) {
  std::vector<bit_string> messages;
  for (const transactions_area* block : blocks)
    for (const deployment& one : block->deployments) {
      const hash whole = one.version == 1 ? hash{} : sha3_256({one.bytes});
      for (const auto& function : one.program.functions)
        append_function_message(messages.emplace_back(), one, whole, function);
    }
  std::vector<bit_view> views;
  for (const auto& message : messages)
    views.push_back(message.view());
  std::vector<field> made(views.size());
  bhp1024().hash_many(views, made);
  std::vector<hash> out;
  for (const field& one : made)
    out.push_back(one.wire());
  return out;
}

/// Adds the trees of many blocks to one forest and tells its roots apart again.
class id_trees {
public:
  explicit id_trees(std::span<const transactions_area* const> blocks) : blocks_{blocks} {}

  std::vector<transactions_ids> run() {
    functions_ = function_hashes(blocks_);
    for (const transactions_area* block : blocks_)
      add(*block);
    const auto leaves = leaves_.hashes();
    forest trees{transition_depth};
    for (const auto& one : trees_) {
      trees.add_tree();
      for (const std::size_t leaf : one)
        trees.add_leaf(leaves[leaf]);
    }
    roots_ = std::move(trees).roots();
    std::vector<transactions_ids> out;
    for (const transactions_area* block : blocks_)
      take(*block, out.emplace_back());
    hash_transition_ids(out);
    hash_transactions_roots(out);
    return out;
  }

private:
  using tree = std::vector<std::size_t>;

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

  void add(const transactions_area& block) {
    for (const transition& one : block.transitions)
      add_transition(block, one);
    for (const confirmed_transaction& one : block.confirmed)
      add_transaction(block, one);
  }

  void take(const transactions_area& block, transactions_ids& out) {
    for (std::size_t i = 0; i < block.transitions.size(); ++i)
      out.transitions.push_back(roots_[next_root_++]);
    for (const confirmed_transaction& one : block.confirmed) {
      out.bodies.push_back(roots_[next_root_++]);
      out.unconfirmed.push_back(roots_[next_root_++]);
      out.transactions.push_back(one.is_accepted() ? out.unconfirmed.back() : roots_[next_root_++]);
    }
  }

  /// transition id = BHP512(root || tcm), in place of the root.
  void hash_transition_ids(std::vector<transactions_ids>& out) {
    static const point start = bhp512().start(pair_bits);
    std::size_t count = 0;
    for (const auto& one : out)
      count += one.transitions.size();
    packed_inputs inputs{count, pair_bits};
    std::size_t next = 0;
    for (std::size_t b = 0; b < out.size(); ++b)
      for (std::size_t i = 0; i < out[b].transitions.size(); ++i, ++next) {
        inputs.put(next, 0, out[b].transitions[i]);
        inputs.put(next, 253, blocks_[b]->transitions[i].tcm.value());
      }
    const auto made = hash_batch(bhp512(), inputs, 0, pair_bits, start, count);
    next = 0;
    for (auto& one : out)
      for (hash& id : one.transitions)
        id = made[next++];
  }

  void hash_transactions_roots(std::vector<transactions_ids>& out) {
    static const point start = bhp1024().start(id_leaf_bits);
    std::size_t count = 0;
    for (const transactions_area* block : blocks_)
      count += block->confirmed.size();
    packed_inputs inputs{count, id_leaf_bits};
    std::size_t next = 0;
    for (const transactions_area* block : blocks_)
      for (const auto& one : block->confirmed)
        inputs.put(next++, 1, one.id.value());
    const auto leaves = hash_batch(bhp1024(), inputs, 0, id_leaf_bits, start, count);
    forest trees{transactions_depth};
    next = 0;
    for (const transactions_area* block : blocks_) {
      trees.add_tree();
      for (std::size_t i = 0; i < block->confirmed.size(); ++i)
        trees.add_leaf(leaves[next++]);
    }
    const auto roots = std::move(trees).roots();
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i].root = roots[i];
  }

  std::span<const transactions_area* const> blocks_;
  std::vector<hash> functions_;
  std::size_t next_function_ = 0;
  leaf_list leaves_;
  std::vector<tree> trees_;
  std::vector<hash> roots_;
  std::size_t next_root_ = 0;
};

} // namespace

std::vector<transactions_ids> compute_ids(std::span<const transactions_area* const> blocks) {
  return id_trees{blocks}.run();
}

} // namespace blockferry::chain
