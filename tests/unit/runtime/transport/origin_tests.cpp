#include "runtime/transport/origin.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry;
using namespace blockferry::runtime;

BOOST_AUTO_TEST_SUITE(origin_tests)

BOOST_AUTO_TEST_CASE(base_urls_are_taken_with_and_without_a_path) {
  const auto check = [](const char* url, const char* base, const char* host, scheme how) {
    const auto one = parse_origin(url);
    BOOST_REQUIRE_MESSAGE(one, url);
    BOOST_TEST(one->base == base);
    BOOST_TEST(one->host == host);
    BOOST_TEST((one->how == how));
  };
  check("https://cdn.provable.com/v0/blocks/mainnet", "https://cdn.provable.com/v0/blocks/mainnet",
        "cdn.provable.com", scheme::https);
  check("https://cdn.provable.com/v0/blocks/mainnet//",
        "https://cdn.provable.com/v0/blocks/mainnet", "cdn.provable.com", scheme::https);
  check("http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1", scheme::http);
  check("http://127.0.0.1:8080/", "http://127.0.0.1:8080", "127.0.0.1", scheme::http);
  check("HTTP://LocalHost/A%20b", "http://localhost/A%20b", "localhost", scheme::http);
  check("http://[::1]:99/x", "http://[::1]:99/x", "::1", scheme::http);
  check("http://[2001:DB8::1]", "http://[2001:db8::1]", "2001:db8::1", scheme::http);
  check("https://a-b_c.0x1f.example", "https://a-b_c.0x1f.example", "a-b_c.0x1f.example",
        scheme::https);
}

BOOST_AUTO_TEST_CASE(what_is_no_origin_is_refused_with_a_reason) {
  for (const char* bad : {"",
                          "cdn.example",
                          "ftp://cdn.example",
                          "gopher://cdn.example",
                          "http:/x",
                          "http://",
                          "http:///path",
                          "http://user@host",
                          "http://user:word@host/",
                          "http://host?x=1",
                          "http://host/a?b",
                          "http://host/#f",
                          "http://host/%zz",
                          "http://host/%2",
                          "http://host/a b",
                          "http://host/\x01",
                          "http://host/\xc3\xa9",
                          "http://h\xc3\xb6st",
                          "http://host:0",
                          "http://host:65536",
                          "http://host:",
                          "http://host:8o",
                          "http://host:-1",
                          "http://ho st",
                          "http://.host",
                          "http://host..x",
                          "http://-host",
                          "http://127.1",
                          "http://2130706433",
                          "http://0x7f.1",
                          "http://0x7f000001",
                          "http://1.2.3",
                          "http://1.2.3.256",
                          "http://1.2.3.4.5",
                          "http://[127.0.0.1]",
                          "http://[::1",
                          "http://[::1]x",
                          "http://[fe80::1%eth0]",
                          "http://[zz]",
                          "http://host\r\nX: y",
                          "file://host/x",
                          "file://x",
                          "file:relative",
                          "file:///x%00",
                          "file:///x%f"}) {
    const auto one = parse_origin(bad);
    BOOST_REQUIRE_MESSAGE(!one, bad);
    BOOST_TEST((one.error().code == errc::invalid_argument));
    BOOST_TEST(one.error().message.find("cannot be used") != std::string::npos);
  }
  BOOST_TEST(!parse_origin("http://host/" + std::string(3'000, 'a')));
  BOOST_TEST(!parse_origin("http://" + std::string(300, 'a')));
  BOOST_TEST(!parse_origin(std::string_view{"http://127.0.0.1\0x/", 19}));
  BOOST_TEST(!parse_origin(std::string_view{"http://[::1\0]/", 14}));
}

BOOST_AUTO_TEST_CASE(a_file_origin_names_a_folder) {
  const auto plain = parse_origin("file:///data/aleo/mainnet/");
  BOOST_REQUIRE(plain);
  BOOST_TEST(plain->folder == "/data/aleo/mainnet");
  BOOST_TEST(plain->base == "file:///data/aleo/mainnet");
  const auto spaced = parse_origin("file://localhost/a%20b");
  BOOST_REQUIRE(spaced);
  BOOST_TEST(spaced->folder == "/a b");
  const auto root = parse_origin("file:///");
  BOOST_REQUIRE(root);
  BOOST_TEST(root->folder.empty());
}

BOOST_AUTO_TEST_CASE(names_of_files_come_from_typed_heights) {
  BOOST_TEST(file_name(std::nullopt) == "latest.json");
  BOOST_TEST(file_name(0) == "0.50.blocks");
  BOOST_TEST(file_name(1'000'050) == "1000050.1000100.blocks");
  BOOST_TEST(file_name(4'294'967'250U) == "4294967250.4294967300.blocks");
}

BOOST_AUTO_TEST_SUITE_END()
