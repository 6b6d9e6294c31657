#include "tests/schedule/watch.hpp"

#include "tests/schedule/fingerprint.hpp"

#include <algorithm>

namespace blockferry::schedule {
namespace {

using namespace blockferry::testing;

template <class Message>
const Message* as(const caf::type_erased_tuple& content) {
  return content.match_elements<Message>() ? &content.get_as<Message>(0) : nullptr;
}

/// Why a node may end in which this went wrong: its own end may come before, and one fault before
/// another.
std::set<drain_reason> reasons_after(const std::vector<fault>& injected) {
  std::set<drain_reason> out{drain_reason::completed, drain_reason::gave_up,
                             drain_reason::data_refused};
  for (std::size_t i = 0; i < injected.size(); ++i)
    switch (injected[i]) {
    case fault::drain:
      out.insert(i == 0 ? drain_reason::signal : drain_reason::requested);
      break;
    case fault::two_drains:
      out.insert({drain_reason::signal, drain_reason::requested});
      break;
    case fault::downloader_dies:
    case fault::verifier_dies:
    case fault::writer_dies:
      out.insert(drain_reason::actor_died);
      break;
    case fault::commit_fails:
      out.insert(drain_reason::store_failed);
      break;
    case fault::none:
    case fault::worker_dies:
    case fault::crash:
    case fault::host_ends:
    case fault::host_kills:
    case fault::transfers_fail:
    case fault::count:
      break;
    }
  return out;
}

std::size_t drains_in(const std::vector<fault>& injected) {
  return static_cast<std::size_t>(std::ranges::count(injected, fault::drain) +
                                  2 * std::ranges::count(injected, fault::two_drains));
}

} // namespace

watch::watch(const plain_chain& chain, memory_disk& disk, const scripted_cdn& cdn,
             std::uint64_t window_bytes)
    : chain_(chain), disk_(disk), cdn_(cdn), window_bytes_(window_bytes),
      blocks_before_(disk.blocks.size()), steps_seen_(disk.commits + disk.cleanings),
      next_verified_(disk.state.next_height) {
  disk_.before_step = [this](store_step) -> std::optional<failure> {
    if (!failing_)
      return std::nullopt;
    open_failed_ = true;
    return failure{errc::store_io, "EIO by schedule"};
  };
}

void watch::meets(const test_node& node) {
  const auto& actors = node.actors();
  known_ = {actors.supervisor->id(), actors.downloader->id(), actors.verifier->id(),
            actors.writer->id(), node.listener()->id()};
  last_known_child_ = actors.verifier->id();
  listener_ = node.listener()->id();
  downloader_ = caf::actor_cast<caf::strong_actor_ptr>(actors.downloader);
}

void watch::note(std::uint64_t a, std::uint64_t b) {
  for (const auto number : {a, b})
    trace_ = (trace_ ^ number) * 0x100000001b3;
}

std::uint64_t watch::memory() const {
  fingerprint out;
  for (const bool one : {failing_, host_gone_, troubled_, asked_at_tick_, open_failed_})
    out.add(std::uint64_t{one});
  out.add(std::uint64_t{steps_seen_}).add(std::uint64_t{next_verified_});
  out.add(steps_at_ack_ ? std::uint64_t{*steps_at_ack_} + 1 : 0);
  out.add(requests_at_drain_ ? std::uint64_t{*requests_at_drain_} + 1 : 0);
  for (const auto& [id, request] : on_the_way_)
    out.add(id);
  for (const auto& [file_start, bytes] : held_)
    out.add(std::uint64_t{file_start}).add(bytes);
  return out.value();
}

bool watch::on_disk(const std::optional<chain::tip>& tip) const {
  if (!tip)
    return true;
  const auto found = disk_.blocks.find(tip->height);
  return found != disk_.blocks.end() && found->second.facts.block_hash == tip->block_hash;
}

std::string watch::check_bundle(const verified_bundle& bundle) {
  if (bundle.range.first != next_verified_)
    return "P1: the writer gets height " + std::to_string(bundle.range.first) + " instead of " +
           std::to_string(next_verified_);
  next_verified_ = static_cast<height_t>(bundle.range.end());
  // Of each file everything before was taken too, from the first block of the store on.
  const height_t start = disk_.identity.start_height;
  if (bundle.taken_from != std::max(bundle.file_start, start))
    return "P2: the record of file " + std::to_string(bundle.file_start) + " forgets what was " +
           "taken of it before height " + std::to_string(bundle.taken_from);
  for (const auto& block : bundle.blocks) {
    if (block.block_hash != chain_.hash_of(block.height))
      return "T1: the writer gets a wrong block " + std::to_string(block.height);
    chain::check_record made{chain::checks_of(chain::level::header), {}};
    if (disk_.identity.start_hash && block.height == start) { // nothing is known before a pin
      made.made.remove(chain::check::state_root);
      made.unmade.add(chain::check::state_root);
    }
    if (block.record != made)
      return "P9: another record than the checks that were made";
  }
  return {};
}

bool watch::is_inside(caf::scheduled_actor& worker) const {
  const auto* element = is_worker(worker) ? worker.mailbox().peek() : nullptr;
  return element != nullptr && (as<check_request>(element->content()) != nullptr ||
                                as<history_request>(element->content()) != nullptr);
}

bool watch::only_notes(caf::scheduled_actor& actor) const {
  const auto* element = actor.mailbox().peek();
  return element != nullptr &&
         (actor.id() == listener_ || as<drain_receipt>(element->content()) != nullptr);
}

bool watch::is_drained_by_next(caf::scheduled_actor& actor) {
  const auto* element = actor.mailbox().peek();
  return element != nullptr && (as<drain_request>(element->content()) != nullptr ||
                                as<drain_writer>(element->content()) != nullptr);
}

caf::scheduled_actor& watch::downloader() const {
  return dynamic_cast<caf::scheduled_actor&>(*caf::actor_cast<caf::abstract_actor*>(downloader_));
}

/// Who waits is not counted: counting would take from his mailbox the mark that wakes him.
std::size_t watch::mail_of_downloader() const {
  auto& mail = downloader().mailbox();
  return mail.blocked() || mail.closed() ? 0 : mail.size();
}

/// The answer to a late bundle is a message to the downloader, if that is still there.
std::string watch::check_refusal() {
  const auto before = std::exchange(before_refusal_, std::nullopt);
  if (before && !downloader().mailbox().closed() && mail_of_downloader() == *before)
    return "P4: a bundle that came after the drain was dropped silently";
  return {};
}

/// What it has taken of the window changes with each of these.
void watch::downloader_hears(const caf::type_erased_tuple& content) {
  if (const auto* end = as<transfer_result>(content)) {
    const auto request = on_the_way_.extract(end->id);
    if (request && end->outcome) {
      const height_t file_start = *request.mapped().file_start;
      held_.try_emplace(file_start, end->outcome->bytes.size());
      // The first to come is taken, the hedge or the hedged given up.
      std::erase_if(on_the_way_,
                    [&](const auto& one) { return one.second.file_start == file_start; });
    }
  } else if (const auto* done = as<bundle_committed>(content))
    held_.erase(done->file_start);
  else if (const auto* refusal = as<bundle_refused>(content))
    held_.erase(refusal->file_start);
}

/// Bytes that were asked for, are on their way, or wait for their commit.
std::string watch::check_window() {
  for (; requests_seen_ < cdn_.requests().size(); ++requests_seen_)
    if (const auto& one = cdn_.requests()[requests_seen_];
        one.file_start && !cdn_.waiting().contains(one.id)) // answered at once
      on_the_way_[one.id] = one;
  if (downloader().mailbox().closed()) // nobody knows any more of what was asked for
    return {};
  std::uint64_t used = 0;
  for (const auto& [id, request] : cdn_.waiting())
    used += request.file_start ? request.bytes_max : 0;
  for (const auto& [id, request] : on_the_way_)
    used += request.bytes_max;
  for (const auto& [file_start, bytes] : held_)
    used += bytes;
  return used <= window_bytes_ ? ""
                               : "P6: " + std::to_string(used) + " bytes in the window of " +
                                     std::to_string(window_bytes_);
}

std::string watch::at_rest() const {
  if (!failing_ && next_verified_ != disk_.state.next_height)
    return "L1: nothing moves, and verified blocks wait for their commit from height " +
           std::to_string(disk_.state.next_height) + " on";
  return {};
}

/// Patience may end only over something that was asked for.
std::string watch::check_giving_up(const download_status& news) const {
  const bool missing = news.target && disk_.state.next_height <= *news.target;
  if (troubled_ || news.ends != drain_reason::gave_up || !missing)
    return {};
  return asked_at_tick_ ? ""
                        : "L2: the node gives up, and asks for none of the blocks that it lacks";
}

std::string watch::before_message(caf::scheduled_actor& next, bool worker_is_inside) {
  const auto* element = next.mailbox().peek();
  if (element == nullptr)
    return {};
  const auto& content = element->content();
  const auto* fetched = as<fetched_bundle>(content);
  const auto* verified = as<verified_bundle>(content);
  if ((fetched != nullptr && fetched->ticket == late_ticket) ||
      (verified != nullptr && verified->ticket == late_ticket)) {
    before_refusal_ = mail_of_downloader();
    return {};
  }
  if (&downloader() == &next)
    downloader_hears(content);
  if (as<tick>(content) != nullptr)
    asked_at_tick_ =
        !on_the_way_.empty() || std::ranges::any_of(cdn_.waiting(), [](const auto& one) {
          return one.second.file_start.has_value();
        });
  if (const auto* news = as<bundle_committed>(content)) {
    if (!on_disk(news->tip))
      return "S3: bundle_committed names height " + std::to_string(news->tip.height) +
             ", which is not on the disk";
    if (news->tip.height + 1 < news->range.end())
      return "S3: bundle_committed whose tip is below its bundle";
  }
  if (const auto* ack = as<committed_ack>(content)) {
    steps_at_ack_ = disk_.commits + disk_.cleanings;
    if (!on_disk(ack->receipt.durable))
      return "S3: committed_ack names what is not on the disk";
    if (ack->receipt.clean && !disk_.clean)
      return "S3: committed_ack says clean, the disk does not";
    if (disk_.open)
      return "P4: the store is open when it is acknowledged";
  }
  if (as<downloader_drained>(content) != nullptr)
    requests_at_drain_ = cdn_.requests().size();
  if (fetched != nullptr && requests_at_drain_ && cdn_.requests().size() > *requests_at_drain_)
    return "P4: something new enters after the drain";
  if (as<verifier_drained>(content) != nullptr && worker_is_inside)
    return "P4: the verifier is drained while a check waits for a worker";
  // The report of a file leaves the downloader before the file can reach a worker.
  if (const auto* news = as<progressed>(content))
    if (const auto& now = news->status;
        now.phase < node_phase::draining && now.blocks_fetched < now.blocks_verified)
      return "P9: the status counts " + std::to_string(now.blocks_fetched) + " blocks fetched, " +
             std::to_string(now.blocks_verified) + " verified";
  if (const auto* news = as<download_status>(content))
    return check_giving_up(*news);
  if (verified != nullptr)
    return check_bundle(*verified);
  return {};
}

std::string watch::check_history() {
  const auto broken = disk_.broken_promise();
  if (!broken.empty())
    return "S1: " + broken;
  for (const auto& [height, block] : disk_.blocks)
    if (block.facts.block_hash != chain_.hash_of(height))
      return "S5: block " + std::to_string(height) + " is not the chain's";
  return {};
}

std::string watch::after_step() {
  if (auto wrong = check_refusal(); !wrong.empty())
    return wrong;
  if (auto wrong = check_window(); !wrong.empty())
    return wrong;
  if (requests_at_drain_ && cdn_.requests().size() > *requests_at_drain_)
    return "P4: a request after the drain";
  const auto steps = disk_.commits + disk_.cleanings;
  if (steps_at_ack_ && steps != *steps_at_ack_)
    return "S4: a write after committed_ack";
  if (steps == steps_seen_)
    return {};
  steps_seen_ = steps;
  return check_history();
}

std::string watch::check_counts(const drain_receipt& receipt, bool writer_died) const {
  if (!writer_died && receipt.blocks_committed != disk_.blocks.size() - blocks_before_)
    return "P9: the receipt counts " + std::to_string(receipt.blocks_committed) +
           " blocks committed, the disk has " +
           std::to_string(disk_.blocks.size() - blocks_before_) + " more";
  if (receipt.blocks_committed > receipt.blocks_verified ||
      receipt.blocks_verified > receipt.blocks_fetched)
    return "P9: " + std::to_string(receipt.blocks_fetched) + " blocks fetched, " +
           std::to_string(receipt.blocks_verified) + " verified, " +
           std::to_string(receipt.blocks_committed) + " committed, for " +
           std::string{blockferry::to_string(receipt.reason)};
  if (receipt.clean && receipt.bundles_dropped == 0 &&
      receipt.blocks_committed != receipt.blocks_verified)
    return "P9: verified blocks are lost and not counted";
  return {};
}

std::string watch::at_end(const node_log& log, const std::vector<fault>& injected) const {
  const drain_receipt& receipt = log.drained.front();
  if (log.drained.size() != 1)
    return "P4: more than one end";
  for (const auto& one : log.receipts)
    if (one != receipt)
      return "P4: askers got different receipts";
  // The block that a start file names is not stored.
  if (receipt.durable != (disk_.blocks.empty() ? std::nullopt : disk_.state.last))
    return "S3: the receipt names another tip than the disk has";
  const bool writer_died = std::ranges::find(injected, fault::writer_dies) != injected.end();
  if (!writer_died && receipt.clean != !open_failed_)
    return "P9: the receipt says clean = " + std::to_string(receipt.clean);
  if (receipt.clean && (!disk_.clean || disk_.receipt != receipt))
    return "P4: the receipt is not the one in the store";
  if (!receipt.clean && !receipt.error)
    return "P9: not clean, and no error says why";
  if (auto wrong = check_counts(receipt, writer_died); !wrong.empty())
    return wrong;
  if (receipt.reason == drain_reason::completed && receipt.clean &&
      (!receipt.durable || receipt.durable->height + 1 != chain_.size()))
    return "P9: completed before the tip";
  if (!reasons_after(injected).contains(receipt.reason))
    return std::string{injected.empty() ? "L2: a run without faults" : "P4: the node"} +
           " ends with " + std::string{blockferry::to_string(receipt.reason)};
  if (log.receipts.size() + log.unanswered.size() != drains_in(injected))
    return "P4: a drain was not answered";
  return {};
}

} // namespace blockferry::schedule
