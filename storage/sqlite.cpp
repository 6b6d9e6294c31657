#include "storage/sqlite.hpp"

#include <array>
#include <sqlite3.h>
#include <utility>

namespace blockferry::storage {
namespace {

constexpr int busy_timeout_ms = 5000;

int open_flags(open_mode mode) {
  switch (mode) {
  case open_mode::read_write:
    return SQLITE_OPEN_READWRITE;
  case open_mode::create:
    return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  case open_mode::read_only:
  case open_mode::immutable:
    return SQLITE_OPEN_READONLY;
  }
  return SQLITE_OPEN_READONLY;
}

/// A path as a URI, so that it can carry `immutable`.
std::string uri_of(const std::string& path, open_mode mode) {
  constexpr std::string_view digits = "0123456789abcdef";
  // An empty authority, so that a path that begins with two slashes is not taken for one.
  std::string out = path.starts_with('/') ? "file://" : "file:";
  for (const char one : path) {
    const auto byte = static_cast<unsigned char>(one);
    if (one == '%' || one == '?' || one == '#') {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += one;
    }
  }
  return mode == open_mode::immutable ? out + "?immutable=1" : out;
}

/// Nothing in a database file may make SQLite run code of the file's, and every value has a bound.
void harden(sqlite3* handle) {
  for (const auto& [option, on] :
       {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1}, std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        std::pair{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, std::pair{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        std::pair{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}})
    sqlite3_db_config(handle, option, on, nullptr);
  for (const auto& [limit, value] :
       {std::pair{SQLITE_LIMIT_LENGTH, 80'000'000}, std::pair{SQLITE_LIMIT_SQL_LENGTH, 100'000},
        std::pair{SQLITE_LIMIT_COLUMN, 100}, std::pair{SQLITE_LIMIT_EXPR_DEPTH, 10},
        std::pair{SQLITE_LIMIT_COMPOUND_SELECT, 3}, std::pair{SQLITE_LIMIT_VDBE_OP, 25'000},
        std::pair{SQLITE_LIMIT_ATTACHED, 0}, std::pair{SQLITE_LIMIT_VARIABLE_NUMBER, 50},
        std::pair{SQLITE_LIMIT_TRIGGER_DEPTH, 10}})
    sqlite3_limit(handle, limit, value);
}

/// For connections that only read: queries, and nothing that could change a file or open another.
int allow_queries(void*, int action, const char*, const char*, const char*, const char*) {
  switch (action) {
  case SQLITE_SELECT:
  case SQLITE_READ:
  case SQLITE_FUNCTION:
  case SQLITE_RECURSIVE:
  case SQLITE_TRANSACTION:
  case SQLITE_PRAGMA:
    return SQLITE_OK;
  default:
    return SQLITE_DENY;
  }
}

} // namespace

void connection::closer::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}

result<connection> connection::open(const std::string& path, open_mode mode,
                                    const std::string& vfs) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(uri_of(path, mode).c_str(), &handle,
                                   open_flags(mode) | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE |
                                       SQLITE_OPEN_NOMUTEX,
                                   vfs.empty() ? nullptr : vfs.c_str());
  connection out{handle};
  if (code != SQLITE_OK)
    return tl::make_unexpected(handle == nullptr
                                   ? failure{errc::store_io, "no memory to open " + path}
                                   : out.error("opening " + path));
  harden(handle);
  out.set_busy_timeout_ms(busy_timeout_ms);
  if (auto done =
          out.run("PRAGMA mmap_size=0; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY");
      !done)
    return tl::make_unexpected(done.error());
  if (mode == open_mode::read_only || mode == open_mode::immutable)
    sqlite3_set_authorizer(handle, allow_queries, nullptr);
  return out;
}

void connection::set_busy_timeout_ms(int milliseconds) noexcept {
  sqlite3_busy_timeout(handle_.get(), milliseconds);
}

result<void> connection::run(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return tl::make_unexpected(error(sql));
  return {};
}

result<void> connection::number_schema(std::int32_t number) {
  const auto sql = "PRAGMA schema_version=" + std::to_string(number);
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
  auto done = run(sql.c_str());
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return done;
}

result<std::string> connection::text_of(const char* sql) {
  auto query = statement::prepare(*this, sql);
  if (!query)
    return tl::make_unexpected(query.error());
  const auto row = query->step();
  if (!row)
    return tl::make_unexpected(row.error());
  return *row ? query->text(0) : std::string{};
}

std::int64_t connection::changed_rows() const noexcept {
  return sqlite3_changes64(handle_.get());
}

namespace {

/// The errno of the last failed operation on the database file; 0 if none failed.
int file_error_of(sqlite3* handle) {
  int error = 0;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_LAST_ERRNO, &error);
  return error;
}

/// The errno behind an I/O error.  SQLite notes it with the connection for a failed step, but not
/// for a failed COMMIT: there it stands with the file that failed, database or journal.
int system_error_of(sqlite3* handle) {
  int error = sqlite3_system_errno(handle);
  if (error == 0)
    error = file_error_of(handle);
  sqlite3_file* journal = nullptr;
  if (error == 0 &&
      sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &journal) == SQLITE_OK &&
      journal != nullptr && journal->pMethods != nullptr)
    journal->pMethods->xFileControl(journal, SQLITE_FCNTL_LAST_ERRNO, &error);
  return error;
}

failure error_of(sqlite3* handle, int code, std::string_view doing, std::string_view said) {
  // A read that ends in EIO is SQLITE_CORRUPT too (the unix VFS's SQLITE_IOERR_CORRUPTFS); what a
  // disk does not give is no damage to what it holds.
  if ((code & 0xff) == SQLITE_CORRUPT)
    if (const int system_error = file_error_of(handle); system_error != 0)
      return failure_of(SQLITE_IOERR_READ, system_error, doing);
  const int system_error =
      (code & 0xff) == SQLITE_IOERR ? system_error_of(handle) : sqlite3_system_errno(handle);
  return failure_of(code, system_error, doing, said);
}

} // namespace

result<void> connection::check_integrity() {
  const auto verdict = text_of("PRAGMA integrity_check(1)");
  if (!verdict)
    return tl::make_unexpected(verdict.error());
  if (*verdict == "ok")
    return {};
  // To that check a page that the disk does not give is damage.
  if (const int system_error = file_error_of(handle_.get()); system_error != 0)
    return tl::make_unexpected(failure_of(SQLITE_IOERR, system_error, "SQLite's integrity check"));
  return tl::make_unexpected(
      failure{errc::store_damaged, "SQLite's integrity check says: " + *verdict});
}

failure connection::error(std::string_view doing) const {
  sqlite3* handle = handle_.get();
  return error_of(handle, sqlite3_extended_errcode(handle), doing, sqlite3_errmsg(handle));
}

void statement::finalizer::operator()(sqlite3_stmt* handle) const noexcept {
  sqlite3_finalize(handle);
}

result<statement> statement::prepare(connection& on, const char* sql) {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v3(on.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr) !=
      SQLITE_OK)
    return tl::make_unexpected(on.error(sql));
  return statement{handle};
}

statement& statement::bind(int parameter, std::int64_t value) {
  const int code = sqlite3_bind_int64(handle_.get(), parameter, value);
  bind_error_ = bind_error_ == SQLITE_OK ? code : bind_error_;
  return *this;
}

statement& statement::bind(int parameter, std::string_view text) {
  const int code = sqlite3_bind_text64(handle_.get(), parameter, text.data(), text.size(),
                                       SQLITE_TRANSIENT, SQLITE_UTF8);
  bind_error_ = bind_error_ == SQLITE_OK ? code : bind_error_;
  return *this;
}

statement& statement::bind(int parameter, byte_view bytes) {
  // No bytes are a value too: SQLite takes a null pointer for NULL.
  const int code = bytes.empty() ? sqlite3_bind_zeroblob(handle_.get(), parameter, 0)
                                 : sqlite3_bind_blob64(handle_.get(), parameter, bytes.data(),
                                                       bytes.size(), SQLITE_STATIC);
  bind_error_ = bind_error_ == SQLITE_OK ? code : bind_error_;
  return *this;
}

statement& statement::bind_null(int parameter) {
  const int code = sqlite3_bind_null(handle_.get(), parameter);
  bind_error_ = bind_error_ == SQLITE_OK ? code : bind_error_;
  return *this;
}

result<void> statement::run() {
  const auto row = step();
  reset();
  if (!row)
    return tl::make_unexpected(row.error());
  return {};
}

result<bool> statement::step() {
  const int code = bind_error_ != SQLITE_OK ? bind_error_ : sqlite3_step(handle_.get());
  if (code == SQLITE_ROW)
    return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  sqlite3* database = sqlite3_db_handle(handle_.get());
  const std::string_view said =
      bind_error_ == SQLITE_OK ? std::string_view{sqlite3_errmsg(database)} : std::string_view{};
  auto out = error_of(database, code, sqlite3_sql(handle_.get()), said);
  reset();
  return tl::make_unexpected(std::move(out));
}

void statement::reset() noexcept {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
  bind_error_ = SQLITE_OK;
}

std::int64_t statement::integer(int column) const noexcept {
  return sqlite3_column_int64(handle_.get(), column);
}

std::string statement::text(int column) const {
  const auto* data = sqlite3_column_text(handle_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return data == nullptr ? std::string{} : std::string{reinterpret_cast<const char*>(data), size};
}

byte_view statement::bytes(int column) const noexcept {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return data == nullptr ? byte_view{} : byte_view{data, size};
}

bool statement::is_null(int column) const noexcept {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

} // namespace blockferry::storage
