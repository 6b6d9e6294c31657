#include "tests/schedule/lineage.hpp"

#include "tests/schedule/fingerprint.hpp"

#include <algorithm>

namespace blockferry::schedule {

void lineage::before_job() {
  auto& actor = dynamic_cast<caf::scheduled_actor&>(*scheduler_.jobs.front());
  actor.mailbox().fetch_more();
  running_ = actor.id();
  handled_ = 0;
  // It is freed before the next look: another may have its address by then.
  if (auto& mine = waiting_[running_]; !mine.empty()) {
    handled_ = mine.front().second;
    mine.erase(mine.begin());
  }
}

void lineage::after_job(std::uint64_t looked_at) {
  auto& past = pasts_[running_];
  past = fingerprint{}.add(past).add(handled_).add(looked_at).value();
  name_new_ones(past, false);
}

void lineage::after_bystander() {
  name_new_ones(handled_, false);
}

void lineage::after_event(std::uint64_t what) {
  name_new_ones(what, false);
}

void lineage::after_timer() {
  name_new_ones(0, true);
}

void lineage::name_new_ones(std::uint64_t cause, bool by_timer) {
  std::map<caf::actor_id, std::vector<element>> now;
  for (auto* job : scheduler_.jobs) {
    auto& actor = dynamic_cast<caf::scheduled_actor&>(*job);
    actor.mailbox().fetch_more();
    const auto known = waiting_.find(actor.id());
    auto& mine = now[actor.id()];
    std::uint64_t place = 0;
    actor.mailbox().queue().peek_all([&](const caf::mailbox_element& one) {
      if (known != waiting_.end())
        if (const auto found = std::ranges::find(known->second, &one, &element::first);
            found != known->second.end())
          return mine.push_back(*found);
      const std::uint64_t from = by_timer ? of(actor.id()) : cause;
      mine.emplace_back(&one, fingerprint{}.add(from).add(actor.id()).add(++place).value());
    });
  }
  waiting_ = std::move(now);
}

std::uint64_t lineage::of(caf::actor_id actor) const {
  const auto found = pasts_.find(actor);
  return found == pasts_.end() ? 0 : found->second;
}

std::uint64_t lineage::value() const {
  fingerprint out;
  for (const auto& [actor, past] : pasts_)
    out.add(actor).add(past);
  for (const auto& [actor, mine] : waiting_) {
    out.add(actor).add(std::uint64_t{mine.size()});
    for (const auto& [at, name] : mine)
      out.add(name);
  }
  return out.value();
}

} // namespace blockferry::schedule
