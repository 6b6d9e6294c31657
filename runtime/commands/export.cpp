#include "chain/latest.hpp"
#include "chain/name.hpp"
#include "chain/start_file.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/output_file.hpp"
#include "runtime/commands/progress.hpp"
#include "runtime/commands/report.hpp"
#include "runtime/commands/stored_file.hpp"
#include "storage/create_store.hpp"

#include <ostream>

namespace blockferry::runtime {
namespace {

storage::result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error)
    return {};
  return tl::make_unexpected(
      failure{errc::store_io, "making the folder " + folder.string() + ": " + error.message() +
                                  ". Name a place that can be written with --out."});
}

/// The files of a store, one after the other.
class file_export {
public:
  file_export(const std::filesystem::path& out, output_streams to) : out_(out), to_(to) {}

  /// False: stopped.
  storage::result<bool> run(storage::reader& store, const std::stop_token& stop);

private:
  storage::result<void> write(const stored_file& file);
  storage::result<void> finish();

  const std::filesystem::path& out_;
  output_streams to_;
  std::uint64_t files_ = 0;
  std::uint64_t blocks_ = 0;
  std::optional<chain::tip> last_;
};

storage::result<void> file_export::write(const stored_file& file) {
  const auto& record = file.record;
  blocks_ += record.taken.count;
  last_ = chain::tip{static_cast<height_t>(record.taken.end() - 1), file.hashes.back()};
  if (record.taken.first != record.file_start) {
    to_.err << "blocks " << record.taken.first << " to " << last_->height
            << " are left out: the store has not the blocks before them in their file, "
            << record.file_start << "." << record.file_start + blocks_per_file
            << ".blocks. Sync from what is written with --start "
            << record.file_start + blocks_per_file << " or a start file.\n";
    return {};
  }
  ++files_;
  return write_whole_file(out_ / (std::to_string(record.file_start) + "." +
                                  std::to_string(record.file_start + blocks_per_file) + ".blocks"),
                          file.bytes);
}

/// The advertisement comes last: it never names a block that is not there.
storage::result<void> file_export::finish() {
  if (auto done = sync_folder(out_); !done)
    return done;
  if (last_ && files_ > 0) {
    const auto latest = chain::make_latest(last_->height, last_->block_hash);
    if (auto done = write_whole_file(out_ / "latest.json", latest); !done)
      return done;
  }
  return sync_folder(out_);
}

storage::result<bool> file_export::run(storage::reader& store, const std::stop_token& stop) {
  if (auto done = make_folder(out_); !done)
    return tl::make_unexpected(done.error());
  const auto state = store.state();
  if (!state)
    return tl::make_unexpected(state.error());
  progress shown{to_.err, "export", state->block_count};
  // A node may go on meanwhile: the tip is the one that was there at the beginning, or later.
  for (std::uint64_t next = state->state.start_height; next < state->state.next_height;) {
    if (stop.stop_requested())
      return false;
    const auto file = read_stored_file(store, static_cast<height_t>(next));
    if (!file)
      return tl::make_unexpected(file.error());
    if (!*file)
      return tl::make_unexpected(
          failure{errc::store_damaged, "no file's record covers block " + std::to_string(next) +
                                           ". The store is damaged; 'verify' says more."});
    if (auto done = write(**file); !done)
      return tl::make_unexpected(done.error());
    next = (*file)->record.taken.end();
    shown.at(blocks_);
  }
  if (auto done = finish(); !done)
    return tl::make_unexpected(done.error());
  to_.out << "exported " << files_ << " files to " << out_.string()
          << (last_ ? ", the last block " + std::to_string(last_->height) + " " +
                          chain::block_name(last_->block_hash)
                    : "; the store is empty")
          << "\n";
  return true;
}

storage::result<void> export_start_file(storage::reader& store, const std::filesystem::path& path,
                                        output_streams to) {
  auto state = store.whole_state();
  if (!state)
    return tl::make_unexpected(state.error());
  if (!state->last)
    return tl::make_unexpected(
        failure{errc::invalid_argument,
                "the store holds no block yet: there is nothing to start after. Sync first."});
  if (!state->history_known)
    to.err << "The start file carries no Merkle peaks, because not every block was checked to "
              "'header': who starts from it cannot check state roots. 'verify --level header' "
              "mends that for a store that begins at genesis.\n";
  state->start_height = state->next_height; // where a run from this file begins
  if (auto done = write_whole_file(path, chain::encode_start_file(*state)); !done)
    return done;
  if (auto done = sync_folder(path.parent_path()); !done)
    return done;
  to.out << "start file for block " << state->next_height << ", after "
         << chain::block_name(state->last->block_hash) << ": " << path.string() << "\n";
  return {};
}

} // namespace

exit_code run_export(const export_options& options, output_streams to, std::stop_token stop) {
  if (options.out.empty() && options.start_file.empty())
    return report(to.err, "export",
                  {errc::invalid_argument,
                   "nothing to write. Name a folder with --out, or a start file with --state."});
  if (storage::is_name_of_store(options.store, options.start_file))
    return report(to.err, "export",
                  {errc::invalid_argument, options.start_file.string() +
                                               " is a file of the store; nothing was changed. Name "
                                               "another one with --state."});
  auto store = storage::reader::open(options.store);
  if (!store)
    return report(to.err, "export", store.error());
  if (!options.out.empty()) {
    const auto done = file_export{options.out, to}.run(*store, stop);
    if (!done)
      return report(to.err, "export", done.error());
    if (!*done) {
      to.err << "blockferry export: interrupted; every file that is there is whole.\n";
      return exit_code::interrupted;
    }
  }
  if (!options.start_file.empty())
    if (const auto done = export_start_file(*store, options.start_file, to); !done)
      return report(to.err, "export", done.error());
  return exit_code::done;
}

} // namespace blockferry::runtime
