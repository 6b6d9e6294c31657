#include "chain/math/cpu_path.hpp"

#include <atomic>
#include <cstdlib>

namespace blockferry::chain {

std::string_view to_string(cpu_path path) {
  switch (path) {
  case cpu_path::portable:
    return "portable";
  case cpu_path::adx:
    return "adx";
  case cpu_path::ifma:
    return "ifma";
  }
  return "unknown";
}

std::optional<cpu_path> parse_cpu_path(std::string_view name) {
  for (const cpu_path path : all_cpu_paths)
    if (to_string(path) == name)
      return path;
  return std::nullopt;
}

bool machine_has(cpu_path path) {
#if defined(__x86_64__)
  // The compiler's support library also asks whether the operating system saves the wide registers.
  // It knows no name for ADX: every x86-64 with AVX-512 IFMA has it, others are asked by CPUID
  // below.
  const auto has_adx = [] {
    std::uint32_t a = 7, b = 0, c = 0, d = 0;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return (b >> 19 & 1) != 0 && (b >> 8 & 1) != 0; // ADX, BMI2
  };
  __builtin_cpu_init();
  switch (path) {
  case cpu_path::portable:
    return true;
  case cpu_path::adx:
    return __builtin_cpu_supports("bmi2") != 0 && has_adx();
  case cpu_path::ifma:
    return machine_has(cpu_path::adx) && __builtin_cpu_supports("avx512f") != 0 &&
           __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512ifma") != 0;
  }
#endif
  return path == cpu_path::portable;
}

namespace {

cpu_path chosen_cpu_path() {
  const char* name = std::getenv("BLOCKFERRY_CPU");
  if (const auto forced = name != nullptr ? parse_cpu_path(name) : std::nullopt;
      forced && machine_has(*forced))
    return *forced;
  for (const cpu_path path : {cpu_path::ifma, cpu_path::adx})
    if (machine_has(path))
      return path;
  return cpu_path::portable;
}

std::atomic<cpu_path>& active() {
  static std::atomic<cpu_path> path{chosen_cpu_path()};
  return path;
}

} // namespace

cpu_path active_cpu_path() {
  return active().load(std::memory_order_relaxed);
}

void set_active_cpu_path(cpu_path path) {
  active().store(path, std::memory_order_relaxed);
}

} // namespace blockferry::chain
