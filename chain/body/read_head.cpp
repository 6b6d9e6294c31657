#include "chain/body/body.hpp"

#include <algorithm>

#include <openssl/sha.h>

namespace blockferry::chain {
namespace {

// Bounds of specification 9.
constexpr std::uint64_t transmissions_max = 50;
constexpr std::uint64_t ratifications_max = 65536;
constexpr std::uint64_t solutions_max = 4;
constexpr std::uint8_t commission_max = 100;
constexpr std::size_t checksum_bytes = 16;
constexpr std::size_t version_bytes = 1;

/// Fields in a row; the count is small.
byte_view read_fields(cursor& in, std::uint64_t count, const char* what) {
  const auto* const start = in.position();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i)
    in.field(what);
  return in.since(start);
}

void read_transmission(cursor& in, subdag& out) {
  transmission one;
  one.of = static_cast<transmission::kind>(in.kind("kind of transmission", 2));
  if (one.of == transmission::kind::solution)
    one.id = in.take(sizeof(std::uint64_t), "solution id of a transmission");
  else if (one.of == transmission::kind::transaction)
    one.id = in.field("transaction id of a transmission").bytes();
  if (one.of != transmission::kind::ratification)
    one.checksum = in.take(checksum_bytes, "checksum of a transmission");
  out.transmissions.push_back(one);
}

void read_batch_header(cursor& in, std::uint64_t certificates_most, certificate& one, subdag& out) {
  in.version("batch header version");
  one.id = in.field("batch id");
  const auto* const head = in.position();
  one.author = in.field("author");
  one.round = in.u64("round of a certificate");
  one.timestamp = in.i64("timestamp of a certificate");
  one.committee_id = in.field("committee id of a certificate");
  one.first_transmission = static_cast<std::uint32_t>(out.transmissions.size());
  one.transmissions = static_cast<std::uint32_t>(
      in.count(in.u32("number of transmissions"), 0, transmissions_max, "number of transmissions"));
  for (std::size_t i = 0; i < one.transmissions && in.ok(); ++i)
    read_transmission(in, out);
  one.head = in.since(head);
  const auto previous = in.count(in.u16("number of previous certificates"), 0, certificates_most,
                                 "number of previous certificates");
  one.previous = read_fields(in, previous, "previous certificate id");
  one.author_signature = in.signature("author's signature");
}

void read_certificate(cursor& in, std::uint64_t certificates_most, std::uint64_t round,
                      subdag& out) {
  in.version("certificate version");
  certificate one;
  read_batch_header(in, certificates_most, one, out);
  if (in.ok() && one.round != round)
    in.fail("round of a certificate", "the round that lists it", one.round);
  const auto signatures =
      in.count(in.u16("number of signatures"), 1, certificates_most, "number of signatures");
  const auto* const start = in.position();
  for (std::size_t i = 0; i < signatures && in.ok(); ++i)
    in.signature("signature of a certificate");
  one.signatures = in.since(start);
  out.certificates.push_back(one);
}

subdag read_subdag(cursor& in, std::uint64_t certificates_most) {
  subdag out;
  in.version("subdag version");
  const auto rounds =
      in.count(in.u32("number of rounds"), 1, stake::subdag_rounds_max, "number of rounds");
  for (std::size_t i = 0; i < rounds && in.ok(); ++i) {
    const std::uint64_t round = in.u64("round of the subdag");
    // Neither side can wrap: a round after the largest is no larger.
    if (in.ok() && i > 0 &&
        (round <= out.rounds.back().round || round - out.rounds.back().round != 1))
      in.fail("round of the subdag", "one more than the round before", round, sizeof round);
    const auto count =
        in.count(in.u16("number of certificates"), 1, certificates_most, "number of certificates");
    out.rounds.push_back({round, static_cast<std::uint32_t>(out.certificates.size()),
                          static_cast<std::uint32_t>(count)});
    for (std::size_t c = 0; c < count && in.ok(); ++c)
      read_certificate(in, certificates_most, round, out);
  }
  return out;
}

stake::genesis_stakes read_committee(cursor& in, std::uint64_t members_most) {
  in.version("committee version");
  in.field("committee id");
  stake::genesis_stakes genesis;
  genesis.starting_round = in.u64("starting round");
  const auto members =
      in.count(in.u16("number of members"), stake::members_min, members_most, "number of members");
  for (std::size_t i = 0; i < members && in.ok(); ++i) {
    stake::committee_member one;
    one.who = in.field("member").value();
    one.stake = in.u64("stake of a member");
    one.is_open = in.boolean("whether a member is open");
    one.commission =
        static_cast<std::uint8_t>(in.count(in.u8("commission"), 0, commission_max, "commission"));
    genesis.members.push_back(one);
  }
  const std::uint64_t total = in.u64("total stake");
  const auto made =
      in.ok() ? stake::committee::make(genesis.starting_round, genesis.members) : std::nullopt;
  if (in.ok() && (!made || made->total() != total))
    in.fail("total stake", "the sum of stakes of at least 10^13 each", total, sizeof total);
  return genesis;
}

/// Committee and bonds; public balances are read over, for `account` is not followed.
void read_genesis(cursor& in, std::uint64_t members_most, body_head& out) {
  const auto* const start = in.position();
  auto genesis = read_committee(in, members_most);
  if (in.ok())
    out.genesis_committee = in.since(start).subspan(version_bytes);
  const std::size_t balances = in.u16("number of public balances");
  for (std::size_t i = 0; i < balances && in.ok(); ++i) {
    in.field("owner of a public balance");
    in.u64("public balance");
  }
  const std::size_t bonds = in.u16("number of bonded balances");
  for (std::size_t i = 0; i < bonds && in.ok(); ++i) {
    stake::genesis_bond one;
    one.staker = in.field("staker").value();
    one.validator = in.field("validator").value();
    one.withdrawal = in.field("withdrawal address").value();
    one.amount = in.u64("bonded balance");
    genesis.bonded.push_back(one);
  }
  out.genesis = std::move(genesis);
}

void read_ratifications(cursor& in, std::uint64_t members_most, body_head& out) {
  in.version("ratifications version");
  const auto count =
      in.count(in.u32("number of ratifications"), 0, ratifications_max, "number of ratifications");
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    const auto* const start = in.position();
    in.version("ratification version");
    ratification one;
    one.kind = in.kind("kind of ratification", 2);
    if (one.kind != 0)
      one.amount = in.u64("reward");
    else if (out.genesis)
      in.fail("kind of ratification", "one genesis ratification", one.kind, sizeof one.kind);
    else if (in.ok())
      read_genesis(in, members_most, out);
    one.bytes = in.since(start);
    out.ratifications.push_back(one);
  }
}

/// The id of a solution: its first 8 bytes of a double SHA-256 (specification 2.4).
std::uint64_t solution_id(byte_view bytes) {
  std::array<std::uint8_t, 48> input{};
  std::ranges::copy(bytes.first(8), input.begin());
  std::ranges::copy(bytes.subspan(32, 40), input.begin() + 8);
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> once{};
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(input.data(), input.size(), once.data());
  SHA256(once.data(), once.size(), digest.data());
  return load_le<std::uint64_t>(digest);
}

void read_solutions(cursor& in, body_head& out) {
  in.version("solutions version");
  if (in.kind("kind of solutions", 1) == 0)
    return;
  const auto count =
      in.count(in.u8("number of solutions"), 1, solutions_max, "number of solutions");
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    const auto* const start = in.position();
    solution one;
    one.epoch_hash = in.field("epoch hash of a solution");
    one.prover = in.field("prover");
    one.counter = in.u64("counter of a solution");
    one.target = in.u64("target of a solution");
    if (in.ok())
      one.id = solution_id(in.since(start));
    out.solutions.push_back(one);
  }
}

/// Ids that the block lists as aborted; at most as many as batches can carry.
std::uint64_t read_aborted_count(cursor& in, const network& net, const char* what) {
  return in.count(in.u32(what), 0,
                  transmissions_max * stake::subdag_rounds_max * certificates_bound(net), what);
}

} // namespace

std::uint64_t certificates_bound(const network& net) {
  // The largest that any network has (specification 9), where a file leaves the series out.
  constexpr std::uint64_t largest = 105;
  return net.certificates_max.empty() ? largest : net.certificates_max.back().second;
}

expected<body_head, body_error> read_head(cursor& in, const network& net,
                                          std::uint8_t authority_kind) {
  body_head out;
  const std::uint64_t most = certificates_bound(net);
  const auto failed = [&](check which) { return make_unexpected(body_error{which, in.error()}); };
  if (authority_kind == 0)
    out.beacon = in.signature("beacon's signature");
  else
    out.quorum = read_subdag(in, most);
  if (!in.ok())
    return failed(authority_kind == 0 ? check::authority : check::subdag);
  read_ratifications(in, most, out);
  if (!in.ok())
    return failed(check::ratifications);
  read_solutions(in, out);
  if (!in.ok())
    return failed(check::solutions);
  const auto aborted = read_aborted_count(in, net, "number of aborted solution ids");
  out.aborted_solutions = in.take(aborted * sizeof(std::uint64_t), "aborted solution ids");
  if (!in.ok())
    return failed(check::transmissions);
  return out;
}

expected<byte_view, body_error> read_tail(cursor& in, const network& net) {
  const auto aborted = read_aborted_count(in, net, "number of aborted transaction ids");
  const byte_view ids = read_fields(in, aborted, "aborted transaction id");
  in.done("end of the aborted transaction ids");
  if (!in.ok())
    return make_unexpected(body_error{check::transmissions, in.error()});
  return ids;
}

check_failure to_failure(const body_error& error, height_t height, std::uint64_t block_offset) {
  check_failure out;
  out.which = error.which;
  out.height = height;
  out.offset = block_offset + error.error.offset;
  out.expected = error.error.expected;
  out.found = error.error.found;
  out.detail = error.error.detail;
  if (error.error.newer_format)
    out.detail += ", perhaps of a format newer than this program reads";
  return out;
}

} // namespace blockferry::chain
