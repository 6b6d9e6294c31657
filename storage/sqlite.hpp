#pragma once

#include "storage/store.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace blockferry::storage {

using chain::byte_view;

/// How a database file is opened.
enum class open_mode : std::uint8_t {
  read_write,
  create,    ///< read-write, and made if it is not there
  read_only, ///< sees commits of others; SQLite may recover a hot journal if it can write
  immutable, ///< read-only, no locks, no recovery: for what never changes
};

/// One SQLite connection, hardened (see `harden`).  One thread at a time.
class connection {
public:
  /// `vfs` names a registered SQLite VFS; empty: the default one.  A `read_only` or `immutable`
  /// connection runs nothing but queries, whatever it is asked.
  [[nodiscard]] static result<connection> open(const std::string& path, open_mode mode,
                                               const std::string& vfs = {});
  connection(connection&&) noexcept = default;
  connection& operator=(connection&&) noexcept = default;
  ~connection() = default;

  /// Runs statements that return no rows.
  [[nodiscard]] result<void> run(const char* sql);
  /// Gives the schema a number of its own, which only a file that is being made may get: anywhere
  /// else `harden` forbids it.
  [[nodiscard]] result<void> number_schema(std::int32_t number);
  /// The first column of the first row of a query, as text: for pragmas that are read back.
  [[nodiscard]] result<std::string> text_of(const char* sql);
  /// SQLite's own check of the file: `store_damaged` with its words.
  [[nodiscard]] result<void> check_integrity();
  /// Rows that the last statement inserted, updated or deleted.
  [[nodiscard]] std::int64_t changed_rows() const noexcept;
  [[nodiscard]] sqlite3* get() const noexcept { return handle_.get(); }
  /// The last error of this connection as a failure; `doing` says what was tried.
  [[nodiscard]] failure error(std::string_view doing) const;
  /// Waits for other connections' locks up to so long before SQLITE_BUSY.
  void set_busy_timeout_ms(int milliseconds) noexcept;

private:
  struct closer {
    void operator()(sqlite3* handle) const noexcept;
  };
  explicit connection(sqlite3* handle) : handle_(handle) {}
  std::unique_ptr<sqlite3, closer> handle_;
};

/// A prepared statement; parameters and columns count from 1 and 0, as in SQLite.
class statement {
public:
  [[nodiscard]] static result<statement> prepare(connection& on, const char* sql);

  statement& bind(int parameter, std::int64_t value);
  statement& bind(int parameter, std::uint64_t) = delete; // SQLite's integers are signed
  statement& bind(int parameter, std::string_view text);
  /// The bytes must live until the next `reset`.
  statement& bind(int parameter, byte_view bytes);
  statement& bind_null(int parameter);

  /// Runs a statement that returns no row, and resets it.
  [[nodiscard]] result<void> run();
  /// True if there is a row; resets at the end of the rows.
  [[nodiscard]] result<bool> step();
  void reset() noexcept;

  [[nodiscard]] std::int64_t integer(int column) const noexcept;
  [[nodiscard]] std::string text(int column) const;
  /// Valid until the next step or reset.
  [[nodiscard]] byte_view bytes(int column) const noexcept;
  [[nodiscard]] bool is_null(int column) const noexcept;

private:
  struct finalizer {
    void operator()(sqlite3_stmt* handle) const noexcept;
  };
  explicit statement(sqlite3_stmt* handle) : handle_(handle) {}
  std::unique_ptr<sqlite3_stmt, finalizer> handle_;
  int bind_error_ = 0; ///< the first since the last reset; `step` reports it
};

/// The class of an SQLite result code; `system_error` is the errno behind it, 0 if there is none.
[[nodiscard]] errc classify(int extended_code, int system_error) noexcept;

/// SQLITE_IOERR: the code of an error of the file system outside SQLite.
constexpr int io_error_code = 10;
/// Names the cause and, by the class, the consequence and the next step.  `doing` says what was
/// tried; `said` is SQLite's own text, if it has one beyond that of the code.
[[nodiscard]] failure failure_of(int extended_code, int system_error, std::string_view doing,
                                 std::string_view said = {});

/// Version of the linked SQLite.
[[nodiscard]] std::string sqlite_version();
/// The same as `SQLITE_VERSION_NUMBER`.
[[nodiscard]] int sqlite_version_number() noexcept;
/// Whether a version may damage a database in WAL mode when two
/// connections write or checkpoint at once: 3.7.0 to 3.51.2, but for 3.44.6 and 3.50.7 and what
/// follows them (https://sqlite.org/wal.html#walresetbug).
[[nodiscard]] bool has_wal_reset_bug(int version) noexcept;
/// For the log: whether SQLite has it, and why that is no danger here.
[[nodiscard]] std::string wal_reset_status(int version = sqlite_version_number());

} // namespace blockferry::storage
