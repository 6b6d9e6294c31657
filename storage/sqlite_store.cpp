#include "storage/sqlite_store.hpp"

#include "chain/stake/stake_codec.hpp"
#include "storage/create_store.hpp"
#include "storage/hash_index.hpp"
#include "storage/open_checks.hpp"
#include "storage/page_cache.hpp"
#include "storage/receipt_table.hpp"
#include "storage/schema.hpp"
#include "storage/store_lock.hpp"
#include "storage/store_rows.hpp"
#include "storage/transaction.hpp"

#include <sys/statvfs.h>
#include <utility>

namespace blockferry::storage {
namespace {

/// SQLite writes a little more than the blocks: pages partly filled, index, journal.
constexpr std::uint64_t overhead_bytes = 8ULL << 20;

class sqlite_store final : public store {
public:
  sqlite_store(store_options options, store_lock lock, page_cache cache, connection database,
               store_rows rows)
      : options_(std::move(options)), lock_(std::move(lock)), cache_(std::move(cache)),
        database_(std::move(database)), state_(std::move(rows.state)),
        resume_(std::move(rows.resume)) {}

  [[nodiscard]] const resume_point& resume() const noexcept override { return resume_; }

  [[nodiscard]] result<std::optional<known_part>>
  commit(std::span<const verified_bundle* const> bundles) override {
    return sticky([&]() -> result<std::optional<known_part>> {
      std::uint64_t bytes = overhead_bytes;
      for (const auto* bundle : bundles)
        bytes += bundle->bytes.size();
      if (auto room = check_room(bytes); !room)
        return tl::make_unexpected(room.error());
      auto open = transaction::begin(database_);
      if (!open)
        return tl::make_unexpected(open.error());
      state_row next = state_;
      for (const auto* bundle : bundles)
        if (auto done = append(*bundle, next); !done)
          return tl::make_unexpected(done.error());
      if (auto done = keep_followed(next); !done)
        return tl::make_unexpected(done.error());
      if (auto done = write_state(database_, next); !done)
        return tl::make_unexpected(done.error());
      if (auto done = open->commit(); !done)
        return tl::make_unexpected(done.error());
      state_ = std::move(next);
      cache_.drop();
      return known_after(*bundles.back());
    });
  }

  [[nodiscard]] result<drain_receipt>
  mark_clean(drain_receipt receipt, const std::function<void(drain_receipt&)>& finish) override {
    return sticky([&]() -> result<drain_receipt> {
      auto open = transaction::begin(database_);
      if (!open)
        return tl::make_unexpected(open.error());
      state_row next = state_;
      next.clean = true;
      if (auto done = write_state(database_, next); !done)
        return tl::make_unexpected(done.error());
      finish(receipt);
      receipt.clean = true;
      if (auto done = write_receipt(database_, receipt); !done)
        return tl::make_unexpected(done.error());
      if (auto done = open->commit(); !done)
        return tl::make_unexpected(done.error());
      state_ = std::move(next);
      return receipt;
    });
  }

private:
  /// The first error stays: after a failed sync nothing says any more what is on the disk.
  template <class Operation>
  auto sticky(Operation operation) -> decltype(operation()) {
    if (broken_)
      return tl::make_unexpected(*broken_);
    auto out = operation();
    if (!out)
      broken_ = out.error();
    return out;
  }

  [[nodiscard]] result<void> check_room(std::uint64_t bytes) const {
    struct statvfs disk {};
    if (!options_.vfs.empty() || ::statvfs(options_.folder.c_str(), &disk) != 0)
      return {}; // no figure to go by: SQLite will say if the disk is full
    const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    if (free >= bytes + options_.disk_reserve_bytes)
      return {};
    return tl::make_unexpected(
        failure{errc::store_full,
                "the disk of " + options_.folder.string() + " has " + std::to_string(free >> 20) +
                    " MiB left, too little for the next blocks. The store is whole; "
                    "free some space and start again."});
  }

  [[nodiscard]] result<void> append(const verified_bundle& bundle, state_row& next) {
    next.clean = false;
    if (auto done = write_blocks(database_, bundle, next); !done)
      return done;
    if (auto done = index_hashes(database_, bundle.range.first, bundle.blocks); !done)
      return done;
    return write_bundle(database_, bundle);
  }

  /// A snapshot of the committees when it is due, or when following begins in the middle of the
  /// store: a start replays from there.
  [[nodiscard]] result<void> keep_followed(state_row& next) {
    const chain::chain_state& after = next.state;
    if (after.followed.empty())
      return {};
    const bool begins =
        state_.state.followed.empty() && state_.state.next_height != state_.state.start_height;
    if (!begins && !snapshot_due(next.since_snapshot,
                                 chain::stake::snapshot_bytes_bound(*after.followed.open())))
      return {};
    next.since_snapshot = {};
    return write_snapshot(database_, after);
  }

  store_options options_;
  store_lock lock_; ///< before the database: released after it is closed
  page_cache cache_;
  connection database_;
  state_row state_;
  resume_point resume_;
  std::optional<failure> broken_;
};

chain::chain_state begin_of(const store_options& options) {
  if (options.begin)
    return *options.begin;
  const store_identity& identity = options.identity;
  return identity.start_hash
             ? chain::state_before_pinned(identity.start_height, *identity.start_hash)
             : chain::state_before_genesis();
}

/// Brings the text up to date where the network's file has changed since: a checkpoint more, a
/// version's height.
result<void> renew_network(connection& database, const std::string& toml) {
  const auto kept = read_network(database);
  if (!kept)
    return tl::make_unexpected(kept.error());
  if (toml.empty() || *kept == toml)
    return {};
  auto open = transaction::begin(database);
  if (!open)
    return tl::make_unexpected(open.error());
  if (auto done = write_network(database, toml); !done)
    return done;
  return open->commit();
}

result<std::unique_ptr<store>> open_locked(const store_options& options, store_lock lock) {
  const auto path = options.folder / database_name;
  auto database = connection::open(path.string(), open_mode::read_write, options.vfs);
  if (!database)
    return tl::make_unexpected(database.error());
  if (auto done = set_durability(*database); !done)
    return tl::make_unexpected(done.error());
  auto rows = read_rows(*database);
  if (!rows)
    return tl::make_unexpected(rows.error());
  if (auto done = check_floor(rows->state, options.floor); !done)
    return tl::make_unexpected(done.error());
  if (auto done = renew_network(*database, options.identity.network_toml); !done)
    return tl::make_unexpected(done.error());
  lock.name_holder();
  return std::make_unique<sqlite_store>(options, std::move(lock), page_cache{path.string()},
                                        std::move(*database), std::move(*rows));
}

} // namespace

result<std::unique_ptr<store>> open_store(const store_options& options) {
  std::error_code error;
  const bool folder_existed = std::filesystem::exists(options.folder, error);
  if (auto done = check_before_lock(options.folder, options.identity, options.vfs); !done)
    return tl::make_unexpected(done.error());
  if (!folder_existed && std::filesystem::create_directories(options.folder, error))
    std::filesystem::permissions(options.folder, std::filesystem::perms(0750), error);
  if (error)
    return tl::make_unexpected(failure{
        errc::store_io, "making the folder " + options.folder.string() + ": " + error.message()});
  auto lock = store_lock::acquire(options.folder);
  if (!lock)
    return tl::make_unexpected(lock.error());
  if (!std::filesystem::exists(options.folder / database_name)) {
    auto identity = options.identity;
    identity.store_id = random_store_id();
    if (auto done = create_store(options.folder, identity, begin_of(options), options.vfs); !done) {
      lock->forget();
      return tl::make_unexpected(done.error());
    }
  }
  auto opened = open_locked(options, std::move(*lock));
  return opened;
}

} // namespace blockferry::storage
