#pragma once

#include "chain/rules.hpp"
#include "runtime/commands/work_pool.hpp"
#include "storage/store_walk.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <stop_token>

namespace blockferry::runtime {

/// What is wrong with a store, and where.
struct finding {
  std::optional<height_t> height; ///< the first block concerned
  std::string what;
  bool interrupted = false; ///< nothing is wrong: the stop token fired
  bool below_level = false; ///< sound as recorded, but refused at the level that was asked for
  /// The disk or memory failed: that says nothing about what the store holds.
  std::optional<failure> gave_out = {};
};

/// What an error of the store means for the block at `height`; `what` begins the words for damage.
[[nodiscard]] finding finding_of(const failure& why, std::optional<height_t> height,
                                 std::string_view what);

/// Blocks of one file that claim one level, judged again.
struct rechecked_part {
  std::shared_ptr<const storage::walked_file> file;
  std::size_t first_index = 0; ///< of the part in `file->blocks`
  chain::checked_blocks blocks;
  std::vector<chain::check_record> records; ///< as they can be made, one per block
  chain::chain_state after;
  [[nodiscard]] const storage::walked_block& stored(std::size_t i) const {
    return file->blocks[first_index + i];
  }
};

struct recheck_options {
  chain::height_range range; ///< heights to judge
  bool ends = false;         ///< the range must be there whole; else it ends with the store
  std::optional<chain::level> raise_to; ///< judge at least at this level
  unsigned workers = 1;
};

/// Judges the blocks of a store again, as if they had just been fetched, each at the level that its
/// record claims, on several threads; gives them in the order of heights.  Compares what the store
/// says of them with what is made here: hash, time, SHA-256, stakes, record.  A record may not
/// claim more than can be made; where the range begins behind the store's start, what needs the
/// blocks before it is not made, and not held against the record.
class recheck {
public:
  recheck(storage::store_walk& walk, const chain::rules& rules, recheck_options options,
          std::stop_token stop);

  /// The next blocks; none behind the last.
  [[nodiscard]] tl::expected<std::optional<rechecked_part>, finding> next();

private:
  struct job {
    rechecked_part part;
    chain::level floor = chain::level::link;
    std::future<tl::expected<chain::checked_blocks, finding>> checked;
    chain::chain_state before;
    std::future<tl::expected<std::vector<chain::check_record>, chain::check_failure>> proven;
  };

  [[nodiscard]] tl::expected<void, finding> begin();
  void fill();
  void link_ready();
  void split(std::shared_ptr<const storage::walked_file> file);
  [[nodiscard]] tl::expected<void, finding> link(job& one);
  [[nodiscard]] tl::expected<rechecked_part, finding> deliver();

  storage::store_walk& walk_;
  const chain::rules& rules_;
  recheck_options options_;
  std::stop_token stop_;
  chain::chain_state linked_;
  bool begun_ = false;
  bool from_the_start_ = true;    ///< nothing before the range is missing
  std::optional<finding> behind_; ///< ends the reading; told when all before it is judged
  bool read_all_ = false;
  std::deque<job> jobs_;
  std::size_t linked_count_ = 0;
  std::uint64_t bytes_ = 0; ///< in `jobs_`
  work_pool pool_;          ///< last: ends before what its jobs read
};

/// The highest level of which a record claims any check.
[[nodiscard]] chain::level claimed_level(const chain::check_record& record);

} // namespace blockferry::runtime
