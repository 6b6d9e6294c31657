// The vectors of specification 11 for field, curve and hashes.
#include "beacon_fronts.hpp"
#include "chain/hash/bhp.hpp"
#include "chain/hash/blake2xs.hpp"
#include "chain/hash/block_tree.hpp"
#include "chain/hash/hash_to_curve.hpp"
#include "chain/hash/hash_to_group.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/hash/merkle.hpp"
#include "chain/hash/poseidon.hpp"
#include "chain/hash/schnorr.hpp"
#include "number.hpp"

#include <boost/test/unit_test.hpp>

namespace blockferry::chain::tests {
namespace {

bit_string text_bits(std::string_view text) {
  bit_string out;
  out.append_text(text);
  return out;
}

bit_string repeated(bool bit, std::size_t count) {
  bit_string out;
  for (std::size_t i = 0; i < count; ++i)
    out.append(bit ? 1 : 0, 1);
  return out;
}

field bhp_of(const bit_string& bits) {
  return bhp1024().hash_bits(bits.view());
}

hash wire_of(std::string_view digits) {
  return decimal(digits).wire();
}

bit_string field_bits(std::uint64_t value) {
  bit_string out;
  out.append_field(field::from(value).wire());
  return out;
}

hash root_of(std::uint64_t leaves, unsigned depth) {
  std::vector<bit_string> bits;
  std::vector<bit_view> views;
  for (std::uint64_t i = 1; i <= leaves; ++i)
    bits.push_back(field_bits(i));
  for (const auto& one : bits)
    views.push_back(one.view());
  return merkle_root(views, depth);
}

hash bytes_of(std::string_view hex) {
  hash out;
  const auto bytes = unhex(hex);
  std::copy_n(bytes.begin(), 32, out.bytes.begin());
  return out;
}

field x_of(const point& p) {
  return p.x * inverse(p.z);
}
field y_of_point(const point& p) {
  return p.y * inverse(p.z);
}

hash part(byte_view bytes, std::size_t offset) {
  hash out;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), 32, out.bytes.begin());
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(hash_vector_tests)

BOOST_AUTO_TEST_CASE(blake2xs_gives_the_specified_digests) {
  const std::string seed = "Aleo.BHP.8.54.AleoBHP1024.0 in ";
  BOOST_TEST(hash{blake2xs(seed + "0")} ==
             bytes_of("e8967002591ecae0c0c59c17f9d1745885efa78af6c12fd23b5e4e5aacd75581"));
  BOOST_TEST(hash{blake2xs(seed + "1")} ==
             bytes_of("e6342b0e3a94bd8cf1399eae82817b963f6852bd826d94212b128e0e9db9bfbc"));
  BOOST_TEST(hash{blake2xs(seed + "2")} ==
             bytes_of("0937be8a1de101cd53f0e65f8bb64f7e3c49d39a3fc2e260630fa229b0d9cacc"));
}

BOOST_AUTO_TEST_CASE(the_bases_are_the_specified_points) {
  const auto is = [](const char* text, const char* x, const char* y) {
    const point base = hash_to_curve(text);
    BOOST_TEST(x_of(base) == decimal(x));
    BOOST_TEST(y_of_point(base) == decimal(y));
  };
  is("Aleo.BHP.8.54.AleoBHP1024.0",
     "229990669822893910552997096038343266001822502853367381003784857039183359535",
     "2810937097567855299057560579085092129725867339759446509518715146226548461334");
  is("Aleo.BHP.6.43.AleoBHP512.0",
     "4801663291393709581935496650928361170129632188765907749752934627170914349453",
     "5756462742127190845690580752764992962594326786069559823521832540557592946468");
  BOOST_TEST(
      x_of(signature_generator()) ==
      decimal("522678458525321116977504528531602186870683848189190546523208313015552693483"));
  BOOST_TEST(
      y_of_point(signature_generator()) ==
      decimal("4625467284263880392848236339834904393692054417272076479096796531274999498606"));
}

BOOST_AUTO_TEST_CASE(bhp_gives_the_specified_hashes) {
  BOOST_TEST(
      bhp_of(text_bits("abc")) ==
      decimal("2291149591445633570072212644856824124475919016593483632585260184861856102879"));
  BOOST_TEST(
      bhp_of(repeated(false, 1)) ==
      decimal("1445923461960260118848037115868801683029102974717799533076355805391014291725"));
  BOOST_TEST(
      bhp_of(repeated(true, 1044)) ==
      decimal("4117208074631099036914656728218142872864592590364870683767937406290784885907"));
  BOOST_TEST(
      bhp_of(repeated(true, 1045)) ==
      decimal("165679123378935133947510743182815562222010088954973685072091870821689438619"));
  BOOST_TEST(bhp_of(bit_string{}) == field{});
}

BOOST_AUTO_TEST_CASE(trees_give_the_specified_roots) {
  BOOST_TEST(
      empty_leaf() ==
      wire_of("1968744456708140273592514502445919160293513504480815438011602914490959402372"));
  const bit_string seven = field_bits(7);
  const bit_view view = seven.view();
  BOOST_TEST(
      leaf_hashes({&view, 1}).front() ==
      wire_of("4951762157921073484756165752385929093827226841922334128783388152705769683433"));
  BOOST_TEST(
      root_of(3, 3) ==
      wire_of("3860792060925504020117238936142246555360035683149935843456570517531094046900"));
  BOOST_TEST(
      root_of(0, 5) ==
      wire_of("3657146367855061468197186641250054625272922942233017182332069798119081849274"));
  BOOST_TEST(
      root_of(0, 16) ==
      wire_of("7486473208537159360984641022824175231238645794085643948246864584445892626102"));
  BOOST_TEST(
      root_of(0, 20) ==
      wire_of("2347499756727239097527357730627929185508370696360031054030113664724940109165"));
}

BOOST_AUTO_TEST_CASE(poseidon_gives_the_specified_hashes) {
  const std::array input{field::from(1), field::from(2), field::from(3)};
  BOOST_TEST(
      poseidon2().hash(input) ==
      decimal("7200107266741300576287128422632566638252611441475937708605571633688427921904"));
  BOOST_TEST(
      poseidon4().hash(input) ==
      decimal("8393672207741630055028942157821890981007845026669435324694477579426687904205"));
  BOOST_TEST(
      poseidon8().hash(input) ==
      decimal("6997114219207164604936152705742629637102890770395303842448243806833877237446"));
}

BOOST_AUTO_TEST_CASE(the_hash_to_group_of_42_is_the_specified_point) {
  const std::array input{field::from(42)};
  BOOST_TEST(
      x_of(hash_to_group(input)) ==
      decimal("1533301006105077274761348738863251837013155658463640905477912012689196273392"));
}

BOOST_AUTO_TEST_CASE(headers_give_the_hashes_that_the_blocks_carry) {
  std::vector<byte_buffer> fronts;
  std::vector<byte_view> views;
  std::vector<hash> claimed;
  for (const auto text : beacon_fronts)
    claimed.push_back(part(fronts.emplace_back(unhex(text)), 1));
  views.assign(fronts.begin(), fronts.end());
  std::vector<hash> made(views.size());
  block_hashes(views, made);
  BOOST_TEST(made == claimed, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_tree_gives_the_state_roots_that_the_blocks_carry) {
  std::vector<hash> hashes;
  std::vector<hash> claimed;
  for (const auto text : beacon_fronts) {
    hashes.push_back(part(unhex(text), 1));
    claimed.push_back(part(unhex(text), 66));
  }
  std::vector<hash> leaves(hashes.size());
  tree_leaves(hashes, leaves);
  BOOST_TEST(state_roots({}, 0, leaves) == claimed, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_beacon_signature_names_its_signer_and_only_with_its_message) {
  for (std::size_t i = 0; i < std::size(beacon_fronts); ++i) {
    auto bytes = unhex(beacon_fronts[i]);
    const hash message = part(bytes, 1);
    const hash address = wire_of(beacon_signers[i]);
    const auto one = parse_signature(byte_view{bytes}.subspan(346, 128));
    BOOST_REQUIRE(one);
    BOOST_TEST(*signer_address(*one) == address);
    BOOST_TEST(*verified_signer(*one, {&message, 1}) == address);
    BOOST_TEST(verify_signature(*one, address, {&message, 1}));
    BOOST_TEST(!verify_signature(*one, message, {&message, 1}));
    BOOST_TEST(!verified_signer(*one, {&address, 1}));
    signature other = *one;
    ++other.response[0];
    BOOST_TEST(!verified_signer(other, {&message, 1}));
  }
}

BOOST_AUTO_TEST_CASE(a_signature_with_a_number_out_of_range_is_not_read) {
  const auto bytes = unhex(beacon_fronts[0]);
  for (std::size_t at = 31; at < signature_bytes; at += 32) {
    byte_buffer wrong(bytes.begin() + 346, bytes.begin() + 346 + signature_bytes);
    wrong[at] = 0xff;
    BOOST_TEST(!parse_signature(wrong));
  }
  BOOST_TEST(!parse_signature(byte_view{bytes}.subspan(346, 127)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
