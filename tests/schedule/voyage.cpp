#include "tests/schedule/voyage.hpp"

#include "tests/schedule/choices.hpp"
#include "tests/schedule/fingerprint.hpp"
#include "tests/schedule/lineage.hpp"
#include "tests/schedule/watch.hpp"
#include "tests/support/forwarding_rules.hpp"
#include "tests/support/test_node.hpp"

#include <algorithm>
#include <random>
#include <set>

namespace blockferry::schedule {
namespace {

using namespace blockferry::testing;

// Small, so that schedules meet its bound: four files, or one and no more.
constexpr std::uint64_t deep_window_bytes = 40'000;
constexpr std::uint64_t tight_window_bytes = deep_window_bytes - 1; // just no room for a fourth
constexpr std::uint64_t deep_bundle_bytes = 10'000;
constexpr std::uint64_t narrow_window_bytes = 96'000;

std::uint64_t window_of(const plan& what) {
  if (!what.deep)
    return narrow_window_bytes;
  return what.tight ? tight_window_bytes : deep_window_bytes;
}

const plain_chain& chain_of(std::uint32_t blocks) {
  static std::map<std::uint32_t, plain_chain> chains;
  return chains.try_emplace(blocks, blocks).first->second;
}

/// A disk after a calm run to below `end`.
const memory_disk& calm_disk(const plan& what, std::uint32_t end) {
  using key = std::tuple<std::uint32_t, beginning, height_t, std::uint32_t>;
  static std::map<key, memory_disk> disks;
  const key wanted{what.blocks, what.from, what.start, end};
  auto found = disks.find(wanted);
  if (found == disks.end()) {
    test_ferry ferry{what.blocks};
    ferry.disk = make_disk(ferry.chain, what.from, what.start);
    ferry.options.until = end - 1;
    ferry.sync();
    found = disks.emplace(wanted, *ferry.disk).first;
  }
  return found->second;
}

/// A store that may have some blocks.
std::shared_ptr<memory_disk> disk_of(const plan& what) {
  return what.begin > what.start ? std::make_shared<memory_disk>(calm_disk(what, what.begin))
                                 : make_disk(chain_of(what.blocks), what.from, what.start);
}

std::string_view letters(const chain::hash& hash) {
  return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

std::uint64_t print_of(const drain_receipt& receipt) {
  fingerprint out;
  out.add(static_cast<std::uint64_t>(receipt.reason)).add(receipt.detail);
  if (receipt.durable)
    out.add(std::uint64_t{receipt.durable->height}).add(letters(receipt.durable->block_hash));
  out.add(receipt.blocks_fetched).add(receipt.blocks_verified).add(receipt.blocks_committed);
  out.add(std::uint64_t{receipt.transfers_abandoned}).add(std::uint64_t{receipt.bundles_dropped});
  out.add(static_cast<std::uint64_t>(receipt.started_at_ms));
  out.add(static_cast<std::uint64_t>(receipt.duration_ms)).add(std::uint64_t{receipt.clean});
  if (receipt.error)
    out.add(static_cast<std::uint64_t>(receipt.error->code)).add(receipt.error->message);
  return out.value();
}

/// What the host has heard, as far as invariants look at it.
std::uint64_t print_of(const node_log& log) {
  fingerprint out;
  for (const auto* receipts : {&log.drained, &log.receipts}) {
    out.add(std::uint64_t{receipts->size()});
    for (const auto& one : *receipts)
      out.add(print_of(one));
  }
  for (const auto& one : log.unanswered)
    out.add(one);
  return out.value();
}

/// Everything that the next start finds.
std::uint64_t print_of(const memory_disk& disk) {
  fingerprint out;
  out.add(disk.content_digest()).add(std::uint64_t{disk.state.next_height});
  if (disk.state.last)
    out.add(letters(disk.state.last->block_hash));
  for (const auto& [start, file] : disk.files)
    out.add(std::uint64_t{start}).add(file.source.url).add(std::uint64_t{file.file_blocks});
  if (disk.known)
    out.add(std::uint64_t{disk.known->taken.first}).add(std::uint64_t{disk.known->taken.count});
  if (disk.receipt)
    out.add(print_of(*disk.receipt));
  return out.add(std::uint64_t{disk.clean}).value();
}

/// Tells whether who checks has looked at the stop, and found it asked for.
class noting_rules final : public forwarding_rules {
public:
  noting_rules(std::shared_ptr<const chain::rules> inner, std::shared_ptr<bool> saw_stop)
      : forwarding_rules(std::move(inner)), saw_stop_(std::move(saw_stop)) {}
  [[nodiscard]] chain::expected<chain::checked_blocks, chain::check_failure>
  check_bundle(const chain::bundle_job& job, std::stop_token stop) const override {
    *saw_stop_ = stop.stop_requested();
    return forwarding_rules::check_bundle(job, stop);
  }
  [[nodiscard]] chain::expected<std::vector<chain::check_record>, chain::check_failure>
  check_history(const chain::chain_state& before, const chain::checked_blocks& blocks,
                std::stop_token stop) const override {
    *saw_stop_ = stop.stop_requested();
    return forwarding_rules::check_history(before, blocks, stop);
  }

private:
  std::shared_ptr<bool> saw_stop_;
};

class run {
public:
  run(const plan& what, chooser& next)
      : plan_(what), next_(next), follows_(next.asks_for_states()), chain_(chain_of(what.blocks)),
        cdn_(std::make_shared<scripted_cdn>(what.mirrors)), disk_(disk_of(what)),
        watch_(chain_, *disk_, *cdn_, window_of(what)) {
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
    setup.rules = std::make_shared<noting_rules>(rules, saw_stop_);
    setup.seed = plan_.seed;
    node_.emplace(world_, std::move(setup));
    watch_.meets(*node_);
    follow([&] { past_.after_event(0); });
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
    if (injected_.empty() && fault_is_due() && plan_.at_step == out_.steps)
      inject();
    if (run_bystander())
      return !over() || world_.scheduler().has_job();
    const auto options = options_now();
    if (!over() && !world_.scheduler().has_job())
      complain_if(watch_.at_rest());
    if (options.empty()) {
      if (!over() && plan_.timers && world_.fire_timer()) {
        follow([&] { past_.after_timer(); });
        return true;
      }
      if (!over())
        complain("L1: nothing can happen any more, but the node has not ended");
      return false;
    }
    if (++out_.steps > steps_max) {
      complain("L1: more than " + std::to_string(steps_max) + " steps");
      return false;
    }
    if (follows_ && !next_.goes_on_from(state())) {
      out_.repeated = true;
      return false;
    }
    const auto choice = next_.choose(options);
    out_.choices.push_back(static_cast<std::uint32_t>(choice));
    watch_.note(options.size(), options[choice].key);
    perform(options[choice], choice);
    complain_if(watch_.after_step());
    return !over() || world_.scheduler().has_job();
  }

  /// Does it only where the chooser asks for states: the names of messages take time.
  template <class Action>
  void follow(const Action& action) {
    if (follows_)
      action();
  }

  /// Everything on which the rest of the run depends.
  [[nodiscard]] std::uint64_t state() {
    fingerprint out;
    out.add(past_.value()).add(watch_.memory()).add(schedule::print_of(node_->log()));
    out.add(std::uint64_t{injected_.size()}).add(std::uint64_t{gone_});
    out.add(std::uint64_t{failed_}).add(std::uint64_t{timers_}).add(time());
    for (const auto& [id, request] : cdn_->waiting())
      out.add(print_of(request));
    return out.value();
  }
  [[nodiscard]] std::uint64_t time() {
    return fingerprint{}
        .add(static_cast<std::uint64_t>(world_.elapsed().count()))
        .add(static_cast<std::uint64_t>(world_.wall().now_ms()))
        .value();
  }
  [[nodiscard]] static std::uint64_t print_of(const transfer_request& request) {
    return fingerprint{}
        .add(request.id)
        .add(std::uint64_t{request.mirror})
        .add(request.file_start ? std::uint64_t{*request.file_start} + 1 : 0)
        .add(request.bytes_max)
        .add(request.if_none_match)
        .value();
  }
  /// What the actor whose turn it was could see outside of itself.
  [[nodiscard]] std::uint64_t seen() {
    return fingerprint{}
        .add(time())
        .add(std::uint64_t{watch_.store_is_failing()})
        .add(std::uint64_t{std::exchange(*saw_stop_, false)})
        .value();
  }
  bool handle_one() {
    follow([&] { past_.before_job(); });
    const bool one = world_.step();
    follow([&] { past_.after_job(seen()); });
    return one;
  }

  void complain_if(const std::string& why) {
    if (!why.empty())
      complain(why);
  }

  [[nodiscard]] bool over() const { return gone_ || node_->ended(); }
  /// The next one of the plan.
  [[nodiscard]] fault next_fault() const {
    if (injected_.empty())
      return plan_.what;
    return injected_.size() == 1 && plan_.what == fault::drain ? plan_.then : fault::none;
  }
  [[nodiscard]] bool comes_at_a_step() const { return injected_.empty() && plan_.at_step; }
  [[nodiscard]] bool fault_is_due() {
    const fault next = next_fault();
    return next != fault::none && !over() &&
           (next != fault::worker_dies || comes_at_a_step() || working_worker() != nullptr);
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
    follow([&] { past_.before_job(); });
    const bool one = world_.step();
    follow([&] { past_.after_bystander(); });
    return one;
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
    if (fault_is_due() && !comes_at_a_step())
      out.push_back({fault_now | injected_.size(), true});
    // Except in hasty plans time passes only while the network is awaited: no timer overtakes a
    // message.
    if (plan_.timers && world_.scheduler().has_pending_timeout() &&
        (plan_.hasty || !world_.scheduler().has_job()) && timers_ < plan_.waits)
      out.push_back({timer, true});
    return out;
  }

  void perform(const option& what, std::size_t choice) {
    const auto id = what.key & 0xffffffff;
    switch (what.key >> 32) {
    case 0:
      give_turn(choice);
      break;
    case arrives >> 32:
      end_transfer(id, true);
      break;
    case fails >> 32:
      ++failed_;
      watch_.trouble();
      end_transfer(id, false);
      break;
    case timer >> 32:
      ++timers_;
      if (world_.scheduler().has_job())
        watch_.trouble(); // patience may end over what somebody has yet to handle
      world_.fire_timer();
      follow([&] { past_.after_timer(); });
      break;
    default:
      inject();
      follow([&] { past_.after_event(what.key); });
    }
  }

  /// To the actor of this job: it handles one message.
  void give_turn(std::size_t job) {
    auto& jobs = world_.scheduler().jobs;
    std::rotate(jobs.begin(), jobs.begin() + static_cast<std::ptrdiff_t>(job),
                jobs.begin() + static_cast<std::ptrdiff_t>(job) + 1);
    const bool inside = std::ranges::any_of(jobs, [this](auto* one) {
      return watch_.is_inside(dynamic_cast<caf::scheduled_actor&>(*one));
    });
    auto& actor = dynamic_cast<caf::scheduled_actor&>(*jobs.front());
    const caf::actor_id who = actor.id();
    const bool closes = plan_.late && watch::is_drained_by_next(actor);
    complain_if(watch_.before_message(actor, inside));
    handle_one();
    if (closes && !over())
      send_late_bundle(who);
  }

  void end_transfer(transfer_id id, bool well) {
    const auto print = print_of(cdn_->waiting().at(id));
    watch_.answered(id);
    well ? cdn_->finish(id) : cdn_->finish(id, failing(errc::cdn_timed_out));
    follow([&] { past_.after_event(fingerprint{}.add(std::uint64_t{well}).add(print).value()); });
  }

  void inject() {
    const bool is_first = injected_.empty();
    injected_.push_back(next_fault());
    watch_.trouble();
    const auto& actors = node_->actors();
    switch (injected_.back()) {
    case fault::drain:
      return is_first ? ask_drain(drain_reason::signal, "one")
                      : ask_drain(drain_reason::requested, "two");
    case fault::two_drains:
      ask_drain(drain_reason::signal, "one");
      return ask_drain(drain_reason::requested, "two");
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
    case fault::transfers_fail:
      return fail_transfers();
    case fault::none:
    case fault::count:
      return;
    }
  }

  void ask_drain(drain_reason reason, const char* who) {
    watch_.asks_for_a_drain(node_->ask_drain(reason, who));
  }

  /// As from who had not heard of the drain.
  void send_late_bundle(caf::actor_id to) {
    const auto& actors = node_->actors();
    if (to == actors.writer->id()) {
      verified_bundle bundle;
      bundle.ticket = late_ticket;
      caf::anon_send(actors.writer, std::move(bundle));
    } else if (to == actors.verifier->id()) {
      fetched_bundle bundle;
      bundle.ticket = late_ticket;
      bundle.wanted.first = limits::height_max;
      caf::anon_send(actors.verifier, std::move(bundle));
    }
  }

  void fail_transfers() {
    std::vector<transfer_id> files;
    for (const auto& [id, request] : cdn_->waiting())
      if (request.file_start)
        files.push_back(id);
    for (const transfer_id id : files)
      end_transfer(id, false);
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
      complain_if(watch_.at_end(node_->log(), injected_));
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
    // With the transport end its transfers, unless a drain has abandoned them before.
    if (cdn_.use_count() > 1)
      complain("P8: the transport is left over");
    if (watch_.downloader_has_drained() && !cdn_->waiting().empty())
      complain("P8: transfers are left over");
    const auto heard = schedule::print_of(node_->log());
    node_.reset();
    if (out_.violation.empty() && !out_.repeated)
      check_next_start();
    out_.left =
        fingerprint{}.add(heard).add(schedule::print_of(*disk_)).add(out_.violation).value();
  }

  /// L2 and S7.  What the same disk led to once is not tried again while states are followed.
  void check_next_start() {
    static std::set<std::pair<std::uint32_t, std::uint64_t>> good;
    if (disk_->open)
      return complain("P8: the store is still open");
    const std::pair found{plan_.blocks, schedule::print_of(*disk_)};
    if (follows_ && good.contains(found))
      return;
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
    if (disk_->content_digest() != calm_disk(plan_, plan_.blocks).content_digest())
      complain("S7: another content than after a calm run");
    if (out_.violation.empty())
      good.insert(found);
  }

  plan plan_;
  chooser& next_;
  const bool follows_; ///< the state, for the chooser
  const plain_chain& chain_;
  deterministic_system world_;
  lineage past_{world_.scheduler()};
  std::shared_ptr<bool> saw_stop_ = std::make_shared<bool>(false);
  std::shared_ptr<scripted_cdn> cdn_;
  std::shared_ptr<memory_disk> disk_;
  watch watch_;
  std::optional<test_node> node_;
  outcome out_;
  std::vector<fault> injected_;
  bool gone_ = false;
  std::size_t failed_ = 0;
  std::size_t timers_ = 0;
};

bool breaks(const sailor& run, const std::vector<std::uint32_t>& choices) {
  return !run(*choose_from(choices)).violation.empty();
}

} // namespace

std::string to_string(fault what) {
  constexpr const char* names[] = {"none",          "drain",       "two_drains",  "downloader_dies",
                                   "verifier_dies", "writer_dies", "worker_dies", "commit_fails",
                                   "crash",         "host_ends",   "host_kills",  "transfers_fail"};
  return names[static_cast<std::size_t>(what)];
}

std::string faults_of(const plan& what) {
  const bool two = what.what == fault::drain && what.then != fault::none;
  return to_string(what.what) + (two ? ", then " + to_string(what.then) : std::string{});
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
  constexpr fault seconds[] = {fault::none,        fault::drain,         fault::commit_fails,
                               fault::crash,       fault::verifier_dies, fault::downloader_dies,
                               fault::writer_dies, fault::worker_dies,   fault::host_ends,
                               fault::host_kills};
  out.then = seconds[random() % std::size(seconds)];
  if (out.what == fault::none && random() % 2 == 0)
    out.what = fault::transfers_fail;
  out.from = static_cast<beginning>(random() % 3);
  constexpr height_t starts[] = {20, 50, 77};
  out.start = out.from == beginning::genesis ? 0 : starts[random() % 3];
  out.tight = random() % 4 == 0;
  out.late = random() % 4 == 1;
  out.hasty = random() % 4 == 0;
  return out;
}

plan plan_of(std::uint64_t seed, fault what, std::size_t at_step) {
  plan out = plan_of(seed);
  out.blocks = 103;
  out.what = what;
  out.at_step = at_step;
  if (what == fault::transfers_fail)
    out.sudden_answers = false; // none is ever under way there
  return out;
}

std::unique_ptr<chooser> chooser_of(std::uint64_t seed) {
  return seed % 2 == 0 ? choose_at_random(seed) : choose_by_priority(seed);
}

outcome sail(const plan& what, chooser& next) {
  return run{what, next}.to_the_end();
}

std::vector<std::uint32_t> shrink(const sailor& run, std::vector<std::uint32_t> choices) {
  int left = 500; // runs to spend
  // Behind the last choice the first option is taken: cut as much as still breaks.
  for (std::size_t cut = choices.size(); cut > 0; cut /= 2)
    while (cut <= choices.size() && --left > 0 &&
           breaks(run, {choices.begin(), choices.end() - static_cast<std::ptrdiff_t>(cut)}))
      choices.resize(choices.size() - cut);
  for (std::size_t width = choices.size(); width > 0; width /= 2)
    for (std::size_t at = 0; at + width <= choices.size() && --left > 0; at += width) {
      auto fewer = choices;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at),
                  fewer.begin() + static_cast<std::ptrdiff_t>(at + width));
      auto calmer = choices;
      std::fill_n(calmer.begin() + static_cast<std::ptrdiff_t>(at), width, 0);
      if (breaks(run, fewer))
        choices = std::move(fewer);
      else if (calmer != choices && breaks(run, calmer))
        choices = std::move(calmer);
    }
  return choices;
}

} // namespace blockferry::schedule
