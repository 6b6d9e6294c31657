#include "chain/bundle.hpp"

#include "chain/wire.hpp"

namespace blockferry::chain {

expected<std::vector<framed_block>, framing_error> split_bundle(byte_view file) {
  constexpr std::size_t word = sizeof(std::uint64_t);
  if (file.size() < word)
    return make_unexpected(framing_error{0, "a count of 8 bytes",
                                         std::to_string(file.size()) + " bytes", "file length"});
  const auto count = load_le<std::uint64_t>(file);
  if (count > bundle_blocks_max)
    return make_unexpected(framing_error{0, "at most " + std::to_string(bundle_blocks_max),
                                         std::to_string(count), "number of blocks"});
  std::vector<framed_block> out;
  out.reserve(count);
  std::size_t at = word;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::size_t left = file.size() - at;
    const auto length = left < word ? 0 : load_le<std::uint64_t>(file.subspan(at));
    if (left < word || length > left - word)
      return make_unexpected(framing_error{at, "block " + std::to_string(i) + " inside the file",
                                           left < word ? "the end of the file"
                                                       : std::to_string(length) + " bytes, " +
                                                             std::to_string(left - word) + " left",
                                           "block length"});
    at += word;
    out.push_back({at, file.subspan(at, length)});
    at += length;
  }
  if (at != file.size())
    return make_unexpected(framing_error{at, "the end of the file",
                                         std::to_string(file.size() - at) + " bytes more",
                                         "end of the last block"});
  return out;
}

} // namespace blockferry::chain
