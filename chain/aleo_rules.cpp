#include "chain/aleo_rules.hpp"

#include "chain/body/body_check.hpp"
#include "chain/body/body_history.hpp"
#include "chain/bundle.hpp"
#include "chain/hash/block_tree.hpp"
#include "chain/hash/header_hash.hpp"
#include "chain/metadata_rules.hpp"
#include "chain/name.hpp"
#include "chain/signers/signer_pool.hpp"
#include "chain/stake/history_step.hpp"
#include "chain/stake/stake_codec.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace blockferry::chain {
namespace {

check_failure refuse(check which, height_t height, std::uint64_t offset, std::string expected,
                     std::string found, std::string detail) {
  return {failure_kind::refused, which, height, offset, std::move(expected), std::move(found),
          std::move(detail)};
}

check_failure refuse(const broken_rule& rule, const block_facts& block) {
  return refuse(rule.which, block.height, block.offset + rule.offset, rule.expected, rule.found,
                rule.detail);
}

/// The checks of `link` that one block's front answers by itself.
std::optional<check_failure> check_link(const network& net, const block_front& front,
                                        height_t height, std::uint64_t offset) {
  if (front.header.height != height)
    return refuse(check::height, height, offset + height_offset, std::to_string(height),
                  std::to_string(front.header.height), "height");
  if (height == std::numeric_limits<height_t>::max())
    return refuse(check::height, height, offset + height_offset, "a height that another can follow",
                  std::to_string(height), "height");
  if (front.header.network_id != net.id)
    return refuse(check::network_id, height, offset + network_id_offset, std::to_string(net.id),
                  std::to_string(front.header.network_id), "network id");
  if (height == 0 && net.genesis && front.block_hash != *net.genesis)
    return refuse(check::genesis, height, offset + block_hash_offset, block_name(*net.genesis),
                  block_name(front.block_hash), "genesis of " + net.name);
  for (const checkpoint& one : net.checkpoints)
    if (one.height == height && one.block_hash != front.block_hash)
      return refuse(check::checkpoint, height, offset + block_hash_offset,
                    block_name(one.block_hash), block_name(front.block_hash), "checkpoint");
  return std::nullopt;
}

/// What `check_bundle` fills in step by step.
struct judged_bundle {
  checked_blocks result;
  std::vector<block_front> fronts;
  std::vector<byte_view> bytes;
};

std::optional<check_failure> read_fronts(const network& net, const bundle_job& job,
                                         judged_bundle& out) {
  const auto framed = split_bundle(job.bytes);
  if (!framed)
    return check_failure{failure_kind::refused, check::framing,          std::nullopt,
                         framed.error().offset, framed.error().expected, framed.error().found,
                         framed.error().detail};
  out.result.file_blocks = static_cast<std::uint32_t>(framed->size());
  const std::uint64_t first = job.wanted.first - job.file_start;
  const std::uint64_t end = std::min<std::uint64_t>(framed->size(), first + job.wanted.count);
  for (std::uint64_t i = first; i < end; ++i) {
    const auto& [offset, bytes] = (*framed)[i];
    const auto height = static_cast<height_t>(job.file_start + i);
    const auto front = read_front(bytes);
    if (!front)
      return refuse(check::front, height, offset + front.error().offset, front.error().expected,
                    front.error().found, front.error().detail);
    if (auto failed = check_link(net, *front, height, offset))
      return failed;
    if (!out.fronts.empty() && front->previous_hash != out.fronts.back().block_hash)
      return refuse(check::previous_hash, height, offset + previous_hash_offset,
                    block_name(out.fronts.back().block_hash), block_name(front->previous_hash),
                    "previous block hash");
    out.result.blocks.push_back({height,
                                 front->block_hash,
                                 front->previous_hash,
                                 front->header.timestamp,
                                 offset,
                                 static_cast<std::uint32_t>(bytes.size()),
                                 {}});
    out.result.headers.push_back(front->header);
    out.result.previous_state_roots.push_back(front->previous_state_root);
    out.fronts.push_back(*front);
    out.bytes.push_back(bytes);
  }
  if (!out.fronts.empty())
    out.result.first_solutions_root = out.fronts.front().solutions_root;
  return std::nullopt;
}

std::optional<check_failure> check_headers(const network& net, judged_bundle& out) {
  auto& blocks = out.result.blocks;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (const auto broken = check_front_alone(net, out.fronts[i]))
      return refuse(*broken, blocks[i]);
    if (i > 0)
      if (const auto broken = check_metadata_pair(net, out.fronts[i - 1].header, out.fronts[i]))
        return refuse(*broken, blocks[i]);
  }
  std::vector<hash> computed(blocks.size());
  block_hashes(out.bytes, computed);
  for (std::size_t i = 0; i < blocks.size(); ++i)
    if (computed[i] != blocks[i].block_hash)
      return refuse(check::block_hash, blocks[i].height, blocks[i].offset + block_hash_offset,
                    block_name(computed[i]), block_name(blocks[i].block_hash),
                    "block hash, recomputed from the header");
  return std::nullopt;
}

/// Checks of the levels up to `floor` that do not look beyond the bundle's blocks.
constexpr check_set link_alone = {check::framing,    check::front,   check::height,
                                  check::network_id, check::genesis, check::checkpoint};
constexpr check_set header_alone = {check::block_hash, check::metadata};
/// Checks against the block before; the bundle's first block gets them in `check_history`.
constexpr check_set link_pair = {check::previous_hash};
constexpr check_set header_pair = {check::targets, check::rounds, check::weight};

void record_made(checked_blocks& out) {
  const bool header = out.floor >= level::header;
  for (std::size_t i = 0; i < out.blocks.size(); ++i) {
    auto& made = out.blocks[i].record.made;
    made = link_alone | (header ? header_alone : check_set{});
    if (i > 0)
      made = made | link_pair | (header ? header_pair : check_set{});
  }
}

/// The checks above `header`, for the blocks that the bundle is read for.
std::optional<check_failure> check_all_bodies(const network& net, signer_pool& pool,
                                              const std::stop_token& stop, judged_bundle& out) {
  std::vector<body_job> jobs;
  for (std::size_t i = 0; i < out.bytes.size(); ++i)
    jobs.push_back({out.bytes[i], &out.fronts[i], out.result.blocks[i].offset});
  auto signers = pool.take();
  auto checked = check_bodies(net, out.result.floor, jobs, *signers, stop);
  pool.put(std::move(signers));
  if (!checked)
    return std::move(checked.error());
  for (std::size_t i = 0; i < checked->size(); ++i) {
    checked_body& body = (*checked)[i];
    block_facts& block = out.result.blocks[i];
    block.record.made = block.record.made | body.record.made;
    block.record.unmade = block.record.unmade | body.record.unmade;
    block.stakes = stake::encode(body.stakes);
    out.result.stakes.push_back(std::move(body.stakes));
    out.result.votes.push_back(std::move(body.votes));
    out.result.bodies.push_back(std::move(body.facts));
  }
  return std::nullopt;
}

/// The bodies against the blocks before them, in order; adds to `records`.
std::optional<check_failure> check_bodies_history(const network& net, const chain_state& before,
                                                  const checked_blocks& blocks,
                                                  std::span<check_record> records) {
  std::optional<hash> epoch_hash = before.epoch_hash;
  const metadata* previous = before.last_metadata ? &*before.last_metadata : nullptr;
  for (std::size_t i = 0; i < blocks.bodies.size(); ++i) {
    const metadata& header = blocks.headers[i];
    const body_context context{previous, epoch_hash ? &*epoch_hash : nullptr};
    const auto made = check_body_history(net, context, header, blocks.bodies[i], blocks.votes[i]);
    if (!made)
      return refuse(made.error(), blocks.blocks[i]);
    records[i].unmade = records[i].unmade | made->unmade;
    records[i].made = (records[i].made | made->made) - made->unmade;
    follow_epoch(net, blocks.blocks[i], epoch_hash);
    previous = &header;
  }
  return std::nullopt;
}

/// Refuses a block whose record lacks what the floor or an option demands.
std::optional<check_failure> check_demanded(const block_facts& block, const check_record& record,
                                            const checked_blocks& job, const std::string& unread) {
  const check_set demanded = (checks_of(job.floor) - excusable_checks()) | job.required;
  const check_set missing = demanded - record.made;
  if (missing.empty())
    return std::nullopt;
  std::optional<check> first;
  std::string names;
  for_each_check(missing, [&](check one) {
    names += (first ? ", " : "") + std::string{to_string(one)};
    first = first.value_or(one);
  });
  return refuse(*first, block.height, block.offset, names, "checks that cannot be made here",
                "demanded by the floor or by --require" + (unread.empty() ? "" : "; " + unread));
}

} // namespace

aleo_rules::aleo_rules(network net, std::vector<checkpoint> more)
    : net_(std::move(net)), signers_(std::make_unique<signer_pool>()) {
  net_.checkpoints.insert(net_.checkpoints.end(), more.begin(), more.end());
}

aleo_rules::~aleo_rules() = default;

expected<checked_blocks, check_failure> aleo_rules::check_bundle(const bundle_job& job,
                                                                 std::stop_token stop) const {
  judged_bundle out;
  out.result.floor = job.floor;
  out.result.required = job.required;
  if (auto failed = read_fronts(net_, job, out))
    return make_unexpected(std::move(*failed));
  if (stop.stop_requested())
    return make_unexpected(cancelled());
  if (job.floor >= level::header) {
    if (auto failed = check_headers(net_, out))
      return make_unexpected(std::move(*failed));
    if (stop.stop_requested())
      return make_unexpected(cancelled());
    std::vector<hash> hashes;
    for (const auto& block : out.result.blocks)
      hashes.push_back(block.block_hash);
    out.result.leaves.resize(hashes.size());
    tree_leaves(hashes, out.result.leaves);
    out.result.subtrees = fold_leaves(job.wanted.first, out.result.leaves);
  }
  record_made(out.result);
  if (job.floor >= level::consensus)
    if (auto failed = check_all_bodies(net_, *signers_, stop, out))
      return make_unexpected(std::move(*failed));
  return std::move(out.result);
}

expected<chain_state, check_failure> aleo_rules::extend(const chain_state& before,
                                                        const checked_blocks& blocks) const {
  const block_facts& first = blocks.blocks.front();
  if (first.height != before.next_height)
    return make_unexpected(refuse(check::height, first.height, first.offset + height_offset,
                                  std::to_string(before.next_height), std::to_string(first.height),
                                  "next height"));
  if (before.last && first.previous_hash != before.last->block_hash)
    return make_unexpected(refuse(check::previous_hash, first.height,
                                  first.offset + previous_hash_offset,
                                  block_name(before.last->block_hash),
                                  block_name(first.previous_hash), "previous block hash"));
  if (before.pinned && first.block_hash != *before.pinned)
    return make_unexpected(refuse(check::genesis, first.height, first.offset + block_hash_offset,
                                  block_name(*before.pinned), block_name(first.block_hash),
                                  "hash of the first block, pinned by the start"));
  if (before.last_metadata && blocks.floor >= level::header) {
    block_front front;
    front.header = blocks.headers.front();
    front.solutions_root = blocks.first_solutions_root;
    if (const auto broken = check_metadata_pair(net_, *before.last_metadata, front))
      return make_unexpected(refuse(*broken, first));
  }
  chain_state after = before;
  const block_facts& last = blocks.blocks.back();
  after.next_height = last.height + 1;
  after.last = tip{last.height, last.block_hash};
  after.last_metadata = blocks.headers.back();
  after.pinned.reset();
  for (const block_facts& block : blocks.blocks)
    follow_epoch(net_, block, after.epoch_hash);
  after.history_known = before.history_known && blocks.floor >= level::header;
  if (after.history_known)
    append_subtrees(after.peaks, blocks.subtrees);
  else
    after.peaks.clear();
  after.followed = stake::follow(before, blocks);
  return after;
}

expected<std::vector<check_record>, check_failure>
aleo_rules::check_history(const chain_state& before, const checked_blocks& blocks,
                          std::stop_token stop) const {
  const bool header = blocks.floor >= level::header;
  const bool roots_known = header && before.history_known;
  std::vector<hash> roots;
  if (roots_known)
    roots = state_roots(before.peaks, before.next_height, blocks.leaves);
  if (stop.stop_requested())
    return make_unexpected(cancelled());
  const check_set pair = link_pair | (header ? header_pair : check_set{});
  std::vector<check_record> out;
  for (const block_facts& block : blocks.blocks)
    out.push_back(block.record);
  if (auto judged = stake::judge_votes(before, blocks, stop, out); !judged)
    return make_unexpected(std::move(judged.error()));
  if (auto failed = check_bodies_history(net_, before, blocks, out))
    return make_unexpected(std::move(*failed));
  for (std::size_t i = 0; i < blocks.blocks.size(); ++i) {
    const block_facts& block = blocks.blocks[i];
    check_record& record = out[i];
    if (i == 0 && (before.last || block.height == 0))
      record.made =
          record.made | pair; // `extend` made them; before genesis there is nothing to compare
    else if (i == 0)
      record.unmade = record.unmade | pair;
    if (header)
      (roots_known ? record.made : record.unmade).add(check::state_root);
    if (roots_known) {
      const hash expected_root = block.height == 0 ? hash{} : roots[i];
      if (expected_root != blocks.previous_state_roots[i])
        return make_unexpected(
            refuse(check::state_root, block.height, block.offset + previous_state_root_offset,
                   state_root_name(expected_root), state_root_name(blocks.previous_state_roots[i]),
                   "previous state root, recomputed over every block before"));
    }
    if (before.start_height != 0) { // descends from a pin; what genesis that has is not known
      record.made.remove(check::genesis);
      record.unmade.add(check::genesis);
    }
    const std::string unread = blocks.bodies.empty() ? std::string{} : blocks.bodies[i].unread;
    if (auto failed = check_demanded(block, record, blocks, unread))
      return make_unexpected(std::move(*failed));
  }
  return out;
}

} // namespace blockferry::chain
