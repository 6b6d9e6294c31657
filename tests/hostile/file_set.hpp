#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace blockferry::hostile {

/// The blocks of a bundle file (specification 1.1), each as its own bytes.
[[nodiscard]] std::vector<std::string> split_bundle(std::string_view bytes);
/// The reverse.
[[nodiscard]] std::string join_bundle(const std::vector<std::string>& blocks);

/// Name of the file that starts at `start`: "50.100.blocks".
[[nodiscard]] std::string bundle_name(std::uint64_t start);
/// The reverse; nothing for any other name.
[[nodiscard]] std::optional<std::uint64_t> bundle_start(std::string_view name);

/// latest.json (specification 1.2) around any text, with a right length.
[[nodiscard]] std::string latest_of_text(std::string_view text);
/// A right latest.json for a chain that ends before `exclusive_height`.
[[nodiscard]] std::string latest_of_height(std::uint64_t exclusive_height);

/// The files of an honest CDN, by name.
class file_set {
public:
  /// Reads `*.blocks` and latest.json of a folder; throws std::runtime_error if there is no block.
  static file_set from_folder(const std::filesystem::path& folder);

  void put(std::string name, std::string bytes);
  [[nodiscard]] const std::string* find(std::string_view name) const;
  /// The first `count` blocks only, with a latest.json that says so.
  [[nodiscard]] file_set first_blocks(std::uint64_t count) const;
  /// Blocks in all files.
  [[nodiscard]] std::uint64_t block_count() const;
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& files() const {
    return files_;
  }

private:
  std::map<std::string, std::string, std::less<>> files_;
};

} // namespace blockferry::hostile
