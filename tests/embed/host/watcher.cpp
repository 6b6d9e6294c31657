#include "watcher.hpp"

#include <chrono>
#include <stdexcept>

namespace host {

using namespace blockferry;

void diary::write(const std::function<void(entries&)>& change) {
  const std::scoped_lock hold{mutex_};
  change(entries_);
  changed_.notify_all();
}

diary::entries diary::wait_for(const std::string& what,
                               const std::function<bool(const entries&)>& fits) {
  std::unique_lock hold{mutex_};
  if (!changed_.wait_for(hold, std::chrono::seconds{60}, [&] { return fits(entries_); }))
    throw std::runtime_error{"waited 60 s for " + what};
  return entries_;
}

listener_actor::behavior_type watcher(listener_actor::pointer self, std::shared_ptr<diary> book) {
  return {
      [book](const phase_changed& news) {
        book->write([&](auto& all) { all.phases.push_back(news.phase); });
      },
      [book](const progressed& news) {
        book->write([&](auto& all) {
          ++all.progress_reports;
          all.last = news.status;
        });
      },
      [](const refused&) {},
      [book, self](const drained& news) {
        book->write([&](auto& all) { all.receipt = news.receipt; });
        self->quit();
      },
  };
}

} // namespace host
