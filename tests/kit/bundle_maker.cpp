#include "tests/kit/bundle_maker.hpp"

#include "chain/wire.hpp"

#include <openssl/sha.h>

namespace blockferry::kit {
namespace {

constexpr std::int64_t first_timestamp = 1'700'000'000;

/// Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014): one number for
/// each place, without the numbers before it.
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
}

void append_framed(chain::byte_buffer& out, const chain::byte_buffer& block) {
  chain::append_le(out, std::uint64_t{block.size()});
  out.insert(out.end(), block.begin(), block.end());
}

} // namespace

chain::hash sha256(chain::byte_view bytes) {
  chain::hash out;
  SHA256(bytes.data(), bytes.size(), out.bytes.data());
  return out;
}

bundle_maker::bundle_maker(options chosen)
    : chosen_(std::move(chosen)), taken_from_(chosen_.start) {
  state_ = chosen_.start == 0 ? chain::state_before_genesis()
                              : chain::state_before_pinned(chosen_.start, hash_at(chosen_.start));
}

chain::hash bundle_maker::hash_at(height_t height) const {
  chain::hash out;
  for (std::size_t i = 0; i < out.bytes.size(); ++i)
    out.bytes[i] = static_cast<std::uint8_t>(
        mix(mix(chosen_.seed) + std::uint64_t{height} * 8 + i / 8) >> (8 * (i % 8)));
  return out;
}

chain::byte_buffer bundle_maker::block_at(height_t height) const {
  const std::uint64_t base = mix(mix(~chosen_.seed) + height);
  const std::size_t size = chosen_.block_bytes / 2 + base % (chosen_.block_bytes + 1);
  chain::byte_buffer out;
  out.reserve(size + 8);
  for (std::uint64_t i = 0; out.size() < size; ++i)
    chain::append_le(out, mix(base + i));
  out.resize(size);
  return out;
}

chain::byte_buffer bundle_maker::file_at(height_t file_start, std::uint32_t file_blocks) const {
  chain::byte_buffer out;
  chain::append_le(out, std::uint64_t{file_blocks});
  for (std::uint32_t i = 0; i < file_blocks; ++i)
    append_framed(out, block_at(file_start + i));
  return out;
}

chain::hash bundle_maker::blocks_sha256(height_range blocks) const {
  chain::byte_buffer bytes;
  for (std::uint32_t i = 0; i < blocks.count; ++i)
    append_framed(bytes, block_at(blocks.first + i));
  return sha256(bytes);
}

verified_bundle bundle_maker::take(std::uint32_t count, std::uint32_t file_blocks) {
  verified_bundle out;
  const height_t first = state_.next_height;
  out.file_start = first / blocks_per_file * blocks_per_file;
  if (taken_from_ < out.file_start)
    taken_from_ = out.file_start;
  out.range = {first, count};
  out.taken_from = taken_from_;
  out.file_blocks = file_blocks;
  auto bytes = std::make_shared<const chain::byte_buffer>(file_at(out.file_start, file_blocks));
  out.file_sha256 = sha256(*bytes);
  out.source = {"https://cdn.example/" + std::to_string(out.file_start), 0,
                first_timestamp * 1000 + first};
  std::uint64_t offset = sizeof(std::uint64_t);
  for (height_t height = out.file_start; height < out.range.end(); ++height) {
    const auto size = static_cast<std::uint32_t>(block_at(height).size());
    offset += sizeof(std::uint64_t);
    if (height >= first) {
      auto& block = out.blocks.emplace_back();
      block.height = height;
      block.block_hash = hash_at(height);
      block.previous_hash = height == 0 ? chain::hash{} : hash_at(height - 1);
      block.timestamp = first_timestamp + std::int64_t{height};
      block.offset = offset;
      block.size = size;
      block.record = chosen_.record;
    }
    offset += size;
  }
  out.bytes = payload{std::move(bytes)};
  out.blocks_sha256 =
      blocks_sha256({taken_from_, static_cast<std::uint32_t>(out.range.end() - taken_from_)});
  state_.next_height += count;
  state_.pinned.reset();
  state_.history_known = false; // its peaks would cost hashing
  state_.last = chain::tip{state_.next_height - 1, hash_at(state_.next_height - 1)};
  out.after = state_;
  return out;
}

verified_bundle bundle_maker::next() {
  return take(blocks_per_file - state_.next_height % blocks_per_file, blocks_per_file);
}

void bundle_maker::resume(const chain::chain_state& state, const std::optional<known_part>& known) {
  state_ = state;
  taken_from_ = known ? known->taken.first : state.next_height;
}

} // namespace blockferry::kit
