#include "tests/support/test_node.hpp"

#include <caf/event_based_actor.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/null_sink.h>

#include <stdexcept>
#include <utility>

namespace blockferry::testing {
namespace {

listener_actor::behavior_type note_all(listener_actor::pointer, std::shared_ptr<node_log> log) {
  return {
      [log](const phase_changed& news) { log->phases.push_back(news); },
      [log](const progressed& news) { log->progress.push_back(news.status); },
      [log](const refused& news) { log->refusals.push_back(news.bundle); },
      [log](const drained& news) { log->drained.push_back(news.receipt); },
  };
}

/// The children, from the message that makes the supervisor's acquaintance with them.
node_peers children_of(caf::scheduler::test_coordinator& scheduler, const supervisor_actor& of) {
  if (!scheduler.prioritize(of))
    throw std::logic_error("the supervisor has no first message");
  return scheduler.peek<node_peers>();
}

} // namespace

std::shared_ptr<spdlog::logger> silent_log() {
  auto out =
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_st>());
  out->set_level(spdlog::level::trace);
  return out;
}

node_options test_options(std::size_t mirrors) {
  node_options out;
  for (std::size_t i = 0; i < mirrors; ++i)
    out.mirrors.push_back("scripted://" + std::to_string(i));
  out.detached_writer = false;
  out.workers = 2;
  return out;
}

test_node::test_node(deterministic_system& world, test_setup setup)
    : world_(world), log_(std::make_shared<node_log>()),
      node_(spawn_node(world.system(), setup.options,
                       node_ports{std::move(setup.network), std::move(setup.store),
                                  std::move(setup.rules), world.wall().port(), std::move(setup.log),
                                  setup.seed})),
      peers_(children_of(world.scheduler(), node_.supervisor())),
      listener_(world.system().spawn(note_all, log_)) {
  caf::anon_send(peers_.supervisor, listener_);
}

test_node::~test_node() {
  abandon();
  world_.run();
}

void test_node::abandon() {
  node_ = node{};
  peers_ = {};
  caf::anon_send_exit(listener_, caf::exit_reason::user_shutdown);
}

caf::actor_id test_node::ask_drain(drain_reason reason, std::string detail) {
  const caf::actor asker =
      world_.system().spawn([log = log_, to = peers_.supervisor, reason,
                             detail = std::move(detail)](caf::event_based_actor* self) {
        self->request(to, caf::infinite, drain_request{reason, detail})
            .then([log](const drain_receipt& receipt) { log->receipts.push_back(receipt); },
                  [log](caf::error& error) {
                    log->unanswered.push_back(std::to_string(error.code()));
                  });
      });
  return asker.id();
}

const drain_receipt& test_node::drain() {
  ask_drain();
  world_.run();
  if (!ended())
    throw std::runtime_error("the drain did not end");
  return log_->drained.back();
}

node_status test_node::status() {
  world_.run();
  auto out = std::make_shared<node_status>();
  world_.system().spawn([out, to = peers_.supervisor](caf::event_based_actor* self) {
    self->request(to, caf::infinite, get_status{}).then([out](const node_status& status) {
      *out = status;
    });
  });
  world_.run();
  return *out;
}

std::shared_ptr<memory_disk> make_disk(const plain_chain& chain, beginning from, height_t start) {
  switch (from) {
  case beginning::pin:
    return make_disk(start, chain.hash_of(start));
  case beginning::start_file:
    return make_disk(chain.state_before(start));
  case beginning::genesis:
    break;
  }
  return make_disk();
}

test_ferry::test_ferry(std::uint32_t blocks, std::size_t mirrors, std::size_t block_bytes)
    : chain(blocks, block_bytes), cdn(std::make_shared<scripted_cdn>(mirrors)),
      rules(std::make_shared<plain_rules>(chain.hash_of(0))), options(test_options(mirrors)) {
  for (mirror_id id = 0; id < mirrors; ++id)
    cdn->serve(id, chain, blocks);
}

std::unique_ptr<test_node> test_ferry::start(std::uint64_t seed) {
  auto store = open_memory_store(disk);
  if (!store)
    throw std::runtime_error(store.error().message);
  return std::make_unique<test_node>(world,
                                     test_setup{options, cdn, std::move(*store), rules, seed, log});
}

writer_actor test_ferry::start_writer(std::shared_ptr<memory_disk> on) {
  auto store = open_memory_store(std::move(on));
  return world.system().spawn(writer, std::move(*store), options.group_bytes, world.wall().port());
}

drain_receipt test_ferry::sync(std::uint64_t seed) {
  const auto node = start(seed);
  if (!world.run_until([&] { return node->ended(); }, std::chrono::hours{24}))
    throw std::runtime_error("the sync did not end");
  return node->log().drained.back();
}

} // namespace blockferry::testing
