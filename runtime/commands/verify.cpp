#include "chain/aleo_rules.hpp"
#include "chain/name.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/progress.hpp"
#include "runtime/commands/report.hpp"
#include "runtime/commands/stored_network.hpp"
#include "runtime/commands/verify_state.hpp"
#include "runtime/node_json.hpp"
#include "storage/open_checks.hpp"
#include "storage/record_raise.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

namespace blockferry::runtime {
namespace {

/// One run over a store.
class verification {
public:
  verification(const verify_options& options, output_streams to, std::stop_token stop)
      : options_(options), to_(to), stop_(std::move(stop)) {}

  exit_code run(storage::store_walk walk, const chain::network& net);

private:
  [[nodiscard]] bool whole() const { return !options_.from && !options_.to; }
  [[nodiscard]] std::optional<finding> check_blocks(storage::store_walk& walk,
                                                    const chain::rules& rules);
  [[nodiscard]] std::optional<finding> check_rest(storage::store_walk& walk,
                                                  std::future<storage::result<void>>& file_check);
  [[nodiscard]] chain::height_range range_of(const storage::store_walk& walk) const;
  [[nodiscard]] std::optional<finding> take(const rechecked_part& part);
  [[nodiscard]] std::optional<finding> finish_raise();
  exit_code tell(const finding& wrong);
  exit_code tell_success();

  const verify_options& options_;
  output_streams to_;
  std::stop_token stop_;
  storage::result<storage::store_rows> rows_ = tl::unexpected<failure>(failure{});
  std::optional<storage::hash_index_check> index_;
  std::optional<state_tally> tally_;
  std::optional<storage::record_raise> raise_;
  std::uint64_t raised_ = 0;
  bool state_may_say_less_ = false;
  chain::check_set covered_{~std::uint64_t{0}}; ///< by every block judged
  height_t first_ = 0;
  chain::level level_ = chain::level::none; ///< of every block judged
};

chain::height_range verification::range_of(const storage::store_walk& walk) const {
  const height_t first = options_.from.value_or(walk.identity().start_height);
  const height_t last = options_.to.value_or(chain::never - 1);
  return {first, last - first + 1};
}

std::optional<finding> verification::check_blocks(storage::store_walk& walk,
                                                  const chain::rules& rules) {
  const auto range = range_of(walk);
  first_ = range.first;
  recheck again{walk,
                rules,
                {range, options_.to.has_value(), options_.raise_to,
                 options_.workers == 0 ? std::max(std::thread::hardware_concurrency(), 1U)
                                       : options_.workers},
                stop_};
  std::uint64_t total = options_.to ? range.count : 0;
  if (total == 0 && rows_ && rows_->state.state.next_height > range.first)
    total = rows_->state.state.next_height - range.first;
  progress shown{to_.err, "verify", total};
  for (;;) {
    auto part = again.next();
    if (!part)
      return part.error();
    if (!*part)
      break;
    if (auto wrong = take(**part))
      return wrong;
    shown.at(tally_->blocks());
  }
  level_ = tally_->blocks() == 0 ? chain::level::none : chain::level_of({covered_, {}});
  return std::nullopt;
}

/// Counts what is judged, and hands on what is to be raised.
std::optional<finding> verification::take(const rechecked_part& part) {
  std::vector<storage::raised_record> higher;
  for (std::size_t i = 0; i < part.records.size(); ++i) {
    const auto& row = part.stored(i);
    const auto& record = raise_ ? part.records[i] : row.record;
    tally_->add(record);
    covered_ = covered_ & storage::covered_by(record);
    if (auto done = whole() ? index_->add(row.height, row.block_hash) : storage::result<void>{};
        !done)
      return finding_of(done.error(), row.height, "is the last before damage: ");
    if (raise_ && (record != row.record || part.blocks.blocks[i].stakes != row.stakes))
      higher.push_back({row.height, record, part.blocks.blocks[i].stakes});
  }
  tally_->set_state(part.after);
  raised_ += higher.size();
  if (raise_)
    if (auto done = raise_->add(std::move(higher)); !done)
      return finding_of(done.error(), std::nullopt, "");
  return std::nullopt;
}

std::optional<finding> verification::finish_raise() {
  auto row = tally_->row();
  row.clean = rows_->state.clean;
  if (auto done = raise_->finish(row); !done)
    return finding_of(done.error(), std::nullopt, "");
  return std::nullopt;
}

/// What is not a block: index, state, and the file below them.
std::optional<finding> verification::check_rest(storage::store_walk&,
                                                std::future<storage::result<void>>& file_check) {
  const height_t next = tally_->state().next_height;
  if (whole()) {
    if (auto done = index_->finish(); !done)
      return finding_of(done.error(), next, "would follow on damage: ");
    if (!rows_)
      return finding_of(rows_.error(), next, "would follow on damage: ");
    if (auto wrong = tally_->compare(rows_->state, state_may_say_less_))
      return wrong;
    if (raise_)
      if (auto wrong = finish_raise())
        return wrong;
  }
  if (auto done = file_check.get(); !done)
    return finding_of(done.error(), std::nullopt, "");
  if (stop_.stop_requested()) {
    finding out;
    out.interrupted = true;
    return out;
  }
  return std::nullopt;
}

exit_code verification::run(storage::store_walk walk, const chain::network& net) {
  const height_t start = walk.identity().start_height;
  const height_t next = walk.begin().next_height;
  tally_.emplace(walk.begin());
  index_.emplace(walk.index_check());
  rows_ = walk.rows();
  const auto outside = [&](const std::optional<height_t>& height) {
    return height && (*height < start || (rows_ && *height >= rows_->state.state.next_height));
  };
  if (outside(options_.from) || outside(options_.to))
    return report(to_.err, "verify",
                  {errc::invalid_argument,
                   "the store begins at height " + std::to_string(start) + " and ends before " +
                       std::to_string(rows_ ? rows_->state.state.next_height : next) +
                       ". Name heights between them with --from and --to."});
  const auto raising = walk.raising();
  if (!raising)
    return report(to_.err, "verify", raising.error());
  state_may_say_less_ = options_.raise_to.has_value() || *raising;
  if (options_.raise_to) {
    auto opened = storage::record_raise::open(options_.store);
    if (!opened)
      return report(to_.err, "verify", opened.error());
    raise_.emplace(std::move(*opened));
  }
  // A thread of its own: it reads the same file once more, in another order.  After a raise it is
  // the raised file that counts.
  std::stop_source end_early;
  const std::stop_callback forward{stop_, [&] { end_early.request_stop(); }};
  auto file_check =
      std::async(raise_ ? std::launch::deferred : std::launch::async,
                 [&walk, token = end_early.get_token()] { return walk.check_file(token); });
  const chain::aleo_rules rules{net};
  auto wrong = check_blocks(walk, rules);
  if (wrong)
    end_early.request_stop();
  else
    wrong = check_rest(walk, file_check);
  return wrong ? tell(*wrong) : tell_success();
}

exit_code verification::tell(const finding& wrong) {
  if (wrong.gave_out)
    return report(to_.err, "verify", *wrong.gave_out);
  const auto place = wrong.height ? "block " + std::to_string(*wrong.height) + " "
                                  : std::string{"the database file is damaged: "};
  if (options_.json)
    to_.out << one_line({{"event", "verify"},
                         {"passed", false},
                         {"interrupted", wrong.interrupted},
                         {"blocks", tally_->blocks()},
                         {"height", wrong.height && !wrong.interrupted
                                        ? nlohmann::ordered_json(*wrong.height)
                                        : nlohmann::ordered_json(nullptr)},
                         {"error", wrong.interrupted ? "interrupted" : place + wrong.what}})
            << "\n";
  if (wrong.interrupted) {
    to_.err << "blockferry verify: interrupted after " << tally_->blocks()
            << " blocks, none of them bad."
            << (raise_ ? " What is raised stays so; run it again to go on." : "") << "\n";
    return exit_code::interrupted;
  }
  to_.err << "blockferry verify: " << place << wrong.what << ".\n"
          << "The " << tally_->blocks()
          << " blocks of the files before it passed; no block was changed. ";
  if (wrong.below_level)
    to_.err << "The store is as sound as before, but these blocks are refused at that level: "
               "sync them from another CDN into another folder, or stay below it.\n";
  else
    to_.err << "Restore the store from a copy, or move its folder away and sync anew.\n";
  return exit_code::data_refused;
}

exit_code verification::tell_success() {
  const auto blocks = tally_->blocks();
  const auto& last = tally_->state().last;
  const std::string level{chain::to_string(level_)};
  if (options_.json) {
    nlohmann::ordered_json out = {{"event", "verify"}, {"passed", true}, {"blocks", blocks}};
    out["from"] = blocks == 0 ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(first_);
    out["to"] =
        blocks == 0 ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(last->height);
    out["level"] = level;
    if (raise_)
      out["raised"] = raised_;
    to_.out << one_line(out) << "\n";
    return exit_code::done;
  }
  if (raise_)
    to_.out << "raised the records of " << raised_ << " blocks\n";
  if (blocks == 0)
    to_.out << "passed: the store holds no block yet\n";
  else
    to_.out << "passed: " << blocks << " blocks, heights " << first_ << " to " << last->height
            << ", level " << level << ", last " << chain::block_name(last->block_hash) << "\n"
            << (whole()
                    ? "Blocks, index, files' digests, records, chain state and database agree.\n"
                    : "State roots, committees and index were not checked: they need every "
                      "block. Leave --from and --to away for them.\n");
  return exit_code::done;
}

} // namespace

exit_code run_verify(const verify_options& options, output_streams to, std::stop_token stop) {
  if ((options.from && options.to && *options.to < *options.from) ||
      (options.raise_to && (options.from || options.to)))
    return report(to.err, "verify",
                  {errc::invalid_argument,
                   options.raise_to ? "--level raises the whole store. Leave --from and --to away."
                                    : "--to lies before --from. Swap them."});
  auto walk = storage::store_walk::open(options.store);
  if (!walk)
    return report(to.err, "verify", walk.error());
  const auto net = stored_network(walk->identity());
  if (!net)
    return report(to.err, "verify", net.error());
  return verification{options, to, std::move(stop)}.run(std::move(*walk), *net);
}

} // namespace blockferry::runtime
