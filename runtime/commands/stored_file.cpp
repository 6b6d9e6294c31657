#include "runtime/commands/stored_file.hpp"

#include "chain/hash/sha256.hpp"
#include "chain/wire.hpp"

namespace blockferry::runtime {
namespace {

tl::unexpected<failure> damaged(const storage::bundle_record& record, const std::string& what) {
  return tl::make_unexpected(
      failure{errc::store_damaged,
              "blocks " + std::to_string(record.taken.first) + " to " +
                  std::to_string(record.taken.end() - 1) + ": " + what +
                  ". The store is damaged; 'verify' names the block. Restore it from a copy, or "
                  "move its folder away and sync anew."});
}

} // namespace

storage::result<std::optional<stored_file>> read_stored_file(storage::reader& store,
                                                             height_t height) {
  auto record = store.bundle_of(height);
  if (!record)
    return tl::make_unexpected(record.error());
  if (!*record || !(*record)->taken.contains(height))
    return std::optional<stored_file>{};
  stored_file out;
  out.record = std::move(**record);
  const auto& taken = out.record.taken;
  if (taken.count > blocks_per_file)
    return damaged(out.record, "the record of their file counts more than a file has");
  chain::append_le(out.bytes, std::uint64_t{taken.count});
  for (std::uint64_t at = taken.first; at < taken.end(); ++at) {
    const auto block = store.block_at(static_cast<height_t>(at));
    if (!block)
      return tl::make_unexpected(block.error());
    if (!*block)
      return damaged(out.record, "block " + std::to_string(at) + " is missing");
    chain::append_le(out.bytes, std::uint64_t{(*block)->bytes.size()});
    out.bytes.insert(out.bytes.end(), (*block)->bytes.begin(), (*block)->bytes.end());
    out.hashes.push_back((*block)->block_hash);
  }
  const bool whole = taken.first == out.record.file_start && taken.count == blocks_per_file;
  const chain::byte_view bytes{out.bytes};
  const bool as_fetched =
      whole ? chain::sha256(bytes) == out.record.file_sha256
            : chain::sha256(bytes.subspan(sizeof(std::uint64_t))) == out.record.blocks_sha256;
  if (!as_fetched)
    return damaged(out.record, "their bytes are not those that were fetched, by the SHA-256 "
                               "recorded with them");
  return std::optional{std::move(out)};
}

} // namespace blockferry::runtime
