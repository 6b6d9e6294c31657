#pragma once

#include "storage/sqlite.hpp"

namespace blockferry::storage {

/// One write transaction.  Destroying it uncommitted rolls back; never throws.
class [[nodiscard]] transaction {
public:
  [[nodiscard]] static result<transaction> begin(connection& database);
  transaction(transaction&& other) noexcept;
  transaction& operator=(transaction&&) = delete;
  ~transaction();

  /// With success, what was written survives SIGKILL and power loss.  Where another connection
  /// reads, COMMIT is repeated until the reader is gone (a rollback journal cannot be ended under
  /// it); readers of this program hold no read transaction longer than 100 ms.
  [[nodiscard]] result<void> commit();

private:
  explicit transaction(connection& database) : database_(&database) {}

  connection* database_; ///< null once it has ended
};

} // namespace blockferry::storage
