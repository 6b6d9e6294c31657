#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace blockferry::schedule {

/// One thing that can happen next.  `key` is the same for the same actor or event within a run.
struct option {
  std::uint64_t key = 0;
  bool is_event = false; ///< from outside: a fault, a timer, the end of a transfer
};

/// Decides at each step what happens next.
class chooser {
public:
  virtual ~chooser() = default;
  /// An index into `options`, which is not empty.
  [[nodiscard]] virtual std::size_t choose(const std::vector<option>& options) = 0;
  /// Whether it is to be told the state before each choice.
  [[nodiscard]] virtual bool asks_for_states() const { return false; }
  /// The state in which the next choice is made; false where the rest of this run would repeat
  /// another.
  [[nodiscard]] virtual bool goes_on_from(std::uint64_t) { return true; }
};

/// Any option is as likely as any other; events from outside less so.
[[nodiscard]] std::unique_ptr<chooser> choose_at_random(std::uint64_t seed);

/// Probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): a random priority for each
/// actor and event, the highest goes first, lowered at a few random steps.
[[nodiscard]] std::unique_ptr<chooser> choose_by_priority(std::uint64_t seed);

/// The choices of a list; when it is used up, always the first option.
[[nodiscard]] std::unique_ptr<chooser> choose_from(std::vector<std::uint32_t> list);

/// Every schedule there is, one after the other, depth first.
class exhaustive {
public:
  /// With `merge` a run ends where it comes into a state from which everything was explored.  Every
  /// run begins with the choices of `begin`.
  explicit exhaustive(bool merge, std::vector<std::uint32_t> begin = {})
      : merge_(merge), beginning_(std::move(begin)) {}

  /// The chooser of the next run, once the last one has ended; null when every run was made.
  /// Throws std::logic_error if the same choices did not lead to the same state.
  [[nodiscard]] std::unique_ptr<chooser> next();
  [[nodiscard]] std::uint64_t states() const noexcept { return states_; }
  /// How many schedules from start to end that was, merged ones counted as often as they are
  /// reached; exact up to 2^53.
  [[nodiscard]] double schedules() const noexcept { return schedules_; }

private:
  struct fork {
    std::uint64_t state = 0;
    std::size_t options = 0;
    std::size_t taken = 0;
    double schedules = 0; ///< from here to an end, as far as explored
  };
  class walker;
  void count(double schedules);

  bool merge_;
  std::vector<std::uint32_t> beginning_;
  std::vector<fork> path_;
  std::unordered_map<std::uint64_t, double> explored_; ///< schedules from each state to an end
  bool begun_ = false;
  bool cut_ = false; ///< the last run, at an explored state
  std::uint64_t states_ = 0;
  double schedules_ = 0;
};

/// "3,0,0,1" and back; a run of equal choices is written "0x17".
[[nodiscard]] std::string to_string(const std::vector<std::uint32_t>& list);
[[nodiscard]] std::vector<std::uint32_t> parse_list(const std::string& text);

} // namespace blockferry::schedule
