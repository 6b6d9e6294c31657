#pragma once

#include "chain/front.hpp"
#include "runtime/commands/recheck.hpp"

namespace blockferry::runtime {

/// Some blocks of a stored file, to be judged at one level.
struct part_request {
  std::shared_ptr<const storage::walked_file> file;
  std::size_t first_index = 0;
  std::size_t count = 0;
  chain::level floor = chain::level::link;
};

/// Everything about the part that needs no block before it, and the file's SHA-256 with its first
/// part.  Any thread.
[[nodiscard]] tl::expected<chain::checked_blocks, finding>
check_part(const chain::rules& rules, const part_request& request, std::stop_token stop);

/// A check of the chain, made at level `floor`, that does not pass; `first` is the row of the
/// part's first block.
[[nodiscard]] finding refused(const chain::check_failure& failure,
                              const storage::walked_block& first, chain::level floor);

/// What the store's records claim beyond what can be made; with `whole_history` false, checks that
/// read blocks before the range are not held against them.
[[nodiscard]] std::optional<finding> compare_records(const rechecked_part& part,
                                                     bool whole_history);

/// The front of a stored block.
[[nodiscard]] std::optional<chain::block_front> front_of(const storage::walked_file& file,
                                                         std::size_t index);

} // namespace blockferry::runtime
