#pragma once

#include "chain/cursor.hpp"
#include "chain/failure.hpp"
#include "chain/json/json_writer.hpp"

#include <string>

namespace blockferry::chain {

/// A block in the chain's own JSON form, as snarkOS's REST interface gives it, members in its
/// order; names in bech32m.  An error where the bytes are no block that this program can read.
[[nodiscard]] expected<std::string, read_error> to_json(byte_view block,
                                                        json_layout layout = json_layout::compact);

} // namespace blockferry::chain
