#pragma once

#include "chain/cursor.hpp"

#include <memory>
#include <optional>
#include <span>

namespace blockferry::chain {

/// A signature of a certificate, and the field that it signs.
struct signed_field {
  byte_view signature; ///< 128 bytes, as a cursor gave them
  field_view message;
};

/// Verifies signatures (specification 3.6), and remembers the signers that it met: the two points
/// in a signature are the signer's public key, the same in each of its signatures, so that square
/// roots, subgroup tests and the address are needed once a signer.
///
/// Bounded in signers and in bytes (`signer_cache_bytes_max`); what is remembered never changes a
/// verdict.  One thread at a time.
class signer_cache {
public:
  signer_cache();
  signer_cache(const signer_cache&) = delete;
  signer_cache& operator=(const signer_cache&) = delete;
  ~signer_cache();

  /// The address that signed, for each; none where nobody did.  At most `verified_at_once` of them.
  void verify(std::span<const signed_field> all, std::span<std::optional<hash>> signers);

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Signatures that one call of `verify` takes: between two calls a worker may give up.
constexpr std::size_t verified_at_once = 256;

} // namespace blockferry::chain
