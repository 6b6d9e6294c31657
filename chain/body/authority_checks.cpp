#include "chain/body/authority_checks.hpp"

#include "chain/hash/schnorr.hpp"
#include "chain/name.hpp"

#include <algorithm>
#include <map>

namespace blockferry::chain {
namespace {

constexpr std::uint8_t beacon_kind = 0;

/// Authors and signers of one block, each with a number.
class numbered_people {
public:
  /// None once there are more than the numbers reach.
  std::optional<std::uint16_t> number_of(const hash& address, stake::block_votes& votes) {
    const auto [place, added] = numbers_.try_emplace(address, votes.people.size());
    if (added) {
      if (votes.people.size() > 0xffff)
        return std::nullopt;
      votes.people.push_back(address);
    }
    return static_cast<std::uint16_t>(place->second);
  }

private:
  std::map<hash, std::size_t> numbers_;
};

std::size_t offset_in(byte_view block, byte_view part) {
  return static_cast<std::size_t>(part.data() - block.data());
}

/// Judges one certificate by the addresses found for its author's signature and the others.
class certificate_judge {
public:
  certificate_judge(byte_view block, stake::block_votes& votes) : block_(block), votes_(votes) {}

  expected<stake::certificate_votes, broken_rule>
  judge(const certificate& one, std::span<const std::optional<hash>> found) {
    stake::certificate_votes out;
    out.timestamp = one.timestamp;
    const hash author = one.author.value();
    if (found[0] != author)
      return broken(one, one.author_signature, "a signature by " + name(author),
                    found[0] ? "one by " + name(*found[0]) : "one by nobody");
    const auto number = people_.number_of(author, votes_);
    if (!number)
      return too_many(one);
    out.author = *number;
    std::vector<std::uint16_t> sorted{*number};
    for (std::size_t i = 1; i < found.size(); ++i) {
      const byte_view bytes = one.signatures.subspan((i - 1) * signature_bytes, signature_bytes);
      if (!found[i])
        return broken(one, bytes, "a signature over the batch id", "one by nobody");
      const auto signer = people_.number_of(*found[i], votes_);
      if (!signer)
        return too_many(one);
      out.signers.push_back(*signer);
      sorted.push_back(*signer);
    }
    std::ranges::sort(sorted);
    if (const auto twin = std::ranges::adjacent_find(sorted); twin != sorted.end())
      return broken(one, one.signatures, "different signers, none of them the author",
                    name(votes_.people[*twin]) + " twice");
    return out;
  }

private:
  static std::string name(const hash& address) { return bech32m(address_prefix, address.bytes); }
  tl::unexpected<broken_rule> broken(const certificate& one, byte_view at, std::string expected,
                                     std::string found) {
    return make_unexpected(broken_rule{check::signatures, std::move(expected), std::move(found),
                                       "certificate of round " + std::to_string(one.round),
                                       offset_in(block_, at)});
  }
  /// A committee is far smaller, so that someone is no member.
  tl::unexpected<broken_rule> too_many(const certificate& one) {
    return make_unexpected(broken_rule{check::membership, "at most 65536 authors and signers",
                                       "more", "signers of the block",
                                       offset_in(block_, one.signatures)});
  }

  byte_view block_;
  stake::block_votes& votes_;
  numbered_people people_;
};

} // namespace

std::optional<broken_rule> check_authority_kind(const network& net, const block_front& front) {
  const bool beacon = front.authority_kind == beacon_kind;
  if (front.header.height == 0 && !beacon)
    return broken_rule{check::authority, "a beacon", "a quorum", "authority of genesis",
                       authority_kind_offset};
  if (front.header.height != 0 && beacon && !net.beacons_after_genesis)
    return broken_rule{check::authority, "a quorum", "a beacon",
                       "authority of a block after genesis", authority_kind_offset};
  return std::nullopt;
}

void signature_check::add(byte_view block, const body_head& body) {
  if (!body.quorum) {
    all_.push_back({body.beacon, field_view{block.data() + block_hash_offset}});
    return;
  }
  for (const certificate& one : body.quorum->certificates) {
    all_.push_back({one.author_signature, one.id});
    for (std::size_t at = 0; at < one.signatures.size(); at += signature_bytes)
      all_.push_back({one.signatures.subspan(at, signature_bytes), one.id});
  }
}

bool signature_check::run(const std::stop_token& stop) {
  found_.resize(all_.size());
  for (std::size_t at = 0; at < all_.size(); at += verified_at_once) {
    if (stop.stop_requested())
      return false;
    const std::size_t count = std::min(verified_at_once, all_.size() - at);
    signers_.verify({&all_[at], count}, {&found_[at], count});
  }
  return true;
}

expected<stake::block_votes, broken_rule> signature_check::next(byte_view block,
                                                                const body_head& body) {
  stake::block_votes votes;
  if (!body.quorum) {
    if (!found_[next_++])
      return make_unexpected(broken_rule{check::authority, "a signature over the block hash",
                                         "one by nobody", "beacon's signature",
                                         offset_in(block, body.beacon)});
    return votes;
  }
  certificate_judge judge{block, votes};
  for (const subdag_round& round : body.quorum->rounds) {
    stake::round_votes made;
    made.round = round.round;
    made.committee_id = body.quorum->certificates[round.first].committee_id.value();
    for (std::uint32_t i = 0; i < round.count; ++i) {
      const certificate& one = body.quorum->certificates[round.first + i];
      const std::size_t count = 1 + one.signatures.size() / signature_bytes;
      auto judged = judge.judge(one, {&found_[next_], count});
      if (!judged)
        return make_unexpected(std::move(judged.error()));
      made.certificates.push_back(std::move(*judged));
      next_ += count;
    }
    votes.rounds.push_back(std::move(made));
  }
  return votes;
}

} // namespace blockferry::chain
