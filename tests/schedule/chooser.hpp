#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
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
  /// Who got a message by what was chosen last, by key.
  virtual void happened(const std::set<std::uint64_t>&) {}
  /// Whether the rest of this run would repeat another.
  [[nodiscard]] virtual bool is_repetition() const { return false; }
};

/// Any option is as likely as any other; events from outside less so.
[[nodiscard]] std::unique_ptr<chooser> choose_at_random(std::uint64_t seed);

/// Probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): a random priority for each
/// actor and event, the highest goes first, lowered at a few random steps.
[[nodiscard]] std::unique_ptr<chooser> choose_by_priority(std::uint64_t seed);

/// The choices of a list; when it is used up, always the first option.
[[nodiscard]] std::unique_ptr<chooser> choose_from(std::vector<std::uint32_t> list);

/// Every schedule there is, one after the other, depth first, but for those that only swap steps of
/// which neither concerns the other (sleep sets: Godefroid, "Partial-Order Methods", 1996).
class exhaustive {
public:
  /// The chooser of the next run; null when every run was made.
  [[nodiscard]] std::unique_ptr<chooser> next();
  [[nodiscard]] std::uint64_t runs() const noexcept { return runs_; }

private:
  /// Steps, and who got a message by each.
  using steps = std::map<std::uint64_t, std::set<std::uint64_t>>;
  struct fork {
    std::vector<std::uint64_t> options; ///< their keys
    std::size_t taken = 0;
    steps asleep; ///< explored from an earlier fork, and nothing since concerns them
    steps done;   ///< explored from here
    [[nodiscard]] std::optional<std::size_t> next() const;
  };
  class walker;
  std::vector<fork> path_;
  bool begun_ = false;
  std::uint64_t runs_ = 0;
};

/// "3,0,0,1" and back; a run of equal choices is written "0x17".
[[nodiscard]] std::string to_string(const std::vector<std::uint32_t>& list);
[[nodiscard]] std::vector<std::uint32_t> parse_list(const std::string& text);

} // namespace blockferry::schedule
