#pragma once

#include <cstdint>

namespace blockferry::chain::limits {

/// Bounds on what a transactions area may hold, checked before anything is allocated (specification
/// 9).  A reader applies the last value of a series at every height.
constexpr std::uint64_t transactions = (1U << 20) - 1;
constexpr std::uint64_t transitions = 31; ///< an execution; 2^5 leaves, one kept for the fee
constexpr std::uint64_t inputs = 16;
constexpr std::uint64_t outputs = 16;
constexpr std::uint64_t finalize_operations = 512; ///< leaves of a tree of depth 9
constexpr std::uint64_t ciphertext_fields = 4161;
constexpr std::uint64_t record_entries = 32;
constexpr std::uint64_t array_elements = 2048;
constexpr std::uint64_t nesting = 32; ///< of plaintexts, of futures, of accesses and dimensions
constexpr std::uint64_t string_bytes = 255;
constexpr std::uint64_t future_arguments = 16;
constexpr std::uint64_t value_bits = 65535; ///< of a struct's member or an array's element
constexpr std::uint64_t proof_circuits = 128;
constexpr std::uint64_t proof_instances = 527;
constexpr std::uint64_t opening_proofs = 16; ///< in a proof or a certificate
constexpr std::uint64_t key_commitments = 12;
constexpr std::uint64_t functions = 31;
constexpr std::uint64_t mappings = 128;
constexpr std::uint64_t structs = 310;
constexpr std::uint64_t records = 310;
constexpr std::uint64_t closures = 62;
constexpr std::uint64_t views = 62;
constexpr std::uint64_t components =
    functions + structs + records + closures + functions + mappings + views + 1;
constexpr std::uint64_t imports = 64;
constexpr std::uint64_t commands = 65535; ///< and instructions

} // namespace blockferry::chain::limits
