#pragma once

#include "storage/reader.hpp"

namespace blockferry::runtime {

/// What the store has of one file: its record, and the blocks framed as a file of their own.
struct stored_file {
  storage::bundle_record record;
  chain::byte_buffer bytes;
  std::vector<chain::hash> hashes; ///< of the blocks, as the store indexes them
};

/// The file that has the height, block by block, so that no read holds up a node's commit; none if
/// the store has none of it.  `store_damaged` if the bytes are not those that were fetched.
[[nodiscard]] storage::result<std::optional<stored_file>> read_stored_file(storage::reader& store,
                                                                           height_t height);

} // namespace blockferry::runtime
