#include "storage/raw_file.hpp"

#include <cerrno>
#include <new>
#include <sqlite3.h>

namespace blockferry::storage {
namespace {

/// errno, as the VFS tells it.
int last_error(sqlite3_vfs* vfs) {
  return vfs->xGetLastError == nullptr ? 0 : vfs->xGetLastError(vfs, 0, nullptr);
}

tl::unexpected<failure> no_vfs(const std::string& name) {
  return tl::make_unexpected(
      failure{errc::invalid_argument, "there is no SQLite VFS '" + name + "'"});
}

sqlite3_vfs* find(const std::string& name) {
  return sqlite3_vfs_find(name.empty() ? nullptr : name.c_str());
}

} // namespace

void raw_file::name_closer::operator()(const char* name) const noexcept {
  sqlite3_free_filename(name);
}

void raw_file::closer::operator()(sqlite3_file* file) const noexcept {
  if (file->pMethods != nullptr)
    file->pMethods->xClose(file);
  ::operator delete(file);
}

result<std::optional<raw_file>> raw_file::open(const std::string& path, const std::string& vfs) {
  raw_file out;
  out.vfs_ = find(vfs);
  if (out.vfs_ == nullptr)
    return no_vfs(vfs);
  out.name_.reset(sqlite3_create_filename(path.c_str(), "", "", 0, nullptr));
  const auto bytes = static_cast<std::size_t>(out.vfs_->szOsFile);
  out.file_.reset(static_cast<sqlite3_file*>(::operator new(bytes)));
  out.file_->pMethods = nullptr;
  if (out.name_ == nullptr)
    throw std::bad_alloc{};
  // As a database, whatever it is: so the VFS minds the locks on it.
  constexpr int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
  int flags_given = 0;
  const int code = out.vfs_->xOpen(out.vfs_, out.name_.get(), out.file_.get(), flags, &flags_given);
  if (code == SQLITE_OK)
    return std::optional{std::move(out)};
  if ((code & 0xff) == SQLITE_CANTOPEN && last_error(out.vfs_) == ENOENT)
    return std::optional<raw_file>{};
  return tl::make_unexpected(out.error(code, "opening "));
}

result<std::uint64_t> raw_file::size() {
  sqlite3_int64 out = 0;
  if (const int code = file_->pMethods->xFileSize(file_.get(), &out); code != SQLITE_OK)
    return tl::make_unexpected(error(code, "reading the size of "));
  return static_cast<std::uint64_t>(out);
}

result<void> raw_file::read(std::uint64_t offset, std::span<std::uint8_t> out) {
  const int code = file_->pMethods->xRead(file_.get(), out.data(), static_cast<int>(out.size()),
                                          static_cast<sqlite3_int64>(offset));
  if (code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ)
    return {};
  return tl::make_unexpected(error(code, "reading "));
}

result<void> raw_file::sync() {
  if (const int code = file_->pMethods->xSync(file_.get(), SQLITE_SYNC_NORMAL); code != SQLITE_OK)
    return tl::make_unexpected(error(code, "syncing "));
  return {};
}

failure raw_file::error(int code, const char* doing) const {
  return failure_of(code, last_error(vfs_), std::string{doing} + name_.get());
}

result<void> remove_file(const std::string& path, const std::string& vfs) {
  sqlite3_vfs* const by = find(vfs);
  if (by == nullptr)
    return no_vfs(vfs);
  const int code = by->xDelete(by, path.c_str(), 0);
  if (code == SQLITE_OK || code == SQLITE_IOERR_DELETE_NOENT)
    return {};
  return tl::make_unexpected(failure_of(code, last_error(by), "removing " + path));
}

} // namespace blockferry::storage
