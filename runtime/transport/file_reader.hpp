#pragma once

#include "messages/transfers.hpp"
#include "runtime/transport/buffer_pool.hpp"
#include "runtime/transport/rate_limit.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace blockferry::runtime {

/// Transfers from `file` origins, one after the other on a thread of their own: a disk blocks, and
/// must not block the network.  Regular files only; size and modification time stand in place of
/// length and ETag.
class file_reader {
public:
  /// `deliver` is called on the thread.
  file_reader(std::shared_ptr<buffer_pool> pool, std::shared_ptr<rate_limit> limit,
              std::function<void(transfer_result)> deliver);
  ~file_reader(); ///< ends the thread within one piece of a file
  file_reader(const file_reader&) = delete;
  file_reader& operator=(const file_reader&) = delete;

  /// Reads `path`; `url` is for the record.
  void start(const transfer_request& request, std::string path, std::string url);
  void cancel(transfer_id id);

private:
  struct job {
    transfer_request request;
    std::string path;
    std::string url;
  };

  void run();
  [[nodiscard]] tl::expected<transfer_body, transfer_failure> read(const job& one,
                                                                   std::uint64_t& received);
  [[nodiscard]] bool wanted(transfer_id id);
  void obey_limit(std::uint64_t bytes);

  std::shared_ptr<buffer_pool> pool_;
  std::shared_ptr<rate_limit> limit_;
  std::function<void(transfer_result)> deliver_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<job> waiting_;
  transfer_id running_ = 0; ///< 0: none, or cancelled
  bool ends_ = false;
  std::thread thread_; ///< last: it uses all of the above
};

} // namespace blockferry::runtime
