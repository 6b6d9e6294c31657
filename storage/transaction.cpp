#include "storage/transaction.hpp"

#include <sqlite3.h>
#include <utility>

namespace blockferry::storage {

result<transaction> transaction::begin(connection& database) {
  if (auto done = database.run("BEGIN IMMEDIATE"); !done)
    return tl::make_unexpected(done.error());
  return transaction{database};
}

transaction::transaction(transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

transaction::~transaction() {
  if (database_ != nullptr)
    sqlite3_exec(database_->get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

result<void> transaction::commit() {
  for (;;) {
    const int code = sqlite3_exec(database_->get(), "COMMIT", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) {
      database_ = nullptr;
      return {};
    }
    if ((code & 0xff) != SQLITE_BUSY)
      return tl::make_unexpected(database_->error("COMMIT"));
    // The connection's busy timeout has passed once more; the transaction is still whole.
  }
}

} // namespace blockferry::storage
