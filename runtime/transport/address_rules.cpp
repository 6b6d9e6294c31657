#include "runtime/transport/address_rules.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace blockferry::runtime {
namespace {

using v4_bytes = std::array<std::uint8_t, 4>;
using v6_bytes = std::array<std::uint8_t, 16>;

template <std::size_t Size>
struct block {
  std::array<std::uint8_t, Size> prefix;
  unsigned bits;
};

template <std::size_t Size>
bool within(const std::array<std::uint8_t, Size>& address, const block<Size>& of) {
  for (unsigned bit = 0; bit < of.bits; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    if (((address[bit / 8] ^ of.prefix[bit / 8]) & mask) != 0)
      return false;
  }
  return true;
}

// IANA IPv4 special-purpose address registry, plus multicast and class E.
constexpr std::array<block<4>, 13> inner_v4{{{{0, 0, 0, 0}, 8},
                                             {{10, 0, 0, 0}, 8},
                                             {{100, 64, 0, 0}, 10},
                                             {{169, 254, 0, 0}, 16},
                                             {{172, 16, 0, 0}, 12},
                                             {{192, 0, 0, 0}, 24},
                                             {{192, 0, 2, 0}, 24},
                                             {{192, 88, 99, 0}, 24},
                                             {{192, 168, 0, 0}, 16},
                                             {{198, 18, 0, 0}, 15},
                                             {{198, 51, 100, 0}, 24},
                                             {{203, 0, 113, 0}, 24},
                                             {{224, 0, 0, 0}, 3}}};

// What of IPv6 is not of the public Internet: all but 2000::/3, and parts of that.
constexpr std::array<block<16>, 3> inner_v6{{
    {{0x20, 0x01, 0x00, 0x00}, 23}, // Teredo, benchmarking, ORCHID and their like
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, // documentation
    {{0x3f, 0xff, 0x00, 0x00}, 20}, // documentation
}};
constexpr block<16> unicast_v6{{0x20}, 3};
constexpr block<16> mapped_v6{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
constexpr block<16> compatible_v6{{}, 96};
constexpr block<16> nat64_v6{{0x00, 0x64, 0xff, 0x9b}, 96};
constexpr block<16> six_to_four{{0x20, 0x02}, 16};

address_scope scope_of_v4(const v4_bytes& address) {
  if (address[0] == 127)
    return address_scope::loopback;
  const bool inner =
      std::ranges::any_of(inner_v4, [&](const block<4>& one) { return within(address, one); });
  return inner ? address_scope::inner : address_scope::global;
}

v4_bytes v4_at(const v6_bytes& address, std::size_t offset) {
  return {address[offset], address[offset + 1], address[offset + 2], address[offset + 3]};
}

address_scope scope_of_v6(const v6_bytes& address) {
  v6_bytes loopback{};
  loopback[15] = 1;
  if (address == loopback)
    return address_scope::loopback;
  if (within(address, mapped_v6) || within(address, compatible_v6) || within(address, nat64_v6))
    return scope_of_v4(v4_at(address, 12));
  if (within(address, six_to_four))
    return scope_of_v4(v4_at(address, 2));
  const bool inner =
      !within(address, unicast_v6) ||
      std::ranges::any_of(inner_v6, [&](const block<16>& one) { return within(address, one); });
  return inner ? address_scope::inner : address_scope::global;
}

} // namespace

address_scope scope_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    v4_bytes bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, 4);
    return scope_of_v4(bytes);
  }
  if (address.sa_family == AF_INET6) {
    v6_bytes bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, 16);
    return scope_of_v6(bytes);
  }
  return address_scope::inner;
}

std::optional<address_scope> scope_of_literal(std::string_view host) {
  const std::string text{host};
  if (text.find('\0') != std::string::npos)
    return std::nullopt; // inet_pton would read up to it alone
  if (v4_bytes bytes{}; inet_pton(AF_INET, text.c_str(), bytes.data()) == 1)
    return scope_of_v4(bytes);
  if (v6_bytes bytes{}; inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1)
    return scope_of_v6(bytes);
  return std::nullopt;
}

reach reach_of_host(std::string_view host, bool allow_private) {
  if (allow_private)
    return reach::any;
  if (host == "localhost")
    return reach::loopback;
  return scope_of_literal(host).value_or(address_scope::global) == address_scope::global
             ? reach::global
             : reach::any;
}

bool permits(reach allowed, const sockaddr& address) {
  switch (allowed) {
  case reach::any:
    return address.sa_family == AF_INET || address.sa_family == AF_INET6;
  case reach::loopback:
    return scope_of(address) == address_scope::loopback;
  case reach::global:
    return scope_of(address) == address_scope::global;
  }
  return false;
}

} // namespace blockferry::runtime
