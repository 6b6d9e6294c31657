#pragma once

#include "chain/bytes.hpp"
#include "chain/math/curve.hpp"

#include <array>
#include <optional>
#include <span>

namespace blockferry::chain {

constexpr std::size_t signature_bytes = 128;

/// A Schnorr signature of the chain (specification 0 and 3.6).  The two points are the signer's
/// public key; the wire has their x-coordinates.
struct signature {
  std::array<std::uint64_t, 4> challenge{}; ///< below R
  std::array<std::uint64_t, 4> response{};  ///< below R
  field pk_sig;
  field pr_sig;
};

/// Reads 128 bytes; none if a number is out of its range.  That the points exist is for those who
/// verify.
[[nodiscard]] std::optional<signature> parse_signature(byte_view wire);

/// The generator of addresses and signatures.
[[nodiscard]] const point& signature_generator();

/// The address whose key the two points are; none if one of them is no point of the subgroup.
[[nodiscard]] std::optional<hash> signer_address(const signature& of);

/// The address by which the message is signed; none if it is signed by nobody.  Each message field
/// is below Q.
[[nodiscard]] std::optional<hash> verified_signer(const signature& of,
                                                  std::span<const hash> message);

/// Whether `address` signed the message.
[[nodiscard]] bool verify_signature(const signature& of, const hash& address,
                                    std::span<const hash> message);

} // namespace blockferry::chain
