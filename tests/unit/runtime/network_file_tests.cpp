#include "runtime/network_file.hpp"

#include "chain/front.hpp"
#include "chain/name.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/kit/genesis.hpp"
#include "tests/kit/made_network.hpp"
#include "tests/unit/says.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <unistd.h>

namespace {

using namespace blockferry;
using runtime::parse_network;
using runtime::to_toml;

const std::string genesis_name = "ab1sm6kyqle2ftg4z8gegafqrjy0jwjhzu6fmy73726dgszrtxhxvfqha0eee";

/// Folder of its own, gone at the end.
struct folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("blockferry-network-" + std::to_string(::getpid()));
  folder() { std::filesystem::create_directories(path); }
  ~folder() { std::filesystem::remove_all(path); }
};

void write(const std::filesystem::path& path, const std::string& text) {
  kit::write_file(path, chain::byte_buffer(text.begin(), text.end()));
}

/// The message with which a text is refused; empty if it passes.
std::string refusal(const std::string& text) {
  const auto net = parse_network(text, "n.toml");
  if (net)
    return {};
  BOOST_TEST((net.error().code == errc::invalid_argument));
  return net.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(network_file_tests)

BOOST_AUTO_TEST_CASE(a_built_in_network_reads_back_from_its_own_text) {
  for (const auto* net : {&chain::mainnet(), &chain::testnet(), &chain::canary()}) {
    const auto text = to_toml(*net);
    const auto back = parse_network(text, "n.toml");
    BOOST_REQUIRE_MESSAGE(back, back.error().message);
    BOOST_TEST(to_toml(*back) == text);
    BOOST_TEST((back->consensus_heights == net->consensus_heights));
    BOOST_TEST((back->genesis == net->genesis));
    BOOST_TEST(back->cdn_url == net->cdn_url);
  }
}

BOOST_AUTO_TEST_CASE(the_generators_network_file_reads_back) {
  const auto made = kit::developer_network(*chain::parse_block_name(genesis_name), true);
  const auto back = parse_network(kit::network_file(made), "made.toml");
  BOOST_REQUIRE_MESSAGE(back, back.error().message);
  BOOST_TEST(to_toml(*back) == to_toml(made));
}

BOOST_AUTO_TEST_CASE(checkpoints_read_back) {
  auto net = chain::mainnet();
  net.checkpoints = {{50, *net.genesis}, {100, *chain::testnet().genesis}};
  const auto back = parse_network(to_toml(net), "n.toml");
  BOOST_REQUIRE(back);
  BOOST_TEST((back->checkpoints == net.checkpoints));
}

BOOST_AUTO_TEST_CASE(what_a_file_leaves_out_is_that_of_the_live_network_of_its_id) {
  const auto net = parse_network("name = \"mine\"\nid = 1\n", "n.toml");
  BOOST_REQUIRE(net);
  BOOST_TEST(net->genesis_timestamp == chain::testnet().genesis_timestamp);
  BOOST_TEST((net->consensus_heights == chain::testnet().consensus_heights));
  BOOST_TEST(!net->genesis.has_value()); // but never another network's blocks
  BOOST_TEST(net->cdn_url == "");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_refused_with_a_suggestion) {
  const auto message = refusal("name = \"mine\"\nid = 1\nblocks_per_epok = 5\n");
  BOOST_TEST(test::says(message, "n.toml"));
  BOOST_TEST(test::says(message, "did you mean 'blocks_per_epoch'"));
  BOOST_TEST(test::says(refusal("name = \"mine\"\nid = 1\nzzz = 5\n"), "'zzz' is not known"));
  BOOST_TEST(test::says(
      refusal("name = \"mine\"\nid = 1\n[[checkpoints]]\nheight = 1\nhesh = 2\nhash = \"" +
              genesis_name + "\"\n"),
      "did you mean 'hash'"));
}

BOOST_AUTO_TEST_CASE(values_out_of_range_are_refused_by_name) {
  const std::string head = "name = \"mine\"\nid = 1\n";
  for (const std::string line :
       {"id2 = 1", "genesis = \"ab1\"", "genesis = 5", "genesis_timestamp = -1",
        "genesis_coinbase_target = 0", "genesis_proof_target = \"8\"", "blocks_per_epoch = 1",
        "supply_limit_height = 4294967296", "beacons_after_genesis = 1",
        "consensus_heights = [0, 1]", "consensus_heights = 5", "anchor_time_seconds = []",
        "anchor_time_seconds = [[2, 5]]", "certificates_max = [[1, 5], [1, 6]]",
        "certificates_max = [[1, 5], [23, 6]]", "checkpoints = 5", "checkpoints = [5]",
        "cdn_url = 7", "genesis_file = \"nowhere\""}) {
    const auto message = refusal(head + line + "\n");
    BOOST_TEST(test::says(message, line.substr(0, line.find(' '))), line << ": " << message);
  }
  BOOST_TEST(test::says(refusal("name = \"mine\"\n"), "id"));
  BOOST_TEST(test::says(refusal("name = \"mine\"\nid = 3\n"), "id"));
  BOOST_TEST(test::says(refusal("name = \"a b\"\nid = 1\n"), "name"));
  BOOST_TEST(test::says(refusal("name = \"mine\nid = 1\n"), "line 1"));
}

BOOST_AUTO_TEST_CASE(consensus_heights_begin_at_0_rise_and_end_in_unscheduled_ones) {
  const auto heights = [](const std::string& first, const std::string& last) {
    std::string list = first;
    for (int i = 1; i < 21; ++i)
      list += ", " + std::to_string(10 * i);
    return refusal("name = \"mine\"\nid = 1\nconsensus_heights = [" + list + ", " + last + "]\n");
  };
  BOOST_TEST(heights("0", "300") == "");
  BOOST_TEST(heights("0", "4294967295") == "");
  BOOST_TEST(heights("1", "300") != "");
  BOOST_TEST(heights("0", "200") != "");
  BOOST_TEST(heights("0", "4294967296") != "");
}

BOOST_AUTO_TEST_CASE(a_genesis_file_lies_beside_the_network_file) {
  const folder at;
  auto net = kit::developer_network({}, true);
  const auto block = kit::make_genesis(net, kit::make_validators(4, 7));
  kit::write_file(at.path / "0.block", block);
  const std::string text = "name = \"mine\"\nid = 1\ngenesis_file = \"0.block\"\n";
  write(at.path / "n.toml", text);
  const auto read = runtime::load_network((at.path / "n.toml").string());
  BOOST_REQUIRE_MESSAGE(read, read.error().message);
  BOOST_TEST((read->genesis == chain::read_front(block)->block_hash));
  write(at.path / "n.toml", text + "genesis = \"" + genesis_name + "\"\n");
  BOOST_TEST(!runtime::load_network((at.path / "n.toml").string()));
  kit::write_file(at.path / "0.block", chain::byte_buffer(10));
  write(at.path / "n.toml", text);
  BOOST_TEST(!runtime::load_network((at.path / "n.toml").string()));
}

BOOST_AUTO_TEST_CASE(a_file_may_not_take_a_built_in_name) {
  const folder at;
  const auto path = (at.path / "n.toml").string();
  auto net = chain::mainnet();
  write(path, to_toml(net));
  BOOST_TEST(runtime::load_network(path).has_value());
  net.blocks_per_epoch = 10;
  write(path, to_toml(net));
  const auto refused = runtime::load_network(path);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(test::says(refused.error().message, "name of its own"));
}

BOOST_AUTO_TEST_CASE(a_name_without_network_or_file_says_what_there_is) {
  BOOST_TEST(runtime::load_network("canary").has_value());
  const auto refused = runtime::load_network("mainet");
  BOOST_REQUIRE(!refused);
  BOOST_TEST(test::says(refused.error().message, "mainnet, testnet, canary"));
}

// Found by fuzzing: toml++ 3.3 has undefined behaviour for a letter beyond ASCII where a value
// ends.
BOOST_AUTO_TEST_CASE(a_letter_beyond_ascii_outside_texts_and_comments_is_refused_with_its_line) {
  for (const char* wrong :
       {"name = \"x\"\nid = \u00e9\n", "name = \"x\"\nid = 0\"\u00e9\"\n",
        "name = 'x'\nid = tr\" #\u00ac \n", "name = '''\nx''' \u00e9", "name = '\n\u00e9 = 1"}) {
    const auto message = refusal(wrong);
    BOOST_TEST((test::says(message, "n.toml, line 2: ") || test::says(message, "n.toml, line 1: ")),
               message);
  }
  const auto message = refusal("name = \"x\"\nid = \u00e9\n");
  BOOST_TEST(test::says(message, "n.toml, line 2: "));
  BOOST_TEST(test::says(message, "allows in texts and comments only"));
}

// Found by fuzzing: toml++ 3.3 ends the process over it where assertions are on.
BOOST_AUTO_TEST_CASE(a_table_header_without_a_key_is_refused_with_its_line) {
  for (const char* wrong : {"name = 'x'\n[=\n", "name = 'x'\n[[\x14", "name = 'x'\n[?]"})
    BOOST_TEST(test::says(refusal(wrong), "n.toml, line 2: "));
}

BOOST_AUTO_TEST_CASE(letters_beyond_ascii_stand_in_texts_and_comments) {
  for (const char* text : {"\"\u00e9\"", "'\u00e9#'", "\"\"\"x\n\u00e9\"\"\"", "'''\u00e9'''"}) {
    const auto message = refusal("# \u00e9\nname = " + std::string{text} + " # \u00e9\n");
    BOOST_TEST(!test::says(message, "line"), message);
  }
}

BOOST_AUTO_TEST_SUITE_END()
