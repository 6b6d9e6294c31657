#include "chain/transactions/duplicates.hpp"

#include "chain/transactions/literals.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace blockferry::chain {
namespace {

/// Kinds of things that are unique within a block, each for itself.
enum class thing : std::uint8_t {
  solution,
  transaction,
  program,
  transition,
  tpk,
  tcm,
  input,
  tag,
  output,
  nonce,
};

constexpr std::array<std::string_view, 10> thing_names = {
    "solution id", "transaction id", "program id", "transition id", "tpk",
    "tcm",         "input id",       "tag",        "output id",     "nonce"};

struct occurrence {
  thing of = thing::solution;
  std::string_view bytes;
  friend auto operator<=>(const occurrence&, const occurrence&) = default;
};

std::string_view text_of(byte_view bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class occurrences {
public:
  void add(thing of, byte_view bytes) { all_.push_back({of, text_of(bytes)}); }
  void add(thing of, std::string_view text) { all_.push_back({of, text}); }
  void add_each(thing of, byte_view bytes, std::size_t size) {
    for (; bytes.size() >= size; bytes = bytes.subspan(size))
      add(of, bytes.first(size));
  }
  void add_transition(const transactions_area& block, const transition& one) {
    add(thing::transition, one.id.bytes());
    add(thing::tpk, one.tpk.bytes());
    add(thing::tcm, one.tcm.bytes());
    for (std::size_t i = 0; i < std::size_t{one.inputs} + one.outputs; ++i) {
      const transition_value& value = block.values[one.first_input + i];
      add(i < one.inputs ? thing::input : thing::output, value.id.bytes());
      if (value.tag)
        add(thing::tag, value.tag.bytes());
      if (value.nonce)
        add(thing::nonce, value.nonce.bytes());
    }
  }
  /// One that stands twice, or null.
  [[nodiscard]] const occurrence* repeated() {
    std::ranges::sort(all_);
    const auto found = std::ranges::adjacent_find(all_);
    return found == all_.end() ? nullptr : &*found;
  }

private:
  std::vector<occurrence> all_;
};

std::string shown(const occurrence& one) {
  if (one.of == thing::program)
    return std::string{one.bytes} + ".aleo";
  std::string out;
  append_number(out, {reinterpret_cast<const std::uint8_t*>(one.bytes.data()), one.bytes.size()},
                "");
  return out;
}

} // namespace

std::optional<broken_rule> check_duplicates(const transactions_area& block, const body_head& head,
                                            byte_view aborted_transactions) {
  occurrences all;
  std::vector<std::array<std::uint8_t, 8>> solution_ids;
  for (const solution& one : head.solutions) {
    auto& bytes = solution_ids.emplace_back();
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::uint8_t>(one.id >> (8 * i));
  }
  for (const auto& one : solution_ids)
    all.add(thing::solution, byte_view{one});
  all.add_each(thing::solution, head.aborted_solutions, 8);
  all.add_each(thing::transaction, aborted_transactions, 32);
  for (const auto& one : block.confirmed) {
    all.add(thing::transaction, one.id.bytes());
    if (one.kind == confirmed_kind::accepted_deploy)
      all.add(thing::program, block.deployments[one.deployment].program.name);
    if (one.kind == confirmed_kind::accepted_execute)
      for (std::size_t i = 0; i < one.execution.transitions; ++i)
        all.add_transition(block, block.transitions[one.execution.first_transition + i]);
    if (one.has_fee)
      all.add_transition(block, block.transitions[one.fee.transition]);
  }
  const occurrence* const twice = all.repeated();
  if (twice == nullptr)
    return std::nullopt;
  const byte_view place{reinterpret_cast<const std::uint8_t*>(twice->bytes.data()),
                        twice->bytes.size()};
  // A solution's id is not in the block, but computed.
  return at(twice->of == thing::solution ? byte_view{} : place,
            broken(check::duplicates, "each once", shown(*twice) + " twice",
                   std::string{thing_names[static_cast<std::size_t>(twice->of)]}));
}

} // namespace blockferry::chain
