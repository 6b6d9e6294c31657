// Deployments of real blocks at every consensus version, against what the reference checker says.
#include "chain/transactions/deployment_rules.hpp"
#include "real_blocks.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

namespace blockferry::chain::tests {
namespace {

/// A deployment and the versions at which it is in order: as deployed, with edition 0, 1 and 2.
struct vector_deployment {
  std::string chain;
  height_t height = 0;
  std::size_t index = 0;
  std::array<std::string, 4> in_order;
};

std::vector<vector_deployment> vector_deployments() {
  std::ifstream file{BLOCKFERRY_SOURCE_DIR "/tests/unit/chain/transactions/deployment_vectors.txt"};
  std::vector<vector_deployment> out;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words{line};
    auto& one = out.emplace_back();
    words >> one.chain >> one.height >> one.index;
    for (auto& word : one.in_order)
      words >> word;
  }
  return out;
}

/// Testnet with the heights of column "test" (specification 10.2).
network test_network() {
  network out = testnet();
  for (std::size_t i = 1; i < out.consensus_heights.size(); ++i)
    out.consensus_heights[i] = static_cast<height_t>(4 + i);
  return out;
}

/// `+` or `-` for each consensus version.
std::string in_order_at(const network& net, const transactions_area& block) {
  std::string out;
  for (const height_t from : net.consensus_heights)
    out += check_deployments(net, from + 1, block) ? '-' : '+';
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(deployment_tests)

BOOST_AUTO_TEST_CASE(deployments_are_in_order_at_the_versions_of_the_reference_checker) {
  const network net = test_network();
  std::map<std::string, std::vector<byte_buffer>> files;
  for (const auto& chain : real_chains())
    files[chain.name] = bundles_of(chain);
  if (files.empty())
    return;
  for (const auto& one : vector_deployments()) {
    const auto framed = split_bundle(files.at(one.chain).at(one.height / 50));
    BOOST_REQUIRE(framed.has_value());
    auto area = read_whole((*framed)[one.height % 50].bytes).transactions;
    area.confirmed = {area.confirmed.at(one.index)};
    deployment& of = area.deployments.at(area.confirmed.front().deployment);
    const std::array<std::uint16_t, 4> editions = {of.edition, 0, 1, 2};
    for (std::size_t i = 0; i < editions.size(); ++i) {
      of.edition = editions[i];
      BOOST_TEST(in_order_at(net, area) == one.in_order[i],
                 one.chain << ' ' << one.height << ", edition " << editions[i]);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_restricted_word_is_refused_from_its_version_on) {
  const network net = test_network();
  std::map<std::string, std::vector<byte_buffer>> files;
  for (const auto& chain : real_chains())
    files[chain.name] = bundles_of(chain);
  if (files.empty())
    return;
  const auto framed = split_bundle(files.at("devnet4").at(0));
  auto area = read_whole((*framed)[29].bytes).transactions;
  area.confirmed = {area.confirmed.at(2)};
  const std::string before = in_order_at(net, area);
  area.deployments.front().program.notes.names("view");
  std::string expected = before;
  for (std::size_t i = 14; i < expected.size(); ++i) // from version 15 on
    expected[i] = '-';
  BOOST_TEST(before != expected);
  BOOST_TEST(in_order_at(net, area) == expected);
}

// Goal: a program of before a word was restricted can still be deployed again, as it was.
BOOST_AUTO_TEST_CASE(a_restricted_word_may_stay_in_what_is_deployed_again_unchanged) {
  const network net = test_network();
  for (const auto& chain : real_chains()) {
    if (chain.name != "devnet4")
      continue;
    const auto file = bundles_of(chain).at(0);
    auto area = read_whole((*split_bundle(file))[29].bytes).transactions;
    area.confirmed = {area.confirmed.at(2)};
    deployment& of = area.deployments.at(area.confirmed.front().deployment);
    const auto word_matters = [&](std::uint8_t version, std::uint16_t edition, bool constructor) {
      of.version = version;
      of.edition = edition;
      of.program.has_constructor = constructor;
      of.program.notes = {};
      const auto before = in_order_at(net, area);
      of.program.notes.names("view");
      return in_order_at(net, area) != before;
    };
    BOOST_TEST(word_matters(2, 0, true));
    BOOST_TEST(word_matters(2, 1, true));
    BOOST_TEST(!word_matters(2, 1, false));
    BOOST_TEST(!word_matters(3, 0, true));
  }
}

// The block says which mappings a deployment initializes: its own, each once.
BOOST_AUTO_TEST_CASE(a_deployment_initializes_its_own_mappings_once) {
  const network net = test_network();
  std::size_t tried = 0;
  for (const auto& chain : real_chains()) {
    if (chain.name != "devnet4")
      continue;
    for (const auto& bytes : bundles_of(chain)) {
      const auto framed = split_bundle(bytes);
      BOOST_REQUIRE(framed.has_value());
      for (const auto& block : *framed) {
        const auto read = read_whole(block.bytes);
        const height_t height = read.front.header.height;
        for (const auto& one : read.transactions.confirmed) {
          auto area = read.transactions;
          const std::span listed{&area.operations[one.first_operation], one.operations};
          const auto made = std::ranges::find(listed, 0, &finalize_operation::kind);
          if (one.kind != confirmed_kind::accepted_deploy || made == listed.end())
            continue;
          BOOST_TEST(!check_deployments(net, height, area));
          const auto own = *made;
          const hash other{};
          made->fields = other.bytes;
          BOOST_TEST(check_deployments(net, height, area).has_value());
          *made = own;
          listed[made == listed.begin() ? 1 : 0] = own;
          BOOST_TEST(check_deployments(net, height, area).has_value());
          ++tried;
        }
      }
    }
  }
  BOOST_TEST_MESSAGE(tried << " deployments tried");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
