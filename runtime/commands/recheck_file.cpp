#include "runtime/commands/recheck_file.hpp"

#include "chain/bundle.hpp"
#include "chain/hash/sha256.hpp"
#include "chain/name.hpp"

#include <algorithm>

namespace blockferry::runtime {
namespace {

std::string heights_of(const chain::height_range& range) {
  return std::to_string(range.first) + " to " + std::to_string(range.end() - 1);
}

/// The record of the file against its blocks.
std::optional<finding> check_digests(const storage::walked_file& file) {
  const auto& record = file.record;
  const chain::byte_view bytes{file.bytes};
  const bool whole =
      record.taken.first == record.file_start && record.taken.count == record.file_blocks;
  if (whole &&
      (file.bytes.size() != record.file_bytes || chain::sha256(bytes) != record.file_sha256))
    return finding{record.taken.first, "begins a file whose recorded size or SHA-256 is not that "
                                       "of its blocks, " +
                                           heights_of(record.taken)};
  // Once a file cannot grow any more, its own digest says all, and hashing costs a tenth of the
  // whole check.
  if (!(whole && record.taken.count == blocks_per_file) &&
      chain::sha256(bytes.subspan(sizeof(std::uint64_t))) != record.blocks_sha256)
    return finding{record.taken.first, "or another up to " +
                                           std::to_string(record.taken.end() - 1) +
                                           " is not as it was fetched: the SHA-256 recorded with "
                                           "the file differs"};
  return std::nullopt;
}

/// A row against the block that it holds.
std::optional<finding> check_row(const storage::walked_block& row, const chain::block_facts& made,
                                 chain::level floor) {
  if (row.block_hash != made.block_hash)
    return finding{row.height, "is recorded as " + chain::block_name(row.block_hash) +
                                   ", its bytes say " + chain::block_name(made.block_hash)};
  if (row.timestamp != made.timestamp)
    return finding{row.height, "is recorded with the time " + std::to_string(row.timestamp) +
                                   ", its bytes say " + std::to_string(made.timestamp)};
  // Where the record is below the level judged at, the row has no stakes yet.
  const bool followed = claimed_level(row.record) >= chain::level::consensus;
  if ((followed && floor >= chain::level::consensus && row.stakes != made.stakes) ||
      (!followed && !row.stakes.empty()))
    return finding{row.height, "has other stakes in its row than its bytes give"};
  return std::nullopt;
}

} // namespace

tl::expected<chain::checked_blocks, finding>
check_part(const chain::rules& rules, const part_request& request, std::stop_token stop) {
  const auto& file = *request.file;
  const height_t first = file.blocks[request.first_index].height;
  const chain::bundle_job job{file.bytes,
                              file.record.taken.first,
                              {first, static_cast<std::uint32_t>(request.count)},
                              request.floor,
                              {}};
  auto made = rules.check_bundle(job, std::move(stop));
  if (!made)
    return tl::make_unexpected(
        refused(made.error(), file.blocks[request.first_index], request.floor));
  for (std::size_t i = 0; i < request.count; ++i)
    if (auto wrong =
            check_row(file.blocks[request.first_index + i], made->blocks[i], request.floor))
      return tl::make_unexpected(std::move(*wrong));
  if (request.first_index == 0)
    if (auto wrong = check_digests(file))
      return tl::make_unexpected(std::move(*wrong));
  return std::move(*made);
}

finding refused(const chain::check_failure& failure, const storage::walked_block& first,
                chain::level floor) {
  finding out;
  out.interrupted = failure.kind == chain::failure_kind::cancelled;
  out.below_level = floor > std::max(claimed_level(first.record), chain::level::link);
  out.height = failure.height.value_or(first.height);
  out.what = (out.below_level ? "does not reach the level '" + std::string{to_string(floor)} + "': "
                              : "does not pass what its record claims: ") +
             chain::to_string(failure);
  return out;
}

std::optional<finding> compare_records(const rechecked_part& part, bool whole_history) {
  const chain::check_set excused = whole_history ? chain::check_set{} : chain::excusable_checks();
  for (std::size_t i = 0; i < part.records.size(); ++i) {
    const auto& row = part.stored(i);
    if (!(row.record.made & row.record.unmade).empty())
      return finding{row.height, "has a check recorded both as made and as not made"};
    const auto beyond = row.record.made - part.records[i].made - excused;
    if (beyond.empty())
      continue;
    std::string names;
    chain::for_each_check(beyond, [&](chain::check one) {
      names += (names.empty() ? "" : ", ") + std::string{chain::to_string(one)};
    });
    return finding{row.height, "has checks recorded that cannot be made: " + names};
  }
  return std::nullopt;
}

std::optional<chain::block_front> front_of(const storage::walked_file& file, std::size_t index) {
  const auto framed = chain::split_bundle(file.bytes);
  if (!framed || index >= framed->size())
    return std::nullopt;
  const auto front = chain::read_front((*framed)[index].bytes);
  return front ? std::optional{*front} : std::nullopt;
}

} // namespace blockferry::runtime
