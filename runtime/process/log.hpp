#pragma once

#include "messages/errors.hpp"
#include "runtime/process/streams.hpp"

#include <memory>
#include <string>

#include <spdlog/logger.h>
#include <tl/expected.hpp>

/// The program's log: one line an event, with a stable id, to standard error and, if asked for, to
/// a rotating file.  Levels: error = the node must stop, warning = the operator should act, info =
/// rare and never at the network's request rate.
///
///     BF001 handlers in place     BF101 store opened       BF201 refused file (actors)
///     BF002 versions              BF102 status socket      BF202 stalled, BF203 goes on
///     BF003 cannot start          BF103 progress           BF301 draining, BF302 drained
///     BF004 logs reopened         BF104 state              BF303 receipt, BF304 second signal
///                                 BF105 beyond --until    BF204 block from the future (actors)
namespace blockferry::runtime {

class log_file;

class program_log {
public:
  /// `file` may be empty.  Errors: `invalid_argument` for a file that cannot be opened.
  [[nodiscard]] static tl::expected<program_log, failure>
  open(error_stream& stream, const std::string& level, const std::string& file);

  [[nodiscard]] const std::shared_ptr<spdlog::logger>& logger() const noexcept { return logger_; }
  /// Opens the file anew, after it was moved away; the old one goes on where that fails.
  void reopen();

private:
  std::shared_ptr<spdlog::logger> logger_;
  std::shared_ptr<log_file> file_;
};

} // namespace blockferry::runtime
