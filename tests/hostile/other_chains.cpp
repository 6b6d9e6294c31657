#include "tests/hostile/other_chains.hpp"

#include "tests/kit/chain_maker.hpp"
#include "tests/kit/genesis.hpp"
#include "tests/kit/made_network.hpp"

#include <vector>

namespace blockferry::hostile {
namespace {

constexpr std::size_t blocks_in_file = 50;

chain::byte_view bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text_of(const chain::byte_buffer& bytes) {
  return {bytes.begin(), bytes.end()};
}

std::vector<std::string> blocks_of(const file_set& files) {
  std::vector<std::string> out;
  for (std::uint64_t start = 0;; start += blocks_in_file) {
    const auto* bytes = files.find(bundle_name(start));
    if (bytes == nullptr)
      return out;
    for (auto& one : split_bundle(*bytes))
      out.push_back(std::move(one));
  }
}

file_set files_of(const std::vector<std::string>& blocks) {
  file_set out;
  for (std::size_t start = 0; start < blocks.size(); start += blocks_in_file) {
    const auto end = std::min(start + blocks_in_file, blocks.size());
    out.put(bundle_name(start), join_bundle({blocks.begin() + static_cast<std::ptrdiff_t>(start),
                                             blocks.begin() + static_cast<std::ptrdiff_t>(end)}));
  }
  out.put("latest.json", latest_of_height(blocks.size()));
  return out;
}

/// The first blocks of a chain, and as many more as there were.
file_set continued(const std::vector<std::string>& blocks, std::size_t from,
                   const kit::chain_options& options) {
  kit::chain_maker maker{options};
  std::vector<std::string> out;
  for (std::size_t height = 0; height < blocks.size(); ++height) {
    if (height < from) {
      maker.follow(bytes_of(blocks[height]));
      out.push_back(blocks[height]);
    } else {
      out.push_back(text_of(maker.next()));
    }
  }
  return files_of(out);
}

} // namespace

file_set chain_of(chain_kind kind, const file_set& honest) {
  const auto signer = kit::account{0xf0e};
  kit::chain_options options{.net = chain::mainnet(),
                             .sign = [&](const chain::hash& block) { return signer.sign(block); }};
  switch (kind) {
  case chain_kind::honest:
    return honest;
  case chain_kind::forked:
    options.block_seconds = 11;
    return continued(blocks_of(honest), fork_height, options);
  case chain_kind::large:
    options.block_bytes = large_block_bytes;
    return continued(blocks_of(honest), fork_height, options);
  case chain_kind::foreign: {
    options.net = kit::developer_network({}, true);
    auto blocks = blocks_of(honest);
    blocks.front() = text_of(kit::make_genesis(options.net, kit::make_validators(4, 0xf0e)));
    return continued(blocks, 1, options);
  }
  }
  return honest;
}

} // namespace blockferry::hostile
