#include "tests/schedule/real_voyage.hpp"

#include "chain/aleo_rules.hpp"
#include "chain/start_file.hpp"
#include "chain/wire.hpp"
#include "storage/reader.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/crash/survey.hpp"
#include "tests/kit/cdn_folder.hpp"
#include "tests/kit/chain_maker.hpp"
#include "tests/kit/genesis.hpp"
#include "tests/kit/made_network.hpp"
#include "tests/schedule/choices.hpp"
#include "tests/support/test_node.hpp"

#include <algorithm>
#include <random>
#include <sqlite3.h>

namespace blockferry::schedule {
namespace {

using namespace blockferry::testing;

constexpr height_t block_count = 103;
constexpr std::size_t operations_in_a_drain = 40; ///< its commit and its receipt, about

/// A chain of a beacon, as the files of a CDN.
struct real_chain {
  chain::network net = kit::developer_network({}, true);
  std::vector<chain::byte_buffer> files;
  std::vector<chain::hash> hashes; ///< by height

  real_chain() {
    const auto validators = kit::make_validators(4, 1);
    const auto genesis = kit::make_genesis(net, validators);
    net.genesis = chain::load_hash(chain::byte_view{genesis}.subspan(1));
    kit::chain_options options;
    options.net = net;
    options.sign = [&](const chain::hash& block) { return validators.front().keys.sign(block); };
    kit::chain_maker maker{options};
    maker.follow(genesis);
    std::vector<chain::byte_buffer> blocks{genesis};
    hashes.push_back(*net.genesis);
    while (maker.next_height() < block_count) {
      blocks.push_back(maker.next());
      hashes.push_back(maker.tip_hash());
      if (blocks.size() == blocks_per_file || maker.next_height() == block_count) {
        files.push_back(kit::bundle_of(blocks));
        blocks.clear();
      }
    }
  }
};

const real_chain& the_chain() {
  static const real_chain made;
  return made;
}

std::shared_ptr<scripted_cdn> cdn_of_chain(std::size_t mirrors) {
  auto out = std::make_shared<scripted_cdn>(mirrors);
  for (mirror_id id = 0; id < mirrors; ++id) {
    height_t start = 0;
    for (const auto& file : the_chain().files) {
      out->put_file(id, start, file);
      start += blocks_per_file;
    }
    out->advertise(id, block_count);
  }
  return out;
}

/// One a process: the lock of a store is a file.
const std::filesystem::path& folder() {
  static const crash::lock_folder made;
  return made.path();
}

const std::shared_ptr<const chain::rules>& the_rules() {
  static const std::shared_ptr<const chain::rules> made =
      std::make_shared<chain::aleo_rules>(the_chain().net);
  return made;
}

/// What a seed makes of a run.
struct real_plan {
  explicit real_plan(std::uint64_t seed) : random(seed * 0x9e3779b97f4a7c15 + 7) {
    what = static_cast<real_fault>(random() % static_cast<std::uint64_t>(real_fault::count));
    // Signatures cost: most schedules are about order, not about content.
    floor = random() % 8 == 0 ? chain::level::consensus : chain::level::header;
    mirrors = 1 + random() % 2;
    failures = random() % 3;
    group_bytes = 1 + random() % 120'000;
    operation = random() % 90;
    kind = static_cast<crash::fault_kind>(random() % crash::changing_fault_kinds);
    sticky = random() % 2 == 0;
    damage = static_cast<crash::damage>(random() % crash::damage_kinds);
    power_fails_after = random() % 2 == 0;
    crash_in_drain = random() % 2 == 0;
    from = static_cast<beginning>(random() % 3);
    constexpr height_t starts[] = {20, 50, 77};
    start = from == beginning::genesis ? 0 : starts[random() % 3];
  }
  std::mt19937_64 random;
  real_fault what = real_fault::none;
  chain::level floor = chain::level::header;
  std::size_t mirrors = 1;
  std::size_t failures = 0;
  std::uint64_t group_bytes = 1;
  std::size_t operation = 0; ///< after those of opening
  crash::fault_kind kind{};
  bool sticky = false;
  crash::damage damage{};
  bool power_fails_after = false; ///< also where the node ended by itself
  bool crash_in_drain = false;    ///< the power fails at `operation` after a drain was asked for
  beginning from = beginning::genesis;
  height_t start = 0; ///< height of the first block
};

test_setup setup_of(const real_plan& what, std::shared_ptr<scripted_cdn> cdn,
                    std::unique_ptr<storage::store> store) {
  test_setup out;
  out.options = test_options(what.mirrors);
  out.options.floor = what.floor;
  out.options.group_bytes = what.group_bytes;
  out.network = std::move(cdn);
  out.store = std::move(store);
  out.rules = the_rules();
  return out;
}

storage::result<std::unique_ptr<storage::store>> open_on(const crash::crash_disk& disk,
                                                         const real_plan& what);

/// As `export --state` writes it and a start reads it: what a sync from genesis knows before
/// `start`.
chain::chain_state state_before(const real_plan& what) {
  real_plan whole = what;
  whole.from = beginning::genesis;
  whole.start = 0;
  whole.mirrors = 1;
  const crash::crash_disk disk;
  auto store = open_on(disk, whole);
  if (!store)
    throw std::runtime_error(store.error().message);
  deterministic_system world;
  auto setup = setup_of(whole, cdn_of_chain(1), std::move(*store));
  setup.options.until = what.start - 1;
  {
    test_node node{world, std::move(setup)};
    world.run_until([&] { return node.ended(); }, std::chrono::hours{24});
  }
  const auto files = disk.files();
  auto reader = storage::reader::open(folder(), *files);
  if (!reader)
    throw std::runtime_error(reader.error().message);
  auto state = reader->whole_state();
  if (!state || state->next_height != what.start)
    throw std::runtime_error("no state before height " + std::to_string(what.start));
  state->start_height = state->next_height;
  return *chain::decode_start_file(chain::encode_start_file(*state));
}

storage::result<std::unique_ptr<storage::store>> open_on(const crash::crash_disk& disk,
                                                         const real_plan& what) {
  storage::store_options options;
  options.folder = folder();
  options.files = disk.files();
  options.floor = what.floor;
  options.identity.network = the_chain().net.name;
  options.identity.network_id = the_chain().net.id;
  options.identity.genesis = the_chain().net.genesis;
  options.identity.start_height = what.start;
  if (what.from == beginning::pin)
    options.identity.start_hash = the_chain().hashes[what.start];
  if (what.from == beginning::start_file) {
    static std::map<std::pair<chain::level, height_t>, chain::chain_state> states;
    const std::pair wanted{what.floor, what.start};
    if (!states.contains(wanted))
      states.emplace(wanted, state_before(what));
    options.begin = states.at(wanted);
  }
  return storage::open_store(options);
}

/// Carries what is missing on a disk that works; the digest of the content, or what went wrong.
tl::expected<chain::hash, std::string> carry_calmly(const crash::crash_disk& disk,
                                                    const real_plan& what) {
  auto store = open_on(disk, what);
  if (!store)
    return tl::make_unexpected("the store does not open: " + store.error().message);
  deterministic_system world;
  const auto cdn = cdn_of_chain(1);
  real_plan calm = what;
  calm.mirrors = 1;
  test_node node{world, setup_of(calm, cdn, std::move(*store))};
  if (!world.run_until([&] { return node.ended(); }, std::chrono::hours{24}))
    return tl::make_unexpected(std::string{"the calm run does not end"});
  const auto& receipt = node.log().drained.back();
  if (!receipt.clean || receipt.error || !receipt.durable ||
      receipt.durable->block_hash != the_chain().hashes.back())
    return tl::make_unexpected("the calm run ends short of the tip" +
                               (receipt.error ? ": " + receipt.error->message : std::string{}));
  world.run();
  const auto content = crash::checked_content(folder(), disk);
  if (!content)
    return tl::make_unexpected(content.error().message);
  return *content;
}

const tl::expected<chain::hash, std::string>& calm_content(const real_plan& what) {
  static std::map<std::tuple<chain::level, beginning, height_t>,
                  tl::expected<chain::hash, std::string>>
      known;
  const std::tuple wanted{what.floor, what.from, what.start};
  auto found = known.find(wanted);
  if (found == known.end())
    found = known.emplace(wanted, carry_calmly(crash::crash_disk{}, what)).first;
  return found->second;
}

class real_run {
public:
  real_run(std::uint64_t seed, chooser& next)
      : plan_(seed), next_(next), cdn_(cdn_of_chain(plan_.mirrors)) {
    cdn_->answer_at_once(false);
  }

  outcome to_the_end() {
    if (const auto& calm = calm_content(plan_); !calm) {
      complain("S8, without a fault: " + calm.error());
      return std::move(out_);
    }
    // The same numbers in every journal of the same run.
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, 1, nullptr);
    sqlite3_randomness(0, nullptr);
    auto store = open_on(disk_, plan_);
    if (!store)
      throw std::runtime_error(store.error().message);
    set_faults();
    node_.emplace(world_, setup_of(plan_, cdn_, std::move(*store)));
    while (out_.violation.empty() && step()) {
    }
    finish();
    note(disk_.log().size());
    out_.trace = trace_;
    return std::move(out_);
  }

private:
  void complain(const std::string& why) {
    if (out_.violation.empty())
      out_.violation = why + " (" + to_string(plan_.what) + ")";
  }
  void note(std::uint64_t number) { trace_ = (trace_ ^ number) * 0x100000001b3; }
  [[nodiscard]] bool over() const { return gone_ || node_->ended(); }

  void set_faults() {
    const std::size_t at = disk_.log().size() + plan_.operation;
    if (plan_.what == real_fault::crash_inside)
      disk_.stop_before(at);
    if (plan_.what == real_fault::disk_fails)
      disk_.inject({plan_.kind, at, plan_.sticky});
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
    const bool from_outside = plan_.what == real_fault::drain || plan_.what == real_fault::crash ||
                              plan_.what == real_fault::writer_dies;
    if (from_outside && !injected_)
      out.push_back({fault_now, true});
    if (world_.scheduler().has_pending_timeout() && !world_.scheduler().has_job() && timers_ < 400)
      out.push_back({timer, true});
    return out;
  }

  bool step() {
    const auto options = options_now();
    if (options.empty()) {
      if (!over() && world_.fire_timer())
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
    out_.choices.push_back(static_cast<std::uint32_t>(choice));
    note(options.size());
    note(options[choice].key);
    perform(options[choice], choice);
    return !over() || world_.scheduler().has_job();
  }

  void perform(const option& what, std::size_t choice) {
    const auto id = what.key & 0xffffffff;
    switch (what.key >> 32) {
    case 0: {
      auto& jobs = world_.scheduler().jobs;
      std::rotate(jobs.begin(), jobs.begin() + static_cast<std::ptrdiff_t>(choice),
                  jobs.begin() + static_cast<std::ptrdiff_t>(choice) + 1);
      look_at(dynamic_cast<caf::scheduled_actor&>(*jobs.front()));
      world_.step();
      break;
    }
    case arrives >> 32:
      cdn_->finish(id);
      break;
    case fails >> 32:
      ++failed_;
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

  /// What is acknowledged, and what reaches the writer.
  void look_at(caf::scheduled_actor& next) {
    const auto* element = next.mailbox().peek();
    if (element == nullptr)
      return;
    const auto& content = element->content();
    if (content.match_elements<bundle_committed>())
      acknowledged_ = std::max<std::uint64_t>(
          acknowledged_, content.get_as<bundle_committed>(0).tip.height + std::uint64_t{1});
    if (content.match_elements<verified_bundle>())
      verified_ = std::max(verified_, content.get_as<verified_bundle>(0).range.end());
    if (content.match_elements<committed_ack>())
      if (const auto& durable = content.get_as<committed_ack>(0).receipt.durable)
        acknowledged_ = std::max<std::uint64_t>(acknowledged_, durable->height + std::uint64_t{1});
  }

  void inject() {
    injected_ = true;
    if (plan_.what == real_fault::drain) {
      if (plan_.crash_in_drain)
        disk_.stop_before(disk_.log().size() + plan_.operation % operations_in_a_drain);
      node_->ask_drain(drain_reason::signal, "one");
      return;
    }
    if (plan_.what == real_fault::writer_dies)
      return node_->kill(node_->actors().writer);
    left_ = disk_.power_cut(plan_.damage, plan_.random);
    disk_.stop_now();
    gone_ = true;
    node_->abandon();
  }

  void finish() {
    world_.run();
    if (node_->ended())
      check_receipt(node_->log().drained.front());
    node_->abandon();
    world_.run();
    node_.reset();
    if (!out_.violation.empty())
      return;
    const bool power_fails = plan_.what == real_fault::crash_inside || plan_.power_fails_after ||
                             (plan_.what == real_fault::drain && plan_.crash_in_drain);
    if (!left_)
      left_ = power_fails ? disk_.power_cut(plan_.damage, plan_.random) : disk_.current();
    check_what_is_left(crash::crash_disk{*left_});
  }

  void check_receipt(const drain_receipt& receipt) {
    if (receipt.clean && receipt.error && is_store_error(receipt.error->code))
      complain("P9: clean, and the store failed: " + receipt.error->message);
    if (!receipt.clean && !receipt.error)
      complain("P9: not clean, and no error says why");
    if (plan_.what == real_fault::none &&
        (!receipt.clean ||
         (receipt.reason != drain_reason::completed && receipt.reason != drain_reason::gave_up)))
      complain("L2: a run without faults ends with " +
               std::string{blockferry::to_string(receipt.reason)});
  }

  void check_what_is_left(const crash::crash_disk& disk) {
    {
      const auto store = open_on(disk, plan_);
      if (!store)
        return complain("S6: the store does not open: " + store.error().message);
      const std::uint64_t first = plan_.start;
      const std::uint64_t next = (*store)->resume().state.next_height;
      if (next < acknowledged_ || next > std::max({verified_, acknowledged_, first}))
        return complain("S3: the store ends before " + std::to_string(next) + ", acknowledged " +
                        std::to_string(acknowledged_) + ", verified " + std::to_string(verified_));
    }
    const auto content = carry_calmly(disk, plan_);
    if (!content)
      return complain("S8: " + content.error());
    if (*content != *calm_content(plan_))
      complain("S7: another content than after a calm run");
  }

  real_plan plan_;
  chooser& next_;
  crash::crash_disk disk_;
  deterministic_system world_;
  std::shared_ptr<scripted_cdn> cdn_;
  std::optional<test_node> node_;
  outcome out_;
  std::optional<crash::disk_image> left_; ///< by a power cut in the middle
  std::uint64_t acknowledged_ = 0;        ///< blocks
  std::uint64_t verified_ = 0;            ///< blocks that have reached the writer
  bool injected_ = false;
  bool gone_ = false;
  std::size_t failed_ = 0;
  std::size_t timers_ = 0;
  std::uint64_t trace_ = 0xcbf29ce484222325;
};

} // namespace

std::string to_string(real_fault what) {
  constexpr const char* names[] = {"none",         "drain",      "crash",
                                   "crash_inside", "disk_fails", "writer_dies"};
  return names[static_cast<std::size_t>(what)];
}

outcome sail_real(std::uint64_t seed, chooser& next) {
  return real_run{seed, next}.to_the_end();
}

} // namespace blockferry::schedule
