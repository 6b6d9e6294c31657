#include "real_blocks.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace blockferry::chain::tests {
namespace {

const std::filesystem::path data = std::filesystem::path{BLOCKFERRY_SHARED_DIR} / "data/aleo";

void require(bool good, const read_error& error) {
  if (!good)
    throw std::runtime_error("offset " + std::to_string(error.offset) + ", " + error.detail +
                             ": expected " + error.expected + ", found " + error.found);
}

} // namespace

byte_buffer read_bytes(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<real_chain> real_chains() {
  std::vector<real_chain> out;
  for (const char* name :
       {"mainnet", "canary", "devnet4", "devnet10", "devnet-staking", "devnet-staking2"})
    if (std::filesystem::exists(data / name))
      out.push_back({name, data / name});
  if (out.empty())
    BOOST_TEST_MESSAGE("SKIPPED: no reference blocks in " << data);
  return out;
}

std::vector<byte_buffer> bundles_of(const real_chain& chain) {
  std::vector<byte_buffer> out;
  for (unsigned start = 0;; start += 50) {
    auto bytes = read_bytes(chain.folder /
                            (std::to_string(start) + "." + std::to_string(start + 50) + ".blocks"));
    if (bytes.empty())
      return out;
    out.push_back(std::move(bytes));
  }
}

std::vector<byte_buffer> lone_blocks() {
  std::vector<byte_buffer> out;
  for (const char* name : {"mainnet.0.block", "canary.0.block", "mainnet.1203288.block"})
    if (auto bytes = read_bytes(data / name); !bytes.empty())
      out.push_back(std::move(bytes));
  return out;
}

read_block read_whole(byte_view block) {
  read_block out;
  const auto front = read_front(block);
  if (!front)
    throw std::runtime_error(front.error().detail);
  out.front = *front;
  constexpr std::size_t authority_at = 346;
  cursor in{block};
  in.take(authority_at, "front");
  const network& net = testnet();
  auto head = read_head(in, net, out.front.authority_kind);
  if (!head)
    require(false, head.error().error);
  out.head = std::move(*head);
  out.transactions = read_transactions(in);
  require(in.ok(), in.error());
  const auto tail = read_tail(in, net);
  if (!tail)
    require(false, tail.error().error);
  out.aborted = *tail;
  return out;
}

} // namespace blockferry::chain::tests
