#include "tests/crash/voyage.hpp"

#include "actors/writer.hpp"
#include "storage/sqlite_store.hpp"

#include <caf/scheduled_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <sqlite3.h>

namespace blockferry::crash {
namespace {

struct observed {
  crash_disk& disk;
  voyage& out;
};

downloader_actor::behavior_type listening_downloader(downloader_actor::pointer, observed* by) {
  return {
      [](const node_peers&) {},
      [](const transfer_result&) {},
      [by](const bundle_committed& news) {
        // The tip of the news is that of the whole group.
        by->out.acknowledged.push_back({by->disk.log().size(), news.tip.height + 1});
      },
      [](const bundle_refused&) {},
      [](tick) {},
      [](const drain_request&) { return downloader_drained{}; },
  };
}

supervisor_actor::behavior_type listening_supervisor(supervisor_actor::pointer, observed* by) {
  return {
      [](const node_peers&) {},
      [](const drain_request&) { return drain_receipt{}; },
      [](get_status) { return node_status{}; },
      [](const listener_actor&) {},
      [](const download_status&) {},
      [](const bundle_verified&) {},
      [](const bundle_committed&) {},
      [](const bundle_refused&) {},
      [by](const store_failed& news) { by->out.failed = news.why; },
      [](tick) {},
  };
}

/// Runs the writer over the groups that are missing, one after the other.
void run_writer(std::unique_ptr<storage::store> store, kit::bundle_maker& chain,
                const voyage_plan& plan, observed by, const turn_hook& writers_turn) {
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom("testing"));
  caf::actor_system system{config};
  auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  caf::scoped_actor self{system};
  node_peers peers;
  peers.downloader = system.spawn(listening_downloader, &by);
  peers.supervisor = system.spawn(listening_supervisor, &by);
  constexpr std::uint64_t group_bytes = 1ULL << 30;
  peers.writer =
      system.spawn(writer, std::move(store), group_bytes, [] { return std::int64_t{0}; });
  const auto run = [&, id = peers.writer->id()] {
    while (handle_one(scheduler, id, writers_turn)) {
    }
  };
  self->send(peers.writer, peers);
  height_t at = plan.chain.start;
  for (const auto& one : plan.groups) {
    const height_t group_start = at;
    for (const auto& [count, file_blocks] : one)
      at += count;
    if (group_start < chain.state().next_height)
      continue; // is in the store: it resumes at the end of a group
    for (const auto& [count, file_blocks] : one)
      self->send(peers.writer, chain.take(count, file_blocks));
    run();
    if (by.out.failed)
      break;
  }
  drain_writer request;
  request.receipt.reason = drain_reason::completed;
  // Of a writer that dies over the request nobody hears: time passes, once all is handled.
  auto reply = self->request(peers.writer, std::chrono::seconds{1}, std::move(request));
  run();
  scheduler.trigger_timeouts();
  reply.receive([&](committed_ack& end) { by.out.end = std::move(end); },
                [&](const caf::error&) { by.out.writer_died = true; });
  self->send_exit(peers.writer, caf::exit_reason::user_shutdown);
  self->send_exit(peers.downloader, caf::exit_reason::user_shutdown);
  self->send_exit(peers.supervisor, caf::exit_reason::user_shutdown);
  scheduler.run();
}

} // namespace

bool handle_one(caf::scheduler::test_coordinator& scheduler, caf::actor_id writer,
                const turn_hook& writers_turn) {
  if (!scheduler.has_job())
    return false;
  auto& next = dynamic_cast<caf::scheduled_actor&>(*scheduler.jobs.front());
  const auto* message = next.id() == writer ? next.mailbox().peek() : nullptr;
  const bool is_turn =
      writers_turn && message != nullptr && !message->content().match_elements<caf::exit_msg>();
  if (is_turn)
    writers_turn(true);
  scheduler.try_run_once();
  if (is_turn)
    writers_turn(false);
  return true;
}

std::vector<height_t> voyage_plan::boundaries() const {
  std::vector<height_t> out{chain.start};
  for (const auto& one : groups) {
    height_t end = out.back();
    for (const auto& [count, file_blocks] : one)
      end += count;
    out.push_back(end);
  }
  return out;
}

voyage_plan small_plan(std::uint64_t seed) {
  voyage_plan out;
  out.chain.seed = seed;
  // A segment of the hash index ends at 65,536: one group seals it.  Every other chain begins at
  // genesis.
  if (seed % 2 == 1)
    out.chain.start = 65'500 - static_cast<height_t>(seed % 3) * 50;
  out.groups = {
      {{50, 50}}, {{50, 50}, {50, 50}, {50, 50}}, {{7, 7}},   {{1, 8}}, {{42, 50}, {50, 50}},
      {{20, 50}}, {{30, 50}, {50, 50}},           {{50, 50}}, {{3, 3}}};
  return out;
}

storage::result<std::unique_ptr<storage::store>>
open_real_store(const std::filesystem::path& folder, const kit::bundle_maker& chain,
                crash_disk& disk) {
  storage::store_options options;
  options.folder = folder;
  options.files = disk.files();
  options.identity.network = "made";
  options.identity.start_height = chain.state().start_height;
  if (options.identity.start_height != 0)
    options.identity.start_hash = chain.hash_at(options.identity.start_height);
  return storage::open_store(options);
}

voyage sail(crash_disk& disk, const std::filesystem::path& folder, const voyage_plan& plan,
            const store_opener& open, const turn_hook& writers_turn) {
  voyage out;
  // The same numbers in every journal of the same run.
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, 1, nullptr);
  sqlite3_randomness(0, nullptr);
  kit::bundle_maker chain{plan.chain};
  auto store = open(folder, chain, disk);
  out.operations_to_open = disk.log().size();
  if (!store) {
    out.refused = store.error();
    return out;
  }
  out.resumed = (*store)->resume();
  chain.resume(out.resumed->state, out.resumed->known);
  run_writer(std::move(*store), chain, plan, {disk, out}, writers_turn);
  return out;
}

} // namespace blockferry::crash
