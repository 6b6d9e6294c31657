#include "tests/crash/fault_sweep.hpp"

#include "storage/create_store.hpp"
#include "storage/hash_index.hpp"
#include "storage/receipt_table.hpp"
#include "storage/store_rows.hpp"
#include "storage/transaction.hpp"

namespace blockferry::crash {
namespace {

errc expected_class(fault_kind what) {
  return what == fault_kind::no_space || what == fault_kind::short_write ? errc::store_full
                                                                         : errc::store_io;
}

std::string to_string(const fault& one) {
  return std::string{crash::to_string(one.what)} + (one.sticky ? " from " : " at ") +
         std::to_string(one.at) + (one.sticky ? " on" : "");
}

std::optional<std::string> wrong_with(const calm_run& calm, const fault& one) {
  crash_disk disk;
  disk.inject(one);
  const auto run = sail(disk, calm.folder(), calm.plan());
  const auto error = run.refused ? run.refused : run.failed;
  if (error && error->code != expected_class(one.what))
    return "is told as " + std::string{to_string(error->code)} + ": " + error->message;
  // A retry may succeed and yet have lost what the failed sync dropped: the first failure is the
  // last.
  const bool told = error || (run.end && !run.end->receipt.clean);
  if (!told && one.what == fault_kind::failed_sync &&
      calm.disk().log()[one.at].what == operation::kind::sync)
    return std::string{"a sync failed and the run went on"};
  if (run.end && run.end->receipt.clean && run.failed)
    return std::string{"the receipt says clean after a failure"};
  const height_t acknowledged =
      run.acknowledged.empty() ? calm.plan().chain.start : run.acknowledged.back().next_height;
  if (run.end && run.end->receipt.durable && run.end->receipt.durable->height + 1 != acknowledged)
    return std::string{"the receipt names another height than was acknowledged"};
  const auto allowed = calm.allowed_from(acknowledged);
  if (auto wrong = calm.violation(disk.current(), allowed))
    return "after a restart, " + *wrong;
  random_source random{one.at};
  if (auto wrong = calm.violation(disk.power_cut(damage::nothing, random), allowed))
    return "after a power cut, " + *wrong;
  return std::nullopt;
}

/// Once, and from then on.
void try_fault(const calm_run& calm, fault_kind what, std::size_t at, image_tally& into) {
  for (const bool sticky : {false, true}) {
    const fault one{what, at, sticky};
    ++into.images;
    if (const auto wrong = wrong_with(calm, one))
      into.violations.push_back("fault " + to_string(one) + " (" +
                                (what == fault_kind::failed_read
                                     ? "of the writer"
                                     : crash::to_string(calm.disk().log()[at])) +
                                "): " + *wrong);
  }
}

/// One kind of fault at each operation of one kind.
image_tally sweep_each(const calm_run& calm, operation::kind befallen, fault_kind what) {
  image_tally out;
  for (std::size_t at = 0; at < calm.disk().log().size(); ++at)
    if (calm.disk().log()[at].what == befallen)
      try_fault(calm, what, at, out);
  return out;
}

/// Commits like the real store, with what durability it is given.
class careless final : public storage::store {
public:
  careless(storage::connection database, storage::store_rows rows)
      : database_(std::move(database)), state_(std::move(rows.state)),
        resume_(std::move(rows.resume)) {}

  [[nodiscard]] const storage::resume_point& resume() const noexcept override { return resume_; }

  [[nodiscard]] storage::result<std::optional<known_part>>
  commit(std::span<const verified_bundle* const> bundles) override {
    auto open = storage::transaction::begin(database_);
    if (!open)
      return tl::make_unexpected(open.error());
    if (auto done = append(bundles); !done)
      return tl::make_unexpected(done.error());
    state_.clean = false;
    if (auto done = write_state(database_, state_); !done)
      return tl::make_unexpected(done.error());
    if (auto done = open->commit(); !done)
      return tl::make_unexpected(done.error());
    return storage::known_after(*bundles.back());
  }

  [[nodiscard]] storage::result<drain_receipt>
  mark_clean(std::span<const verified_bundle* const> bundles, drain_receipt receipt,
             const std::function<void(drain_receipt&)>& finish) override {
    auto open = storage::transaction::begin(database_);
    if (!open)
      return tl::make_unexpected(open.error());
    if (auto done = append(bundles); !done)
      return tl::make_unexpected(done.error());
    state_.clean = true;
    finish(receipt);
    receipt.clean = true;
    for (const auto& done : {write_state(database_, state_), write_receipt(database_, receipt)})
      if (!done)
        return tl::make_unexpected(done.error());
    if (auto done = open->commit(); !done)
      return tl::make_unexpected(done.error());
    return receipt;
  }

private:
  [[nodiscard]] storage::result<void> append(std::span<const verified_bundle* const> bundles) {
    for (const auto* bundle : bundles) {
      advance(state_, *bundle);
      for (auto done : {write_blocks(database_, *bundle),
                        index_hashes(database_, bundle->range.first, bundle->blocks),
                        write_bundle(database_, *bundle)})
        if (!done)
          return done;
    }
    return {};
  }

  storage::connection database_;
  storage::state_row state_;
  storage::resume_point resume_;
};

} // namespace

image_tally sweep_faults(const calm_run& calm, std::size_t first, std::size_t stride) {
  image_tally out;
  for (std::size_t at = first; at < calm.disk().log().size(); at += stride)
    for (std::size_t what = 0; what < changing_fault_kinds; ++what)
      try_fault(calm, static_cast<fault_kind>(what), at, out);
  return out;
}

image_tally sweep_failed_syncs(const calm_run& calm) {
  return sweep_each(calm, operation::kind::sync, fault_kind::failed_sync);
}

image_tally sweep_full_disk(const calm_run& calm) {
  return sweep_each(calm, operation::kind::write, fault_kind::no_space);
}

image_tally sweep_writers_reads(const calm_run& calm, std::size_t first, std::size_t stride) {
  crash_disk undisturbed;
  static_cast<void>(sail(undisturbed, calm.folder(), calm.plan()));
  image_tally out;
  for (std::size_t at = first; at < undisturbed.reads(); at += stride)
    try_fault(calm, fault_kind::failed_read, at, out);
  return out;
}

store_opener careless_store(std::string pragmas) {
  return [pragmas](const std::filesystem::path& folder, const kit::bundle_maker& chain,
                   crash_disk& disk) -> storage::result<std::unique_ptr<storage::store>> {
    if (auto made = open_real_store(folder, chain, disk); !made)
      return made;
    auto database = storage::connection::open((folder / storage::database_name).string(),
                                              storage::open_mode::read_write, disk.files()->vfs());
    if (!database)
      return tl::make_unexpected(database.error());
    if (auto done = database->run(pragmas.c_str()); !done)
      return tl::make_unexpected(done.error());
    auto rows = storage::read_rows(*database);
    if (!rows)
      return tl::make_unexpected(rows.error());
    return std::make_unique<careless>(std::move(*database), std::move(*rows));
  };
}

store_opener store_on_lying_disk() {
  return [](const std::filesystem::path& folder, const kit::bundle_maker& chain, crash_disk& disk) {
    disk.lie_about_syncs();
    return open_real_store(folder, chain, disk);
  };
}

} // namespace blockferry::crash
