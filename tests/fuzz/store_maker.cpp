#include "tests/fuzz/store_maker.hpp"

#include "chain/aleo_rules.hpp"
#include "storage/create_store.hpp"
#include "storage/integrity.hpp"
#include "storage/reader.hpp"
#include "storage/sqlite.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/fuzz/seed_chains.hpp"
#include "tests/kit/cdn_folder.hpp"

#include <filesystem>
#include <stdexcept>
#include <unistd.h>

namespace blockferry::fuzz {
namespace {

namespace fs = std::filesystem;

/// A folder of this process's own, gone at its end.
class work_folder {
public:
  work_folder()
      : path_{(fs::exists("/dev/shm") ? fs::path{"/dev/shm"} : fs::temp_directory_path()) /
              ("blockferry_fuzz_" + std::to_string(::getpid()))} {
    clear();
  }
  work_folder(const work_folder&) = delete;
  work_folder& operator=(const work_folder&) = delete;
  ~work_folder() { fs::remove_all(path_); }
  void clear() const {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

private:
  fs::path path_;
};

const work_folder& folder() {
  static const work_folder one;
  return one;
}

storage::store_options options_for(const chain::network& net) {
  storage::store_options options;
  options.folder = folder().path();
  options.identity.network = net.name;
  options.identity.network_id = net.id;
  options.identity.genesis = net.genesis;
  return options;
}

template <class T>
T value_of(tl::expected<T, failure> result) {
  if (!result)
    throw std::runtime_error{result.error().message};
  return std::move(*result);
}

verified_bundle judged(const chain::aleo_rules& rules, const byte_buffer& bytes) {
  verified_bundle out;
  const chain::bundle_job job{bytes, 0, {0, 50}, chain::level::header, {}};
  const auto checked = rules.check_bundle(job, {});
  const auto before = chain::state_before_genesis();
  const auto after = rules.extend(before, checked.value());
  const auto records = rules.check_history(before, checked.value(), {});
  out.blocks = checked->blocks;
  for (std::size_t i = 0; i < out.blocks.size(); ++i)
    out.blocks[i].record = records.value()[i];
  out.after = after.value();
  out.range = {0, static_cast<std::uint32_t>(out.blocks.size())};
  out.file_blocks = checked->file_blocks;
  out.bytes = payload{std::make_shared<const byte_buffer>(bytes)};
  out.source = {"http://mirror/0.50.blocks", 0, 1'700'000'000'000};
  return out;
}

byte_buffer make_store() {
  const seed_chain chain = beacon_chain(8);
  const chain::aleo_rules rules{chain.net};
  const auto bundle = judged(rules, kit::bundle_of(chain.blocks));
  auto store = value_of(storage::open_store(options_for(chain.net)));
  const verified_bundle* const one = &bundle;
  (void)value_of(store->commit({&one, 1}));
  (void)value_of(store->mark_clean({}, {}, [](drain_receipt&) {}));
  store.reset();
  auto bytes = kit::read_file(folder().path() / storage::database_name);
  folder().clear();
  return bytes;
}

fs::path journal_path() {
  return folder().path() / (std::string{storage::database_name} + "-journal");
}

/// A cache of one page writes the changed ones to the file before the transaction ends, and for
/// that the journal has to be synced first.
killed_files kill_store() {
  folder().clear();
  const auto path = folder().path() / storage::database_name;
  kit::write_file(path, made_store());
  auto writer = value_of(storage::connection::open(path.string(), storage::open_mode::read_write));
  if (!writer.run("PRAGMA journal_mode=TRUNCATE; PRAGMA cache_size=1; BEGIN; "
                  "UPDATE blocks SET timestamp = 5; DELETE FROM bundles"))
    throw std::runtime_error{"the transaction does not run"};
  killed_files out{kit::read_file(path), kit::read_file(journal_path())};
  if (out.journal.empty() || out.database == made_store())
    throw std::runtime_error{"nothing is to be played back"};
  return out;
}

template <class T>
void require_store_error(const storage::result<T>& result) {
  require(result.has_value() || is_store_error(result.error().code), "a store's error is store_*");
}

void read_all() {
  auto reader = storage::reader::open(folder().path());
  require_store_error(reader);
  if (!reader)
    return;
  require_store_error(reader->state());
  require_store_error(reader->whole_state());
  require_store_error(reader->last_receipt());
  for (const height_t height : {0U, 3U, 7U, 8U}) {
    const auto block = reader->block_at(height);
    require_store_error(block);
    if (block && *block)
      require_store_error(reader->block_of((*block)->block_hash));
    require_store_error(reader->bundle_of(height));
  }
}

void check_offline() {
  auto check = storage::offline_check::open(folder().path());
  require_store_error(check);
  if (!check)
    return;
  require_store_error(check->check_file());
  require_store_error(check->check_records());
  require_store_error(check->content_digest());
}

void start_node() {
  auto store = storage::open_store(options_for(beacon_chain(8).net));
  require_store_error(store);
  if (store)
    require_store_error((*store)->mark_clean({}, {}, [](drain_receipt&) {}));
}

} // namespace

const byte_buffer& made_store() {
  static const byte_buffer bytes = make_store();
  return bytes;
}

const killed_files& killed_store() {
  static const killed_files files = kill_store();
  return files;
}

void look_at_store(byte_view file, byte_view journal) {
  for (const auto look : {read_all, check_offline, start_node}) {
    folder().clear(); // each plays the journal back
    kit::write_file(folder().path() / storage::database_name, file);
    if (!journal.empty())
      kit::write_file(journal_path(), journal);
    look();
  }
}

} // namespace blockferry::fuzz
