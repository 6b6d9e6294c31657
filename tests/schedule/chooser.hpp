#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
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
};

/// Any option is as likely as any other; events from outside less so.
[[nodiscard]] std::unique_ptr<chooser> choose_at_random(std::uint64_t seed);

/// Probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): a random priority for each
/// actor and event, the highest goes first, lowered at a few random steps.
[[nodiscard]] std::unique_ptr<chooser> choose_by_priority(std::uint64_t seed);

/// The choices of a list; when it is used up, always the first option.
[[nodiscard]] std::unique_ptr<chooser> choose_from(std::vector<std::uint32_t> list);

/// Every list of choices there is, one after the other, depth first.
class exhaustive {
public:
  /// The chooser of the next run; null when every run was made.
  [[nodiscard]] std::unique_ptr<chooser> next();
  [[nodiscard]] std::uint64_t runs() const noexcept { return runs_; }

private:
  struct fork {
    std::uint32_t taken = 0;
    std::uint32_t options = 0;
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
