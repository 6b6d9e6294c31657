#include "tests/support/memory_store.hpp"

#include "chain/wire.hpp"

#include <utility>

namespace blockferry::testing {
namespace {

/// FNV-1a: enough to tell contents apart in a test.
class digest {
public:
  void add(chain::byte_view bytes) {
    for (const auto byte : bytes)
      value_ = (value_ ^ byte) * 0x100000001b3;
  }
  void add(std::uint64_t number) {
    chain::byte_buffer bytes;
    chain::append_le(bytes, number);
    add(bytes);
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

private:
  std::uint64_t value_ = 0xcbf29ce484222325;
};

class memory_store final : public storage::store {
public:
  explicit memory_store(std::shared_ptr<memory_disk> disk) : disk_(std::move(disk)) {
    disk_->open = true;
    resume_ = {disk_->identity, disk_->state, disk_->known, disk_->clean, disk_->receipt};
  }
  ~memory_store() override { disk_->open = false; }

  [[nodiscard]] const storage::resume_point& resume() const noexcept override { return resume_; }

  [[nodiscard]] storage::result<std::optional<known_part>>
  commit(std::span<const verified_bundle* const> bundles) override {
    if (auto failed = begin(store_step::commit))
      return tl::make_unexpected(*failed);
    if (bundles.empty())
      return tl::make_unexpected(*(broken_ = failure{errc::store_io, "nothing to commit"}));
    if (auto failed = append(bundles))
      return tl::make_unexpected(*failed);
    disk_->clean = false;
    ++disk_->commits;
    if (disk_->after_step)
      disk_->after_step(store_step::commit);
    return disk_->known;
  }

  [[nodiscard]] storage::result<drain_receipt>
  mark_clean(std::span<const verified_bundle* const> bundles, drain_receipt receipt,
             const std::function<void(drain_receipt&)>& finish) override {
    if (auto failed = begin(store_step::mark_clean))
      return tl::make_unexpected(*failed);
    if (auto failed = append(bundles))
      return tl::make_unexpected(*failed);
    finish(receipt);
    receipt.clean = true;
    disk_->receipt = receipt;
    disk_->clean = true;
    ++disk_->cleanings;
    if (disk_->after_step)
      disk_->after_step(store_step::mark_clean);
    return receipt;
  }

private:
  std::optional<failure> begin(store_step step) {
    if (!broken_ && disk_->before_step)
      broken_ = disk_->before_step(step);
    return broken_;
  }

  /// That what the bundle says of itself fits its blocks.
  static bool is_whole(const verified_bundle& bundle) {
    height_t height = bundle.range.first;
    for (const auto& block : bundle.blocks)
      if (block.height != height++ || block.offset > bundle.bytes.size() ||
          block.size > bundle.bytes.size() - block.offset)
        return false;
    return !bundle.blocks.empty() && bundle.range.end() == height &&
           bundle.after.next_height == height && bundle.after.last &&
           bundle.after.last->block_hash == bundle.blocks.back().block_hash;
  }

  /// All of them, or none.
  std::optional<failure> append(std::span<const verified_bundle* const> bundles) {
    height_t next = disk_->state.next_height;
    for (const auto* bundle : bundles) {
      if (bundle->range.first != next || !is_whole(*bundle))
        return broken_ = failure{errc::store_io, "blocks that do not follow the last"};
      next = static_cast<height_t>(bundle->range.end());
    }
    for (const auto* bundle : bundles)
      append(*bundle);
    if (bundles.empty())
      return std::nullopt;
    const auto& last = *bundles.back();
    disk_->state = last.after;
    disk_->known.reset();
    if (last.range.end() % blocks_per_file != 0)
      disk_->known = known_part{
          {last.taken_from, static_cast<std::uint32_t>(last.range.end() - last.taken_from)},
          last.file_blocks,
          last.blocks_sha256};
    return std::nullopt;
  }

  void append(const verified_bundle& bundle) {
    for (const auto& block : bundle.blocks) {
      const auto bytes = bundle.bytes.view().subspan(block.offset, block.size);
      disk_->blocks[block.height] = {block, {bytes.begin(), bytes.end()}};
    }
    disk_->files[bundle.file_start] = {bundle.source, bundle.file_sha256, bundle.file_blocks};
  }

  std::shared_ptr<memory_disk> disk_;
  storage::resume_point resume_;
  std::optional<failure> broken_;
};

} // namespace

std::uint64_t memory_disk::content_digest() const {
  digest out;
  for (const auto& [height, block] : blocks) {
    out.add(height);
    out.add(block.facts.block_hash.bytes);
    out.add(block.facts.record.made.bits());
    out.add(block.facts.record.unmade.bits());
    out.add(block.bytes);
  }
  return out.value();
}

std::string memory_disk::broken_promise() const {
  height_t next = identity.start_height;
  const chain::block_facts* previous = nullptr;
  for (const auto& [height, block] : blocks) {
    if (height != next)
      return "gap before height " + std::to_string(height);
    if (previous != nullptr && block.facts.previous_hash != previous->block_hash)
      return "height " + std::to_string(height) + " does not follow the block before";
    if (!files.contains(height / blocks_per_file * blocks_per_file))
      return "height " + std::to_string(height) + " has no source record";
    previous = &block.facts;
    ++next;
  }
  if (state.next_height != next)
    return "the state's next height is " + std::to_string(state.next_height) + ", not " +
           std::to_string(next);
  if (previous != nullptr && (!state.last || state.last->block_hash != previous->block_hash))
    return "the tip is not the last block";
  return {};
}

std::shared_ptr<memory_disk> make_disk() {
  auto out = std::make_shared<memory_disk>();
  out->state = chain::state_before_genesis();
  out->identity.network = "plain";
  return out;
}

std::shared_ptr<memory_disk> make_disk(height_t start, const chain::hash& start_hash) {
  auto out = make_disk();
  out->state = chain::state_before_pinned(start, start_hash);
  out->identity.start_height = start;
  out->identity.start_hash = start_hash;
  return out;
}

std::shared_ptr<memory_disk> make_disk(const chain::chain_state& begin) {
  auto out = make_disk();
  out->state = begin;
  out->identity.start_height = begin.start_height;
  return out;
}

storage::result<std::unique_ptr<storage::store>>
open_memory_store(std::shared_ptr<memory_disk> disk) {
  if (disk->open)
    return tl::make_unexpected(failure{errc::store_locked, "another store is open on this disk"});
  return std::make_unique<memory_store>(std::move(disk));
}

} // namespace blockferry::testing
