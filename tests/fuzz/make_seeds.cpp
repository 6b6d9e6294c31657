// Writes the seeds of each target's corpus from made chains, and, where the reference data is
// there, a few bodies and programs of real blocks.  See README.md beside this file.
//
//     fuzz_make_seeds CORPUS_FOLDER [REFERENCE_DATA_FOLDER]
#include "chain/body/body.hpp"
#include "chain/bundle.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/latest.hpp"
#include "chain/name.hpp"
#include "chain/stake/stake_codec.hpp"
#include "chain/start_file.hpp"
#include "chain/transactions/transaction.hpp"
#include "runtime/network_file.hpp"
#include "tests/fuzz/seed_chains.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/unit/chain/stake/stake_vectors.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>
#include <string>

namespace {

using namespace blockferry;
using namespace blockferry::fuzz;
namespace fs = std::filesystem;

class corpus {
public:
  explicit corpus(fs::path folder) : folder_{std::move(folder)} {}
  void add(const std::string& target, const std::string& name, byte_view bytes) const {
    fs::create_directories(folder_ / target);
    kit::write_file(folder_ / target / name, bytes);
  }
  void add(const std::string& target, const std::string& name, std::string_view text) const {
    add(target, name, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }

private:
  fs::path folder_;
};

byte_buffer with_first(std::uint8_t first, byte_view rest) {
  byte_buffer out(1 + rest.size(), first);
  std::ranges::copy(rest, out.begin() + 1);
  return out;
}

std::vector<byte_buffer> some(const std::vector<byte_buffer>& blocks, std::size_t first,
                              std::size_t count) {
  const auto begin = blocks.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

void add_chains(const corpus& to) {
  const auto& beacons = beacon_chain(4).blocks;
  const auto& quorums = quorum_chain(4).blocks;
  to.add("framing", "three", kit::bundle_of(some(beacons, 1, 3)));
  to.add("framing", "none", kit::bundle_of({}));
  to.add("latest", "height", chain::make_latest(1'234'567, {}));
  to.add("front", "beacon", byte_view{beacons[1]}.first(chain::front_bytes + 1));
  to.add("front", "quorum", byte_view{quorums[2]}.first(chain::front_bytes + 1));
  for (std::uint8_t floor = 0; floor < 4; ++floor) {
    const std::string name = "level" + std::to_string(1 + floor);
    const auto choice = static_cast<std::uint8_t>(floor << 1);
    to.add("check_bundle", "beacon_genesis_" + name,
           with_first(choice, kit::bundle_of(some(beacons, 0, 3))));
    to.add("check_bundle", "beacon_pinned_" + name,
           with_first(choice, kit::bundle_of(some(beacons, 1, 2))));
    to.add("check_bundle", "quorum_genesis_" + name,
           with_first(choice | 1, kit::bundle_of(some(quorums, 0, 2))));
    to.add("check_bundle", "quorum_pinned_" + name,
           with_first(choice | 1, kit::bundle_of(some(quorums, 2, 2))));
  }
  for (const auto* chain : {&beacons, &quorums})
    for (const std::size_t i : {0U, 2U}) {
      const byte_view block{(*chain)[i]};
      to.add("body", std::string{chain == &beacons ? "beacon" : "quorum"} + std::to_string(i),
             block.subspan(chain::front_bytes));
    }
}

void add_states(const corpus& to) {
  const auto blocks =
      test::read_stake_vectors(BLOCKFERRY_SOURCE_DIR "/tests/unit/chain/stake/staking_vectors.txt");
  chain::stake::following state;
  byte_buffer run{0};
  for (std::size_t i = 0; i < 120; ++i) {
    const auto bytes = encode(blocks[i].stakes);
    if (i < 4) {
      run.push_back(static_cast<std::uint8_t>(bytes.size() >> 8));
      run.push_back(static_cast<std::uint8_t>(bytes.size()));
      run.insert(run.end(), bytes.begin(), bytes.end());
    }
    state.add(blocks[i].height, blocks[i].stakes);
    if (i == 3 || i == 119)
      to.add("following", "after" + std::to_string(i + 1), encode(state));
  }
  to.add("block_stakes", "four", run);
  to.add("block_stakes", "votes", with_first(1, encode(blocks[5].votes)));
  auto genesis = chain::state_before_genesis();
  auto pinned = chain::state_before_pinned(1'000'000, chain::hash{});
  pinned.last_metadata = chain::metadata{};
  to.add("chain_state", "genesis", encode(genesis));
  to.add("chain_state", "pinned", encode(pinned));
  to.add("start_file", "genesis", chain::encode_start_file(genesis));
  genesis.followed = chain::stake::followed{std::move(state)};
  to.add("start_file", "followed", chain::encode_start_file(genesis));
}

void add_texts(const corpus& to) {
  to.add("names", "block", chain::block_name({}));
  to.add("names", "root", chain::state_root_name({}));
  to.add("names", "address", chain::bech32m(chain::address_prefix, chain::hash{}.bytes));
  to.add("network_file", "made", runtime::to_toml(beacon_chain(4).net));
  to.add("network_file", "mainnet", runtime::to_toml(chain::mainnet()));
  const std::string body = "\r\n\x03" + std::string(24, 'b') + "\xff" + std::string(40, 'c');
  to.add("response", "whole",
         std::string{'\0'} +
             "HTTP/1.1 200 OK\r\nContent-Length: 66\r\nETag: \"x\"\r\n"
             "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n" +
             body);
  to.add("response", "chunked", "\x01HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + body);
  to.add("response", "busy", "\x02HTTP/1.1 503 Busy\r\nRetry-After: 120\r\n\r\n");
  to.add("response", "same", "\x01HTTP/2 304\r\netag: \"x\"\r\n\r\n");
  to.add("response", "coded", "\x02HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" + body);
  to.add("http_text", "date", std::string{'\0'} + "Sun, 06 Nov 1994 08:49:37 GMT");
  to.add("http_text", "seconds", std::string{'\0'} + "120");
  to.add("http_text", "origin", "\x01https://Mirror.example:8443/mainnet/v0");
  to.add("http_text", "origin6", "\x01http://[2001:db8::1]:80/");
  to.add("http_text", "folder",
         "\x01"
         "file:///a%20b/c");
  to.add("http_text", "address", "\x02::ffff:10.0.0.1");
  to.add("report_json", "texts",
         "\x04mirr\x03\xff\xfe\"\x02\n\\\x01x\x05"
         "abcdefgh12345678");
  to.add("store_file", "whole", std::string_view{});
  to.add("store_file", "page", std::string_view{"\x00\x10\x03\x01\x05\x01\x00\x00\x03\xff", 10});
  // Of the journal: as it is, another count of pages, no page size, a page's content.
  to.add("store_file", "journal_whole", std::string_view{"\xfe", 1});
  to.add("store_file", "journal_other_count", std::string_view{"\xfe\x00\x00\x08\x03\x7f", 6});
  to.add("store_file", "journal_no_size", std::string_view{"\xfe\x00\x00\x10\x03\x00", 6});
  to.add("store_file", "journal_page", std::string_view{"\xfe\x00\x02\x10\x07\x55", 6});
}

/// The smallest bodies with transactions of each chain, and the smallest programs.
void add_real(const corpus& to, const fs::path& data) {
  std::set<std::pair<std::size_t, byte_buffer>> bodies;
  std::set<std::pair<std::size_t, byte_buffer>> programs;
  for (const auto& entry : fs::recursive_directory_iterator{data}) {
    if (entry.path().extension() != ".blocks" || entry.file_size() > 4'000'000)
      continue;
    const auto file = kit::read_file(entry.path());
    for (const auto& block : kit::blocks_of(file)) {
      const byte_view bytes{block};
      const auto body = bytes.subspan(chain::front_bytes);
      chain::cursor in{body};
      if (!chain::read_head(in, chain::testnet(), body[0]))
        continue;
      const auto area = chain::read_transactions(in);
      if (!in.ok() || area.confirmed.empty())
        continue;
      const bool deploys = !area.deployments.empty();
      bodies.emplace((deploys ? 0 : 1'000'000) + block.size(),
                     byte_buffer{body.begin(), body.end()});
      for (const auto& one : area.deployments)
        programs.emplace(one.program.bytes.size(),
                         byte_buffer{one.program.bytes.begin(), one.program.bytes.end()});
    }
  }
  const auto add = [&to](const std::string& target, const auto& all, std::size_t step,
                         std::size_t count) {
    std::size_t number = 0;
    for (auto one = all.begin(); one != all.end() && number < count * step; ++one, ++number)
      if (number % step == 0)
        to.add(target, "real" + std::to_string(number / step), one->second);
  };
  add("body", bodies, 5, 6);
  add("program", programs, 3, 8);
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: fuzz_make_seeds CORPUS_FOLDER [REFERENCE_DATA_FOLDER]\n";
    return 2;
  }
  const corpus to{argv[1]};
  add_chains(to);
  add_states(to);
  add_texts(to);
  if (argc > 2)
    add_real(to, argv[2]);
  return 0;
}
