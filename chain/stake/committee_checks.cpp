#include "chain/stake/committee_checks.hpp"

#include "chain/name.hpp"

namespace blockferry::chain::stake {

history_walk::history_walk(const following& before, height_t first,
                           std::span<const block_stakes> blocks)
    : before_(before.committees), certificates_(before.certificates), first_(first),
      blocks_(blocks) {}

const committee* history_walk::committee_for(std::uint64_t round) {
  const std::uint64_t wanted = lookback_round(round);
  const auto last_round = [&] {
    return followed_ ? followed_->last_round() : before_.last_round();
  };
  // Genesis has round 0, as nothing has before it.
  const auto at_genesis = [&] { return first_ == 0 && next_ == 0; };
  while (next_ < current_ && (at_genesis() || last_round() < wanted)) {
    if (!followed_)
      followed_ = before_;
    followed_->add(first_ + static_cast<height_t>(next_), blocks_[next_]);
    ++next_;
  }
  return (followed_ ? *followed_ : before_).for_round(round);
}

void history_walk::advance() {
  certificates_.add(blocks_[current_].round, blocks_[current_].certificates);
  ++current_;
}

namespace {

using verdict = expected<bool, check_failure>; ///< whether the check was made

tl::unexpected<check_failure> refuse(const judged_block& block, check which, std::string wanted,
                                     std::string found, std::string detail) {
  check_failure failure;
  failure.which = which;
  failure.height = block.height;
  failure.expected = std::move(wanted);
  failure.found = std::move(found);
  failure.detail = std::move(detail);
  return make_unexpected(std::move(failure));
}

std::string address_text(const address& who) {
  return bech32m(address_prefix, who.bytes);
}

std::string of_round(std::uint64_t round) {
  return "certificate of round " + std::to_string(round);
}

/// Stakes of all people of the block in one round's committee; none for one who is no member.
std::vector<std::optional<std::uint64_t>> stakes_of(const block_votes& votes,
                                                    const committee& members) {
  std::vector<std::optional<std::uint64_t>> stakes;
  stakes.reserve(votes.people.size());
  for (const address& one : votes.people)
    stakes.push_back(members.stake_of(one));
  return stakes;
}

verdict check_membership(const judged_block& block, history_walk& history) {
  for (const round_votes& round : block.votes->rounds) {
    const committee* members = history.committee_for(round.round);
    if (members == nullptr)
      return false;
    const auto stakes = stakes_of(*block.votes, *members);
    for (const certificate_votes& one : round.certificates) {
      std::vector<std::uint16_t> people = one.signers;
      people.push_back(one.author);
      for (const std::uint16_t person : people)
        if (!stakes[person])
          return refuse(block, check::membership, "members of the committee only",
                        address_text(block.votes->people[person]), of_round(round.round));
    }
  }
  return true;
}

verdict check_quorum(const judged_block& block, history_walk& history) {
  for (const round_votes& round : block.votes->rounds) {
    const committee* members = history.committee_for(round.round);
    if (members == nullptr)
      return false;
    const auto stakes = stakes_of(*block.votes, *members);
    for (const certificate_votes& one : round.certificates) {
      // Each person once, so the sum cannot exceed the committee's total.
      std::uint64_t sum = stakes[one.author].value_or(0);
      for (const std::uint16_t signer : one.signers)
        sum += stakes[signer].value_or(0);
      if (sum < members->quorum_threshold())
        return refuse(block, check::quorum,
                      "at least " + std::to_string(members->quorum_threshold()),
                      std::to_string(sum), "microcredits behind a " + of_round(round.round));
    }
  }
  return true;
}

/// Committees that a start file brings are held against all the first block's certificates: the
/// leader's tells of one, and quorum and median ask the others too.
verdict check_brought_committees(const judged_block& block, history_walk& history) {
  for (const round_votes& round : block.votes->rounds)
    if (const committee* members = history.committee_for(round.round))
      if (const hash id = members->id(); round.committee_id != id)
        return refuse(block, check::leader, field_name(id), field_name(round.committee_id),
                      "committee id of a " + of_round(round.round) + ", against the start file");
  return true;
}

verdict check_leader(const judged_block& block, history_walk& history) {
  if (block.after_start_file)
    if (auto brought = check_brought_committees(block, history); !brought)
      return brought;
  const std::vector<round_votes>& rounds = block.votes->rounds;
  const round_votes& last = rounds.back();
  const committee* members = history.committee_for(last.round);
  if (members == nullptr)
    return false;
  if (const hash id = members->id(); last.committee_id != id)
    return refuse(block, check::leader, field_name(id), field_name(last.committee_id),
                  "committee id of the leader's certificate");
  const address& author = block.votes->people[last.certificates.front().author];
  if (const address due = members->leader(last.round); author != due)
    return refuse(block, check::leader, address_text(due), address_text(author),
                  "leader of round " + std::to_string(last.round));

  // No due leader may be skipped.  Every certificate of the subdag is linked from the leader's.
  for (const round_votes& round : rounds) {
    if (round.round % 2 != 0 || round.round >= last.round || round.round < 2 ||
        round.round - 2 < block.previous_round)
      continue;
    const committee* earlier = history.committee_for(round.round);
    if (earlier == nullptr)
      return false;
    const address due = earlier->leader(round.round);
    for (const certificate_votes& one : round.certificates)
      if (block.votes->people[one.author] == due)
        return refuse(block, check::leader, "a block of round " + std::to_string(round.round),
                      address_text(due), "its leader's certificate is linked, but was skipped");
  }
  return true;
}

verdict check_median(const judged_block& block, history_walk& history) {
  const std::vector<round_votes>& rounds = block.votes->rounds;
  const committee* members = history.committee_for(block.round - 1);
  std::vector<weighted_timestamp> stamps;
  for (const round_votes& round : rounds)
    if (round.round == block.round - 1)
      for (const certificate_votes& one : round.certificates) {
        const address& author = block.votes->people[one.author];
        stamps.push_back({one.timestamp, members ? members->stake_of(author).value_or(0) : 0});
      }
  const std::string detail = "weighted median of the timestamps of the round before the leader's";
  if (members == nullptr) {
    // Without stakes at least one of them.
    if (std::ranges::find(stamps, block.timestamp, &weighted_timestamp::timestamp) == stamps.end())
      return refuse(block, check::median_timestamp, "a timestamp of the round before the leader's",
                    std::to_string(block.timestamp), detail);
    return false;
  }
  const auto median = weighted_median(std::move(stamps));
  if (median != block.timestamp)
    return refuse(block, check::median_timestamp,
                  median ? std::to_string(*median) : "certificates in that round",
                  std::to_string(block.timestamp), detail);
  return true;
}

verdict check_certificate_history(const judged_block& block, history_walk& history) {
  bool all_known = true;
  for (const outside_certificate& one : block.votes->outside)
    switch (history.certificates().look_up(one.round, one.id)) {
    case certificate_window::answer::known:
      break;
    case certificate_window::answer::before_the_window:
      all_known = false;
      break;
    case certificate_window::answer::missing:
      return refuse(block, check::certificate_history, "a certificate of an earlier block",
                    field_name(one.id), "previous " + of_round(one.round));
    }
  return all_known;
}

} // namespace

expected<check_set, check_failure> check_votes(const judged_block& block, history_walk& history) {
  // A beacon's signer is judged by its signature alone; that of genesis needs no more, for its hash
  // is known.
  if (block.votes->rounds.empty())
    return block.height == 0 ? vote_checks : vote_checks - check_set{check::membership};
  using checker = verdict (*)(const judged_block&, history_walk&);
  constexpr std::pair<check, checker> steps[] = {
      {check::leader, check_leader},
      {check::membership, check_membership},
      {check::quorum, check_quorum},
      {check::median_timestamp, check_median},
      {check::certificate_history, check_certificate_history},
  };
  check_set made;
  for (const auto& [which, step] : steps) {
    const verdict result = step(block, history);
    if (!result)
      return make_unexpected(result.error());
    if (*result)
      made.add(which);
  }
  return made;
}

} // namespace blockferry::chain::stake
