#include "storage/record_raise.hpp"

#include "storage/create_store.hpp"
#include "storage/schema.hpp"
#include "storage/transaction.hpp"

#include <iterator>

namespace blockferry::storage {
namespace {

/// Rows are rewritten with their blocks: some 10 MB a transaction.
constexpr std::size_t group_blocks = 500;

} // namespace

result<record_raise> record_raise::open(const std::filesystem::path& folder,
                                        const file_system& files) {
  auto database =
      connection::open((folder / database_name).string(), open_mode::read_write, files.vfs());
  if (!database)
    return tl::make_unexpected(database.error());
  if (auto done = set_durability(*database); !done)
    return tl::make_unexpected(done.error());
  return record_raise{std::move(*database)};
}

result<void> record_raise::add(std::vector<raised_record> records) {
  // The last group is left for `finish`: its blocks and the state row change together.
  if (group_.size() >= group_blocks)
    if (auto done = commit_group(); !done)
      return done;
  group_.insert(group_.end(), std::move_iterator{records.begin()},
                std::move_iterator{records.end()});
  return {};
}

result<void> record_raise::write_group() {
  auto update = statement::prepare(
      database_, "UPDATE blocks SET made = ?2, unmade = ?3, stakes = ?4 WHERE height = ?1");
  if (!update)
    return tl::make_unexpected(update.error());
  for (const auto& one : group_) {
    update->bind(1, std::int64_t{one.height})
        .bind(2, static_cast<std::int64_t>(one.record.made.bits()))
        .bind(3, static_cast<std::int64_t>(one.record.unmade.bits()));
    if (one.stakes.empty())
      update->bind_null(4);
    else
      update->bind(4, byte_view{one.stakes});
    if (auto done = update->run(); !done)
      return done;
  }
  group_.clear();
  return {};
}

result<void> record_raise::commit_group() {
  auto open = transaction::begin(database_);
  if (!open)
    return tl::make_unexpected(open.error());
  if (auto done = write_group(); !done)
    return done;
  if (auto done = database_.run("INSERT OR REPLACE INTO raising VALUES (1)"); !done)
    return done;
  return open->commit();
}

result<void> record_raise::finish(const state_row& row) {
  auto open = transaction::begin(database_);
  if (!open)
    return tl::make_unexpected(open.error());
  if (auto done = write_group(); !done)
    return done;
  if (auto done = write_state(database_, row); !done)
    return done;
  if (!row.state.followed.empty())
    if (auto done = write_snapshot(database_, row.state); !done)
      return done;
  if (auto done = database_.run("DELETE FROM raising"); !done)
    return done;
  return open->commit();
}

} // namespace blockferry::storage
