#include "chain/hash/schnorr.hpp"

#include "chain/hash/hash_to_curve.hpp"
#include "chain/hash/poseidon.hpp"

#include <algorithm>
#include <vector>

namespace blockferry::chain {
namespace {

field x_coordinate(const point& of) {
  return of.x * inverse(of.z);
}

hash part(byte_view wire, std::size_t index) {
  hash out;
  std::ranges::copy(wire.subspan(32 * index, 32), out.bytes.begin());
  return out;
}

std::array<std::uint64_t, 4> number_of(const hash& wire) {
  std::array<std::uint64_t, 4> out{};
  for (std::size_t i = 0; i < 32; ++i)
    out[i / 8] |= std::uint64_t{wire.bytes[i]} << (8 * (i % 8));
  return out;
}

field address_of(const signature& of, const point& pk, const point& pr) {
  const auto scalar = poseidon4().hash_to_scalar(std::array{of.pk_sig, of.pr_sig});
  return x_coordinate(pk + pr + multiply(signature_generator(), scalar));
}

} // namespace

std::optional<signature> parse_signature(byte_view wire) {
  if (wire.size() != signature_bytes || !is_scalar(wire.first(32)) ||
      !is_scalar(wire.subspan(32, 32)))
    return std::nullopt;
  const auto pk = field::from_wire(part(wire, 2));
  const auto pr = field::from_wire(part(wire, 3));
  if (!pk || !pr)
    return std::nullopt;
  return signature{number_of(part(wire, 0)), number_of(part(wire, 1)), *pk, *pr};
}

const point& signature_generator() {
  static const point made = hash_to_curve("AleoAccountEncryptionAndSignatureScheme0");
  return made;
}

std::optional<hash> signer_address(const signature& of) {
  const auto pk = point_from_x(of.pk_sig);
  const auto pr = pk ? point_from_x(of.pr_sig) : std::nullopt;
  if (!pr)
    return std::nullopt;
  return address_of(of, *pk, *pr).wire();
}

std::optional<hash> verified_signer(const signature& of, std::span<const hash> message) {
  const auto pk = point_from_x(of.pk_sig);
  const auto pr = pk ? point_from_x(of.pr_sig) : std::nullopt;
  if (!pr)
    return std::nullopt;
  const field address = address_of(of, *pk, *pr);
  const point g_r = multiply(signature_generator(), of.response) + multiply(*pk, of.challenge);
  std::vector<field> input{x_coordinate(g_r), of.pk_sig, of.pr_sig, address};
  for (const hash& one : message) {
    const auto element = field::from_wire(one);
    if (!element)
      return std::nullopt;
    input.push_back(*element);
  }
  if (poseidon8().hash_to_scalar(input) != of.challenge)
    return std::nullopt;
  return address.wire();
}

bool verify_signature(const signature& of, const hash& address, std::span<const hash> message) {
  return verified_signer(of, message) == address;
}

} // namespace blockferry::chain
