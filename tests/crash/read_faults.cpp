#include "tests/crash/read_faults.hpp"

#include "chain/name.hpp"
#include "storage/create_store.hpp"
#include "storage/reader.hpp"
#include "storage/record_raise.hpp"
#include "storage/store_walk.hpp"

namespace blockferry::crash {
namespace {

/// What came of reading, as a text that is equal for equal contents.
using outcome = storage::result<std::string>;

/// One thing that is done with a store.
struct task {
  const char* name;
  bool only_reads; ///< a store at rest
  outcome (*run)(const calm_run& calm, crash_disk& disk);
};

template <class Value>
std::string described(const Value& one) {
  return std::to_string(one) + " ";
}

outcome start_node(const calm_run& calm, crash_disk& disk) {
  const kit::bundle_maker chain{calm.plan().chain};
  const auto store = open_real_store(calm.folder(), chain, disk);
  if (!store)
    return tl::make_unexpected(store.error());
  const auto& at = (*store)->resume();
  return described(at.state.next_height) + (at.clean ? "clean" : "");
}

outcome read_all(const calm_run& calm, crash_disk& disk) {
  const auto files = disk.files();
  auto store = storage::reader::open(calm.folder(), *files);
  if (!store)
    return tl::make_unexpected(store.error());
  const auto row = store->state();
  const auto state = store->whole_state();
  const auto receipt = store->last_receipt();
  for (const auto* error : {row ? nullptr : &row.error(), state ? nullptr : &state.error(),
                            receipt ? nullptr : &receipt.error()})
    if (error != nullptr)
      return tl::make_unexpected(*error);
  std::string out = described(row->block_count) + described(state->next_height) +
                    (*receipt ? described((*receipt)->blocks_committed) : "");
  for (height_t at = calm.plan().chain.start; at < state->next_height; at += 37) {
    const auto block = store->block_at(at);
    if (!block)
      return tl::make_unexpected(block.error());
    const auto same = store->block_of((*block)->block_hash);
    if (!same)
      return tl::make_unexpected(same.error());
    const auto file = store->bundle_of(at);
    if (!file)
      return tl::make_unexpected(file.error());
    out += chain::block_name((*same)->block_hash) + described((*file)->file_bytes);
  }
  return out;
}

outcome check_offline(const calm_run& calm, crash_disk& disk) {
  const auto content = checked_content(calm.folder(), disk);
  return content ? outcome{chain::block_name(*content)} : tl::make_unexpected(content.error());
}

/// As `verify` reads it.
outcome walk(const calm_run& calm, crash_disk& disk) {
  const auto files = disk.files();
  auto store = storage::store_walk::open(calm.folder(), *files);
  if (!store)
    return tl::make_unexpected(store.error());
  const auto rows = store->rows();
  if (!rows)
    return tl::make_unexpected(rows.error());
  const auto raising = store->raising();
  if (!raising)
    return tl::make_unexpected(raising.error());
  std::string out = described(rows->state.block_count) + (*raising ? "raising" : "");
  auto index = store->index_check();
  for (;;) {
    const auto file = store->next();
    if (!file)
      return tl::make_unexpected(file.error());
    if (!*file)
      break;
    out += described((*file)->bytes.size());
    for (const auto& block : (*file)->blocks)
      if (const auto done = index.add(block.height, block.block_hash); !done)
        return tl::make_unexpected(done.error());
  }
  for (const auto& done : {index.finish(), store->check_file({})})
    if (!done)
      return tl::make_unexpected(done.error());
  return out;
}

/// As `verify --level` raises it: every block gets one more check.
outcome raise(const calm_run& calm, crash_disk& disk) {
  const auto files = disk.files();
  auto store = storage::store_walk::open(calm.folder(), *files);
  if (!store)
    return tl::make_unexpected(store.error());
  auto rows = store->rows();
  if (!rows)
    return tl::make_unexpected(rows.error());
  auto raise = storage::record_raise::open(calm.folder(), *files);
  if (!raise)
    return tl::make_unexpected(raise.error());
  for (;;) {
    const auto file = store->next();
    if (!file)
      return tl::make_unexpected(file.error());
    if (!*file)
      break;
    std::vector<storage::raised_record> records;
    for (const auto& block : (*file)->blocks) {
      auto record = block.record;
      record.made.add(chain::check::block_hash);
      records.push_back({block.height, record, block.stakes});
    }
    if (const auto done = raise->add(std::move(records)); !done)
      return tl::make_unexpected(done.error());
  }
  rows->state.covered.add(chain::check::block_hash);
  if (const auto done = raise->finish(rows->state); !done)
    return tl::make_unexpected(done.error());
  const auto still = store->raising();
  if (!still)
    return tl::make_unexpected(still.error());
  return std::string{*still ? "raising" : "raised"};
}

constexpr task tasks[] = {
    {"start", false, start_node},
    {"reader", true, read_all},
    {"offline check", true, check_offline},
    {"walk", true, walk},
    {"raise", false, raise},
};

/// What a power cut leaves before the last write to the database: its journal is to be played back.
disk_image with_hot_journal(const calm_run& calm) {
  const auto& log = calm.disk().log();
  const auto database = (calm.folder() / storage::database_name).string();
  std::size_t at = log.size();
  while (log[--at].what != operation::kind::write || log[at].name != database)
    ;
  disk_model model{calm.disk().start()};
  for (std::size_t i = 0; i < at; ++i)
    model.apply(log[i]);
  return model.current();
}

std::string digest_of(const calm_run& calm, const disk_image& image) {
  crash_disk disk{image};
  return check_offline(calm, disk).value_or("no content");
}

/// A task on a store, and what comes of it without a fault.
struct trial {
  const calm_run& calm;
  const task& what;
  const disk_image& image;
  bool at_rest;
  std::size_t reads = 0;
  std::string calm_outcome;
  std::string calm_content; ///< afterwards
  std::vector<height_t> heights;

  trial(const calm_run& with, const task& of, const disk_image& on, bool rests)
      : calm(with), what(of), image(on), at_rest(rests) {
    crash_disk disk{image};
    calm_outcome = what.run(calm, disk).value();
    reads = disk.reads();
    calm_content = digest_of(calm, disk.current());
    crash_disk started{image};
    const kit::bundle_maker chain{calm.plan().chain};
    heights = {open_real_store(calm.folder(), chain, started).value()->resume().state.next_height};
  }

  /// The first thing wrong with a run in which a read fails.
  [[nodiscard]] std::optional<std::string> wrong_with(std::size_t at, bool sticky) const {
    crash_disk disk{image};
    disk.inject({fault_kind::failed_read, at, sticky});
    const auto found = what.run(calm, disk);
    if (found && *found != calm_outcome)
      return "gives " + *found + ", not " + calm_outcome;
    if (!found && found.error().code != errc::store_io)
      return "is told as " + std::string{to_string(found.error().code)} + ": " +
             found.error().message;
    const auto left = disk.current();
    if (what.only_reads && at_rest)
      return left == image ? std::nullopt : std::optional<std::string>{"changed the store"};
    if (what.run != raise)
      return calm.violation(left, heights);
    crash_disk again{left};
    if (const auto done = raise(calm, again); !done)
      return "cannot be raised again: " + done.error().message;
    return digest_of(calm, again.current()) == calm_content
               ? std::nullopt
               : std::optional<std::string>{"a second raise ends in another content"};
  }
};

void try_reads(const trial& one, std::size_t first, std::size_t stride, image_tally& into) {
  for (std::size_t at = first; at < one.reads; at += stride)
    for (const bool sticky : {false, true}) {
      ++into.images;
      if (const auto wrong = one.wrong_with(at, sticky))
        into.violations.push_back("read " + std::to_string(at) + (sticky ? " and later" : "") +
                                  " of " + one.what.name +
                                  (one.at_rest ? "" : ", with a hot journal") + ": " + *wrong);
    }
}

} // namespace

image_tally sweep_failed_reads(const calm_run& calm, std::size_t first, std::size_t stride) {
  image_tally out;
  const auto rests = calm.disk().current();
  const auto hot = with_hot_journal(calm);
  for (const auto& what : tasks) {
    try_reads({calm, what, rests, true}, first, stride, out);
    try_reads({calm, what, hot, false}, first, stride, out);
  }
  return out;
}

image_tally sweep_raise(const calm_run& calm, std::size_t first, std::size_t stride) {
  image_tally out;
  const auto image = calm.disk().current();
  crash_disk undisturbed{image};
  static_cast<void>(raise(calm, undisturbed).value());
  const auto expected = digest_of(calm, undisturbed.current());
  random_source random{1};
  for (std::size_t at = first; at < undisturbed.log().size(); at += stride) {
    const auto place = " (" + to_string(undisturbed.log()[at]) + ")";
    for (std::size_t i = 0; i < changing_fault_kinds; ++i)
      for (const bool sticky : {false, true}) {
        crash_disk disk{image};
        disk.inject({static_cast<fault_kind>(i), at, sticky});
        ++out.images;
        const auto kind = static_cast<fault_kind>(i);
        const auto told = raise(calm, disk);
        const bool full = kind == fault_kind::no_space || kind == fault_kind::short_write;
        crash_disk again{disk.current()};
        const auto second = raise(calm, again);
        if (!told && told.error().code != (full ? errc::store_full : errc::store_io))
          out.violations.push_back("raise, fault " + std::string{to_string(kind)} + place +
                                   " is told as " + std::string{to_string(told.error().code)});
        else if (!second || digest_of(calm, again.current()) != expected)
          out.violations.push_back("raise, fault " + std::string{to_string(kind)} + place +
                                   ": a second raise does not end it");
      }
    disk_model model{image};
    for (std::size_t i = 0; i < at; ++i)
      model.apply(undisturbed.log()[i]);
    for (std::size_t i = 0; i < damage_kinds; ++i) {
      const auto how = static_cast<damage>(i);
      crash_disk disk{model.after_power_cut(how, random)};
      ++out.images;
      const auto second = raise(calm, disk);
      if (!second || digest_of(calm, disk.current()) != expected)
        out.violations.push_back("raise, power cut with " + std::string{to_string(how)} + place +
                                 ": a second raise does not end it: " +
                                 (second ? "another content" : second.error().message));
    }
  }
  return out;
}

} // namespace blockferry::crash
