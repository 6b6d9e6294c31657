#pragma once

#include "chain/bytes.hpp"
#include "chain/hash/schnorr.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace blockferry::kit {

/// A number below R, least significant limb first.
using scalar = std::array<std::uint64_t, 4>;

/// a - b * c modulo R.
[[nodiscard]] scalar minus_product(const scalar& a, const scalar& b, const scalar& c);

/// A key pair of the chain, made from a seed, that signs (specification 3.6).  For tests: neither
/// its keys nor its nonces are secret.
class account {
public:
  explicit account(std::uint64_t seed);

  [[nodiscard]] const chain::hash& address() const noexcept { return address_; }
  /// 128 wire bytes.  The same message gets the same signature.
  [[nodiscard]] chain::byte_buffer sign(std::span<const chain::hash> message) const;
  [[nodiscard]] chain::byte_buffer sign(const chain::hash& message) const {
    return sign({&message, 1});
  }

  /// Signatures of messages of one element each, the same as one by one, in less time.
  [[nodiscard]] std::vector<chain::byte_buffer>
  sign_all(std::span<const chain::hash> messages) const;

private:
  [[nodiscard]] scalar nonce_of(std::span<const chain::hash> message) const;
  [[nodiscard]] chain::byte_buffer signature(const scalar& challenge, const scalar& nonce) const;

  scalar secret_;
  chain::hash pk_sig_;
  chain::hash pr_sig_;
  chain::hash address_;
};

} // namespace blockferry::kit
