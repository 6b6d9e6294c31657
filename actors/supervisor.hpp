#pragma once

#include "actors/options.hpp"
#include "actors/rare_warnings.hpp"
#include "actors/rate_meter.hpp"
#include "actors/writer.hpp"
#include "messages/interfaces.hpp"

#include <functional>
#include <memory>
#include <spdlog/logger.h>
#include <vector>

namespace blockferry {

/// What a SUPERVISOR is given.
struct supervisor_setup {
  std::optional<chain::tip> durable; ///< as the store was opened
  bool follow = false;
  wall_clock clock;
  std::shared_ptr<spdlog::logger> log; ///< may be null
  /// Keeps the receipt for who asks when the supervisor has ended; before anybody hears of it.
  std::function<void(const drain_receipt&)> keep_receipt;
};

/// State and handlers of the SUPERVISOR.
class supervisor_state {
public:
  supervisor_state() {}
  void start(supervisor_actor::pointer self, supervisor_setup setup);

  void adopt(const node_peers& children);
  caf::result<drain_receipt> drain(const drain_request& request);
  [[nodiscard]] node_status status();
  void subscribe(const listener_actor& listener);
  void note(const download_status& news);
  void note(const bundle_verified& news);
  void note(const bundle_committed& news);
  void note(const bundle_refused& news);
  void note(const store_failed& news);
  void tell_progress();
  void child_ended(const caf::down_msg& down);
  void host_ends(const caf::exit_msg& exit);

private:
  enum class child : std::uint8_t { none, downloader, verifier, writer };

  void enter(node_phase phase);
  void begin_drain(drain_reason reason, std::string detail, std::optional<failure> error);
  void drain_downloader();
  void drain_verifier();
  [[nodiscard]] bool passes_over(child one);
  void pass_over_downloader();
  void pass_over_verifier();
  void drain_writer_last();
  void end_with(drain_receipt receipt);
  void give_up_on_writer();
  void leave(const caf::error& reason);
  template <class News>
  void tell(const News& news) {
    for (const auto& listener : listeners_)
      compat::send(self_, listener, news);
  }
  void tell_soon();

  supervisor_actor::pointer self_ = nullptr;
  supervisor_setup setup_;
  node_peers children_;
  node_phase phase_ = node_phase::starting;
  node_status status_;
  std::chrono::steady_clock::time_point mirrors_told_at_; ///< from then their waits run
  rate_meter blocks_rate_;
  rate_meter bytes_rate_;
  rare_warnings warnings_;
  std::vector<listener_actor> listeners_;
  bool news_is_due_ = false;
  std::optional<drain_receipt> receipt_; ///< from the first drain request on, filled on the way
  child awaited_ = child::none;          ///< whose answer to the drain is awaited
  bool downloader_told_last_ = true;     ///< its count at the drain is the receipt's
  bool ended_ = false;
  std::vector<caf::actor_addr> alive_; ///< children that have not ended
  caf::error quit_reason_;             ///< once it has ended and the last child is down
  std::vector<caf::typed_response_promise<drain_receipt>> waiting_;
};

/// Behaviour of the SUPERVISOR.
supervisor_actor::behavior_type
supervisor(supervisor_actor::stateful_pointer<supervisor_state> self, supervisor_setup setup);

} // namespace blockferry
