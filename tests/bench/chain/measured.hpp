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

/// Best of interleaved repetitions, in microseconds.
struct results {
  /// For one of `count`: of each line, for each path.
  std::vector<std::map<chain::cpu_path, double>> lines;
  /// The yardsticks, measured between the lines: one BN_mod_mul_montgomery of OpenSSL with our
  /// modulus, and one multiplication of our own, a lane, for each path.
  double openssl_us = 0;
  std::map<chain::cpu_path, double> multiplication_us;
};

[[nodiscard]] results measure(const std::vector<measurement>& lines, int repetitions);

/// The yardsticks beside those that the goals belong to.
void print_yardsticks(const results& best);
/// The table: yardsticks, figures, goals, and goals scaled by how OpenSSL's yardstick of this run
/// compares with the goals' own.
void print(const std::vector<measurement>& lines, const results& best);

} // namespace blockferry::bench
