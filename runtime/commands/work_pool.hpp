#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace blockferry::runtime {

/// Threads that run jobs in the order they were given.  The destructor runs what was given and
/// waits.  `run` may be called from any thread.
class work_pool {
public:
  explicit work_pool(unsigned workers);
  work_pool(const work_pool&) = delete;
  work_pool& operator=(const work_pool&) = delete;
  ~work_pool();

  /// The result of `job()`, or what it throws.
  template <class Job>
  [[nodiscard]] auto run(Job job) -> std::future<decltype(job())> {
    // Shared, because std::function wants to be copied.
    auto task = std::make_shared<std::packaged_task<decltype(job())()>>(std::move(job));
    auto out = task->get_future();
    add([task] { (*task)(); });
    return out;
  }

private:
  void add(std::function<void()> job);
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

} // namespace blockferry::runtime
