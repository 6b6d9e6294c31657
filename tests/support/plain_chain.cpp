#include "tests/support/plain_chain.hpp"

#include "chain/bundle.hpp"
#include "chain/wire.hpp"
#include "messages/bundles.hpp"

#include <algorithm>

namespace blockferry::testing {
namespace {

using chain::check;

constexpr std::size_t front_bytes = 84;

std::uint64_t mixed(std::uint64_t x) { // splitmix64, Steele et al. 2014
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

std::uint64_t weight(const chain::hash& hash) {
  return chain::load_le<std::uint64_t>(hash.bytes);
}

void append(chain::byte_buffer& out, const plain_block& block, std::size_t block_bytes) {
  chain::append_le(out, std::uint64_t{block_bytes});
  const std::size_t end = out.size() + block_bytes;
  chain::append_le(out, block.height);
  chain::append_hash(out, block.previous_hash);
  chain::append_hash(out, block.own_hash);
  chain::append_le(out, block.sum);
  chain::append_le(out, block.salt);
  out.resize(end, static_cast<std::uint8_t>(block.height));
}

plain_block read(chain::byte_view bytes) {
  plain_block out;
  out.height = chain::load_le<chain::height_t>(bytes);
  out.previous_hash = chain::load_hash(bytes.subspan(4));
  out.own_hash = chain::load_hash(bytes.subspan(36));
  out.sum = chain::load_le<std::uint64_t>(bytes.subspan(68));
  out.salt = chain::load_le<std::uint64_t>(bytes.subspan(76));
  return out;
}

auto refuse(check which, chain::height_t height, std::string detail) {
  chain::check_failure out;
  out.which = which;
  out.height = height;
  out.detail = std::move(detail);
  return chain::make_unexpected(std::move(out));
}

auto cancelled() {
  chain::check_failure out;
  out.kind = chain::failure_kind::cancelled;
  return chain::make_unexpected(std::move(out));
}

} // namespace

chain::hash plain_hash(const plain_block& block) {
  chain::hash out;
  std::uint64_t x = mixed(block.height) ^ weight(block.previous_hash) ^ mixed(~block.salt);
  for (std::size_t word = 0; word < 4; ++word) {
    x = mixed(x + word);
    for (std::size_t i = 0; i < 8; ++i)
      out.bytes[8 * word + i] = static_cast<std::uint8_t>(x >> (8 * i));
  }
  return out;
}

plain_chain::plain_chain(std::uint32_t blocks, std::size_t block_bytes, std::uint64_t fork,
                         chain::height_t fork_at)
    : block_bytes_(std::max(block_bytes, front_bytes)) {
  plain_block previous;
  for (chain::height_t height = 0; height < blocks; ++height) {
    plain_block next;
    next.height = height;
    next.salt = height >= fork_at ? fork : 0;
    if (height > 0) {
      next.previous_hash = previous.own_hash;
      next.sum = previous.sum + weight(previous.own_hash);
    }
    next.own_hash = plain_hash(next);
    blocks_.push_back(next);
    previous = next;
  }
}

chain::byte_buffer plain_chain::file(chain::height_t file_start, std::uint64_t end,
                                     const std::function<void(plain_block&)>& change) const {
  end = std::min<std::uint64_t>({end, blocks_.size(), std::uint64_t{file_start} + blocks_per_file});
  chain::byte_buffer out;
  chain::append_le(out, end > file_start ? end - file_start : 0);
  for (std::uint64_t height = file_start; height < end; ++height) {
    plain_block block = blocks_[height];
    if (change)
      change(block);
    append(out, block, block_bytes_);
  }
  return out;
}

chain::chain_state plain_chain::state_before(chain::height_t start) const {
  const plain_block& last = blocks_[start - 1];
  chain::chain_state out;
  out.start_height = out.next_height = start;
  out.last = chain::tip{last.height, last.own_hash};
  out.last_metadata.emplace().height = last.height;
  out.last_metadata->cumulative_weight.low = last.sum;
  out.history_known = false;
  return out;
}

plain_rules::plain_rules(const chain::hash& genesis, std::vector<chain::checkpoint> checkpoints)
    : genesis_(genesis), checkpoints_(std::move(checkpoints)) {}

chain::expected<chain::checked_blocks, chain::check_failure>
plain_rules::check_bundle(const chain::bundle_job& job, std::stop_token stop) const {
  const auto framed = chain::split_bundle(job.bytes);
  if (!framed)
    return refuse(check::framing, job.file_start, framed.error().detail);
  chain::checked_blocks out;
  out.file_blocks = static_cast<std::uint32_t>(framed->size());
  out.floor = job.floor;
  out.required = job.required;
  plain_block previous;
  for (std::uint64_t i = job.wanted.first - job.file_start;
       i < framed->size() && job.file_start + i < job.wanted.end(); ++i) {
    if (stop.stop_requested())
      return cancelled();
    const auto height = static_cast<chain::height_t>(job.file_start + i);
    const auto& [offset, bytes] = (*framed)[i];
    if (bytes.size() < front_bytes)
      return refuse(check::front, height, "a block that is too short");
    const plain_block block = read(bytes);
    if (block.height != height)
      return refuse(check::height, height, "another height");
    if (height == 0 && block.own_hash != genesis_)
      return refuse(check::genesis, height, "another genesis");
    for (const auto& one : checkpoints_)
      if (one.height == height && one.block_hash != block.own_hash)
        return refuse(check::checkpoint, height, "contradicts a checkpoint");
    if (!out.blocks.empty() && block.previous_hash != previous.own_hash)
      return refuse(check::previous_hash, height, "does not follow the block before");
    if (job.floor >= chain::level::header && block.own_hash != plain_hash(block))
      return refuse(check::block_hash, height, "another hash");
    out.blocks.push_back({height,
                          block.own_hash,
                          block.previous_hash,
                          1000 + height,
                          offset,
                          static_cast<std::uint32_t>(bytes.size()),
                          {chain::checks_of(job.floor), {}}});
    chain::metadata header;
    header.height = height;
    header.cumulative_weight.low = block.sum;
    out.headers.push_back(header);
    previous = block;
  }
  return out;
}

chain::expected<chain::chain_state, chain::check_failure>
plain_rules::extend(const chain::chain_state& before, const chain::checked_blocks& blocks) const {
  const auto& first = blocks.blocks.front();
  if (before.last && first.previous_hash != before.last->block_hash)
    return refuse(check::previous_hash, first.height, "does not follow the tip");
  if (before.pinned && first.block_hash != *before.pinned)
    return refuse(check::genesis, first.height, "another hash than the pinned one");
  chain::chain_state after = before;
  const auto& last = blocks.blocks.back();
  after.next_height = last.height + 1;
  after.last = chain::tip{last.height, last.block_hash};
  after.last_metadata = blocks.headers.back();
  after.pinned.reset();
  after.history_known = false;
  return after;
}

chain::expected<std::vector<chain::check_record>, chain::check_failure>
plain_rules::check_history(const chain::chain_state& before, const chain::checked_blocks& blocks,
                           std::stop_token stop) const {
  std::vector<chain::check_record> out;
  std::optional<std::uint64_t> sum;
  if (before.last)
    sum = before.last_metadata->cumulative_weight.low + weight(before.last->block_hash);
  else if (before.start_height == 0)
    sum = 0;
  for (std::size_t i = 0; i < blocks.blocks.size(); ++i) {
    if (stop.stop_requested())
      return cancelled();
    const auto& block = blocks.blocks[i];
    auto record = block.record;
    if (!sum && record.made.has(check::state_root)) {
      record.made.remove(check::state_root); // nothing is known before a pinned start
      record.unmade.add(check::state_root);
    } else if (sum && blocks.headers[i].cumulative_weight.low != *sum) {
      return refuse(check::state_root, block.height, "another sum over all blocks before");
    }
    sum = blocks.headers[i].cumulative_weight.low + weight(block.block_hash);
    if (blocks.required.has(check::state_root) && !record.made.has(check::state_root))
      return refuse(check::state_root, block.height, "required, and could not be made");
    out.push_back(record);
  }
  return out;
}

} // namespace blockferry::testing
