#pragma once

#include "chain/cursor.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

namespace blockferry::chain {

class signer_book;

/// A signature of a certificate, and the field that it signs.
struct signed_field {
  byte_view signature; ///< 128 bytes, as a cursor gave them
  field_view message;
};

/// Signatures that one call of `verify` takes: between two calls a worker may give up.
constexpr std::size_t verified_at_once = 256;

/// Verifies signatures (specification 3.6), and remembers the signers that it met: the two points
/// in a signature are the signer's public key, the same in each of its signatures, so that square
/// roots, subgroup tests and the address are needed once a signer.
///
/// Bounded: at most 512 signers and 128 tables of 78 KB, about 11 MB.  What is remembered never
/// changes a verdict.  One thread at a time.
class signer_cache {
public:
  signer_cache();
  signer_cache(const signer_cache&) = delete;
  signer_cache& operator=(const signer_cache&) = delete;
  ~signer_cache();

  /// The address that signed, for each; none where nobody did.  At most `verified_at_once` of them.
  void verify(std::span<const signed_field> all, std::span<std::optional<hash>> signers);

  [[nodiscard]] const signer_book& book() const noexcept { return *book_; }

private:
  std::unique_ptr<signer_book> book_;
};

} // namespace blockferry::chain
