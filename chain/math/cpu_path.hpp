#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace blockferry::chain {

/// The code paths of the arithmetic, slowest first.  All give the same bits.
enum class cpu_path : std::uint8_t {
  portable, ///< C++ alone
  adx,      ///< x86-64 with BMI2 and ADX
  ifma,     ///< x86-64 with AVX-512 IFMA, eight lanes; scalar work as in `adx`
};

constexpr cpu_path all_cpu_paths[] = {cpu_path::portable, cpu_path::adx, cpu_path::ifma};

[[nodiscard]] std::string_view to_string(cpu_path path);
[[nodiscard]] std::optional<cpu_path> parse_cpu_path(std::string_view name);

/// Whether this build has the path and this machine can run it.
[[nodiscard]] bool machine_has(cpu_path path);

/// The path in use: what the environment variable BLOCKFERRY_CPU names when the process first asks,
/// if the machine has it, else the fastest that the machine has.
[[nodiscard]] cpu_path active_cpu_path();

/// For tests and benchmarks that compare paths; `machine_has(path)` must hold.
void set_active_cpu_path(cpu_path path);

} // namespace blockferry::chain
