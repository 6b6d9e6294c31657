#include "storage/sqlite_store.hpp"

#include "chain/stake/stake_codec.hpp"
#include "storage/create_store.hpp"
#include "storage/hash_index.hpp"
#include "storage/open_checks.hpp"
#include "storage/page_cache.hpp"
#include "storage/raw_file.hpp"
#include "storage/receipt_table.hpp"
#include "storage/schema.hpp"
#include "storage/store_lock.hpp"
#include "storage/store_rows.hpp"
#include "storage/transaction.hpp"

#include <new>
#include <utility>

namespace blockferry::storage {
namespace {

/// SQLite writes a little more than the blocks: pages partly filled, index, journal.
constexpr std::uint64_t overhead_bytes = 8ULL << 20;

failure refused(const char* what, std::uint64_t next) {
  return {errc::store_io, std::string{"refused to store "} + what + " at height " +
                              std::to_string(next) +
                              ". This is a defect of the program; the store is whole."};
}

/// That the caller kept its side of `store::commit`: whatever it hands over, the store stays a
/// prefix (P1).
result<void> check_group(std::span<const verified_bundle* const> bundles, std::uint64_t next) {
  for (const auto* bundle : bundles) {
    if (bundle->range.first != next || bundle->range.count != bundle->blocks.size() ||
        bundle->blocks.empty() || bundle->after.next_height != bundle->range.end() ||
        !bundle->after.last || bundle->after.last->block_hash != bundle->blocks.back().block_hash)
      return tl::make_unexpected(refused("blocks that do not follow the last", next));
    for (const auto& block : bundle->blocks)
      if (block.height != next++ || block.offset > bundle->bytes.size() ||
          block.size > bundle->bytes.size() - block.offset)
        return tl::make_unexpected(refused("blocks that do not follow each other", next));
  }
  return {};
}

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
      if (bundles.empty())
        return tl::make_unexpected(refused("nothing", state_.state.next_height));
      auto open = begin(bundles);
      if (!open)
        return tl::make_unexpected(open.error());
      auto next = write_group(bundles, false);
      if (!next)
        return tl::make_unexpected(next.error());
      if (auto done = end(*open, std::move(*next)); !done)
        return tl::make_unexpected(done.error());
      return known_after(*bundles.back());
    });
  }

  [[nodiscard]] result<drain_receipt>
  mark_clean(std::span<const verified_bundle* const> bundles, drain_receipt receipt,
             const std::function<void(drain_receipt&)>& finish) override {
    return sticky([&]() -> result<drain_receipt> {
      auto open = begin(bundles);
      if (!open)
        return tl::make_unexpected(open.error());
      auto next = write_group(bundles, true);
      if (!next)
        return tl::make_unexpected(next.error());
      finish(receipt);
      receipt.clean = true;
      if (auto done = write_receipt(database_, receipt); !done)
        return tl::make_unexpected(done.error());
      if (auto done = end(*open, std::move(*next)); !done)
        return tl::make_unexpected(done.error());
      return receipt;
    });
  }

private:
  /// The first error stays: after a failed sync nothing says any more what is on the disk.
  template <class Operation>
  auto sticky(Operation operation) -> decltype(operation()) {
    if (broken_)
      return tl::make_unexpected(*broken_);
    try {
      auto out = operation();
      if (!out)
        broken_ = out.error();
      return out;
    } catch (const std::bad_alloc&) {
      broken_.emplace(failure{errc::store_io, "out of memory"}); // short enough to need none
      return tl::make_unexpected(*broken_);
    }
  }

  [[nodiscard]] result<transaction> begin(std::span<const verified_bundle* const> bundles) {
    if (auto done = check_group(bundles, state_.state.next_height); !done)
      return tl::make_unexpected(done.error());
    if (auto room = check_room(bundles); !room)
      return tl::make_unexpected(room.error());
    return transaction::begin(database_);
  }

  /// The state after the bundles, written with them.
  [[nodiscard]] result<state_row> write_group(std::span<const verified_bundle* const> bundles,
                                              bool clean) {
    state_row next = state_;
    next.clean = clean;
    for (const auto* bundle : bundles)
      advance(next, *bundle);
    // The state first: its page, which every group changes, is then in the journal before the
    // blocks fill SQLite's cache, and the journal is synced once, not again at the end.
    if (auto done = write_state(database_, next); !done)
      return tl::make_unexpected(done.error());
    if (!bundles.empty())
      if (auto done = keep_followed(next); !done)
        return tl::make_unexpected(done.error());
    for (const auto* bundle : bundles)
      if (auto done = append(*bundle); !done)
        return tl::make_unexpected(done.error());
    return next;
  }

  [[nodiscard]] result<void> end(transaction& open, state_row next) {
    if (auto done = open.commit(); !done)
      return done;
    state_ = std::move(next);
    cache_.drop();
    return {};
  }

  [[nodiscard]] result<void> check_room(std::span<const verified_bundle* const> bundles) const {
    if (bundles.empty())
      return {};
    std::uint64_t bytes = overhead_bytes;
    for (const auto* bundle : bundles)
      bytes += bundle->bytes.size();
    const auto free = options_.files->free_bytes(options_.folder);
    if (!free || *free >= bytes + options_.disk_reserve_bytes)
      return {};
    return tl::make_unexpected(
        failure{errc::store_full,
                "the disk of " + options_.folder.string() + " has " + std::to_string(*free >> 20) +
                    " MiB left, too little for the next blocks and the " +
                    std::to_string(options_.disk_reserve_bytes >> 20) +
                    " MiB that --disk-reserve keeps free. The store is whole; free some space and "
                    "start again."});
  }

  [[nodiscard]] result<void> append(const verified_bundle& bundle) {
    if (auto done = write_blocks(database_, bundle); !done)
      return done;
    if (auto done = index_hashes(database_, bundle.range.first, bundle.blocks); !done)
      return done;
    cache_.begin_writing();
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

wanted_store wanted_of(const store_options& options) {
  return {options.identity, options.begin.has_value() || options.identity.start_hash.has_value() ||
                                options.from_genesis};
}

result<std::unique_ptr<store>> open_locked(const store_options& options, store_lock lock) {
  const auto path = options.folder / database_name;
  if (auto done = check_journal(options.folder, *options.files); !done)
    return tl::make_unexpected(done.error());
  auto database = connection::open(path.string(), open_mode::read_write, options.files->vfs());
  if (!database)
    return tl::make_unexpected(database.error());
  if (auto done = set_durability(*database); !done)
    return tl::make_unexpected(done.error());
  auto rows = read_rows(*database);
  if (!rows)
    return tl::make_unexpected(rows.error());
  // Once more, for SQLite may have recovered since the first look.
  if (auto done = check_identity(path, rows->resume.identity, wanted_of(options)); !done)
    return tl::make_unexpected(done.error());
  if (auto done = check_floor(rows->state, options.floor); !done)
    return tl::make_unexpected(done.error());
  if (auto done = renew_network(*database, options.identity.network_toml); !done)
    return tl::make_unexpected(done.error());
  lock.name_holder();
  return std::make_unique<sqlite_store>(options, std::move(lock), page_cache{path.string()},
                                        std::move(*database), std::move(*rows));
}

/// Creates the store if there is none.
result<void> make_if_missing(const store_options& options) {
  const auto file = raw_file::open((options.folder / database_name).string(), options.files->vfs());
  if (!file)
    return tl::make_unexpected(file.error());
  if (*file)
    return {};
  auto identity = options.identity;
  identity.store_id = random_store_id();
  return create_store(options.folder, identity, begin_of(options), *options.files);
}

result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::create_directories(folder, error))
    std::filesystem::permissions(folder, std::filesystem::perms(0750), error);
  if (!error)
    return {};
  return tl::make_unexpected(
      failure_of(io_error_code, error.value(), "making the folder " + folder.string()));
}

} // namespace

result<std::unique_ptr<store>> open_store(const store_options& options) {
  if (auto done = check_before_lock(options.folder, wanted_of(options), *options.files); !done)
    return tl::make_unexpected(done.error());
  if (auto done = make_folder(options.folder); !done)
    return tl::make_unexpected(done.error());
  auto lock = store_lock::acquire(options.folder);
  if (!lock)
    return tl::make_unexpected(lock.error());
  if (auto done = make_if_missing(options); !done)
    return tl::make_unexpected(done.error());
  return open_locked(options, std::move(*lock));
}

} // namespace blockferry::storage
