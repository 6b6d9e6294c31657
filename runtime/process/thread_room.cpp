#include "runtime/process/thread_room.hpp"

#include <future>
#include <system_error>
#include <thread>
#include <vector>

namespace blockferry::runtime {

bool has_room_for_threads(std::size_t count) {
  std::promise<void> end;
  const std::shared_future<void> ended = end.get_future().share();
  std::vector<std::thread> threads;
  threads.reserve(count);
  bool enough = true;
  try {
    while (threads.size() < count)
      threads.emplace_back([ended] { ended.wait(); });
  } catch (const std::system_error&) {
    enough = false;
  }
  end.set_value();
  for (auto& one : threads)
    one.join();
  return enough;
}

} // namespace blockferry::runtime
