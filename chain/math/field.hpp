#pragma once

#include "chain/bytes.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace blockferry::chain {

/// An element of the field of Q elements (specification 0), in Montgomery form: four 64-bit limbs,
/// least significant first, always below Q.  Public data only: nothing here is constant in time.
struct field {
  std::array<std::uint64_t, 4> limbs{};

  [[nodiscard]] static field zero() noexcept { return {}; }
  [[nodiscard]] static field one() noexcept;
  [[nodiscard]] static field half() noexcept;
  [[nodiscard]] static field from(std::uint64_t value) noexcept;
  /// A number of up to 256 bits, reduced.
  [[nodiscard]] static field from_number(const std::array<std::uint64_t, 4>& number) noexcept;
  /// The element whose wire bytes these are; none if the number is not below Q.
  [[nodiscard]] static std::optional<field> from_wire(const hash& bytes) noexcept;

  /// The number below Q, least significant limb first.
  [[nodiscard]] std::array<std::uint64_t, 4> number() const noexcept;
  [[nodiscard]] hash wire() const noexcept;

  [[nodiscard]] bool is_zero() const noexcept { return *this == field{}; }
  friend bool operator==(const field&, const field&) = default;
};

[[nodiscard]] field operator+(const field& a, const field& b) noexcept;
[[nodiscard]] field operator-(const field& a, const field& b) noexcept;
[[nodiscard]] field operator*(const field& a, const field& b) noexcept;
[[nodiscard]] field operator-(const field& a) noexcept;
[[nodiscard]] inline field square(const field& a) noexcept {
  return a * a;
}

/// a to the power of a number of 256 bits.
[[nodiscard]] field power(const field& a, const std::array<std::uint64_t, 4>& exponent) noexcept;
/// 1 / a; zero for zero.
[[nodiscard]] field inverse(const field& a) noexcept;
/// The square root that is the smaller number of the two; none for a non-residue.
[[nodiscard]] std::optional<field> square_root(const field& a);

/// Least significant limb first <-> wire bytes.
[[nodiscard]] hash wire_of_number(const std::array<std::uint64_t, 4>& number) noexcept;
[[nodiscard]] std::array<std::uint64_t, 4> number_of_wire(const hash& wire) noexcept;

/// Whether the number in these wire bytes is below Q (`field`) or below R (`scalar`).
[[nodiscard]] bool is_field(byte_view wire) noexcept;
[[nodiscard]] bool is_scalar(byte_view wire) noexcept;

/// Compares as numbers.
[[nodiscard]] bool number_less(const std::array<std::uint64_t, 4>& a,
                               const std::array<std::uint64_t, 4>& b) noexcept;

} // namespace blockferry::chain
