#include "runtime/commands/work_pool.hpp"

namespace blockferry::runtime {

work_pool::work_pool(unsigned workers) {
  for (unsigned i = 0; i < workers; ++i)
    threads_.emplace_back([this] { work(); });
}

work_pool::~work_pool() {
  {
    const std::lock_guard guard{mutex_};
    closed_ = true;
  }
  changed_.notify_all();
  for (auto& one : threads_)
    one.join();
}

void work_pool::add(std::function<void()> job) {
  {
    const std::lock_guard guard{mutex_};
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

void work_pool::work() {
  for (;;) {
    std::unique_lock guard{mutex_};
    changed_.wait(guard, [this] { return closed_ || !jobs_.empty(); });
    if (jobs_.empty())
      return;
    const auto job = std::move(jobs_.front());
    jobs_.pop_front();
    guard.unlock();
    job();
  }
}

} // namespace blockferry::runtime
