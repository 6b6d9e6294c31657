#pragma once

#include "chain/signers/window.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>

namespace blockferry::chain {

/// A public key as it stands in signatures: the x-coordinates of pk_sig and pr_sig.
struct signer_key {
  hash pk_sig;
  hash pr_sig;
  friend bool operator==(const signer_key&, const signer_key&) = default;
};

/// What is known of a signer whose two points are points of the subgroup.
struct known_signer {
  signer_key key;
  hash address;
  point pk;   ///< pk_sig
  field pk_x; ///< of pk_sig
  field pr_x; ///< of pr_sig
  field address_x;
  ladder_entries multiples;          ///< of pk_sig
  std::uint32_t met = 0;             ///< signatures seen, up to `signatures_before_table`
  std::unique_ptr<fixed_base> table; ///< of pk_sig, once it has been met often enough
};

/// Signers kept at most, and those among them with a table.
constexpr std::size_t signers_max = 512;
constexpr std::size_t signer_tables_max = 128;
/// Signatures of a signer after which its table pays.
constexpr std::uint32_t signatures_before_table = 6;
constexpr std::size_t signer_table_bits = 5;

/// The signers met last.  A full book forgets the one not met for longest, and likewise its tables,
/// so that new signers without end cost their own verification and no memory.
class signer_book {
public:
  /// The signer with this key, or null; what `make_room` does not drop stays where it is.
  [[nodiscard]] known_signer* find(const signer_key& key);
  /// Marks a signer as met, and makes its table when that pays.
  void meet(known_signer& one);
  /// Adds a signer whose key is not in the book; `make_room` first.
  known_signer& add(known_signer made);
  /// Forgets the oldest so that `count` may be added; at most `signers_max`.
  void make_room(std::size_t count);

  [[nodiscard]] std::size_t size() const noexcept { return order_.size(); }
  [[nodiscard]] std::size_t tables() const noexcept { return tables_; }
  /// About what it takes in memory.
  [[nodiscard]] std::size_t bytes() const noexcept;

private:
  struct key_hash {
    std::size_t operator()(const signer_key& key) const noexcept;
  };
  using place = std::list<known_signer>::iterator;

  std::list<known_signer> order_; ///< last met first
  std::unordered_map<signer_key, place, key_hash> places_;
  std::size_t tables_ = 0;
};

} // namespace blockferry::chain
