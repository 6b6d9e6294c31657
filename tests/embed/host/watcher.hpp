#pragma once

#include <blockferry/messages/interfaces.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace host {

/// What a node told its listener; shared by the listening actor and the host's main thread.
class diary {
public:
  struct entries {
    std::vector<blockferry::node_phase> phases;
    std::size_t progress_reports = 0;
    std::optional<blockferry::drain_receipt> receipt;
    std::optional<blockferry::node_status> last;
  };

  void write(const std::function<void(entries&)>& change);
  /// Waits until the entries fit, and returns them; throws std::runtime_error after 60 s.
  entries wait_for(const std::string& what, const std::function<bool(const entries&)>& fits);

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  entries entries_;
};

/// A listener that writes the diary; it ends with the node, after `drained`, or when killed.
blockferry::listener_actor::behavior_type watcher(blockferry::listener_actor::pointer self,
                                                  std::shared_ptr<diary> book);

} // namespace host
