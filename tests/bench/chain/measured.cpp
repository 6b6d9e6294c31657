#include "measured.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>

#include <openssl/bn.h>

namespace blockferry::bench {
namespace {

/// Microseconds of OpenSSL's multiplication on the machine that the goals belong to.
constexpr double goal_openssl_us = 0.036;

/// In time of this thread's core: other load of the machine shows less.
double core_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// BLOCKFERRY_CPU=NAME measures one path alone, for profiles.
bool asked_for(chain::cpu_path path) {
  const char* name = std::getenv("BLOCKFERRY_CPU");
  return name == nullptr || to_string(path) == name;
}

double seconds_of(const std::function<void()>& run) {
  const double begin = core_seconds();
  run();
  return core_seconds() - begin;
}

} // namespace

results measure(const std::vector<measurement>& lines, int repetitions) {
  results best(lines.size());
  for (int repetition = 0; repetition <= repetitions; ++repetition)
    for (const chain::cpu_path path : chain::all_cpu_paths) {
      if (!chain::machine_has(path) || !asked_for(path))
        continue;
      chain::set_active_cpu_path(path);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        const double us = 1e6 * seconds_of(lines[i].run) / static_cast<double>(lines[i].count);
        if (repetition == 0) // fills tables and caches
          best[i][path] = 1e300;
        else
          best[i][path] = std::min(best[i][path], us);
      }
    }
  return best;
}

double openssl_multiplication_us() {
  constexpr int rounds = 20000;
  const std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> context{BN_CTX_new(), BN_CTX_free};
  const std::unique_ptr<BN_MONT_CTX, decltype(&BN_MONT_CTX_free)> form{BN_MONT_CTX_new(),
                                                                       BN_MONT_CTX_free};
  BIGNUM* modulus = nullptr;
  BN_dec2bn(&modulus,
            "8444461749428370424248824938781546531375899335154063827935233455917409239041");
  BIGNUM* a = nullptr;
  BN_dec2bn(&a, "522678458525321116977504528531602186870683848189190546523208313015552693483");
  BN_MONT_CTX_set(form.get(), modulus, context.get());
  double best = 1e300;
  for (int repetition = 0; repetition < 20; ++repetition)
    best = std::min(best, seconds_of([&] {
                      for (int i = 0; i < rounds; ++i)
                        BN_mod_mul_montgomery(a, a, a, form.get(), context.get());
                    }));
  BN_free(modulus);
  BN_free(a);
  return 1e6 * best / rounds;
}

void print(const std::vector<measurement>& lines, const results& best, double openssl_us) {
  std::printf("%-34s", "microseconds, best");
  for (const chain::cpu_path path : chain::all_cpu_paths)
    std::printf(" %12s %8s %8s", std::string{to_string(path)}.c_str(), "goal", "scaled");
  std::printf("\n%-34s %12.4f %8.4f\n", "OpenSSL BN_mod_mul_montgomery", openssl_us,
              goal_openssl_us);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::printf("%-34s", lines[i].what.c_str());
    for (const chain::cpu_path path : chain::all_cpu_paths) {
      const auto found = best[i].find(path);
      if (found == best[i].end()) {
        std::printf(" %12s %8s %8s", "-", "", "");
        continue;
      }
      const auto wanted = lines[i].goal_us.find(path);
      if (wanted == lines[i].goal_us.end())
        std::printf(" %12.4f %8s %8s", found->second, "", "");
      else // scaled: the goal times how this run's yardstick compares with the goal's
        std::printf(" %12.4f %8.4g %8.4g", found->second, wanted->second,
                    wanted->second * openssl_us / goal_openssl_us);
    }
    std::printf("\n");
  }
}

} // namespace blockferry::bench
