#pragma once

#include "chain/program/program.hpp"

#include <vector>

namespace blockferry::chain {

/// Kinds of inputs and outputs (specification 2.6); the values are those of the wire.
enum class input_kind : std::uint8_t {
  constant = 0,
  public_value = 1,
  private_value = 2,
  record = 3,
  external_record = 4,
  dynamic_record = 5,
  record_with_dynamic_id = 6,
  external_record_with_dynamic_id = 7,
};
enum class output_kind : std::uint8_t {
  constant = 0,
  public_value = 1,
  private_value = 2,
  record = 3,
  external_record = 4,
  future = 5,
  dynamic_record = 6,
  record_with_dynamic_id = 7,
  external_record_with_dynamic_id = 8,
};

/// An input or an output.  What a kind lacks is empty.
struct transition_value {
  std::uint8_t kind = 0;        ///< `input_kind` or `output_kind`
  field_view id;                ///< serial number or commitment of a record
  field_view tag;               ///< of a record that is spent
  field_view checksum;          ///< of a record that is made
  byte_view value;              ///< plaintext, ciphertext, record or future; checked when read
  field_view sender_ciphertext; ///< of a record of version 1
  field_view nonce;             ///< of a record whose value is there
  field_view dynamic_id;
};

struct transition {
  field_view id;
  std::string_view program; ///< without ".aleo"
  std::string_view function;
  std::uint32_t first_input = 0; ///< in `transactions_area::values`; outputs follow the inputs
  std::uint8_t inputs = 0;
  std::uint8_t outputs = 0;
  field_view tpk;
  field_view tcm;
  field_view scm;
};

struct execution {
  std::uint32_t first_transition = 0;
  std::uint32_t transitions = 0;
  field_view state_root;
  byte_view proof; ///< with its version byte; empty if it has none
  byte_view bytes;
};

struct fee {
  std::uint32_t transition = 0; ///< in `transactions_area::transitions`
  field_view state_root;
  byte_view proof; ///< as of an execution
  byte_view bytes;
};

struct deployment_owner {
  field_view address;
  byte_view signature;
  byte_view bytes;
};

struct deployment_key {
  std::string_view name;
  byte_view key;
  byte_view certificate;
};

struct deployment {
  std::uint8_t version = 1;
  std::uint16_t edition = 0;
  chain::program program;
  std::vector<deployment_key> keys;
  byte_view checksum; ///< of the program's text; from version 2 on
  field_view owner;   ///< of version 2
  byte_view bytes;
};

/// Kinds of confirmed transactions (specification 2.5); the values are those of the wire.
enum class confirmed_kind : std::uint8_t {
  accepted_deploy = 0,
  accepted_execute = 1,
  rejected_deploy = 2,
  rejected_execute = 3,
};

/// A confirmed transaction.  `execution` or `deployment` and `owner` are those that were sent,
/// accepted or not.
struct confirmed_transaction {
  confirmed_kind kind = confirmed_kind::accepted_deploy;
  std::uint32_t index = 0; ///< as the block says
  field_view id;
  byte_view bytes; ///< of the transaction, version byte to end
  chain::execution execution;
  std::uint32_t deployment = 0; ///< in `transactions_area::deployments`
  deployment_owner owner;
  bool has_fee = false;
  chain::fee fee;
  std::uint32_t first_operation = 0; ///< in `transactions_area::operations`
  std::uint32_t operations = 0;

  [[nodiscard]] bool is_accepted() const noexcept {
    return kind <= confirmed_kind::accepted_execute;
  }
  [[nodiscard]] bool is_deploy() const noexcept {
    return kind == confirmed_kind::accepted_deploy || kind == confirmed_kind::rejected_deploy;
  }
};

/// A finalize operation: kind, and one to three fields.
struct finalize_operation {
  std::uint8_t kind = 0;
  byte_view fields;
  [[nodiscard]] std::size_t field_count() const noexcept { return fields.size() / 32; }
  [[nodiscard]] byte_view field(std::size_t index) const { return fields.subspan(32 * index, 32); }
};

/// All transactions of a block as views into its bytes, in few flat lists.
struct transactions_area {
  std::vector<confirmed_transaction> confirmed;
  std::vector<transition> transitions;
  std::vector<transition_value> values;
  std::vector<deployment> deployments;
  std::vector<finalize_operation> operations;
};

/// Reads `transactions` of a block (specification 2.5 to 2.9), up to the aborted transaction ids;
/// failures stick in the cursor.  Structure only: ids, roots and all that relates values is for the
/// checks.
[[nodiscard]] transactions_area read_transactions(cursor& in);

} // namespace blockferry::chain
