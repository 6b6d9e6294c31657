#pragma once

#include "chain/body/body.hpp"

#include <span>

namespace blockferry::chain {

/// How the certificates of a subdag name each other: which previous ids are certificates of the
/// subdag itself.
class subdag_links {
public:
  explicit subdag_links(const subdag& of);

  /// No certificate: the previous id leads out of the round before.
  static constexpr std::uint32_t outside = 0xffffffff;
  /// For each previous id of a certificate, in wire order, the certificate of the preceding listed
  /// round that it names.
  [[nodiscard]] std::span<const std::uint32_t> previous(std::uint32_t certificate) const {
    return {targets_.data() + first_[certificate], first_[certificate + 1] - first_[certificate]};
  }
  /// Whether a certificate anywhere in the subdag has this id.
  [[nodiscard]] bool holds(const hash& id) const;
  /// A certificate whose id another one has, or `outside`.
  [[nodiscard]] std::uint32_t repeated() const noexcept { return repeated_; }
  /// Certificates in the order in which a walk from the leader meets them (specification 10.5); all
  /// that the leader reaches.
  [[nodiscard]] std::vector<std::uint32_t> walk() const;

private:
  struct named {
    hash id;
    std::uint32_t certificate = 0;
    friend auto operator<=>(const named&, const named&) = default;
  };

  std::vector<named> by_id_;
  std::vector<std::uint32_t> first_;   ///< into `targets_`, one more than certificates
  std::vector<std::uint32_t> targets_; ///< certificates
  std::uint32_t repeated_ = outside;
};

} // namespace blockferry::chain
