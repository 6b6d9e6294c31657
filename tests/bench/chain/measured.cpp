#include "measured.hpp"

#include "chain/math/kernels.hpp"

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
/// Of our own there, a lane.
const std::map<chain::cpu_path, double> goal_multiplication_us = {
    {chain::cpu_path::portable, 0.028},
    {chain::cpu_path::adx, 0.015},
    {chain::cpu_path::ifma, 0.0035}};

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

/// OpenSSL's multiplication, over and over.
class openssl_yardstick {
public:
  openssl_yardstick() {
    BN_dec2bn(&modulus_,
              "8444461749428370424248824938781546531375899335154063827935233455917409239041");
    BN_dec2bn(&a_, "522678458525321116977504528531602186870683848189190546523208313015552693483");
    BN_MONT_CTX_set(form_.get(), modulus_, context_.get());
  }
  ~openssl_yardstick() {
    BN_free(modulus_);
    BN_free(a_);
  }
  openssl_yardstick(const openssl_yardstick&) = delete;
  openssl_yardstick& operator=(const openssl_yardstick&) = delete;

  [[nodiscard]] double us() const {
    constexpr int rounds = 20000;
    return 1e6 / rounds * seconds_of([&] {
             for (int i = 0; i < rounds; ++i)
               BN_mod_mul_montgomery(a_, a_, a_, form_.get(), context_.get());
           });
  }

private:
  std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> context_{BN_CTX_new(), BN_CTX_free};
  std::unique_ptr<BN_MONT_CTX, decltype(&BN_MONT_CTX_free)> form_{BN_MONT_CTX_new(),
                                                                  BN_MONT_CTX_free};
  BIGNUM* modulus_ = nullptr;
  BIGNUM* a_ = nullptr;
};

/// Our own, on the active path.
class own_yardstick {
public:
  [[nodiscard]] double us() {
    constexpr int rounds = 16;
    return 1e6 / rounds / static_cast<double>(a_.size()) * seconds_of([&] {
             for (int i = 0; i < rounds; ++i)
               chain::active_kernels().multiply(a_, a_, product_);
           });
  }

private:
  std::vector<chain::field> a_ = std::vector<chain::field>(1024, chain::field::from(3));
  std::vector<chain::field> product_ = a_;
};

void keep_best(double& best, double us, bool counts) {
  if (counts)
    best = best == 0 ? us : std::min(best, us);
}

} // namespace

results measure(const std::vector<measurement>& lines, int repetitions) {
  results best;
  best.lines.resize(lines.size());
  const openssl_yardstick openssl;
  own_yardstick own;
  for (int repetition = 0; repetition <= repetitions; ++repetition)
    for (const chain::cpu_path path : chain::all_cpu_paths) {
      if (!chain::machine_has(path) || !asked_for(path))
        continue;
      const bool counts = repetition != 0; // the first fills tables and caches
      chain::set_active_cpu_path(path);
      keep_best(best.openssl_us, openssl.us(), counts);
      keep_best(best.multiplication_us[path], own.us(), counts);
      for (std::size_t i = 0; i < lines.size(); ++i)
        keep_best(best.lines[i][path],
                  1e6 * seconds_of(lines[i].run) / static_cast<double>(lines[i].count), counts);
    }
  return best;
}

void print_yardsticks(const results& best) {
  std::printf("yardsticks, ns: OpenSSL BN_mod_mul_montgomery %.1f (goals: %.0f)",
              1e3 * best.openssl_us, 1e3 * goal_openssl_us);
  for (const auto& [path, us] : best.multiplication_us)
    std::printf("; own %s %.2f (%.1f)", std::string{to_string(path)}.c_str(), 1e3 * us,
                1e3 * goal_multiplication_us.at(path));
  std::printf("\n");
}

void print(const std::vector<measurement>& lines, const results& best) {
  print_yardsticks(best);
  std::printf("%-34s", "microseconds, best");
  for (const chain::cpu_path path : chain::all_cpu_paths)
    std::printf(" %12s %8s %8s", std::string{to_string(path)}.c_str(), "goal", "scaled");
  std::printf("\n");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::printf("%-34s", lines[i].what.c_str());
    for (const chain::cpu_path path : chain::all_cpu_paths) {
      const auto found = best.lines[i].find(path);
      if (found == best.lines[i].end()) {
        std::printf(" %12s %8s %8s", "-", "", "");
        continue;
      }
      const auto wanted = lines[i].goal_us.find(path);
      if (wanted == lines[i].goal_us.end())
        std::printf(" %12.4f %8s %8s", found->second, "", "");
      else // scaled: the goal times how this run's yardstick compares with the goal's
        std::printf(" %12.4f %8.4g %8.4g", found->second, wanted->second,
                    wanted->second * best.openssl_us / goal_openssl_us);
    }
    std::printf("\n");
  }
}

} // namespace blockferry::bench
