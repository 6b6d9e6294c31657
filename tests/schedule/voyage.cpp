#include "tests/schedule/voyage.hpp"

#include "tests/schedule/choices.hpp"
#include "tests/schedule/watch.hpp"
#include "tests/support/test_node.hpp"

#include <algorithm>
#include <random>

namespace blockferry::schedule {
namespace {

using namespace blockferry::testing;

// Small, so that schedules meet its bound: four files, or one and no more.
constexpr std::uint64_t deep_window_bytes = 40'000;
constexpr std::uint64_t deep_bundle_bytes = 10'000;
constexpr std::uint64_t narrow_window_bytes = 96'000;

std::uint64_t window_of(const plan& what) {
  return what.deep ? deep_window_bytes : narrow_window_bytes;
}

const plain_chain& chain_of(std::uint32_t blocks) {
  static std::map<std::uint32_t, plain_chain> chains;
  return chains.try_emplace(blocks, blocks).first->second;
}

/// Digest of a calm run's store.
std::uint64_t calm_digest(std::uint32_t blocks) {
  static std::map<std::uint32_t, std::uint64_t> digests;
  auto found = digests.find(blocks);
  if (found == digests.end()) {
    test_ferry ferry{blocks};
    ferry.sync();
    found = digests.emplace(blocks, ferry.disk->content_digest()).first;
  }
  return found->second;
}

/// A store that already has some blocks.
std::shared_ptr<memory_disk> disk_with(std::uint32_t blocks, std::uint32_t begin) {
  static std::map<std::pair<std::uint32_t, std::uint32_t>, memory_disk> disks;
  const auto key = std::pair{blocks, begin};
  if (begin > 0 && !disks.contains(key)) {
    test_ferry ferry{blocks};
    ferry.options.until = begin - 1;
    ferry.sync();
    disks.emplace(key, *ferry.disk);
  }
  return begin > 0 ? std::make_shared<memory_disk>(disks.at(key)) : make_disk();
}

class run {
public:
  run(const plan& what, chooser& next)
      : plan_(what), next_(next), chain_(chain_of(what.blocks)),
        cdn_(std::make_shared<scripted_cdn>(what.mirrors)),
        disk_(disk_with(what.blocks, what.begin)), watch_(chain_, *disk_, *cdn_, window_of(what)) {
    for (mirror_id id = 0; id < what.mirrors; ++id)
      cdn_->serve(id, chain_, what.blocks);
    if (what.liar)
      cdn_->put_file(0, 50, chain_.file(50, ~std::uint64_t{0}, [](plain_block& block) {
        block.sum += block.height == 60 ? 1 : 0;
      }));
    cdn_->answer_at_once(what.sudden_answers);
    if (what.liar)
      watch_.trouble();
  }

  outcome to_the_end() {
    test_setup setup;
    setup.options = test_options(plan_.mirrors);
    setup.options.workers = plan_.workers;
    setup.options.window_bytes = window_of(plan_);
    if (plan_.deep)
      setup.options.bundle_bytes = deep_bundle_bytes;
    setup.options.group_bytes = 1 + plan_.seed % 20'000;
    setup.network = cdn_;
    setup.store = std::move(*open_memory_store(disk_));
    static const std::shared_ptr<const chain::rules> rules =
        std::make_shared<plain_rules>(chain_.hash_of(0));
    setup.rules = rules;
    setup.seed = plan_.seed;
    node_.emplace(world_, std::move(setup));
    watch_.meets(*node_);
    while (out_.violation.empty() && step()) {
    }
    finish();
    out_.trace = watch_.trace();
    return std::move(out_);
  }

private:
  void complain(const std::string& why) {
    if (out_.violation.empty())
      out_.violation = why;
  }

  bool step() {
    if (fault_is_due() && plan_.at_step == out_.steps)
      inject();
    if (run_bystander())
      return !over() || world_.scheduler().has_job();
    const auto options = options_now();
    if (!over() && !world_.scheduler().has_job())
      complain_if(watch_.at_rest());
    if (options.empty()) {
      if (!over() && plan_.timers && world_.fire_timer())
        return true;
      if (!over())
        complain("L1: nothing can happen any more, but the node has not ended");
      return false;
    }
    if (++out_.steps > steps_max) {
      complain("L1: more than " + std::to_string(steps_max) + " steps");
      return false;
    }
    const auto choice = next_.choose(options);
    if (next_.is_repetition()) {
      out_.repeated = true;
      return false;
    }
    const auto before = mailboxes();
    out_.choices.push_back(static_cast<std::uint32_t>(choice));
    watch_.note(options.size(), options[choice].key);
    perform(options[choice], choice);
    next_.happened(grown_since(before));
    complain_if(watch_.after_step());
    return !over() || world_.scheduler().has_job();
  }

  /// Messages that wait, by actor; only where the chooser asks who got one.
  [[nodiscard]] std::map<std::uint64_t, std::size_t> mailboxes() {
    std::map<std::uint64_t, std::size_t> out;
    if (!plan_.hushed)
      return out;
    for (auto* job : world_.scheduler().jobs) {
      auto& actor = dynamic_cast<caf::scheduled_actor&>(*job);
      actor.mailbox().fetch_more();
      out[actor.id()] = actor.mailbox().queue().total_task_size();
    }
    return out;
  }
  /// Who got a message in the step since; who handled one of several is among them, to be safe.
  [[nodiscard]] std::set<std::uint64_t>
  grown_since(const std::map<std::uint64_t, std::size_t>& before) {
    std::set<std::uint64_t> out;
    for (const auto& [id, count] : mailboxes())
      if (const auto found = before.find(id); found == before.end() || count > found->second)
        out.insert(id);
    return out;
  }

  void complain_if(const std::string& why) {
    if (!why.empty())
      complain(why);
  }

  [[nodiscard]] bool over() const { return gone_ || node_->ended(); }
  [[nodiscard]] bool fault_is_due() {
    return plan_.what != fault::none && !injected_ && !over() &&
           (plan_.what != fault::worker_dies || plan_.at_step || working_worker() != nullptr);
  }

  /// Gives whoever only notes his turn; false where nobody of them has a message.
  bool run_bystander() {
    auto& jobs = world_.scheduler().jobs;
    const auto found = std::ranges::find_if(jobs, [this](auto* job) {
      return watch_.only_notes(dynamic_cast<caf::scheduled_actor&>(*job));
    });
    if (!plan_.hushed || found == jobs.end())
      return false;
    std::rotate(jobs.begin(), found, found + 1);
    return world_.step();
  }

  std::vector<option> options_now() {
    std::vector<option> out;
    for (auto* job : world_.scheduler().jobs)
      out.push_back({dynamic_cast<caf::scheduled_actor&>(*job).id(), false});
    if (over())
      return out;
    for (const auto& [id, request] : cdn_->waiting()) {
      out.push_back({arrives | id, true});
      if (failed_ < plan_.failures && request.file_start)
        out.push_back({fails | id, true});
    }
    if (fault_is_due() && !plan_.at_step)
      out.push_back({fault_now, true});
    // Time passes only while the network is awaited: a timer is no faster than a message.
    if (plan_.timers && world_.scheduler().has_pending_timeout() && !world_.scheduler().has_job() &&
        timers_ < 400)
      out.push_back({timer, true});
    return out;
  }

  void perform(const option& what, std::size_t choice) {
    const auto id = what.key & 0xffffffff;
    switch (what.key >> 32) {
    case 0: {
      auto& jobs = world_.scheduler().jobs;
      std::rotate(jobs.begin(), jobs.begin() + static_cast<std::ptrdiff_t>(choice),
                  jobs.begin() + static_cast<std::ptrdiff_t>(choice) + 1);
      const bool inside = std::ranges::any_of(jobs, [this](auto* job) {
        return watch_.is_inside(dynamic_cast<caf::scheduled_actor&>(*job));
      });
      complain_if(
          watch_.before_message(dynamic_cast<caf::scheduled_actor&>(*jobs.front()), inside));
      world_.step();
      break;
    }
    case arrives >> 32:
      watch_.answered(id);
      cdn_->finish(id);
      break;
    case fails >> 32:
      ++failed_;
      watch_.trouble();
      watch_.answered(id);
      cdn_->finish(id, failing(errc::cdn_timed_out));
      break;
    case timer >> 32:
      ++timers_;
      world_.fire_timer();
      break;
    default:
      inject();
    }
  }

  void inject() {
    injected_ = true;
    watch_.trouble();
    const auto& actors = node_->actors();
    switch (plan_.what) {
    case fault::drain:
      return node_->ask_drain(drain_reason::signal, "one");
    case fault::two_drains:
      node_->ask_drain(drain_reason::signal, "one");
      return node_->ask_drain(drain_reason::requested, "two");
    case fault::downloader_dies:
      return node_->kill(actors.downloader);
    case fault::verifier_dies:
      return node_->kill(actors.verifier);
    case fault::writer_dies:
      return node_->kill(actors.writer);
    case fault::worker_dies:
      return kill_a_worker();
    case fault::commit_fails:
      watch_.store_fails();
      return;
    case fault::crash:
      watch_.store_fails();
      return give_up();
    case fault::host_ends:
      return give_up();
    case fault::host_kills:
      gone_ = true;
      watch_.host_is_gone();
      return caf::anon_send_exit(node_->supervisor(), caf::exit_reason::kill);
    case fault::none:
    case fault::count:
      return;
    }
  }

  void give_up() {
    gone_ = true;
    watch_.host_is_gone();
    node_->abandon();
  }

  [[nodiscard]] caf::scheduled_actor* working_worker() {
    for (auto* job : world_.scheduler().jobs) {
      auto& actor = dynamic_cast<caf::scheduled_actor&>(*job);
      if (watch_.is_worker(actor))
        return &actor;
    }
    return nullptr;
  }

  void kill_a_worker() {
    if (auto* worker = working_worker())
      caf::anon_send_exit(caf::actor_cast<caf::actor>(worker),
                          caf::exit_reason::unhandled_exception);
  }

  /// What must hold when all is over, and after a calm run.
  void finish() {
    world_.run();
    if (!gone_ && node_->ended() && !out_.repeated)
      complain_if(watch_.at_end(node_->log(), injected_ ? plan_.what : fault::none));
    // The listener is the host's; the rest ends with the supervisor, whoever still holds handles.
    if (out_.violation.empty() && !out_.repeated && world_.system().registry().running() > 1)
      complain("P8: actors are left over while their host is there");
    for (const auto& child : {caf::actor_cast<caf::actor>(node_->actors().downloader),
                              caf::actor_cast<caf::actor>(node_->actors().verifier),
                              caf::actor_cast<caf::actor>(node_->actors().writer)})
      if (!out_.violation.empty() && child)
        caf::anon_send_exit(child, caf::exit_reason::user_shutdown); // or the system never ends
    node_->abandon();
    world_.run();
    if (out_.violation.empty() && world_.system().registry().running() != 0)
      complain("P8: actors are left over");
    node_.reset();
    if (!out_.violation.empty() || out_.repeated)
      return;
    if (disk_->open)
      return complain("P8: the store is still open");
    disk_->before_step = {};
    disk_->after_step = {};
    test_ferry calm{plan_.blocks};
    calm.disk = disk_;
    try {
      const auto receipt = calm.sync();
      if (!receipt.clean || receipt.error)
        complain("L2: a calm run after it ends with an error");
    } catch (const std::exception& error) {
      complain(std::string{"L2: after it "} + error.what());
    }
    if (disk_->content_digest() != calm_digest(plan_.blocks))
      complain("S7: another content than after a calm run");
  }

  plan plan_;
  chooser& next_;
  const plain_chain& chain_;
  deterministic_system world_;
  std::shared_ptr<scripted_cdn> cdn_;
  std::shared_ptr<memory_disk> disk_;
  watch watch_;
  std::optional<test_node> node_;
  outcome out_;
  bool injected_ = false;
  bool gone_ = false;
  std::size_t failed_ = 0;
  std::size_t timers_ = 0;
};

bool breaks(const plan& what, const std::vector<std::uint32_t>& choices) {
  return !sail(what, *choose_from(choices)).violation.empty();
}

} // namespace

std::string to_string(fault what) {
  constexpr const char* names[] = {"none",          "drain",       "two_drains",  "downloader_dies",
                                   "verifier_dies", "writer_dies", "worker_dies", "commit_fails",
                                   "crash",         "host_ends",   "host_kills"};
  return names[static_cast<std::size_t>(what)];
}

plan plan_of(std::uint64_t seed) {
  std::mt19937_64 random{seed * 0x9e3779b97f4a7c15 + 1};
  plan out;
  out.what = static_cast<fault>(random() % static_cast<std::uint64_t>(fault::host_kills));
  constexpr std::uint32_t lengths[] = {103, 120, 151, 203};
  out.blocks = lengths[random() % 4];
  constexpr std::uint32_t begins[] = {0, 0, 30, 50, 77};
  out.begin = begins[random() % 5];
  out.workers = 1 + static_cast<std::uint32_t>(random() % 3);
  out.mirrors = 1 + random() % 3;
  out.failures = random() % 4;
  out.liar = random() % 4 == 0;
  out.sudden_answers = random() % 4 == 0;
  out.seed = random();
  // Drawn last, so that a seed stays the schedule that it was.
  if (out.what == fault::host_ends && random() % 2 == 0)
    out.what = fault::host_kills;
  out.deep = random() % 4 != 3;
  return out;
}

std::unique_ptr<chooser> chooser_of(std::uint64_t seed) {
  return seed % 2 == 0 ? choose_at_random(seed) : choose_by_priority(seed);
}

outcome sail(const plan& what, chooser& next) {
  return run{what, next}.to_the_end();
}

std::vector<std::uint32_t> shrink(const plan& what, std::vector<std::uint32_t> choices) {
  int left = 500; // runs to spend
  // Behind the last choice the first option is taken: cut as much as still breaks.
  for (std::size_t cut = choices.size(); cut > 0; cut /= 2)
    while (cut <= choices.size() && --left > 0 &&
           breaks(what, {choices.begin(), choices.end() - static_cast<std::ptrdiff_t>(cut)}))
      choices.resize(choices.size() - cut);
  for (std::size_t width = choices.size(); width > 0; width /= 2)
    for (std::size_t at = 0; at + width <= choices.size() && --left > 0; at += width) {
      auto fewer = choices;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at),
                  fewer.begin() + static_cast<std::ptrdiff_t>(at + width));
      auto calmer = choices;
      std::fill_n(calmer.begin() + static_cast<std::ptrdiff_t>(at), width, 0);
      if (breaks(what, fewer))
        choices = std::move(fewer);
      else if (calmer != choices && breaks(what, calmer))
        choices = std::move(calmer);
    }
  return choices;
}

} // namespace blockferry::schedule
