#pragma once

#include "chain/math/cpu_path.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace blockferry::bench {

/// One line of the table: something done `count` times by one call, on each code path.
struct measurement {
  std::string what;
  std::size_t count = 1;
  std::function<void()> run;
  std::map<chain::cpu_path, double> goal_us; ///< of the issue, for one of `count`; may be empty
};

/// Best of interleaved repetitions, in microseconds for one of `count`: of each line, for each
/// path.
using results = std::vector<std::map<chain::cpu_path, double>>;

[[nodiscard]] results measure(const std::vector<measurement>& lines, int repetitions);

/// Microseconds of one BN_mod_mul_montgomery of OpenSSL with our modulus, best of 20: the
/// yardstick.
[[nodiscard]] double openssl_multiplication_us();

/// The table: figures, goals, and goals scaled by how the yardstick of this run compares with the
/// goals' own.
void print(const std::vector<measurement>& lines, const results& best, double openssl_us);

} // namespace blockferry::bench
