#pragma once

#include "tests/schedule/chooser.hpp"
#include "tests/support/test_node.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace blockferry::schedule {

/// What goes wrong in a schedule, at the step that the chooser or `at_step` says.
enum class fault : std::uint8_t {
  none,
  drain,
  two_drains,
  downloader_dies,
  verifier_dies,
  writer_dies,
  worker_dies,
  commit_fails,   ///< from then on every write fails
  crash,          ///< nothing is written any more; the process is gone
  host_ends,      ///< the host gives the node up without a drain
  host_kills,     ///< the supervisor is killed: no handler of it runs any more
  transfers_fail, ///< those of files that are under way
  count,
};

[[nodiscard]] std::string to_string(fault what);

/// One configuration of a run.
struct plan {
  fault what = fault::none;
  fault then = fault::none; ///< at a later step that the chooser says, if `what` is a drain
  std::optional<std::size_t> at_step; ///< of the fault; else whenever the chooser takes it
  std::uint32_t blocks = 103;
  testing::beginning from = testing::beginning::genesis;
  height_t start = 0;      ///< height of the first block; 0 at genesis
  std::uint32_t begin = 0; ///< the store has the blocks below it, from `start` on
  std::uint32_t workers = 2;
  std::size_t mirrors = 2;
  std::size_t failures = 0;    ///< transfers that may fail
  bool liar = false;           ///< the first mirror's second file has a wrong block
  bool sudden_answers = false; ///< transfers end at once instead of when the chooser says
  bool timers = true;          ///< virtual time may pass
  bool hasty = false;          ///< also while messages wait: whoever handles them is slow
  bool late = false;           ///< a bundle comes to verifier and writer after each was drained
  std::size_t waits = 400;     ///< while something else could happen, so often at most
  /// What only notes (the listener, who asked for the drain) has its turn at once: its messages
  /// change nothing that others see.
  bool hushed = false;
  bool deep = true;       ///< several files fit in the window; else one at a time
  bool tight = false;     ///< of a deep one's window the last byte is missing
  std::uint64_t seed = 1; ///< of the node's own randomness
};

/// What goes wrong in it.
[[nodiscard]] std::string faults_of(const plan& what);

/// The plan of a seed: each seed another mixture.
[[nodiscard]] plan plan_of(std::uint64_t seed);
/// The same with this fault at this step of a short sync.
[[nodiscard]] plan plan_of(std::uint64_t seed, fault what, std::size_t at_step);

/// What came of a run.
struct outcome {
  std::string violation; ///< the first broken invariant, or empty
  std::vector<std::uint32_t> choices;
  std::uint64_t trace = 0; ///< hash over every step
  /// Hash of what the run leaves: receipts and answers, the disk, the broken invariant.
  std::uint64_t left = 0;
  std::size_t steps = 0;
  bool repeated = false; ///< cut short: the rest would have been another run's
};

/// One run: a node over `plain_chain`, from its start to its end under the chooser, with every
/// invariant checked after every step; then a calm run from what it left, compared with a calm run
/// from nothing (S7 of the fault catalogue).
[[nodiscard]] outcome sail(const plan& what, chooser& next);

/// Makes a run that takes these choices.
using sailor = std::function<outcome(chooser&)>;

/// The shortest list of choices found with which the same run still breaks an invariant.
[[nodiscard]] std::vector<std::uint32_t> shrink(const sailor& run,
                                                std::vector<std::uint32_t> choices);

/// The chooser of a seed: random for even ones, by priority for odd ones.
[[nodiscard]] std::unique_ptr<chooser> chooser_of(std::uint64_t seed);

} // namespace blockferry::schedule
