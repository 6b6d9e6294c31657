#include "storage/sqlite.hpp"

#include <cerrno>
#include <cstring>
#include <sqlite3.h>

namespace blockferry::storage {
namespace {

/// Where the path is the trouble and not the disk below it; null for any other error.
const char* next_step_of_path(int system_error) {
  switch (system_error) {
  case EACCES:
  case EPERM:
    return ". This user may not do that there: see to the owner and mode of the folder and its "
           "files, or name another folder with --store.";
  case EROFS:
    return ". The file system is read-only: mount it writable, or name another folder with "
           "--store.";
  case ENOENT:
  case ENOTDIR:
    return ". There is no such file or folder, and none can be made there: name another folder "
           "with --store.";
  default:
    return nullptr;
  }
}

const char* next_step(errc code, int system_error) {
  if (code == errc::store_full && system_error == EFBIG)
    return ". The store is whole and ends at the last commit: let files be larger (ulimit -f), or "
           "move the store to a file system that does, and start again.";
  if (code == errc::store_full)
    return ". The store is whole and ends at the last commit: free some space and start again.";
  if (code == errc::store_damaged)
    return ". The store does not hold what was written to it: restore it from a copy, or move the "
           "folder away and sync anew.";
  return ". The store ends at the last commit: see to the disk, then start again.";
}

} // namespace

errc classify(int extended_code, int system_error) noexcept {
  const bool no_room = system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
  switch (extended_code & 0xff) {
  case SQLITE_FULL:
    return errc::store_full;
  case SQLITE_ERROR: // our own statements fail on no schema but a damaged one
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
  case SQLITE_CONSTRAINT: // nor do they break a constraint
  case SQLITE_MISMATCH:
  case SQLITE_TOOBIG:
    return errc::store_damaged;
  case SQLITE_IOERR:
  case SQLITE_CANTOPEN: // a journal may be what there is no room for
    return no_room ? errc::store_full : errc::store_io;
  default:
    return errc::store_io;
  }
}

failure failure_of(int extended_code, int system_error, std::string_view doing,
                   std::string_view said) {
  std::string message{doing};
  message += ": ";
  const int kind = extended_code & 0xff;
  if (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN)
    if (const char* step = next_step_of_path(system_error); step != nullptr)
      return {errc::store_io, message + std::strerror(system_error) + step};
  message += said.empty() ? sqlite3_errstr(extended_code) : said;
  message += " (SQLite " + std::to_string(extended_code);
  if (system_error != 0 && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN || kind == SQLITE_FULL))
    message += std::string{", "} + std::strerror(system_error);
  const errc code = classify(extended_code, system_error);
  return {code, message + ")" + next_step(code, system_error)};
}

std::string sqlite_version() {
  return sqlite3_libversion();
}

bool has_wal_reset_bug(int version) noexcept {
  const bool mended = version >= 3'051'003 || (version >= 3'050'007 && version < 3'051'000) ||
                      (version >= 3'044'006 && version < 3'045'000);
  return version >= 3'007'000 && !mended;
}

int sqlite_version_number() noexcept {
  return sqlite3_libversion_number();
}

std::string wal_reset_status(int version) {
  return has_wal_reset_bug(version)
             ? "with the WAL-reset bug, which one writer and a rollback journal never meet"
             : "without the WAL-reset bug";
}

} // namespace blockferry::storage
