#include "tests/kit/cdn_folder.hpp"

#include "chain/name.hpp"
#include "tests/kit/wire_writer.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace blockferry::kit {
namespace {

constexpr chain::height_t blocks_per_file = 50;

} // namespace

void write_file(const std::filesystem::path& path, chain::byte_view bytes) {
  std::ofstream out{path, std::ios::binary};
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out)
    throw std::runtime_error{"cannot write " + path.string()};
}

chain::byte_buffer latest_json(std::uint64_t exclusive_height, const chain::hash& tip_hash) {
  const auto text = "{\"exclusive_height\":" + std::to_string(exclusive_height) +
                    ",\"inclusive_height\":" + std::to_string(exclusive_height - 1) +
                    ",\"hash\":\"" + chain::block_name(tip_hash) + "\"}";
  wire_writer out;
  out.u64(text.size());
  out.raw({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return out.take();
}

chain::byte_buffer bundle_of(const std::vector<chain::byte_buffer>& blocks) {
  wire_writer out;
  out.u64(blocks.size());
  for (const auto& one : blocks) {
    out.u64(one.size());
    out.raw(one);
  }
  return out.take();
}

std::vector<chain::byte_buffer> blocks_of(chain::byte_view bundle) {
  std::vector<chain::byte_buffer> out;
  std::size_t at = 8;
  while (at + 8 <= bundle.size()) {
    const auto size = chain::load_le<std::uint64_t>(bundle.subspan(at));
    at += 8;
    if (size > bundle.size() - at)
      break;
    const auto block = bundle.subspan(at, size);
    out.emplace_back(block.begin(), block.end());
    at += size;
  }
  if (at != bundle.size() || out.size() != chain::load_le<std::uint64_t>(bundle))
    throw std::invalid_argument{"no file of blocks"};
  return out;
}

chain::byte_buffer read_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in)
    throw std::runtime_error{"cannot read " + path.string()};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  return {text.begin(), text.end()};
}

cdn_folder::cdn_folder(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
}

void cdn_folder::add(chain::byte_buffer block) {
  blocks_.push_back(std::move(block));
  if (blocks_.size() == blocks_per_file)
    write_blocks();
}

void cdn_folder::write_blocks() {
  const auto name =
      std::to_string(file_start_) + "." + std::to_string(file_start_ + blocks_per_file) + ".blocks";
  const auto bytes = bundle_of(blocks_);
  write_file(folder_ / name, bytes);
  bytes_ += bytes.size();
  file_start_ += static_cast<chain::height_t>(blocks_.size());
  blocks_.clear();
}

void cdn_folder::finish(const chain::hash& tip_hash) {
  if (!blocks_.empty())
    write_blocks();
  write_file(folder_ / "latest.json", latest_json(file_start_, tip_hash));
}

} // namespace blockferry::kit
