// Signatures through the cache, against plain verification.
#include "chain/hash/schnorr.hpp"
#include "chain/signers/signer_book.hpp"
#include "chain/signers/signer_cache.hpp"
#include "chain/signers/signer_pool.hpp"
#include "tests/kit/account.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

namespace blockferry::chain::tests {
namespace {

hash message_of(std::uint8_t number) {
  hash out;
  out.bytes[0] = number;
  return out;
}

/// Signatures with what they are said to sign.
struct signed_list {
  std::vector<byte_buffer> bytes;
  std::vector<hash> messages;

  void add(byte_buffer signature, const hash& message) {
    bytes.push_back(std::move(signature));
    messages.push_back(message);
  }
  [[nodiscard]] std::vector<std::optional<hash>> verified(signer_cache& cache) const {
    std::vector<signed_field> views;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      views.push_back({bytes[i], field_view{messages[i].bytes.data()}});
    std::vector<std::optional<hash>> out(views.size());
    cache.verify(views, out);
    return out;
  }
  /// One after the other, without anything remembered.
  [[nodiscard]] std::vector<std::optional<hash>> plain() const {
    std::vector<std::optional<hash>> out;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto parsed = parse_signature(bytes[i]);
      out.push_back(parsed ? verified_signer(*parsed, {&messages[i], 1}) : std::nullopt);
    }
    return out;
  }
};

/// Right signatures of a few accounts, and each altered in one of its four parts or its message.
signed_list mixed_list() {
  signed_list out;
  for (std::uint64_t who = 1; who <= 3; ++who)
    for (std::uint8_t number = 0; number < 3; ++number) {
      const kit::account one{who};
      const hash message = message_of(number);
      out.add(one.sign(message), message);
      for (const std::size_t at : {0U, 32U, 64U, 96U}) {
        auto altered = one.sign(message);
        altered[at] ^= 1;
        out.add(altered, message);
      }
      out.add(one.sign(message), message_of(99));
      auto swapped = one.sign(message); // the key's points the wrong way round
      std::swap_ranges(swapped.begin() + 64, swapped.begin() + 96, swapped.begin() + 96);
      out.add(swapped, message);
    }
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(signer_cache_tests)

// Goal: nothing remembered changes a verdict.
// Method: the same signatures, right and altered, while the signers are unknown, known, and known
// with tables.
BOOST_AUTO_TEST_CASE(the_cache_says_what_plain_verification_says_however_often_it_is_asked) {
  const signed_list list = mixed_list();
  const auto plain = list.plain();
  BOOST_TEST(std::ranges::count_if(plain, [](const auto& one) { return one.has_value(); }) == 9);
  signer_cache cache;
  for (int round = 0; round < 4; ++round)
    BOOST_TEST((list.verified(cache) == plain));
  BOOST_TEST(cache.book().tables() >= 3U);
}

BOOST_AUTO_TEST_CASE(a_signature_by_an_account_names_its_address) {
  const kit::account one{7};
  signed_list list;
  list.add(one.sign(message_of(5)), message_of(5));
  signer_cache cache;
  BOOST_TEST((list.verified(cache).front() == std::optional{one.address()}));
}

// Goal: a bundle of new signers without end neither grows memory nor makes others wrong.
BOOST_AUTO_TEST_CASE(new_signers_without_end_keep_the_book_within_its_bounds) {
  signer_book book;
  for (std::uint64_t i = 1; i <= 3 * signers_max; ++i) {
    known_signer made; // any key: the book does not look at points
    made.key.pk_sig.bytes[0] = static_cast<std::uint8_t>(i);
    made.key.pk_sig.bytes[1] = static_cast<std::uint8_t>(i >> 8);
    made.pk = signature_generator();
    const signer_key key = made.key;
    book.make_room(1);
    book.add(std::move(made));
    if (i % 8 == 0) // some are met often enough for a table
      for (std::uint32_t times = 0; times < signatures_before_table; ++times)
        book.meet(*book.find(key));
  }
  BOOST_TEST(book.size() == signers_max);
  BOOST_TEST(book.tables() <= signer_tables_max);
  BOOST_TEST(book.bytes() < std::size_t{12} << 20);
}

// Goal: the same of signatures that are right: a bundle by 2,000 signers leaves a book within its
// bounds, each verdict is right, and a known signer among them keeps its own.
BOOST_AUTO_TEST_CASE(a_flood_of_right_signatures_keeps_the_cache_within_its_bounds) {
  constexpr std::uint64_t signers = 2000;
  const hash message = message_of(1);
  const kit::account known{1'000'000};
  signer_cache cache;
  std::size_t right = 0;
  for (std::uint64_t next = 1; next <= signers;) {
    signed_list list;
    std::vector<hash> addresses;
    const auto sign_by = [&](const kit::account& one) {
      list.add(one.sign(message), message);
      addresses.push_back(one.address());
    };
    sign_by(known);
    for (; list.bytes.size() < verified_at_once && next <= signers; ++next)
      sign_by(kit::account{next});
    const auto found = list.verified(cache);
    for (std::size_t i = 0; i < found.size(); ++i)
      right += found[i] == addresses[i] ? 1U : 0U;
    BOOST_REQUIRE(cache.book().size() <= signers_max);
    BOOST_REQUIRE(cache.book().tables() <= signer_tables_max);
    BOOST_REQUIRE(cache.book().bytes() < std::size_t{12} << 20);
  }
  constexpr std::size_t calls = (signers + verified_at_once - 2) / (verified_at_once - 1);
  BOOST_TEST(right == signers + calls);
  BOOST_TEST(cache.book().size() > signers_max - verified_at_once); // the latest are kept
}

BOOST_AUTO_TEST_CASE(a_full_book_forgets_the_signer_not_met_for_longest) {
  signer_book book;
  signer_key first;
  for (std::size_t i = 0; i < signers_max; ++i) {
    known_signer made;
    made.key.pk_sig.bytes[0] = static_cast<std::uint8_t>(i);
    made.key.pk_sig.bytes[1] = static_cast<std::uint8_t>(i >> 8);
    if (i == 0)
      first = made.key;
    book.add(std::move(made));
  }
  book.meet(*book.find(first));
  book.make_room(signers_max - 1);
  BOOST_TEST(book.size() == 1U);
  BOOST_TEST(book.find(first) != nullptr);
}

BOOST_AUTO_TEST_CASE(the_pool_lends_a_cache_again_with_what_it_knows) {
  signer_pool pool;
  auto first = pool.take();
  auto second = pool.take();
  signer_cache* const address = first.get();
  BOOST_TEST(address != second.get());
  pool.put(std::move(first));
  const auto again = pool.take();
  BOOST_TEST(again.get() == address);
}

// Goal: signers without end get tables in turn, never more than the memory for them.
BOOST_AUTO_TEST_CASE(the_table_not_used_for_longest_makes_room_for_a_new_one) {
  signer_book book;
  const auto key_of = [](std::size_t number) {
    signer_key out;
    out.pk_sig.bytes[0] = static_cast<std::uint8_t>(number);
    out.pk_sig.bytes[1] = static_cast<std::uint8_t>(number >> 8);
    return out;
  };
  for (std::size_t i = 0; i <= signer_tables_max; ++i) {
    known_signer one;
    one.key = key_of(i);
    one.pk = signature_generator();
    auto& added = book.add(std::move(one));
    for (std::uint32_t met = 0; met < signatures_before_table; ++met)
      book.meet(added);
    BOOST_TEST(static_cast<bool>(added.table));
  }
  known_signer without;
  without.key = key_of(1000);
  book.add(std::move(without));
  BOOST_TEST(book.tables() == signer_tables_max);
  BOOST_TEST(!book.find(key_of(0))->table);
  BOOST_TEST(static_cast<bool>(book.find(key_of(1))->table));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::chain::tests
