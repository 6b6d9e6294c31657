#include "chain/transactions/proof.hpp"

#include "chain/transactions/limits.hpp"

#include <algorithm>
#include <array>

namespace blockferry::chain {
namespace {

constexpr std::size_t group_bytes = 48;
constexpr std::uint8_t infinity_flag = 0x40, larger_flag = 0x80;

/// The modulus of BLS12-377's base field, most significant byte first.
constexpr std::array<std::uint8_t, group_bytes> base_modulus = {
    0x01, 0xae, 0x3a, 0x46, 0x17, 0xc5, 0x10, 0xea, 0xc6, 0x3b, 0x05, 0xc0, 0x6c, 0xa1, 0x49, 0x3b,
    0x1a, 0x22, 0xd9, 0xf3, 0x00, 0xf5, 0x13, 0x8f, 0x1e, 0xf3, 0x62, 0x2f, 0xba, 0x09, 0x48, 0x00,
    0x17, 0x0b, 0x5d, 0x44, 0x30, 0x00, 0x00, 0x00, 0x85, 0x08, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x01};

/// A compressed point of G1: both flags never together, infinity with x = 0, x below the modulus.
bool is_group(byte_view bytes) noexcept {
  const auto flags = static_cast<std::uint8_t>(bytes.back() & (infinity_flag | larger_flag));
  std::array<std::uint8_t, group_bytes> x{}; // most significant byte first
  std::ranges::reverse_copy(bytes, x.begin());
  x[0] &= 0x3f;
  if (flags == (infinity_flag | larger_flag) || !(x < base_modulus))
    return false;
  return flags != infinity_flag || x == std::array<std::uint8_t, group_bytes>{};
}

void read_groups(cursor& in, std::uint64_t count, const char* what) {
  for (; count > 0 && in.ok(); --count) {
    const auto bytes = in.take(group_bytes, what);
    if (in.ok() && !is_group(bytes))
      in.fail(what, "a compressed point of G1", bytes.back(), group_bytes);
  }
}

void read_numbers(cursor& in, std::uint64_t count, const char* what) {
  for (; count > 0 && in.ok(); --count)
    in.field(what);
}

/// Openings of polynomial commitments.
void read_openings(cursor& in) {
  auto count =
      in.count(in.u64("opening proofs"), 0, limits::opening_proofs, "number of opening proofs");
  for (; count > 0 && in.ok(); --count) {
    read_groups(in, 1, "opening proof");
    if (in.boolean("flag of an opening proof"))
      read_numbers(in, 1, "blinding of an opening proof");
  }
}

} // namespace

byte_view read_proof(cursor& in) {
  const auto* const from = in.position();
  in.version("proof version");
  const auto circuits =
      in.count(in.u64("circuits"), 0, limits::proof_circuits, "circuits of a proof");
  std::uint64_t instances = 0;
  for (std::uint64_t i = 0; i < circuits && in.ok(); ++i)
    instances +=
        in.count(in.u64("batch size"), 0, limits::proof_instances, "batch size of a proof");
  instances = in.count(instances, 0, limits::proof_instances, "instances of a proof");
  read_groups(in, instances, "witness commitment");
  if (in.boolean("flag of a mask"))
    read_groups(in, 1, "mask commitment");
  read_groups(in, 3 + 3 * circuits + 1, "commitment of a proof");
  read_numbers(in, 1 + 3 * circuits + 3 * instances + 3 * circuits, "evaluation of a proof");
  read_openings(in);
  return in.ok() ? in.since(from) : byte_view{};
}

byte_view read_verifying_key(cursor& in) {
  constexpr std::size_t circuit_info_bytes = 6 * 8, circuit_id_bytes = 32;
  const auto* const from = in.position();
  in.version("verifying key version");
  in.take(circuit_info_bytes, "circuit info");
  read_groups(in,
              in.count(in.u64("commitments"), 0, limits::key_commitments, "commitments of a key"),
              "commitment of a key");
  in.take(circuit_id_bytes, "circuit id");
  in.u64("number of variables");
  return in.ok() ? in.since(from) : byte_view{};
}

byte_view read_key_certificate(cursor& in) {
  const auto* const from = in.position();
  in.version("certificate version");
  read_openings(in);
  return in.ok() ? in.since(from) : byte_view{};
}

} // namespace blockferry::chain
