#include "runtime/network_file.hpp"

#include "chain/name.hpp"
#include "runtime/refuse.hpp"

#include <fstream>
#include <sstream>

namespace blockferry::runtime {
namespace {

constexpr std::uintmax_t network_file_bytes_max = 1 << 20;

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char one : text) {
    if (one == '"' || one == '\\')
      out += '\\';
    out += one;
  }
  return out + "\"";
}

std::string series_text(const chain::version_series& series) {
  std::string out;
  for (const auto& [version, value] : series)
    out +=
        (out.empty() ? "[" : ", [") + std::to_string(version) + ", " + std::to_string(value) + "]";
  return "[" + out + "]";
}

tl::expected<std::string, failure> text_of_file(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    return refuse("there is no built-in network and no file of the name '" + path.string() +
                  "'. Name mainnet, testnet, canary, or a network file.");
  if (std::filesystem::file_size(path, error) > network_file_bytes_max || error)
    return refuse(path.string() + " cannot be read, or is larger than 1 MiB, too large for a "
                                  "network file. Name another with --network.");
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  if (!file)
    return refuse("cannot read the network file " + path.string() +
                  ". Make it readable, or name another with --network.");
  return text.str();
}

} // namespace

tl::expected<chain::network, failure> load_network(const std::string& name_or_file) {
  if (const auto* built_in = chain::built_in_network(name_or_file))
    return *built_in;
  const std::filesystem::path path{name_or_file};
  const auto text = text_of_file(path);
  if (!text)
    return tl::make_unexpected(text.error());
  auto net = parse_network(*text, path);
  // Stores tell networks apart by name: a built-in name must mean the built-in network.
  if (net)
    if (const auto* built_in = chain::built_in_network(net->name);
        built_in != nullptr && to_toml(*net) != to_toml(*built_in))
      return refuse(path.string() + ": '" + net->name +
                    "' is the name of a built-in network that differs from this file. Give the "
                    "network a name of its own.");
  return net;
}

std::string to_toml(const chain::network& net) {
  std::string heights;
  for (const auto height : net.consensus_heights)
    heights += (heights.empty() ? "" : ", ") + std::to_string(height);
  std::ostringstream out;
  out << "name = " << toml_string(net.name) << "\nid = " << net.id << "\n";
  if (!net.cdn_url.empty())
    out << "cdn_url = " << toml_string(net.cdn_url) << "\n";
  if (net.genesis)
    out << "genesis = " << toml_string(chain::block_name(*net.genesis)) << "\n";
  out << "consensus_heights = [" << heights << "]\n"
      << "genesis_timestamp = " << net.genesis_timestamp << "\n"
      << "genesis_coinbase_target = " << net.genesis_coinbase_target << "\n"
      << "genesis_proof_target = " << net.genesis_proof_target << "\n"
      << "supply_limit_height = " << net.supply_limit_height << "\n"
      << "blocks_per_epoch = " << net.blocks_per_epoch << "\n"
      << "anchor_time_seconds = " << series_text(net.anchor_time_seconds) << "\n"
      << "certificates_max = " << series_text(net.certificates_max) << "\n"
      << "beacons_after_genesis = " << (net.beacons_after_genesis ? "true" : "false") << "\n";
  for (const auto& one : net.checkpoints)
    out << "\n[[checkpoints]]\nheight = " << one.height
        << "\nhash = " << toml_string(chain::block_name(one.block_hash)) << "\n";
  return out.str();
}

} // namespace blockferry::runtime
