#pragma once

#include "chain/bytes.hpp"

#include <random>
#include <string_view>
#include <vector>

namespace blockferry::kit {

/// An input or output to be: its kind as on the wire (specification 2.6), and its value, which a
/// record that is spent has not.
struct made_value {
  std::uint8_t kind = 0;
  chain::byte_buffer value;
};

/// Inputs and outputs to be.
[[nodiscard]] inline made_value public_value(chain::byte_buffer plaintext) {
  return {1, std::move(plaintext)};
}
[[nodiscard]] inline made_value private_value(chain::byte_buffer ciphertext) {
  return {2, std::move(ciphertext)};
}
[[nodiscard]] inline made_value spent_record() {
  return {3, {}};
}
[[nodiscard]] inline made_value new_record(chain::byte_buffer record) {
  return {3, std::move(record)};
}
[[nodiscard]] inline made_value future_output(chain::byte_buffer future) {
  return {5, std::move(future)};
}

/// A call to be: `program` without ".aleo".
struct made_call {
  std::string_view program;
  std::string_view function;
  std::vector<made_value> inputs;
  std::vector<made_value> outputs;
};

/// A transition's wire bytes and id.
struct made_transition {
  chain::byte_buffer wire;
  chain::hash id;
};

/// A transition with the ids that bind its values (specification 4.4); what no value stands behind
/// is chosen by chance.
[[nodiscard]] made_transition make_transition(std::uint16_t network_id, const made_call& call,
                                              std::mt19937_64& random);

/// A leaf of a transaction (specification 4.4): variant 0 for a function, 1 for a transition.
struct id_leaf {
  std::uint8_t variant = 1;
  chain::hash id;
};
/// Transaction, execution or deployment id; each leaf's index is its place.
[[nodiscard]] chain::hash transaction_root(const std::vector<id_leaf>& leaves);

} // namespace blockferry::kit
