#include "chain/front.hpp"
#include "chain/name.hpp"
#include "runtime/nearest_word.hpp"
#include "runtime/network_file.hpp"
#include "runtime/toml_text.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>

namespace blockferry::runtime {
namespace {

constexpr std::string_view keys[] = {"name",
                                     "id",
                                     "cdn_url",
                                     "genesis",
                                     "genesis_file",
                                     "consensus_heights",
                                     "genesis_timestamp",
                                     "genesis_coinbase_target",
                                     "genesis_proof_target",
                                     "supply_limit_height",
                                     "blocks_per_epoch",
                                     "anchor_time_seconds",
                                     "certificates_max",
                                     "beacons_after_genesis",
                                     "checkpoints"};
constexpr std::string_view checkpoint_keys[] = {"height", "hash"};
constexpr std::size_t name_bytes_max = 64;
constexpr std::size_t list_entries_max = 10'000;
constexpr std::uintmax_t genesis_bytes_max = 64 << 20;

/// Reads keys of a table into a network; keeps the first failure and goes on without it.
class network_reader {
public:
  network_reader(const toml::table& table, std::filesystem::path origin)
      : table_(table), origin_(std::move(origin)) {}

  tl::expected<chain::network, failure> read();

private:
  void refuse(std::string_view key, const std::string& what) {
    if (!failed_)
      failed_ = failure{errc::invalid_argument,
                        origin_.string() + ": key '" + std::string{key} + "' " + what};
  }
  void check_keys(const toml::table& table, std::span<const std::string_view> known,
                  const std::string& where);
  /// An integer between the bounds; leaves `out` as it is where the key is missing.
  template <class Integer>
  void integer(std::string_view key, Integer& out, std::int64_t least, std::int64_t most);
  std::optional<std::string> text(std::string_view key);
  std::optional<chain::hash> block_hash(std::string_view key, const toml::node* node);
  void identity();
  void genesis();
  void heights();
  void series(std::string_view key, chain::version_series& out);
  void checkpoints();

  const toml::table& table_;
  std::filesystem::path origin_;
  chain::network net_;
  std::optional<failure> failed_;
};

void network_reader::check_keys(const toml::table& table, std::span<const std::string_view> known,
                                const std::string& where) {
  for (const auto& [key, value] : table) {
    static_cast<void>(value);
    if (std::ranges::find(known, key.str()) == known.end())
      refuse(where + std::string{key.str()}, "is not known" + did_you_mean(key.str(), known));
  }
}

template <class Integer>
void network_reader::integer(std::string_view key, Integer& out, std::int64_t least,
                             std::int64_t most) {
  const auto* node = table_.get(key);
  if (node == nullptr)
    return;
  const auto* value = node->as_integer();
  if (value == nullptr || value->get() < least || value->get() > most)
    return refuse(key, "must be an integer from " + std::to_string(least) + " to " +
                           std::to_string(most));
  out = static_cast<Integer>(value->get());
}

std::optional<std::string> network_reader::text(std::string_view key) {
  const auto* node = table_.get(key);
  if (node == nullptr)
    return std::nullopt;
  if (const auto* value = node->as_string())
    return value->get();
  refuse(key, "must be a text in quotes");
  return std::nullopt;
}

std::optional<chain::hash> network_reader::block_hash(std::string_view key,
                                                      const toml::node* node) {
  const auto* value = node == nullptr ? nullptr : node->as_string();
  auto out = value == nullptr ? std::nullopt : chain::parse_block_name(value->get());
  if (!out)
    refuse(key, "must be a block hash, \"ab1...\"");
  return out;
}

// What a network does not say is that of the live network with its id (specification 10.4), but
// for name, genesis, CDN and checkpoints.
void network_reader::identity() {
  if (table_.get("id") == nullptr)
    refuse("id", "is missing: 0 mainnet, 1 testnet, 2 canary");
  std::uint16_t id = 0;
  integer("id", id, 0, 2);
  net_ = id == 0 ? chain::mainnet() : id == 1 ? chain::testnet() : chain::canary();
  net_.cdn_url = text("cdn_url").value_or("");
  net_.genesis.reset();
  net_.checkpoints.clear();
  net_.name = text("name").value_or("");
  const auto fits = [](char one) {
    return (one >= 'a' && one <= 'z') || (one >= '0' && one <= '9') || one == '-' || one == '_';
  };
  if (net_.name.empty() || net_.name.size() > name_bytes_max ||
      !std::ranges::all_of(net_.name, fits))
    refuse("name", "must be 1 to 64 of the characters a-z 0-9 - _");
}

void network_reader::genesis() {
  if (const auto* node = table_.get("genesis"))
    net_.genesis = block_hash("genesis", node);
  const auto name = text("genesis_file");
  if (!name)
    return;
  const auto path = origin_.parent_path() / *name;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error) ||
      std::filesystem::file_size(path, error) > genesis_bytes_max)
    return refuse("genesis_file",
                  "names " + path.string() + ", which is no readable file of at most 64 MiB");
  std::ifstream file{path, std::ios::binary};
  const chain::byte_buffer bytes{std::istreambuf_iterator<char>{file},
                                 std::istreambuf_iterator<char>{}};
  const auto front = chain::read_front(bytes);
  if (!front || front->header.height != 0 || front->header.network_id != net_.id)
    return refuse("genesis_file",
                  "names " + path.string() + ", which is no block 0 of a network with id " +
                      std::to_string(net_.id) + (front ? "" : ": " + front.error().detail));
  if (net_.genesis && *net_.genesis != front->block_hash)
    return refuse("genesis_file", "holds " + chain::block_name(front->block_hash) +
                                      ", another block than 'genesis' names. Keep one of them.");
  net_.genesis = front->block_hash;
}

void network_reader::heights() {
  const auto* node = table_.get("consensus_heights");
  if (node == nullptr)
    return;
  const auto* list = node->as_array();
  bool fits = list != nullptr && list->size() == chain::consensus_version_count;
  for (std::size_t i = 0; fits && i < list->size(); ++i) {
    const auto* value = list->get(i)->as_integer();
    fits = value != nullptr && value->get() >= 0 && value->get() <= chain::never;
    if (!fits)
      break;
    const auto height = static_cast<chain::height_t>(value->get());
    const auto before = i == 0 ? chain::height_t{0} : net_.consensus_heights[i - 1];
    fits = i == 0 ? height == 0 : height > before || (before == chain::never && height == before);
    net_.consensus_heights[i] = height;
  }
  if (!fits)
    refuse("consensus_heights", "must be 22 heights, V1 to V22: the first 0, then rising, "
                                "4294967295 for those at the end that are not scheduled");
}

void network_reader::series(std::string_view key, chain::version_series& out) {
  const auto* node = table_.get(key);
  if (node == nullptr)
    return;
  const auto* list = node->as_array();
  bool fits = list != nullptr && !list->empty() && list->size() <= chain::consensus_version_count;
  chain::version_series made;
  for (std::size_t i = 0; fits && i < list->size(); ++i) {
    const auto* pair = list->get(i)->as_array();
    const auto* version =
        pair == nullptr || pair->size() != 2 ? nullptr : pair->get(0)->as_integer();
    const auto* value = version == nullptr ? nullptr : pair->get(1)->as_integer();
    const std::int64_t least = i == 0 ? 1 : std::int64_t{made.back().first} + 1;
    fits = value != nullptr && version->get() >= least &&
           version->get() <= (i == 0 ? 1 : std::int64_t{chain::consensus_version_count}) &&
           value->get() > 0 && value->get() <= std::numeric_limits<std::uint32_t>::max();
    if (fits)
      made.emplace_back(static_cast<std::uint8_t>(version->get()),
                        static_cast<std::uint64_t>(value->get()));
  }
  if (!fits)
    return refuse(key, "must be a list of [version, value] with versions rising from 1 to at most "
                       "22 and values from 1 on, such as [[1, 25], [15, 35]]");
  out = std::move(made);
}

void network_reader::checkpoints() {
  const auto* node = table_.get("checkpoints");
  if (node == nullptr)
    return;
  const auto* list = node->as_array();
  if (list == nullptr || list->size() > list_entries_max)
    return refuse("checkpoints", "must be at most 10,000 tables [[checkpoints]]");
  for (const auto& entry : *list) {
    const auto* table = entry.as_table();
    const auto* height = table == nullptr ? nullptr : table->get("height");
    const auto* number = height == nullptr ? nullptr : height->as_integer();
    if (number == nullptr || number->get() < 0 || number->get() >= chain::never)
      return refuse("checkpoints",
                    "must be tables with 'height', from 0 to 4294967294, and 'hash'");
    check_keys(*table, checkpoint_keys, "checkpoints.");
    if (const auto made = block_hash("checkpoints.hash", table->get("hash")))
      net_.checkpoints.push_back({static_cast<chain::height_t>(number->get()), *made});
  }
}

tl::expected<chain::network, failure> network_reader::read() {
  constexpr auto u32_max = std::int64_t{std::numeric_limits<std::uint32_t>::max()};
  constexpr auto i64_max = std::numeric_limits<std::int64_t>::max();
  check_keys(table_, keys, "");
  identity();
  genesis();
  heights();
  integer("genesis_timestamp", net_.genesis_timestamp, 0, i64_max);
  integer("genesis_coinbase_target", net_.genesis_coinbase_target, 1, i64_max);
  integer("genesis_proof_target", net_.genesis_proof_target, 1, i64_max);
  integer("supply_limit_height", net_.supply_limit_height, 0, u32_max);
  integer("blocks_per_epoch", net_.blocks_per_epoch, 2, u32_max); // half of it is divided by
  series("anchor_time_seconds", net_.anchor_time_seconds);
  series("certificates_max", net_.certificates_max);
  checkpoints();
  if (const auto* node = table_.get("beacons_after_genesis")) {
    if (const auto* value = node->as_boolean())
      net_.beacons_after_genesis = value->get();
    else
      refuse("beacons_after_genesis", "must be true or false");
  }
  if (failed_)
    return tl::make_unexpected(*failed_);
  return std::move(net_);
}

} // namespace

tl::expected<chain::network, failure> parse_network(std::string_view toml,
                                                    const std::filesystem::path& origin) {
  const auto parsed = parse_toml(toml, origin.string());
  if (!parsed)
    return tl::make_unexpected(parsed.error());
  return network_reader{*parsed, origin}.read();
}

} // namespace blockferry::runtime
