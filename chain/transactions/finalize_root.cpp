#include "chain/transactions/finalize_root.hpp"

#include "chain/hash/forest.hpp"
#include "chain/hash/packed.hpp"
#include "chain/stake/credits_ids.hpp"

#include <algorithm>
#include <array>

namespace blockferry::chain {
namespace {

constexpr unsigned operations_depth = 9;
constexpr unsigned root_depth = 20;
constexpr std::size_t kind_bits = 1 + 8; ///< the leaf's zero, then the kind
constexpr std::size_t bits_a_field = 253;
constexpr std::size_t fields_max = 3;
constexpr std::uint8_t update_key_value = 2, replace_mapping = 4;

/// An operation that the ratifications bring about.
struct ratified_operation {
  std::uint8_t kind = 0;
  std::vector<hash> fields;
};

ratified_operation replaced(stake::mapping which) {
  return {replace_mapping, {stake::mapping_id(which)}};
}

/// credits.aleo/metadata at the address with this x gets a number.
ratified_operation counted(std::uint8_t x, std::size_t count) {
  hash who;
  who.bytes[0] = x;
  stake::credits_value value;
  value.height = static_cast<std::uint32_t>(count);
  const hash key = stake::key_id(stake::mapping::metadata, who);
  return {update_key_value,
          {stake::mapping_id(stake::mapping::metadata), key,
           stake::value_id(stake::mapping::metadata, key, value)}};
}

void append_genesis(std::vector<ratified_operation>& out, const stake::genesis_stakes& genesis) {
  constexpr std::uint8_t members_key = 0, delegators_key = 2;
  using stake::mapping;
  for (const mapping one :
       {mapping::committee, mapping::delegated, mapping::bonded, mapping::withdraw})
    out.push_back(replaced(one));
  const std::size_t members = genesis.members.size();
  out.push_back(counted(members_key, members));
  out.push_back(counted(delegators_key, std::max(genesis.bonded.size(), members) - members));
  out.push_back(replaced(mapping::account));
}

/// None with a puzzle reward.
std::optional<std::vector<ratified_operation>> ratified_operations(const body_head& head) {
  std::vector<ratified_operation> out;
  if (head.genesis)
    append_genesis(out, *head.genesis);
  for (const ratification& one : head.ratifications) {
    if (one.kind == 1)
      for (const auto which :
           {stake::mapping::committee, stake::mapping::delegated, stake::mapping::bonded})
        out.push_back(replaced(which));
    else if (one.kind == 2 && one.amount != 0 && !head.solutions.empty())
      return std::nullopt;
  }
  return out;
}

/// More than a tree has leaves.
bool is_overfull(const std::vector<ratified_operation>& operations) {
  return operations.size() > std::size_t{1} << operations_depth;
}

/// What no header can have for a root: it is no field element.
hash no_root() {
  hash out;
  out.bytes.fill(0xff);
  return out;
}

/// Leaves of operations, by how many fields they have: each count is a batch of its own.
class operation_leaves {
public:
  void add(std::uint8_t kind, std::span<const hash> fields) {
    auto& same = groups_[fields.size() - 1];
    places_.push_back({fields.size() - 1, same.kinds.size()});
    same.kinds.push_back(kind);
    same.fields.insert(same.fields.end(), fields.begin(), fields.end());
  }
  /// What is left where `stop` asks means nothing.
  [[nodiscard]] std::vector<hash> hashes(const std::stop_token& stop) const {
    std::array<std::vector<hash>, fields_max> made;
    for (std::size_t i = 0; i < fields_max; ++i)
      made[i] = hash_group(groups_[i], i + 1, stop);
    std::vector<hash> out;
    out.reserve(places_.size());
    for (const place& one : places_)
      out.push_back(made[one.group][one.index]);
    return out;
  }

private:
  struct group {
    std::vector<std::uint8_t> kinds;
    std::vector<hash> fields;
  };
  struct place {
    std::size_t group = 0;
    std::size_t index = 0;
  };

  static std::vector<hash> hash_group(const group& of, std::size_t fields,
                                      const std::stop_token& stop) {
    constexpr std::size_t at_once = 4096;
    std::vector<hash> out;
    out.reserve(of.kinds.size());
    while (out.size() < of.kinds.size() && !stop.stop_requested()) {
      const std::size_t count = std::min(at_once, of.kinds.size() - out.size());
      const auto some = hash_some(of, fields, out.size(), count);
      out.insert(out.end(), some.begin(), some.end());
    }
    out.resize(of.kinds.size());
    return out;
  }

  static std::vector<hash> hash_some(const group& of, std::size_t fields, std::size_t first,
                                     std::size_t count) {
    const std::size_t bits = kind_bits + fields * bits_a_field;
    packed_inputs inputs{count, bits};
    for (std::size_t i = 0; i < count; ++i) {
      inputs.put(i, 1, of.kinds[first + i]);
      for (std::size_t f = 0; f < fields; ++f)
        inputs.put(i, kind_bits + f * bits_a_field, of.fields[(first + i) * fields + f]);
    }
    return hash_batch(bhp1024(), inputs, 0, bits, bhp1024().start(bits), count);
  }

  std::array<group, fields_max> groups_;
  std::vector<place> places_;
};

/// Roots of the transactions' and the ratified operations, then the root over them.
class root_maker {
public:
  root_maker(std::span<const finalize_block> blocks, const std::stop_token& stop)
      : blocks_{blocks}, stop_{stop} {}

  std::vector<std::optional<hash>> run() {
    for (const finalize_block& block : blocks_)
      collect(block);
    const auto lower = operation_roots();
    if (stop_.stop_requested())
      return {};
    const auto upper = block_roots(lower);
    if (stop_.stop_requested())
      return {};
    std::vector<std::optional<hash>> out;
    std::size_t next = 0;
    for (const auto& ratified : ratified_)
      if (ratified)
        out.push_back(is_overfull(*ratified) ? no_root() : upper[next++]);
      else
        out.push_back(std::nullopt);
    return out;
  }

private:
  void collect(const finalize_block& block) {
    ratified_.push_back(ratified_operations(*block.head));
    if (!ratified_.back() || is_overfull(*ratified_.back()))
      return;
    std::array<hash, fields_max> fields;
    for (const auto& one : block.transactions->confirmed) {
      for (std::size_t i = 0; i < one.operations; ++i) {
        const auto& operation = block.transactions->operations[one.first_operation + i];
        for (std::size_t f = 0; f < operation.field_count(); ++f)
          fields[f] = load_hash(operation.field(f));
        leaves_.add(operation.kind, std::span{fields}.first(operation.field_count()));
      }
      sizes_.push_back(one.operations);
    }
    for (const auto& operation : *ratified_.back())
      leaves_.add(operation.kind, operation.fields);
    sizes_.push_back(ratified_.back()->size());
  }

  std::vector<hash> operation_roots() const {
    const auto leaves = leaves_.hashes(stop_);
    forest trees{operations_depth};
    std::size_t next = 0;
    for (const std::size_t size : sizes_) {
      trees.add_tree();
      for (std::size_t i = 0; i < size; ++i)
        trees.add_leaf(leaves[next++]);
    }
    return std::move(trees).roots(stop_);
  }

  std::vector<hash> block_roots(std::span<const hash> lower) const {
    constexpr std::size_t bits = 1 + bits_a_field;
    packed_inputs inputs{lower.size(), bits};
    for (std::size_t i = 0; i < lower.size(); ++i)
      inputs.put(i, 1, lower[i]);
    const auto leaves = hash_batch(bhp1024(), inputs, 0, bits, bhp1024().start(bits), lower.size());
    forest trees{root_depth};
    std::size_t next = 0;
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      if (!ratified_[b] || is_overfull(*ratified_[b]))
        continue;
      trees.add_tree();
      for (std::size_t i = 0; i <= blocks_[b].transactions->confirmed.size(); ++i)
        trees.add_leaf(leaves[next++]);
    }
    return std::move(trees).roots(stop_);
  }

  std::span<const finalize_block> blocks_;
  const std::stop_token& stop_;
  std::vector<std::optional<std::vector<ratified_operation>>> ratified_;
  operation_leaves leaves_;
  std::vector<std::size_t> sizes_; ///< operations of each transaction and each ratified list
};

} // namespace

std::vector<std::optional<hash>> finalize_roots(std::span<const finalize_block> blocks,
                                                const std::stop_token& stop) {
  return root_maker{blocks, stop}.run();
}

} // namespace blockferry::chain
