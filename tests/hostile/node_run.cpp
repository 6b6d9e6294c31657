#include "tests/hostile/node_run.hpp"

#include "chain/aleo_rules.hpp"
#include "chain/latest.hpp"
#include "runtime/node.hpp"
#include "runtime/transport/curl_transport.hpp"
#include "storage/integrity.hpp"
#include "storage/reader.hpp"
#include "storage/sqlite_store.hpp"

#include <caf/scoped_actor.hpp>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

namespace blockferry::hostile {
namespace {

using namespace std::chrono_literals;

/// What a run shows from outside; written by actors and the transport's thread.
struct sight {
  std::mutex mutex;
  std::condition_variable changed;
  node_run_result seen;
  bool listened = false; ///< the listener's message is in the supervisor's mailbox

  void note(const std::function<void(node_run_result&)>& change) {
    const std::lock_guard lock{mutex};
    change(seen);
    changed.notify_all();
  }
};

/// Notes what the transport below it delivers.
class watched_transport final : public transport {
public:
  watched_transport(std::shared_ptr<transport> below, std::shared_ptr<sight> into)
      : below_(std::move(below)), into_(std::move(into)) {}

  void connect(std::function<void(transfer_result)> deliver) override {
    below_->connect([to = std::move(deliver), into = into_](transfer_result result) {
      into->note([&](node_run_result& seen) {
        ++seen.transfers;
        if (!result.outcome)
          seen.classes.emplace(to_string(result.outcome.error().why.code));
        else if (is_bad_latest(result.outcome.value()))
          seen.classes.emplace(to_string(errc::cdn_bad_latest));
      });
      to(std::move(result));
    });
  }
  /// Nothing is asked for before the listener is there, or what is refused at once goes untold.
  void start(const transfer_request& request) override {
    {
      std::unique_lock lock{into_->mutex};
      into_->changed.wait(lock, [this] { return into_->listened; });
    }
    below_->start(request);
  }
  void cancel(transfer_id id) override { below_->cancel(id); }

private:
  static bool is_bad_latest(const transfer_body& body) {
    return !body.not_modified && body.url.ends_with("/latest.json") &&
           !chain::parse_latest(body.bytes.view());
  }

  std::shared_ptr<transport> below_;
  std::shared_ptr<sight> into_;
};

/// The rules below it, but that a check takes as long as a hundred (D10).
class slow_rules final : public chain::rules {
public:
  slow_rules(std::shared_ptr<const chain::rules> below, std::shared_ptr<sight> into)
      : below_(std::move(below)), into_(std::move(into)) {}

  [[nodiscard]] chain::expected<chain::checked_blocks, chain::check_failure>
  check_bundle(const chain::bundle_job& job, std::stop_token stop) const override {
    into_->note([](node_run_result& seen) { ++seen.checks_begun; });
    auto out = below_->check_bundle(job, stop);
    for (int times = 1; times < 100 && out; ++times)
      out = below_->check_bundle(job, stop);
    if (!out && out.error().kind == chain::failure_kind::cancelled)
      into_->note([](node_run_result& seen) { ++seen.checks_given_up; });
    return out;
  }
  [[nodiscard]] chain::expected<chain::chain_state, chain::check_failure>
  extend(const chain::chain_state& before, const chain::checked_blocks& blocks) const override {
    return below_->extend(before, blocks);
  }
  [[nodiscard]] chain::expected<std::vector<chain::check_record>, chain::check_failure>
  check_history(const chain::chain_state& before, const chain::checked_blocks& blocks,
                std::stop_token stop) const override {
    return below_->check_history(before, blocks, stop);
  }

private:
  std::shared_ptr<const chain::rules> below_;
  std::shared_ptr<sight> into_;
};

listener_actor::behavior_type listener(listener_actor::pointer self, std::shared_ptr<sight> into) {
  return {
      [](const phase_changed&) {},
      [into](const progressed& news) {
        into->note([&](node_run_result& seen) {
          seen.window_bytes_most = std::max(seen.window_bytes_most, news.status.window_bytes);
        });
      },
      [into](const refused& news) {
        into->note(
            [&](node_run_result& seen) { seen.classes.emplace(to_string(news.bundle.why.code)); });
      },
      [into, self](const drained& news) {
        into->note([&](node_run_result& seen) {
          seen.ended = true;
          seen.receipt = news.receipt;
          if (news.receipt.error)
            seen.classes.emplace(to_string(news.receipt.error->code));
        });
        self->quit();
      },
  };
}

template <class Value>
Value value_of(tl::expected<Value, failure> from) {
  if (!from)
    throw std::runtime_error{from.error().message};
  return std::move(*from);
}

node_options options_of(const node_run_setup& setup) {
  node_options out;
  out.mirrors = setup.origins;
  out.until = setup.until;
  out.compare = setup.compare;
  out.connections = 4;
  out.floor = setup.floor;
  out.wait.transfer_deadline = setup.deadline;
  out.wait.latest_deadline = setup.deadline;
  out.wait.backoff_first = 10ms;
  out.wait.backoff_max = 50ms;
  out.wait.retry_after_min = 10ms;
  out.wait.retry_after_max = 50ms;
  out.wait.hedge_min = setup.hedge;
  out.wait.quarantine = 50ms;
  out.wait.give_up_after = setup.give_up_after;
  out.wait.poll_interval = 50ms;
  return out;
}

node_ports ports_of(const node_run_setup& setup, const std::shared_ptr<sight>& seen) {
  storage::store_options store;
  store.folder = setup.store;
  store.floor = setup.floor;
  store.identity.network = setup.network.name;
  store.identity.network_id = setup.network.id;
  store.identity.genesis = setup.network.genesis;
  if (setup.start) {
    store.identity.start_height = setup.start->height;
    store.identity.start_hash = setup.start->block_hash;
  }
  runtime::curl_options curl;
  curl.origins = setup.origins;
  curl.ca_file = setup.ca_file;
  curl.connections = 4;
  curl.connect_timeout = 200ms;
  curl.low_speed_time = setup.low_speed_time;
  node_ports out;
  out.store = value_of(storage::open_store(store));
  out.network =
      std::make_shared<watched_transport>(value_of(runtime::make_curl_transport(curl)), seen);
  out.rules = std::make_shared<chain::aleo_rules>(setup.network, setup.checkpoints);
  if (setup.drain_in_check)
    out.rules = std::make_shared<slow_rules>(out.rules, seen);
  out.clock = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  out.seed = setup.seed;
  return out;
}

} // namespace

node_run_result sync_node(const node_run_setup& setup) {
  const auto seen = std::make_shared<sight>();
  caf::actor_system_config config;
  config.set("scheduler.max-threads", 2);
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  node one = spawn_node(system, options_of(setup), ports_of(setup, seen));
  self->monitor(one.supervisor());
  const listener_actor watcher = system.spawn(listener, seen);
  caf::anon_send(one.supervisor(), watcher);
  {
    std::unique_lock lock{seen->mutex};
    seen->listened = true;
    seen->changed.notify_all();
    if (setup.drain_in_check) {
      seen->changed.wait_for(lock, node_run_patience,
                             [&] { return seen->seen.ended || seen->seen.checks_begun > 0; });
      caf::anon_send(one.supervisor(), drain_request{});
    }
    seen->changed.wait_for(lock, node_run_patience, [&] { return seen->seen.ended; });
  }
  one = {}; // a node that did not end by itself is killed
  self->receive([](const caf::down_msg&) {}, caf::after(node_run_patience) >> [] {});
  caf::anon_send_exit(watcher, caf::exit_reason::user_shutdown);
  const std::lock_guard lock{seen->mutex};
  return seen->seen;
}

chain::hash checked_digest(const std::filesystem::path& store, std::uint64_t blocks) {
  {
    auto reader = value_of(storage::reader::open(store));
    const auto state = value_of(reader.state());
    if (state.block_count != blocks)
      throw std::runtime_error{"holds " + std::to_string(state.block_count) + " blocks, not " +
                               std::to_string(blocks)};
  }
  auto check = value_of(storage::offline_check::open(store));
  if (const auto file = check.check_file(); !file)
    throw std::runtime_error{file.error().message};
  if (const auto records = check.check_records(); !records)
    throw std::runtime_error{records.error().message};
  return value_of(check.content_digest());
}

} // namespace blockferry::hostile
