#include "blocks.hpp"

#include <fstream>
#include <iterator>
#include <string>

namespace blockferry::bench {
namespace {

std::uint64_t u64_at(const chain::byte_buffer& bytes, std::size_t offset) {
  std::uint64_t out = 0;
  for (std::size_t i = 8; i-- > 0;)
    out = out << 8 | bytes[offset + i];
  return out;
}

void append_u64(chain::byte_buffer& bytes, std::uint64_t value) {
  for (unsigned i = 0; i < 8; ++i)
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

} // namespace

std::vector<chain::byte_buffer> blocks_of(const std::filesystem::path& folder, std::size_t first,
                                          std::size_t count) {
  std::vector<chain::byte_buffer> out;
  for (std::size_t height = 0, start = 0; out.size() < count; start += 50) {
    const auto name = std::to_string(start) + "." + std::to_string(start + 50) + ".blocks";
    std::ifstream file{folder / name, std::ios::binary};
    const chain::byte_buffer bytes{std::istreambuf_iterator<char>{file}, {}};
    if (bytes.empty())
      break;
    for (std::size_t at = 8; at < bytes.size() && out.size() < count; ++height) {
      const std::size_t end = at + 8 + u64_at(bytes, at);
      if (height >= first)
        out.emplace_back(bytes.begin() + static_cast<std::ptrdiff_t>(at + 8),
                         bytes.begin() + static_cast<std::ptrdiff_t>(end));
      at = end;
    }
  }
  return out;
}

chain::byte_buffer bundle_of(std::span<const chain::byte_buffer> blocks) {
  chain::byte_buffer out;
  append_u64(out, blocks.size());
  for (const auto& block : blocks) {
    append_u64(out, block.size());
    out.insert(out.end(), block.begin(), block.end());
  }
  return out;
}

} // namespace blockferry::bench
