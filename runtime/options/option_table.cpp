#include "runtime/options/option_table.hpp"

#include "actors/options.hpp"
#include "runtime/options/option_values.hpp"

#include <algorithm>
#include <array>

namespace blockferry::runtime {
namespace {

using namespace option_values;

constexpr unsigned nodes = carriers | followers;

// Names, help and defaults; how each is read stands in `option_values.hpp`.  The defaults are held
// against `program_options` by a test.
constexpr std::array table{
    option{"store", "DIR", "folder of the store, made where there is none", "", nodes | readers,
           false, text<&program_options::store>},
    option{"network", "NAME|FILE", "mainnet, testnet, canary, or a network file (TOML)", "mainnet",
           nodes, false, text<&program_options::network>},
    option{"cdn", "URL", "mirror to fetch from: http, https or file; without it the network's own",
           "", nodes, true, cdn_url},
    option{"verify", "LEVEL", "floor of the checks: link, header, consensus or content", "header",
           nodes, false, floor},
    option{"require", "CHECK", "refuse a block for which this check could not be made", "", nodes,
           true, required_check},
    option{"checkpoint", "H=HASH", "refuse a chain whose block H has another hash", "", nodes, true,
           checkpoint},
    option{"compare", "N", "so many mirrors must agree before a block counts", "1", nodes, false,
           count<&program_options::compare, 1, limits::compare_max>},
    option{"until", "H", "the last block to carry, inclusive", "", nodes, false,
           height<&program_options::until>},
    option{"start", "H", "first block of a new store; with --start-hash", "", nodes, false,
           height<&program_options::start>},
    option{"start-hash", "HASH", "hash that the first block must have", "", nodes, false,
           start_hash},
    option{"start-file", "FILE", "begin a new store after the tip that 'export --state' wrote", "",
           nodes, false, text<&program_options::start_file>},
    option{"give-up-after", "DURATION", "a sync ends when the network brings nothing for so long",
           "10m", nodes, false, duration<&program_options::give_up_after, 1>},
    option{"poll-interval", "DURATION", "between two looks for new blocks at the tip", "5s", nodes,
           false, duration<&program_options::poll_interval, 100>},
    option{"connections", "N", "transfers at once", "8", nodes, false,
           count<&program_options::connections, 1, limits::connections_max>},
    option{"window", "SIZE", "bytes in memory from request to commit, at most", "96MiB", nodes,
           false, size<&program_options::window, 1 << 20>},
    option{"bundle-max", "SIZE", "a larger file of blocks is refused", "64MiB", nodes, false,
           size<&program_options::bundle_max, 1 << 16>},
    option{"workers", "N", "threads that verify; 0: one per core", "0", nodes | checkers, false,
           count<&program_options::workers, 0, 256>},
    option{"rate-limit", "RATE", "bytes a second of all transfers together; 0: no limit", "0",
           nodes, false, rate},
    option{"connect-timeout", "DURATION", "for name lookup, connection and TLS", "10s", nodes,
           false, duration<&program_options::connect_timeout, 1>},
    option{"stall-timeout", "DURATION", "a transfer that brings next to nothing for so long ends",
           "20s", nodes, false, duration<&program_options::stall_timeout, 1>},
    option{"transfer-timeout", "DURATION", "for a whole file of blocks", "2m", nodes, false,
           duration<&program_options::transfer_timeout, 1>},
    option{"proxy", "URL", "go through this proxy; the environment's is not obeyed", "", nodes,
           false, text<&program_options::proxy>},
    option{"ca-file", "FILE", "certificates to trust (PEM) instead of the system's", "", nodes,
           false, text<&program_options::ca_file>},
    option{"allow-private", "", "let mirrors' names lead to private and loopback addresses",
           "false", nodes, false, toggle<&program_options::allow_private>},
    option{"disk-reserve", "SIZE", "stop cleanly before less than this is free", "64MiB", nodes,
           false, size<&program_options::disk_reserve, 0>},
    option{"json", "", "JSON on standard output instead of text", "false", nodes | talkers, false,
           toggle<&program_options::json>},
    option{"log-file", "FILE", "log into this file too, rotated at 16 MiB; SIGHUP reopens it", "",
           nodes, false, text<&program_options::log_file>},
    option{"log-level", "LEVEL", "debug, info, warning or error", "info", nodes, false, log_level},
};

std::string renamed(std::string_view name, const char* prefix, bool upper) {
  std::string out{prefix};
  for (const char letter : name)
    out += letter == '-' ? '_' : upper ? static_cast<char>(letter & ~0x20) : letter;
  return out;
}

} // namespace

std::span<const option> option_table() {
  return table;
}

const option* find_option(std::string_view name) {
  const auto* found =
      std::find_if(table.begin(), table.end(), [&](const option& one) { return one.name == name; });
  return found == table.end() ? nullptr : found;
}

std::string key_of(const option& one) {
  return renamed(one.name, "", false);
}

std::string variable_of(const option& one) {
  return renamed(one.name, "BLOCKFERRY_", true);
}

} // namespace blockferry::runtime
