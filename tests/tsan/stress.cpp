// tsan_stress: two nodes at once on real threads, from file:// and from a hostile CDN on loopback,
// watched, drained or killed at a moment chosen by the seed, then run to their end.  See README.md
// beside this file.
#include "chain/aleo_rules.hpp"
#include "runtime/node.hpp"
#include "runtime/node_json.hpp"
#include "runtime/status_socket.hpp"
#include "runtime/transport/curl_transport.hpp"
#include "storage/reader.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/hostile/hostile_server.hpp"

#include <CLI/CLI.hpp>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <thread>
#include <unistd.h>

#include <caf/scoped_actor.hpp>

namespace {

using namespace blockferry;
namespace fs = std::filesystem;

constexpr height_t tip_height = 1059;

template <class T>
T value_of(tl::expected<T, failure> result) {
  if (!result)
    throw std::runtime_error{result.error().message};
  return std::move(*result);
}

/// Counts what a node says; others wait for it.
class gauge {
public:
  void add(std::uint64_t blocks, bool ended) {
    const std::scoped_lock hold{mutex_};
    blocks_ = std::max(blocks_, blocks);
    ended_ = ended_ || ended;
    changed_.notify_all();
  }
  /// Until so many blocks are committed or the node has ended.
  void wait(std::uint64_t blocks) {
    std::unique_lock hold{mutex_};
    if (!changed_.wait_for(hold, std::chrono::minutes{2},
                           [&] { return ended_ || blocks_ >= blocks; }))
      throw std::runtime_error{"a node made no progress for two minutes"};
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t blocks_ = 0;
  bool ended_ = false;
};

listener_actor::behavior_type listen(listener_actor::pointer self, std::shared_ptr<gauge> to) {
  return {
      [to](const phase_changed&) {},
      [to](const progressed& news) { to->add(news.status.blocks_committed, false); },
      [to](const refused&) {},
      [to, self](const drained&) {
        to->add(0, true);
        self->quit();
      },
  };
}

struct running {
  node the;
  listener_actor listener;
  std::shared_ptr<gauge> told = std::make_shared<gauge>();
  std::unique_ptr<runtime::status_server> status;
};

std::string status_text(caf::actor_system& system, const supervisor_actor& supervisor) {
  caf::scoped_actor self{system};
  std::string out;
  self->request(supervisor, std::chrono::seconds{5}, get_status{})
      .receive(
          [&](const node_status& now) { out = runtime::one_line(runtime::node_status_json(now)); },
          [](const caf::error&) {});
  return out;
}

/// Where blocks come from; the authority that a TLS server is to be trusted by, if it is one.
struct source {
  std::string url;
  fs::path ca_file = {};
};

running start(caf::actor_system& system, const fs::path& store, const source& from,
              std::uint64_t seed) {
  node_options options;
  options.mirrors = {from.url};
  options.workers = 2;
  options.wait.transfer_deadline = std::chrono::seconds{2};
  options.wait.backoff_first = std::chrono::milliseconds{5};
  options.wait.backoff_max = std::chrono::milliseconds{50};
  options.wait.retry_after_min = std::chrono::milliseconds{5};
  options.wait.retry_after_max = std::chrono::milliseconds{50};
  options.wait.quarantine = std::chrono::milliseconds{50};
  options.wait.hedge_min = std::chrono::milliseconds{20};
  options.wait.poll_interval = std::chrono::milliseconds{20};
  runtime::curl_options curl;
  curl.origins = {from.url};
  curl.ca_file = from.ca_file;
  curl.low_speed_time = std::chrono::seconds{1};
  storage::store_options at;
  at.folder = store;
  at.identity.network = chain::mainnet().name;
  at.identity.network_id = chain::mainnet().id;
  at.identity.genesis = chain::mainnet().genesis;
  node_ports ports;
  ports.network = value_of(runtime::make_curl_transport(curl));
  ports.store = value_of(storage::open_store(at));
  ports.rules = std::make_shared<chain::aleo_rules>(chain::mainnet());
  ports.clock = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  ports.seed = seed;
  running out;
  out.the = spawn_node(system, options, std::move(ports));
  out.listener = system.spawn(listen, out.told);
  caf::anon_send(out.the.supervisor(), out.listener);
  out.status = value_of(runtime::status_server::start(
      store, [&system, to = out.the.supervisor()] { return status_text(system, to); }));
  return out;
}

void ask_status(const fs::path& store) {
  const int socket = runtime::connect_status_socket(store);
  if (socket >= 0)
    ::close(socket); // a client that leaves at once
}

/// Stops a node, by a drain or without one, and waits until it is gone.
void stop(caf::actor_system& system, running& one, bool drain) {
  caf::scoped_actor self{system};
  self->monitor(one.the.supervisor());
  if (drain)
    self->request(one.the.supervisor(), caf::infinite,
                  drain_request{drain_reason::requested, "stress"})
        .receive([](const drain_receipt&) {},
                 [](const caf::error&) {}); // it may have ended by itself
  one.status.reset();
  one.the = {};
  self->receive([](const caf::down_msg&) {});
  caf::anon_send_exit(one.listener, caf::exit_reason::user_shutdown);
}

height_t stored(const fs::path& store) {
  return value_of(value_of(storage::reader::open(store)).state()).state.next_height;
}

/// One store's nodes: two stopped at a moment by chance, one that ends by itself where `from`
/// says that the tip is (a hostile one may say less), and a calm one that must reach the tip.
void live(caf::actor_system& system, const fs::path& store, const source& from, const source& calm,
          std::uint64_t seed) {
  std::mt19937_64 random{seed};
  for (int life = 0; life < 4; ++life) {
    auto one = start(system, store, life < 3 ? from : calm, random());
    const bool last = life >= 2;
    ask_status(store);
    one.told->wait(last ? tip_height + 2 : random() % 400);
    stop(system, one, last || random() % 2 == 0);
  }
  if (stored(store) != tip_height + 1)
    throw std::runtime_error{"the store ends at " + std::to_string(stored(store))};
}

struct options {
  std::uint64_t seed = 1;
  std::uint64_t rounds = 12;
  std::string blocks;
};

void round(const options& given, std::uint64_t seed, const fs::path& work) {
  hostile::hostile_server cdn{
      hostile::file_set::from_folder(given.blocks), hostile::mixed_scenario(seed), {.seed = seed}};
  caf::actor_system_config config;
  caf::actor_system system{config};
  std::atomic<bool> failed = false;
  const source folder{"file://" + fs::absolute(given.blocks).string()};
  source network{cdn.url()};
  if (!cdn.authority_pem().empty()) {
    network.ca_file = work / "ca.pem";
    std::ofstream{network.ca_file} << cdn.authority_pem();
  }
  const auto in_thread = [&](const fs::path& store, const source& from) {
    return std::thread{[&system, &failed, &folder, store, from, seed] {
      try {
        live(system, store, from, folder, seed);
      } catch (const std::exception& why) {
        std::cerr << "seed " << seed << ", " << store.filename() << ": " << why.what() << '\n';
        failed = true;
      }
    }};
  };
  auto first = in_thread(work / "file", folder);
  auto second = in_thread(work / "http", network);
  first.join();
  second.join();
  if (failed)
    throw std::runtime_error{"seed " + std::to_string(seed) + " failed"};
}

} // namespace

int main(int count, char** words) {
  CLI::App app{"Stress of the real threads, for ThreadSanitizer."};
  options given;
  app.add_option("--seed", given.seed, "seed of the first round");
  app.add_option("--rounds", given.rounds, "rounds, each with the next seed");
  app.add_option("--blocks", given.blocks, "folder of mainnet's first blocks")->required();
  CLI11_PARSE(app, count, words);
  const fs::path work =
      fs::temp_directory_path() / ("blockferry_stress_" + std::to_string(::getpid()));
  try {
    for (std::uint64_t i = 0; i < given.rounds; ++i) {
      fs::remove_all(work);
      fs::create_directories(work);
      round(given, given.seed + i, work);
      std::cout << "seed " << given.seed + i << " passed" << std::endl;
    }
  } catch (const std::exception& why) {
    std::cerr << why.what() << '\n';
    return 1;
  }
  fs::remove_all(work);
  return 0;
}
