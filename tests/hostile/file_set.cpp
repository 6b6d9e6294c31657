#include "tests/hostile/file_set.hpp"

#include <charconv>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace blockferry::hostile {
namespace {

constexpr std::uint64_t blocks_per_file = 50;
constexpr std::string_view suffix = ".blocks";

std::string u64(std::uint64_t value) {
  std::string out(8, '\0');
  for (auto& one : out) {
    one = static_cast<char>(value & 0xff);
    value >>= 8;
  }
  return out;
}

std::uint64_t read_u64(std::string_view bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 8; i-- > 0;)
    out = out << 8 | static_cast<unsigned char>(bytes[i]);
  return out;
}

} // namespace

std::vector<std::string> split_bundle(std::string_view bytes) {
  std::vector<std::string> out;
  if (bytes.size() < 8)
    return out;
  bytes.remove_prefix(8);
  while (bytes.size() >= 8) {
    const auto length = read_u64(bytes);
    bytes.remove_prefix(8);
    if (length > bytes.size())
      break;
    out.emplace_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  return out;
}

std::string join_bundle(const std::vector<std::string>& blocks) {
  std::string out = u64(blocks.size());
  for (const auto& block : blocks)
    out += u64(block.size()) + block;
  return out;
}

std::string bundle_name(std::uint64_t start) {
  return std::to_string(start) + "." + std::to_string(start + blocks_per_file) +
         std::string{suffix};
}

std::optional<std::uint64_t> bundle_start(std::string_view name) {
  std::uint64_t start = 0;
  const auto end = std::from_chars(name.data(), name.data() + name.size(), start);
  if (end.ec != std::errc{} || bundle_name(start) != name)
    return std::nullopt;
  return start;
}

std::string latest_of_text(std::string_view text) {
  return u64(text.size()) + std::string{text};
}

std::string latest_of_height(std::uint64_t exclusive_height) {
  return latest_of_text(
      "{\"exclusive_height\":" + std::to_string(exclusive_height) + ",\"inclusive_height\":" +
      std::to_string(exclusive_height == 0 ? 0 : exclusive_height - 1) + ",\"hash\":\"\"}");
}

file_set file_set::from_folder(const std::filesystem::path& folder) {
  file_set out;
  bool any = false;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    const auto name = entry.path().filename().string();
    const bool blocks = bundle_start(name).has_value();
    if (!blocks && name != "latest.json")
      continue;
    any |= blocks;
    std::ifstream in{entry.path(), std::ios::binary};
    out.put(name, {std::istreambuf_iterator<char>{in}, {}});
  }
  if (!any)
    throw std::runtime_error{"no file of blocks in " + folder.string()};
  return out;
}

void file_set::put(std::string name, std::string bytes) {
  files_.insert_or_assign(std::move(name), std::move(bytes));
}

const std::string* file_set::find(std::string_view name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : &found->second;
}

file_set file_set::first_blocks(std::uint64_t count) const {
  file_set out;
  for (std::uint64_t start = 0; start < count; start += blocks_per_file) {
    const auto* bytes = find(bundle_name(start));
    if (bytes == nullptr)
      break;
    auto blocks = split_bundle(*bytes);
    if (blocks.size() > count - start)
      blocks.resize(count - start);
    out.put(bundle_name(start), join_bundle(blocks));
  }
  out.put("latest.json", latest_of_height(count));
  return out;
}

std::uint64_t file_set::block_count() const {
  std::uint64_t out = 0;
  for (const auto& [name, bytes] : files_)
    if (bundle_start(name))
      out += split_bundle(bytes).size();
  return out;
}

} // namespace blockferry::hostile
