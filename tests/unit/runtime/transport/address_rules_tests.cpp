#include "runtime/transport/address_rules.hpp"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <netinet/in.h>
#include <sys/un.h>

using namespace blockferry::runtime;

namespace {

bool permitted(reach allowed, const char* text) {
  sockaddr_in6 six{};
  sockaddr_in four{};
  if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    return permits(allowed, reinterpret_cast<const sockaddr&>(four));
  }
  BOOST_REQUIRE(inet_pton(AF_INET6, text, &six.sin6_addr) == 1);
  six.sin6_family = AF_INET6;
  return permits(allowed, reinterpret_cast<const sockaddr&>(six));
}

} // namespace

BOOST_AUTO_TEST_SUITE(address_rules_tests)

BOOST_AUTO_TEST_CASE(a_name_may_lead_to_public_addresses_only) {
  for (const char* good :
       {"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
        "192.167.255.255", "198.17.0.1", "198.20.0.1", "223.255.255.255", "2606:4700:4700::1111",
        "2a00::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"})
    BOOST_TEST(permitted(reach::global, good), good);
  for (const char* bad : {"0.0.0.0",
                          "0.1.2.3",
                          "10.0.0.1",
                          "100.64.0.1",
                          "100.127.255.255",
                          "127.0.0.1",
                          "127.255.255.255",
                          "169.254.169.254",
                          "172.16.0.1",
                          "172.31.255.255",
                          "192.0.0.1",
                          "192.0.2.1",
                          "192.88.99.1",
                          "192.168.1.1",
                          "198.18.0.1",
                          "198.19.255.255",
                          "198.51.100.1",
                          "203.0.113.1",
                          "224.0.0.1",
                          "239.1.1.1",
                          "240.0.0.1",
                          "255.255.255.255",
                          "::",
                          "::1",
                          "::127.0.0.1",
                          "::ffff:127.0.0.1",
                          "::ffff:7f00:1",
                          "::ffff:10.0.0.1",
                          "::ffff:169.254.169.254",
                          "64:ff9b::10.0.0.1",
                          "64:ff9b:1::1",
                          "100::1",
                          "2001::1",
                          "2001:db8::1",
                          "2002:7f00:1::1",
                          "2002:a00:1::1",
                          "3fff::1",
                          "fc00::1",
                          "fd12::1",
                          "fe80::1",
                          "fec0::1",
                          "ff02::1"})
    BOOST_TEST(!permitted(reach::global, bad), bad);
}

BOOST_AUTO_TEST_CASE(localhost_may_lead_to_loopback_only) {
  for (const char* good : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
    BOOST_TEST(permitted(reach::loopback, good), good);
  for (const char* bad : {"10.0.0.1", "8.8.8.8", "169.254.169.254", "fe80::1"})
    BOOST_TEST(!permitted(reach::loopback, bad), bad);
}

BOOST_AUTO_TEST_CASE(no_permission_reaches_beyond_ip) {
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  BOOST_TEST(!permits(reach::any, reinterpret_cast<const sockaddr&>(local)));
  BOOST_TEST(permitted(reach::any, "10.0.0.1"));
}

BOOST_AUTO_TEST_CASE(the_host_as_written_is_the_permission) {
  BOOST_TEST((reach_of_host("cdn.example", false) == reach::global));
  BOOST_TEST((reach_of_host("8.8.8.8", false) == reach::global));
  BOOST_TEST((reach_of_host("localhost", false) == reach::loopback));
  BOOST_TEST((reach_of_host("localhost.example", false) == reach::global));
  BOOST_TEST((reach_of_host("127.0.0.1", false) == reach::any));
  BOOST_TEST((reach_of_host("10.1.2.3", false) == reach::any));
  BOOST_TEST((reach_of_host("fe80::1", false) == reach::any));
  BOOST_TEST((reach_of_host("::ffff:127.0.0.1", false) == reach::any));
  BOOST_TEST((reach_of_host("mirror.inner", true) == reach::any));
}

BOOST_AUTO_TEST_SUITE_END()
