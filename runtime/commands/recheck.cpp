#include "runtime/commands/recheck.hpp"

#include "runtime/commands/recheck_file.hpp"

#include <algorithm>
#include <chrono>

namespace blockferry::runtime {
namespace {

constexpr std::uint64_t window_bytes = 96ULL << 20; ///< beyond the first file
constexpr std::size_t jobs_per_worker = 8;

template <class Value>
bool is_ready(const std::future<Value>& one) {
  return one.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
}

finding stopped() {
  finding out;
  out.interrupted = true;
  return out;
}

} // namespace

finding finding_of(const failure& why, std::optional<height_t> height, std::string_view what) {
  if (why.code == errc::store_damaged)
    return {height, std::string{what} + why.message};
  finding out;
  out.gave_out = why;
  return out;
}

recheck::recheck(storage::store_walk& walk, const chain::rules& rules, recheck_options options,
                 std::stop_token stop)
    : walk_(walk), rules_(rules), options_(options), stop_(std::move(stop)), linked_(walk.begin()),
      pool_(std::max(options.workers, 1U)) {}

/// The state before the range: the store's own begin, or what the block before the range says.
tl::expected<void, finding> recheck::begin() {
  begun_ = true;
  const height_t first = options_.range.first;
  if (first == walk_.identity().start_height)
    return {};
  from_the_start_ = false;
  walk_.seek(first - 1);
  const auto file = walk_.next();
  const std::size_t index = file && *file ? first - 1 - (*file)->record.taken.first : 0;
  if (!file || !*file || index >= (*file)->blocks.size())
    return tl::make_unexpected(file ? finding{first - 1, "is not there"}
                                    : finding_of(file.error(), first - 1, "cannot be read: "));
  const auto& block = (*file)->blocks[index];
  const auto front = front_of(**file, index);
  if (!front)
    return tl::make_unexpected(finding{block.height, "cannot be read: its front is damaged"});
  linked_.next_height = first;
  linked_.last = chain::tip{block.height, block.block_hash};
  linked_.last_metadata = front->header;
  linked_.pinned.reset();
  linked_.history_known = false;
  linked_.peaks.clear();
  linked_.followed = {};
  walk_.seek(first);
  return {};
}

/// Reads ahead as far as the window goes.
void recheck::fill() {
  while (!read_all_ && jobs_.size() < jobs_per_worker * std::max(options_.workers, 1U) &&
         (jobs_.empty() || bytes_ < window_bytes)) {
    if (walk_.next_height() >= options_.range.end()) {
      read_all_ = true;
      break;
    }
    auto file = walk_.next();
    if (!file)
      behind_ = finding_of(file.error(), walk_.next_height(), "cannot be read: ");
    else if (!*file && options_.ends)
      behind_ = finding{walk_.next_height(), "is missing"};
    read_all_ = behind_ || !*file;
    if (!read_all_)
      split(std::make_shared<const storage::walked_file>(std::move(**file)));
  }
}

/// One job for each run of blocks that are to be judged at the same level.
void recheck::split(std::shared_ptr<const storage::walked_file> file) {
  const auto& blocks = file->blocks;
  const auto floor_of = [&](std::size_t i) {
    return std::max({claimed_level(blocks[i].record),
                     options_.raise_to.value_or(chain::level::link), chain::level::link});
  };
  for (std::size_t i = 0; i < blocks.size();) {
    std::size_t end = i + 1;
    while (end < blocks.size() && floor_of(end) == floor_of(i) &&
           options_.range.contains(blocks[end].height) == options_.range.contains(blocks[i].height))
      ++end;
    if (options_.range.contains(blocks[i].height)) {
      job one;
      one.part.file = file;
      one.part.first_index = i;
      one.floor = floor_of(i);
      const part_request request{file, i, end - i, one.floor};
      one.checked = pool_.run([this, request] { return check_part(rules_, request, stop_); });
      jobs_.push_back(std::move(one));
      bytes_ += file->bytes.size();
    }
    i = end;
  }
}

tl::expected<void, finding> recheck::link(job& one) {
  auto checked = one.checked.get();
  if (!checked)
    return tl::make_unexpected(std::move(checked.error()));
  one.part.blocks = std::move(*checked);
  auto after = rules_.extend(linked_, one.part.blocks);
  if (!after)
    return tl::make_unexpected(refused(after.error(), one.part.stored(0), one.floor));
  one.before = std::exchange(linked_, *after);
  one.part.after = std::move(*after);
  one.proven =
      pool_.run([this, &one] { return rules_.check_history(one.before, one.part.blocks, stop_); });
  return {};
}

tl::expected<rechecked_part, finding> recheck::deliver() {
  job& one = jobs_.front();
  auto records = one.proven.get();
  if (!records)
    return tl::make_unexpected(refused(records.error(), one.part.stored(0), one.floor));
  one.part.records = std::move(*records);
  if (auto wrong = compare_records(one.part, from_the_start_))
    return tl::make_unexpected(std::move(*wrong));
  rechecked_part out = std::move(one.part);
  bytes_ -= out.file->bytes.size();
  jobs_.pop_front();
  --linked_count_;
  return out;
}

/// Links what is checked, in order; waits for the first only.
void recheck::link_ready() {
  while (linked_count_ < jobs_.size() &&
         (linked_count_ == 0 || is_ready(jobs_[linked_count_].checked))) {
    // References into the deque stay valid: only its ends change.
    if (auto done = link(jobs_[linked_count_]); !done) {
      // All before it is judged first: the lowest bad height is the one that is told.
      behind_ = std::move(done.error());
      read_all_ = true;
      while (jobs_.size() > linked_count_)
        jobs_.pop_back();
      return;
    }
    ++linked_count_;
  }
}

tl::expected<std::optional<rechecked_part>, finding> recheck::next() {
  if (!begun_)
    if (auto done = begin(); !done)
      return tl::make_unexpected(std::move(done.error()));
  if (stop_.stop_requested())
    return tl::make_unexpected(stopped());
  fill();
  link_ready();
  if (!jobs_.empty()) {
    auto out = deliver();
    if (!out)
      return tl::make_unexpected(std::move(out.error()));
    return std::optional{std::move(*out)};
  }
  if (behind_)
    return tl::make_unexpected(*behind_);
  return std::nullopt;
}

chain::level claimed_level(const chain::check_record& record) {
  using enum chain::level;
  for (const auto& [above, below] : {std::pair{content, consensus}, std::pair{consensus, header},
                                     std::pair{header, link}, std::pair{link, none}})
    if (!(record.made & (chain::checks_of(above) - chain::checks_of(below))).empty())
      return above;
  return none;
}

} // namespace blockferry::runtime
