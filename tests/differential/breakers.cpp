#include "breakers.hpp"

#include "batch_head.hpp"
#include "chain/front.hpp"
#include "chain/wire.hpp"
#include "part_map.hpp"
#include "read_block.hpp"
#include "repair.hpp"
#include "tests/kit/wire_writer.hpp"

#include <algorithm>
#include <stdexcept>

namespace blockferry::differential {
namespace {

using chain::byte_buffer;
using chain::byte_view;
using chain::check;

constexpr std::size_t state_root_at = 66, transactions_root_at = 98, finalize_root_at = 130,
                      ratifications_root_at = 162, subdag_root_at = 226, weight_at = 273,
                      network_id_at = 259, proof_target_sum_at = 289, coinbase_target_at = 305,
                      timestamp_at = 337;

/// A block being altered; places are those before, so that changes go from the back to the front.
class altered {
public:
  altered(const signed_chain& made, byte_buffer& block)
      : bytes{block}, made_{made}, before_{block}, read_{*differential::read(before_)} {}

  byte_buffer& bytes;

  /// The unaltered block.
  [[nodiscard]] const read_block& read() const noexcept { return read_; }

  [[nodiscard]] std::size_t at(byte_view part) const {
    return static_cast<std::size_t>(part.data() - before_.data());
  }
  void flip(std::size_t place) { bytes[place] = static_cast<std::uint8_t>(bytes[place] ^ 1); }
  void write(std::size_t place, byte_view value) {
    std::ranges::copy(value, bytes.begin() + static_cast<std::ptrdiff_t>(place));
  }
  void insert(std::size_t place, byte_view value) {
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(place), value.begin(), value.end());
  }
  void erase(std::size_t place, std::size_t size) {
    const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(place);
    bytes.erase(from, from + static_cast<std::ptrdiff_t>(size));
  }
  /// Becomes the block of its height without transactions.
  void become_empty() { bytes = made_.blocks().at(broken_height); }
  void rehash() { repair_block(bytes, repair::block_hash); }
  void flip_and_rehash(std::size_t place) {
    flip(place);
    rehash();
  }
  void bind(const binding& how = {}) {
    const auto previous = chain::read_front(made_.blocks().at(broken_height - 1));
    made_.keys().bind(bytes, before_, previous->header, how);
  }
  [[nodiscard]] const kit::account& key(std::size_t index) const {
    return made_.keys().keys().at(index);
  }
  [[nodiscard]] const std::vector<chain::certificate>& certificates() const {
    return read_.head.quorum->certificates;
  }
  [[nodiscard]] const chain::confirmed_transaction& transaction(bool deploys) const {
    for (const auto& one : read_.transactions.confirmed)
      if (one.is_accepted() && one.is_deploy() == deploys)
        return one;
    throw std::logic_error("no such transaction in the block");
  }

private:
  const signed_chain& made_;
  const byte_buffer before_;
  const read_block read_; ///< views into `before_`
};

void swap_certificates(altered& block) {
  // Of the anchor's previous round the last two: neither carries transactions.
  const auto& round = block.read().head.quorum->rounds.at(1);
  const auto& a = block.certificates()[round.first + round.count - 2];
  const auto& b = block.certificates()[round.first + round.count - 1];
  const auto size = static_cast<std::ptrdiff_t>(block.at(b.head) - block.at(a.head));
  const auto at =
      block.bytes.begin() + static_cast<std::ptrdiff_t>(block.at(a.head) - before_author);
  std::swap_ranges(at, at + size, at + size);
  block.bind();
}

void sign_by_stranger(altered& block) {
  const auto& one = block.certificates().front();
  block.write(block.at(one.signatures), block.key(4).sign(chain::hash{}));
  block.bind();
}

void drop_two_signatures(altered& block) {
  const auto& one = block.certificates().front();
  block.bytes[block.at(one.signatures) - 2] = 1;
  block.erase(block.at(one.signatures), 2 * chain::signature_bytes);
  block.bind();
}

/// The anchor's certificate by another member, signed by all the others.
void replace_leader(altered& block) {
  const auto& leader = block.certificates().back();
  std::size_t author = 0;
  while (block.key(author).address() == leader.author.value())
    ++author;
  block.write(block.at(leader.author.bytes()), block.key(author).address().bytes);
  block.write(block.at(leader.author_signature), block.key(author).sign(chain::hash{}));
  std::size_t place = block.at(leader.signatures);
  for (std::size_t i = 0; i < 4; ++i)
    if (i != author) {
      block.write(place, block.key(i).sign(chain::hash{}));
      place += chain::signature_bytes;
    }
  block.bind();
}

void move_time(altered& block) {
  block.flip(timestamp_at);
  block.bind({.targets = true});
}

void add_edge_to_nowhere(altered& block) {
  const auto& one = block.certificates().front();
  block.bytes[block.at(one.previous) - 2] += 1;
  block.insert(block.at(one.previous), byte_buffer(32, 7));
  block.bind();
}

void repeat_edge(altered& block) {
  const auto& leader = block.certificates().back();
  block.bytes[block.at(leader.previous) - 2] += 1;
  block.insert(block.at(leader.previous), leader.previous.first(32));
  block.bind();
}

/// A solution with all that it brings, but for another epoch.
void solve_for_another_epoch(altered& block) {
  constexpr std::uint8_t target = 8; // the network's lowest
  kit::wire_writer solution;
  solution.u8(1);                         // how many
  solution.field(block.key(0).address()); // as epoch hash
  solution.field(block.key(0).address());
  solution.u64(5); // counter
  solution.u64(target);
  const std::size_t kind = block.at(block.read().head.aborted_solutions) - 4 - 1;
  block.bytes[kind] = 1;
  block.insert(kind + 1, solution.bytes());
  kit::wire_writer named;
  named.u8(1);
  named.u64(differential::read(block.bytes)->head.solutions.front().id);
  named.zeros(16);
  const auto carrier = block.at(block.certificates().front().head) + batch_head::transmissions;
  block.bytes[carrier] += 1;
  block.insert(carrier + 4, named.bytes());
  block.bytes[weight_at] = target;
  block.bytes[proof_target_sum_at] = target;
  block.bind();
}

/// Of a block without transactions: values are hashed with the network's id.
void move_to_another_network(altered& block) {
  block.become_empty();
  block.flip_and_rehash(network_id_at);
}

/// Its place in the list is in no hash; another id would be missing in the batches too.
void alter_index(altered& block) {
  block.flip(block.at(block.transaction(false).bytes) - sizeof(std::uint32_t));
}

/// In no id: the batch's checksum alone binds it.
void alter_state_root_of_proof(altered& block) {
  block.flip(block.at(block.transaction(false).execution.state_root.bytes()));
  block.bind({.transmissions = false});
}

void alter_value(altered& block) {
  const auto& area = block.read().transactions;
  const auto& called = area.transitions[block.transaction(false).execution.first_transition];
  for (std::uint32_t i = 0; i < called.inputs; ++i)
    if (const auto& input = area.values[called.first_input + i];
        input.kind == 1 && !input.value.empty()) {
      block.flip(block.at(input.value) + input.value.size() - 1);
      return block.bind();
    }
  throw std::logic_error("no public input in the block");
}

/// Nothing but a number to be compared is left of a public input; all bytes are bound anew.
void leave_out_value(altered& block) {
  const auto& area = block.read().transactions;
  const auto& called = area.transitions[block.transaction(false).execution.first_transition];
  for (std::uint32_t i = 0; i < called.inputs; ++i)
    if (const auto& input = area.values[called.first_input + i]; !input.value.empty()) {
      block.bytes[block.at(input.value) - 1] = 0; // the flag
      block.erase(block.at(input.value), input.value.size());
      return block.bind();
    }
  throw std::logic_error("no input with a value in the block");
}

/// Two executions pay for one another.
void swap_fees(altered& block) {
  const auto& all = block.read().transactions.confirmed;
  const byte_view a = all.at(0).fee.bytes, b = all.at(1).fee.bytes;
  if (a.empty() || a.size() != b.size())
    throw std::logic_error("no fees of equal length in the block");
  block.write(block.at(a), b);
  block.write(block.at(b), a);
  block.bind();
}

/// An accepted deployment initializes what is not its own.
void initialize_other_mapping(altered& block) {
  const auto& one = block.transaction(true);
  const auto place =
      block.at(block.read().transactions.operations.at(one.first_operation).fields) - 1;
  block.bytes[place - 2] += 1;
  block.insert(place, byte_buffer(33)); // kind 0, mapping id 0
  block.bind();
}

/// An aborted transaction that a batch names, listed twice.
void abort_twice(altered& block) {
  const byte_buffer id(32, 7);
  const std::size_t count = block.bytes.size() - block.read().aborted.size() - 4;
  block.bytes[count] = 2;
  block.insert(count + 4, id);
  block.insert(count + 4, id);
  const auto& carrier = block.certificates().front();
  byte_buffer named{2};
  named.insert(named.end(), id.begin(), id.end());
  named.resize(1 + 32 + 16);
  block.bytes[block.at(carrier.head) + batch_head::transmissions] += 1;
  block.insert(block.at(carrier.head) + batch_head::transmissions + 4, named);
  block.bind();
}

breaker alone(void (*alter)(altered&)) {
  return [alter](const signed_chain& made, byte_buffer& bytes) {
    altered block{made, bytes};
    alter(block);
  };
}

breaker root(std::size_t place) {
  return [place](const signed_chain& made, byte_buffer& bytes) {
    altered{made, bytes}.flip_and_rehash(place);
  };
}

} // namespace

mutant broken_block(const signed_chain& made, std::uint64_t seed) {
  const auto which = static_cast<check>(seed - first_breaker_seed);
  mutant out;
  out.bytes = made.with_transactions(broken_height);
  out.how = "breaks " + std::string{to_string(which)};
  if (const auto found = breakers().find(which); found != breakers().end())
    found->second(made, out.bytes);
  return out;
}

breaker leaves_out_a_value() {
  return alone(leave_out_value);
}

const std::map<check, breaker>& breakers() {
  static const std::map<check, breaker> all = {
      {check::front, alone([](altered& block) { block.bytes[0] = 2; })},
      {check::height, root(269)},
      {check::previous_hash, root(33)},
      {check::network_id, alone(move_to_another_network)},
      {check::block_hash, alone([](altered& block) { block.flip(1); })},
      {check::state_root, root(state_root_at)},
      {check::targets, alone([](altered& block) {
         block.bytes[coinbase_target_at] = 32;
         block.rehash();
       })},
      // The sum of the solutions says so as well, but above `header`.
      {check::weight, root(weight_at)},
      {check::subdag, alone(repeat_edge)},
      {check::certificate_order, alone(swap_certificates)},
      {check::batch_ids, alone([](altered& block) {
         block.flip(block.at(block.certificates().front().head) + batch_head::timestamp);
       })},
      {check::subdag_root, root(subdag_root_at)},
      {check::signatures, alone([](altered& block) {
         block.flip(block.at(block.certificates().front().signatures));
       })},
      {check::ratifications, root(ratifications_root_at)},
      {check::solutions, alone(solve_for_another_epoch)},
      {check::rewards, alone([](altered& block) {
         block.flip(block.at(block.read().head.ratifications.front().bytes) + 2);
         block.bind({.rewards = false});
       })},
      {check::transaction_ids, alone(alter_index)},
      {check::transactions_root, root(transactions_root_at)},
      {check::transmissions, alone(alter_state_root_of_proof)},
      {check::membership, alone(sign_by_stranger)},
      {check::quorum, alone(drop_two_signatures)},
      {check::leader, alone(replace_leader)},
      {check::median_timestamp, alone(move_time)},
      {check::certificate_history, alone(add_edge_to_nowhere)},
      {check::value_ids, alone(alter_value)},
      {check::owners, alone([](altered& block) {
         block.flip(block.at(block.transaction(true).owner.signature));
         block.bind();
       })},
      {check::fees, alone(swap_fees)},
      {check::finalize_root, root(finalize_root_at)},
      {check::deployments, alone(initialize_other_mapping)},
      {check::duplicates, alone(abort_twice)},
  };
  return all;
}

} // namespace blockferry::differential
