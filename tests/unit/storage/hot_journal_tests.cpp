#include "storage/hot_journal.hpp"

#include "store_fixture.hpp"

#include <fstream>

using namespace blockferry;
using namespace blockferry::storage;

namespace {

constexpr std::uint32_t page_bytes = 1024;
constexpr std::uint32_t sector_bytes = 512;
constexpr std::uint32_t to_the_end = 0xffffffff;

/// A rollback journal as https://sqlite.org/fileformat2.html, section 3, writes it down.
class journal {
public:
  /// A header of one sector, at the next whole one, that says so many records.
  void begin_segment(std::uint32_t records, std::uint32_t pages) {
    bytes_.resize((bytes_.size() + sector_bytes - 1) / sector_bytes * sector_bytes);
    const std::size_t end = bytes_.size() + sector_bytes;
    bytes_ += "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
    for (const auto number : {records, nonce, pages, sector_bytes, page_bytes})
      append(number);
    bytes_.resize(end);
  }
  /// A page of one letter, and a checksum that is right, or too high by `off`.
  void add_page(std::uint32_t number, char letter, std::uint32_t off = 0) {
    append(number);
    bytes_.append(page_bytes, letter);
    std::uint32_t sum = nonce + off;
    for (std::uint32_t at = page_bytes - 200; at > 0 && at < page_bytes; at -= 200)
      sum += static_cast<std::uint8_t>(letter);
    append(sum);
  }
  void cut(std::size_t by) { bytes_.resize(bytes_.size() - by); }

  [[nodiscard]] hot_journal read() const {
    const test::temporary_folder folder;
    const auto database = (folder.path() / "db").string();
    std::ofstream{database + "-journal", std::ios::binary} << bytes_;
    auto out = read_hot_journal(database, {});
    BOOST_REQUIRE(out);
    return *out;
  }
  /// The letter of page 1 as it was; a dot where the journal does not hold it.
  [[nodiscard]] char first_page() const {
    const auto out = read();
    return out.first_bytes ? static_cast<char>(out.first_bytes->front()) : '.';
  }

private:
  static constexpr std::uint32_t nonce = 0xfffffff0; // the sum goes round
  void append(std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes_.push_back(static_cast<char>(number >> shift));
  }
  std::string bytes_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(hot_journal_tests)

BOOST_AUTO_TEST_CASE(without_bytes_there_is_nothing_to_recover) {
  const test::temporary_folder folder;
  const auto database = (folder.path() / "db").string();
  const auto none = read_hot_journal(database, {});
  BOOST_REQUIRE(none);
  BOOST_TEST(!none->present);
  BOOST_TEST(!journal{}.read().present);
}

BOOST_AUTO_TEST_CASE(the_first_page_and_the_size_are_those_before_the_transaction) {
  journal one;
  one.begin_segment(2, 77);
  one.add_page(5, 'b');
  one.add_page(1, 'a');
  const auto out = one.read();
  BOOST_TEST(out.present);
  BOOST_REQUIRE(out.first_bytes);
  BOOST_TEST(out.first_bytes->front() == 'a');
  BOOST_TEST(out.first_bytes->back() == 'a');
  BOOST_REQUIRE(out.pages);
  BOOST_TEST(*out.pages == 77U);
}

BOOST_AUTO_TEST_CASE(a_record_with_a_wrong_checksum_is_not_played_back) {
  journal one;
  one.begin_segment(1, 77);
  one.add_page(1, 'a', 1);
  BOOST_TEST(one.first_page() == '.');
}

BOOST_AUTO_TEST_CASE(a_header_says_how_many_records_are_played_back) {
  journal one;
  one.begin_segment(1, 77);
  one.add_page(5, 'b');
  one.add_page(1, 'a'); // of an older, longer transaction
  BOOST_TEST(one.first_page() == '.');
  journal all;
  all.begin_segment(to_the_end, 77); // of a transaction that never synced its journal
  all.add_page(5, 'b');
  all.add_page(1, 'a');
  BOOST_TEST(all.first_page() == 'a');
}

BOOST_AUTO_TEST_CASE(a_record_that_the_file_ends_in_is_none) {
  for (const std::uint32_t said : {1U, to_the_end}) {
    journal one;
    one.begin_segment(said, 77);
    one.add_page(1, 'a');
    one.cut(1);
    BOOST_TEST(one.first_page() == '.');
  }
}

BOOST_AUTO_TEST_CASE(later_segments_hold_pages_but_the_first_one_the_size) {
  journal one;
  one.begin_segment(1, 77);
  one.add_page(5, 'b');
  one.begin_segment(1, 78);
  one.add_page(1, 'a');
  BOOST_TEST(one.first_page() == 'a');
  BOOST_TEST(*one.read().pages == 77U);
  // The first copy of a page is how it was when the transaction began.
  one.begin_segment(1, 79);
  one.add_page(1, 'c');
  BOOST_TEST(one.first_page() == 'a');
}

BOOST_AUTO_TEST_SUITE_END()
