#include "tests/crash/crash_disk.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>
#include <sqlite3.h>

namespace blockferry::crash {
namespace {

using kind = operation::kind;
using storage::result;

thread_local int depth = 0;

/// Around everything that allocates on the disk's own account.
struct inside {
  inside() noexcept { ++depth; }
  ~inside() { --depth; }
  inside(const inside&) = delete;
  inside& operator=(const inside&) = delete;
};

/// One file as the running system sees it, and the locks on it.
struct live_file {
  bytes content;
  int shared = 0;
  int strongest = SQLITE_LOCK_NONE; ///< RESERVED or stronger: held by `owner`
  const void* owner = nullptr;
};

} // namespace

bool in_disk() noexcept {
  return depth > 0;
}

const char* to_string(fault_kind one) {
  switch (one) {
  case fault_kind::io_error:
    return "EIO";
  case fault_kind::no_space:
    return "ENOSPC";
  case fault_kind::short_write:
    return "short write";
  case fault_kind::failed_sync:
    return "failed sync";
  case fault_kind::failed_read:
    return "failed read";
  }
  return "";
}

class crash_disk::state {
public:
  explicit state(const disk_image& start);
  ~state() { sqlite3_vfs_unregister(&vfs); }
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  /// The kind of failure that this operation meets, if it does; logs it otherwise.
  int perform(operation one);
  [[nodiscard]] std::optional<fault_kind> fails(kind what) const;
  /// Counts a read; whether it fails.
  bool read_fails();

  std::string name;
  sqlite3_vfs vfs{};
  std::map<std::string, std::shared_ptr<live_file>> files;
  std::vector<operation> log;
  std::size_t attempts = 0; ///< operations, those that failed included
  std::size_t reads = 0;
  std::size_t stop_at = ~std::size_t{0};
  std::optional<fault> injected;
  bool lying = false;
  int last_error = 0;
  int last_io_error = 0; ///< of a file that is open; a name that is not there is none
  std::function<void(std::size_t)> hook;

private:
  void do_it(const operation& one);
};

namespace {

struct open_file {
  sqlite3_file base; // first, for SQLite
  crash_disk::state* disk;
  std::shared_ptr<live_file>* file;
  std::string* name;
  int lock;
  bool syncs_folder; ///< a new journal: the unix VFS syncs the folder with its first sync
};

open_file& of(sqlite3_file* file) {
  return *reinterpret_cast<open_file*>(file);
}
crash_disk::state& of(sqlite3_vfs* vfs) {
  return *static_cast<crash_disk::state*>(vfs->pAppData);
}

int unlock(sqlite3_file* file, int level) {
  auto& own = of(file);
  auto& on = **own.file;
  if (on.owner == file && level < SQLITE_LOCK_RESERVED) {
    on.owner = nullptr;
    on.strongest = SQLITE_LOCK_NONE;
  }
  if (own.lock >= SQLITE_LOCK_SHARED && level == SQLITE_LOCK_NONE)
    --on.shared;
  own.lock = std::min(own.lock, level);
  return SQLITE_OK;
}

int lock(sqlite3_file* file, int level) {
  auto& own = of(file);
  auto& on = **own.file;
  if (own.lock >= level)
    return SQLITE_OK;
  const bool others = on.owner != nullptr && on.owner != file;
  if (level == SQLITE_LOCK_SHARED) {
    if (others && on.strongest >= SQLITE_LOCK_PENDING)
      return SQLITE_BUSY;
    ++on.shared;
  } else {
    if (others)
      return SQLITE_BUSY;
    on.owner = file;
    if (level == SQLITE_LOCK_EXCLUSIVE && on.shared > 1) {
      on.strongest = own.lock = SQLITE_LOCK_PENDING;
      return SQLITE_BUSY;
    }
    on.strongest = level;
  }
  own.lock = level;
  return SQLITE_OK;
}

int check_reserved(sqlite3_file* file, int* out) {
  *out = (*of(file).file)->owner != nullptr ? 1 : 0;
  return SQLITE_OK;
}

int close_file(sqlite3_file* file) {
  auto& own = of(file);
  unlock(file, SQLITE_LOCK_NONE);
  delete own.file;
  delete own.name;
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
  if (of(file).disk->read_fails())
    return SQLITE_IOERR_CORRUPTFS; // what the unix VFS makes of EIO
  const auto& content = (*of(file).file)->content;
  const auto at = std::min(static_cast<std::size_t>(offset), content.size());
  const auto there = std::min(content.size() - at, static_cast<std::size_t>(count));
  auto* const end = std::copy_n(content.data() + at, there, static_cast<char*>(to));
  std::fill_n(end, static_cast<std::size_t>(count) - there, char{0});
  return there == static_cast<std::size_t>(count) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
  const inside now;
  const auto* data = static_cast<const std::uint8_t*>(from);
  return of(file).disk->perform(
      {kind::write, *of(file).name, {}, static_cast<std::uint64_t>(offset), {data, data + count}});
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  const inside now;
  return of(file).disk->perform(
      {kind::truncate, *of(file).name, {}, static_cast<std::uint64_t>(size), {}});
}

int sync(sqlite3_file* file, int) {
  const inside now;
  auto& own = of(file);
  if (const int code = own.disk->perform({kind::sync, *own.name}); code != SQLITE_OK)
    return code;
  if (!own.syncs_folder)
    return SQLITE_OK;
  own.syncs_folder = false;
  return own.disk->perform({kind::sync_folder, *own.name});
}

int file_size(sqlite3_file* file, sqlite3_int64* out) {
  if (of(file).disk->read_fails())
    return SQLITE_IOERR_FSTAT;
  *out = static_cast<sqlite3_int64>((*of(file).file)->content.size());
  return SQLITE_OK;
}

int file_control(sqlite3_file* file, int what, void* out) {
  if (what != SQLITE_FCNTL_LAST_ERRNO)
    return SQLITE_NOTFOUND;
  *static_cast<int*>(out) = of(file).disk->last_io_error;
  return SQLITE_OK;
}
int sector_size(sqlite3_file*) {
  return 4096;
}
int characteristics(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

const sqlite3_io_methods methods = {1,
                                    close_file,
                                    read,
                                    write,
                                    truncate,
                                    sync,
                                    file_size,
                                    lock,
                                    unlock,
                                    check_reserved,
                                    file_control,
                                    sector_size,
                                    characteristics,
                                    nullptr,
                                    nullptr,
                                    nullptr,
                                    nullptr,
                                    nullptr,
                                    nullptr};

int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* flags_out) {
  const inside now;
  auto& disk = of(vfs);
  auto& own = of(file);
  own.base.pMethods = nullptr;
  if (disk.files.find(path) == disk.files.end()) {
    disk.last_error = ENOENT;
    if ((flags & SQLITE_OPEN_CREATE) == 0)
      return SQLITE_CANTOPEN;
    if (disk.perform({kind::create, path}) != SQLITE_OK)
      return SQLITE_CANTOPEN;
  } else if (disk.read_fails()) {
    return SQLITE_CANTOPEN;
  }
  constexpr int journal = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
  own.disk = &disk;
  own.file = new std::shared_ptr<live_file>(disk.files.at(path));
  own.name = new std::string(path);
  own.lock = SQLITE_LOCK_NONE;
  own.syncs_folder = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & journal) != 0;
  own.base.pMethods = &methods;
  if (flags_out != nullptr)
    *flags_out = flags;
  return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  const inside now;
  auto& disk = of(vfs);
  if (!disk.files.contains(path))
    return SQLITE_IOERR_DELETE_NOENT;
  if (const int code = disk.perform({kind::remove, path}); code != SQLITE_OK)
    return SQLITE_IOERR_DELETE;
  return sync_folder == 0 ? SQLITE_OK : disk.perform({kind::sync_folder, path});
}

/// As the unix VFS has it: an empty file counts as none.
int access(sqlite3_vfs* vfs, const char* path, int flags, int* out) {
  const inside now;
  if (of(vfs).read_fails())
    return SQLITE_IOERR_ACCESS;
  const auto found = of(vfs).files.find(path);
  *out = found != of(vfs).files.end() &&
                 (flags != SQLITE_ACCESS_EXISTS || !found->second->content.empty())
             ? 1
             : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", path);
  return SQLITE_OK;
}
sqlite3_vfs* real() {
  return sqlite3_vfs_find("unix");
}
int randomness(sqlite3_vfs*, int count, char* out) {
  return real()->xRandomness(real(), count, out);
}
int pause(sqlite3_vfs*, int microseconds) {
  return microseconds; // nobody else runs meanwhile
}
int current_time(sqlite3_vfs*, double* out) {
  return real()->xCurrentTime(real(), out);
}
int error_number(sqlite3_vfs* vfs, int, char*) {
  return of(vfs).last_error;
}

class disk_files final : public storage::file_system {
public:
  explicit disk_files(std::shared_ptr<crash_disk::state> disk) : disk_(std::move(disk)) {}
  [[nodiscard]] std::string vfs() const override { return disk_->name; }
  [[nodiscard]] result<void> check_names(const std::filesystem::path&) const override { return {}; }
  [[nodiscard]] result<void> set_mode(const std::filesystem::path&) override { return {}; }
  [[nodiscard]] result<void> rename(const std::filesystem::path& from,
                                    const std::filesystem::path& to) override {
    const inside now;
    return done({kind::rename, from.string(), to.string()});
  }
  [[nodiscard]] result<void> sync_folder(const std::filesystem::path& folder) override {
    const inside now;
    return done({kind::sync_folder, folder.string()});
  }
  [[nodiscard]] std::optional<std::uint64_t>
  free_bytes(const std::filesystem::path&) const override {
    return std::nullopt;
  }

private:
  result<void> done(operation one) {
    const inside now;
    const std::string what = to_string(one);
    if (disk_->perform(std::move(one)) == SQLITE_OK)
      return {};
    const bool full = disk_->last_error == ENOSPC;
    return tl::make_unexpected(failure{full ? errc::store_full : errc::store_io, what});
  }
  std::shared_ptr<crash_disk::state> disk_;
};

} // namespace

crash_disk::state::state(const disk_image& start) {
  static std::atomic<std::uint64_t> number{0};
  name = "crash" + std::to_string(++number);
  for (const auto& [path, content] : start)
    files[path] = std::make_shared<live_file>(live_file{content});
  vfs.iVersion = 1;
  vfs.szOsFile = sizeof(open_file);
  vfs.mxPathname = 1024;
  vfs.zName = name.c_str();
  vfs.pAppData = this;
  vfs.xOpen = open;
  vfs.xDelete = remove;
  vfs.xAccess = access;
  vfs.xFullPathname = full_path;
  vfs.xRandomness = randomness;
  vfs.xSleep = pause;
  vfs.xCurrentTime = current_time;
  vfs.xGetLastError = error_number;
  sqlite3_vfs_register(&vfs, 0);
}

std::optional<fault_kind> crash_disk::state::fails(kind what) const {
  if (attempts >= stop_at)
    return fault_kind::io_error;
  if (!injected || (injected->sticky ? attempts < injected->at : attempts != injected->at))
    return std::nullopt;
  const bool writes = what == kind::write;
  const bool grows = writes || what == kind::create || what == kind::rename;
  switch (injected->what) {
  case fault_kind::io_error:
    return injected->what;
  case fault_kind::no_space: // a sync may find it out too, where space is given late
    return grows || what == kind::sync ? std::optional{injected->what} : std::nullopt;
  case fault_kind::short_write:
    return writes ? std::optional{injected->what} : std::nullopt;
  case fault_kind::failed_sync:
    return what == kind::sync || what == kind::sync_folder ? std::optional{injected->what}
                                                           : std::nullopt;
  case fault_kind::failed_read:
    return std::nullopt;
  }
  return std::nullopt;
}

bool crash_disk::state::read_fails() {
  const std::size_t at = reads++;
  if (!injected || injected->what != fault_kind::failed_read ||
      (injected->sticky ? at < injected->at : at != injected->at))
    return false;
  last_error = last_io_error = EIO;
  return true;
}

void crash_disk::state::do_it(const operation& one) {
  switch (one.what) {
  case kind::create:
    files[one.name] = std::make_shared<live_file>();
    return;
  case kind::write: {
    auto& content = files.at(one.name)->content;
    if (content.size() < one.offset + one.written.size())
      content.resize(one.offset + one.written.size());
    std::copy(one.written.begin(), one.written.end(),
              content.begin() + static_cast<std::ptrdiff_t>(one.offset));
    return;
  }
  case kind::truncate:
    files.at(one.name)->content.resize(one.offset);
    return;
  case kind::remove:
    files.erase(one.name);
    return;
  case kind::rename:
    files[one.to] = files.at(one.name);
    files.erase(one.name);
    return;
  case kind::sync:
  case kind::lost_sync:
  case kind::sync_folder:
    return;
  }
}

int crash_disk::state::perform(operation one) {
  const inside now;
  if (hook)
    hook(attempts);
  const auto failing = fails(one.what);
  ++attempts;
  if (!failing) {
    do_it(one);
    if (!lying || (one.what != kind::sync && one.what != kind::sync_folder))
      log.push_back(std::move(one));
    return SQLITE_OK;
  }
  last_error = last_io_error = *failing == fault_kind::no_space ? ENOSPC : EIO;
  const bool stopped = attempts > stop_at;
  switch (one.what) {
  case kind::write:
    if (*failing == fault_kind::short_write) {
      one.written.resize(one.written.size() / 2);
      do_it(one);
      log.push_back(std::move(one));
      last_error = last_io_error = 0;
      return SQLITE_FULL;
    }
    return *failing == fault_kind::no_space ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  case kind::sync:
    if (!stopped) { // the system forgets what it could not write (Rebello et al., 2020)
      one.what = kind::lost_sync;
      log.push_back(std::move(one));
    }
    return SQLITE_IOERR_FSYNC;
  case kind::truncate:
    return SQLITE_IOERR_TRUNCATE;
  case kind::sync_folder:
    return SQLITE_IOERR_DIR_FSYNC;
  case kind::create:
  case kind::remove:
  case kind::rename:
  case kind::lost_sync:
    return SQLITE_IOERR;
  }
  return SQLITE_IOERR;
}

crash_disk::crash_disk(disk_image start)
    : start_(std::move(start)), state_(std::make_shared<state>(start_)) {}

crash_disk::~crash_disk() = default;

std::shared_ptr<storage::file_system> crash_disk::files() const {
  return std::make_shared<disk_files>(state_);
}

const std::vector<operation>& crash_disk::log() const {
  return state_->log;
}

std::size_t crash_disk::reads() const {
  return state_->reads;
}

void crash_disk::stop_before(std::size_t at) {
  state_->stop_at = at;
}

void crash_disk::stop_now() {
  state_->stop_at = 0;
}

void crash_disk::inject(fault one) {
  state_->injected = one;
}

void crash_disk::lie_about_syncs() {
  state_->lying = true;
}

void crash_disk::on_operation(std::function<void(std::size_t)> hook) {
  state_->hook = std::move(hook);
}

disk_image crash_disk::current() const {
  disk_image out;
  for (const auto& [path, file] : state_->files)
    out[path] = file->content;
  return out;
}

disk_image crash_disk::power_cut(damage how, random_source& random) const {
  disk_model model{start_};
  for (const auto& one : state_->log)
    model.apply(one);
  return model.after_power_cut(how, random);
}

} // namespace blockferry::crash
