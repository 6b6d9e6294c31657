#pragma once

#include "chain/body/body.hpp"
#include "chain/json/json_writer.hpp"
#include "chain/transactions/transaction.hpp"

#include <string_view>

namespace blockferry::chain {

/// The value "123field", or with another suffix.
void write_number(json_writer& out, byte_view little_endian, std::string_view suffix);
/// The bech32m name of bytes.
void write_name(json_writer& out, std::string_view prefix, byte_view bytes);

/// The values of these members of a block.
void write_authority(json_writer& out, const body_head& head);
void write_ratifications(json_writer& out, const body_head& head);
void write_solutions(json_writer& out, const body_head& head);
void write_transactions(json_writer& out, const transactions_area& block);
void write_transition(json_writer& out, const transactions_area& block, const transition& of);

} // namespace blockferry::chain
