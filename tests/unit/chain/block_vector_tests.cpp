// The vectors of specification 11 and 6 for whole blocks: genesis of mainnet, the state roots after
// each genesis, targets and rewards.
#include "chain/aleo_rules.hpp"
#include "chain/body/reward_checks.hpp"
#include "chain/bundle.hpp"
#include "chain/hash/bhp.hpp"
#include "chain/hash/block_tree.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/hash/merkle.hpp"
#include "chain/hash/poseidon.hpp"
#include "chain/name.hpp"
#include "number.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <limits>

namespace blockferry::chain::tests {
namespace {

/// The file of mainnet's first blocks, as the demo ships it.
const byte_buffer& first_file() {
  static const byte_buffer bytes = [] {
    std::ifstream file{BLOCKFERRY_SOURCE_DIR "/runtime/demo/blocks/0.50.blocks", std::ios::binary};
    return byte_buffer{std::istreambuf_iterator<char>{file}, {}};
  }();
  return bytes;
}

byte_view genesis_block() {
  const auto framed = split_bundle(first_file());
  BOOST_REQUIRE(framed.has_value());
  return framed->front().bytes;
}

hash root_of_fields(const std::vector<hash>& leaves, unsigned depth) {
  std::vector<bit_string> bits(leaves.size());
  std::vector<bit_view> views;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    bits[i].append_u8(static_cast<std::uint8_t>(i));
    bits[i].append_field(leaves[i]);
    views.push_back(bits[i].view());
  }
  return merkle_root(views, depth);
}

/// The name of the state root that the block after this genesis carries.
std::string root_after(const network& net) {
  const std::array hashes{*net.genesis, hash{}}; // of the second block nothing is read
  std::array<hash, 2> leaves;
  tree_leaves(hashes, leaves);
  return state_root_name(state_roots({}, 0, leaves).at(1));
}

constexpr std::string_view transactions_root =
    "4035423126578141205530950321011047260434062165156342052517186048435222015114";
constexpr std::string_view finalize_root =
    "803107333740631196711813867264618322872728443340420270708893355272477996939";
constexpr std::string_view ratifications_root =
    "6701210049320844088765023442008963474924577059865519254276507158093251663465";

} // namespace

BOOST_AUTO_TEST_SUITE(block_vector_tests)

BOOST_AUTO_TEST_CASE(poseidon_begins_with_the_specified_round_constants) {
  BOOST_TEST(
      poseidon2().round_constants().front() ==
      decimal("1370773116404421539888881648821194629032979299946048429076387284005101684675"));
  BOOST_TEST(
      poseidon4().round_constants().front() ==
      decimal("1938618153915392443680844598029810201246194507135996901458264098669274389515"));
  BOOST_TEST(
      poseidon8().round_constants().front() ==
      decimal("2806882019829952968543507592167502510188638053153774646465991640201889135551"));
}

// Goal: every step from the header's bytes to the block hash (4.1), plainly, without what the
// product folds.
BOOST_AUTO_TEST_CASE(genesis_of_mainnet_has_the_specified_hashes_of_its_header) {
  const byte_view block = genesis_block();
  BOOST_TEST(block.size() == 31083U);
  bit_string metadata;
  metadata.append_u8(0);
  metadata.append_bytes(block.subspan(259, 86));
  const hash metadata_hash = bhp1024().hash_bits(metadata.view()).wire();
  BOOST_TEST(metadata_hash ==
             decimal("1203818727844369940858072082887058983270835567981068944361472398371318818842")
                 .wire());
  std::vector<hash> leaves;
  for (std::size_t root = 0; root < 6; ++root)
    leaves.push_back(load_hash(block.subspan(66 + 32 * root)));
  leaves.insert(leaves.end(), {hash{}, metadata_hash});
  const hash header_root = root_of_fields(leaves, 3);
  BOOST_TEST(header_root ==
             decimal("2227386594187512237581951525019978123088085426471246430815004990606438230585")
                 .wire());
  bit_string joined;
  joined.append_field(load_hash(block.subspan(33)));
  joined.append_field(header_root);
  const hash block_hash = bhp1024().hash_bits(joined.view()).wire();
  const auto bytes = unhex("2b6df77cac0ea22e46ee453ce25d9b024aa49a88399ebd347e5048719fc13702");
  BOOST_TEST(block_hash == load_hash(bytes));
  BOOST_TEST(block_name(block_hash) ==
             "ab19dklwl9vp63zu3hwg57wyhvmqf92fx5g8x0t6dr72py8r87pxupqfne5t9");
  hash folded;
  block_hashes({&block, 1}, {&folded, 1});
  BOOST_TEST(folded == block_hash);
}

// Goal: the roots are the specified ones, and the checks recompute just these.
BOOST_AUTO_TEST_CASE(genesis_of_mainnet_passes_every_check_with_the_specified_roots) {
  const auto front = read_front(genesis_block());
  BOOST_REQUIRE(front.has_value());
  BOOST_TEST(front->transactions_root == decimal(transactions_root).wire());
  BOOST_TEST(front->finalize_root == decimal(finalize_root).wire());
  BOOST_TEST(front->ratifications_root == decimal(ratifications_root).wire());
  const aleo_rules rules{mainnet()};
  const auto checked = rules.check_bundle({first_file(), 0, {0, 1}, level::content, {}}, {});
  BOOST_REQUIRE(checked.has_value());
  const auto records = rules.check_history(state_before_genesis(), *checked, {});
  BOOST_REQUIRE(records.has_value());
  BOOST_TEST((records->front().made == checks_of(level::content)));
  BOOST_TEST(records->front().unmade.empty());
}

BOOST_AUTO_TEST_CASE(state_roots_after_genesis_have_the_specified_names) {
  BOOST_TEST(root_after(mainnet()) ==
             "sr18tykp3znsstgwlj2j4nxhzftued7xwalrn7fse2srhfm7g2gmups7h8hrn");
  BOOST_TEST(root_after(testnet()) ==
             "sr10p96733mfp6wenlmrukwnxjmn08kla4dmfdqe7kjzq3vydpt4qqqstn5ys");
  BOOST_TEST(root_after(canary()) ==
             "sr16xjyxner4wmz24ty0l7me47t6qndq0s3ghtt2a0pepn3jy4suggqkg9vx2");
}

constexpr std::uint64_t anchor_seconds = 25, half_life_seconds = 180 * anchor_seconds;

// Goal: the retarget of a real block, and its ends: standing still, clamped times, saturation.
BOOST_AUTO_TEST_CASE(targets_follow_the_specified_curve) {
  constexpr std::uint64_t before = 123736135561;
  const auto after = [](std::uint64_t target, std::int64_t seconds) {
    return retarget(target, 1724400680, 1724400680 + seconds, anchor_seconds, half_life_seconds);
  };
  BOOST_TEST(after(before, 22) == 123792777468U);
  BOOST_TEST((after(before, 22) >> 2) + 1 == 30948194368U);
  BOOST_TEST(after(before, 25) == before);          // what was aimed at
  BOOST_TEST(after(before, 1) == after(before, 0)); // at least a second passes
  BOOST_TEST(after(before, 1) == after(before, -1'000'000));
  BOOST_TEST(after(before, 25 + 4500) == before / 2); // a half life late
  BOOST_TEST(after(before, 25 + 9000) == before / 4);
  BOOST_TEST(after(before, 26) < before);
  BOOST_TEST(after(1, 1'000'000'000'000) == 1U); // never zero
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  BOOST_TEST(after(most, 1) == most);
}

// Goal: both rewards of mainnet's block 1203288, of the first consensus version (6.4).
// Method: where the coinbase target is the anchor reward itself, what remains is the coinbase
// reward; the two rewards leave one number for it.
BOOST_AUTO_TEST_CASE(rewards_of_a_live_block_are_the_specified_ones) {
  constexpr std::uint64_t anchor_reward = 182999230, coinbase_reward = 123632021;
  metadata previous, header;
  header.height = 1203288;
  previous.coinbase_target = anchor_reward;
  previous.cumulative_proof_target = {anchor_reward - coinbase_reward, 0};
  const uint128 solved{1676976733973595601, 0}; // far beyond what remains
  const auto due = rewards_of(mainnet(), previous, header, solved, {});
  BOOST_TEST((due.block == uint128{64993016, 0}));
  BOOST_TEST((due.puzzle == uint128{82421347, 0}));
  const auto with_fees = rewards_of(mainnet(), previous, header, solved, {1000, 0});
  BOOST_TEST((with_fees.block == uint128{64994016, 0}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
