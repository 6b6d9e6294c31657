#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace blockferry::runtime {

/// Where an address leads.
enum class address_scope : std::uint8_t {
  global,   ///< the public Internet
  loopback, ///< this machine
  inner,    ///< link-local, private, shared, multicast, reserved: not of the public Internet
};

/// Scope of an IPv4 or IPv6 address (IANA special-purpose registries; RFC 6890).  An IPv4 address
/// inside an IPv6 one (mapped, compatible, 6to4, NAT64) counts by itself; every other family is
/// `inner`.
[[nodiscard]] address_scope scope_of(const sockaddr& address);

/// Scope of a host written as an address (IPv6 without brackets); none where it is a name.
[[nodiscard]] std::optional<address_scope> scope_of_literal(std::string_view host);

/// Which addresses a connection may go to.
enum class reach : std::uint8_t {
  global,   ///< the default: whatever a name leads to, not into this machine or its network
  loopback, ///< `localhost`
  any,      ///< an origin written as a loopback or private address, or permission given
};

/// What an origin with this host may reach.
[[nodiscard]] reach reach_of_host(std::string_view host, bool allow_private);

[[nodiscard]] bool permits(reach allowed, const sockaddr& address);

} // namespace blockferry::runtime
