#include "chain/body/body_check.hpp"

#include "chain/body/authority_checks.hpp"
#include "chain/body/reward_checks.hpp"
#include "chain/body/subdag_checks.hpp"
#include "chain/body/transmission_walk.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/transactions/content_checks.hpp"
#include "chain/transactions/ids.hpp"
#include "chain/transactions/staking.hpp"

#include <algorithm>

namespace blockferry::chain {
namespace {

/// Bytes of bodies after which a group is closed, and certificates whose ids are hashed at once: a
/// certificate is at most some 9 KB.
constexpr std::size_t group_bytes = std::size_t{1} << 20;
constexpr std::size_t certificates_at_once = 64;

/// Checks that read the transactions.
constexpr check_set transaction_checks = {check::transaction_ids, check::transactions_root,
                                          check::transmissions};

check_failure refused(const broken_rule& rule, const body_job& block) {
  check_failure out;
  out.which = rule.which;
  out.height = block.front->header.height;
  out.offset = block.offset + (rule.place == nullptr
                                   ? rule.offset
                                   : static_cast<std::size_t>(rule.place - block.bytes.data()));
  out.expected = rule.expected;
  out.found = rule.found;
  out.detail = rule.detail;
  return out;
}

using outcome = std::optional<check_failure>; ///< nothing where all is well

/// One block of a group, read.
struct read_body {
  body_job job;
  body_head head;
  transactions_area area;
  byte_view aborted_transactions;
  std::optional<subdag_links> links;
  std::string unread; ///< why the transactions could not be read: a newer format
  checked_body out;

  [[nodiscard]] height_t height() const { return job.front->header.height; }
};

outcome read(const network& net, const body_job& job, read_body& out) {
  out.job = job;
  cursor in{job.bytes};
  in.take(front_bytes, "front");
  const auto failed = [&](const body_error& error) {
    return to_failure(error, job.front->header.height, job.offset);
  };
  auto head = read_head(in, net, job.front->authority_kind);
  if (!head)
    return failed(head.error());
  out.head = std::move(*head);
  out.area = read_transactions(in);
  if (!in.ok()) {
    const body_error error{check::transaction_ids, in.error()};
    if (!error.error.newer_format)
      return failed(error);
    out.unread = to_failure(error, out.height(), 0).detail;
    return std::nullopt;
  }
  const auto tail = read_tail(in, net);
  if (!tail)
    return failed(tail.error());
  out.aborted_transactions = *tail;
  return std::nullopt;
}

std::optional<broken_rule> check_quorum_parts(const network& net, read_body& body,
                                              const std::stop_token& stop) {
  const subdag& of = *body.head.quorum;
  body.links.emplace(of);
  if (auto broken = check_subdag(net, *body.job.front, of, *body.links))
    return broken;
  if (auto broken = check_certificate_order(net, body.height(), of, *body.links))
    return broken;
  for (std::size_t at = 0; at < of.certificates.size(); at += certificates_at_once) {
    if (stop.stop_requested())
      return std::nullopt; // the caller looks as well
    const std::size_t count = std::min(certificates_at_once, of.certificates.size() - at);
    if (auto broken = check_batch_ids(of, at, count))
      return broken;
  }
  return std::nullopt;
}

/// Everything before the transactions, but for signatures.
outcome check_head(const network& net, read_body& body, const std::stop_token& stop) {
  const block_front& front = *body.job.front;
  if (auto broken = check_authority_kind(net, front))
    return refused(*broken, body.job);
  if (body.head.quorum)
    if (auto broken = check_quorum_parts(net, body, stop))
      return refused(*broken, body.job);
  if (auto broken = check_subdag_root(front, body.head.quorum ? &*body.head.quorum : nullptr))
    return refused(*broken, body.job);
  if (auto broken = check_ratifications(front, body.head))
    return refused(*broken, body.job);
  if (auto broken = check_reward_kinds(body.height(), body.head))
    return refused(*broken, body.job);
  if (auto broken = check_solutions(front, body.head.solutions))
    return refused(*broken, body.job);
  return std::nullopt;
}

outcome check_signatures(std::vector<read_body>& group, signer_cache& signers,
                         const std::stop_token& stop) {
  signature_check check{signers};
  for (const read_body& body : group)
    check.add(body.job.bytes, body.head);
  if (!check.run(stop))
    return cancelled();
  for (read_body& body : group) {
    auto votes = check.next(body.job.bytes, body.head);
    if (!votes)
      return refused(votes.error(), body.job);
    body.out.votes = std::move(*votes);
    if (body.links)
      body.out.votes.outside = outside_certificates(*body.head.quorum, *body.links);
  }
  return std::nullopt;
}

std::vector<transaction_facts> facts_of_transactions(const read_body& body,
                                                     const transactions_ids& ids) {
  std::vector<transaction_facts> out;
  out.reserve(body.area.confirmed.size());
  for (std::size_t i = 0; i < body.area.confirmed.size(); ++i) {
    const confirmed_transaction& one = body.area.confirmed[i];
    out.push_back({ids.transactions[i], ids.unconfirmed[i],
                   transmission_checksum(one, body.area, ids.unconfirmed[i]),
                   priority_fee(one, body.area), one.bytes});
  }
  return out;
}

/// The sum; that of 2^20 fees of 64 bits needs no more than 128.
uint128 sum_of_fees(std::span<const transaction_facts> transactions) {
  uint128 sum;
  for (const transaction_facts& one : transactions) {
    sum.low += one.priority_fee;
    sum.high += sum.low < one.priority_fee ? 1 : 0;
  }
  return sum;
}

outcome check_transactions(read_body& body, const transactions_ids& ids) {
  if (const auto broken = check_ids(body.area, ids, body.job.front->transactions_root))
    return refused(*broken, body.job);
  const auto transactions = facts_of_transactions(body, ids);
  const auto walked = walk_transmissions(body.head, transactions, body.aborted_transactions);
  if (!walked)
    return refused(walked.error(), body.job);
  (walked->all_explained ? body.out.record.made : body.out.record.unmade)
      .add(check::transmission_history);
  body.out.facts = facts_of(body.head, sum_of_fees(transactions));
  body.out.stakes.transactions = staking_transactions(body.area);
  return std::nullopt;
}

/// The level `content`, of all bodies that could be read in common.
outcome check_contents(const network& net, std::vector<read_body>& group,
                       std::span<const transactions_ids> ids, const std::stop_token& stop) {
  std::vector<content_block> blocks;
  std::vector<read_body*> read;
  for (read_body& body : group) {
    if (!body.unread.empty()) {
      body.out.record.unmade = body.out.record.unmade | content_checks();
      continue;
    }
    blocks.push_back(
        {body.job.front, &body.head, &body.area, &ids[read.size()], body.aborted_transactions});
    read.push_back(&body);
  }
  const auto verdicts = check_content(net, blocks, stop);
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i].broken)
      return refused(*verdicts[i].broken, read[i]->job);
    auto& record = read[i]->out.record;
    record.made = record.made | verdicts[i].record.made;
    record.unmade = record.unmade | verdicts[i].record.unmade;
  }
  return verdicts.size() < blocks.size() ? outcome{cancelled()} : std::nullopt;
}

void finish(read_body& body) {
  checked_body& out = body.out;
  out.record.made = out.record.made | body_checks_alone();
  if (!body.unread.empty()) {
    out.record.made = out.record.made - transaction_checks;
    out.record.unmade =
        out.record.unmade | transaction_checks | check_set{check::transmission_history};
    out.facts = facts_of(body.head, {});
    out.facts.unread = std::move(body.unread);
    out.stakes.readable = false;
  }
  out.stakes.round = body.job.front->header.round;
  if (body.head.genesis)
    out.stakes.genesis = std::move(body.head.genesis);
  else
    out.stakes.reward = out.facts.block_reward;
  if (body.head.quorum)
    for (const subdag_round& round : body.head.quorum->rounds) {
      stake::round_certificates made;
      made.round = round.round;
      for (std::uint32_t i = 0; i < round.count; ++i)
        made.ids.push_back(body.head.quorum->certificates[round.first + i].id.value());
      out.stakes.certificates.push_back(std::move(made));
    }
}

outcome check_group(const network& net, level floor, std::vector<read_body>& group,
                    signer_cache& signers, const std::stop_token& stop) {
  for (read_body& body : group) {
    if (auto failed = check_head(net, body, stop))
      return failed;
    if (stop.stop_requested())
      return cancelled();
  }
  if (auto failed = check_signatures(group, signers, stop))
    return failed;
  std::vector<const transactions_area*> areas;
  for (const read_body& body : group)
    if (body.unread.empty())
      areas.push_back(&body.area);
  const auto ids = compute_ids(areas, stop);
  if (stop.stop_requested())
    return cancelled();
  std::size_t next = 0;
  for (read_body& body : group) {
    if (stop.stop_requested())
      return cancelled();
    if (body.unread.empty())
      if (auto failed = check_transactions(body, ids[next++]))
        return failed;
  }
  if (floor >= level::content)
    if (auto failed = check_contents(net, group, ids, stop))
      return failed;
  std::ranges::for_each(group, finish);
  return std::nullopt;
}

} // namespace

check_set body_checks_alone() {
  return check_set{check::authority,    check::subdag,      check::certificate_order,
                   check::batch_ids,    check::subdag_root, check::signatures,
                   check::ratifications} |
         transaction_checks;
}

expected<std::vector<checked_body>, check_failure> check_bodies(const network& net, level floor,
                                                                std::span<const body_job> blocks,
                                                                signer_cache& signers,
                                                                const std::stop_token& stop) {
  std::vector<checked_body> out;
  for (std::size_t at = 0; at < blocks.size();) {
    std::vector<read_body> group;
    for (std::size_t bytes = 0; at < blocks.size() && bytes < group_bytes; ++at) {
      bytes += blocks[at].bytes.size();
      if (auto failed = read(net, blocks[at], group.emplace_back()))
        return make_unexpected(std::move(*failed));
    }
    if (stop.stop_requested())
      return make_unexpected(cancelled());
    if (auto failed = check_group(net, floor, group, signers, stop))
      return make_unexpected(std::move(*failed));
    for (read_body& body : group)
      out.push_back(std::move(body.out));
  }
  return out;
}

} // namespace blockferry::chain
