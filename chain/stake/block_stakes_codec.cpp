#include "chain/stake/compact_bytes.hpp"
#include "chain/stake/stake_codec.hpp"

namespace blockferry::chain::stake {

namespace {

constexpr std::uint8_t stakes_version = 1;
constexpr std::size_t calls_max = 32; ///< transitions of an execution, and its fee

void put(wire_writer& out, const credits_call& call) {
  out.fixed(static_cast<std::uint8_t>(call.function));
  for (const address& one : call.who)
    out.put(one);
  out.number(call.amount);
  out.fixed(call.commission);
  out.flag(call.is_open);
}

credits_call get_call(wire_reader& in) {
  credits_call call;
  const auto function = in.fixed<std::uint8_t>();
  if (function >= credits_function_count)
    in.fail();
  else
    call.function = static_cast<credits_function>(function);
  for (address& one : call.who)
    one = in.get();
  call.amount = in.number();
  call.commission = in.fixed<std::uint8_t>();
  call.is_open = in.flag();
  return call;
}

void put_calls(wire_writer& out, const std::vector<credits_call>& calls) {
  out.number(calls.size());
  for (const credits_call& one : calls)
    put(out, one);
}

std::vector<credits_call> get_calls(wire_reader& in) {
  std::vector<credits_call> calls(in.number(calls_max));
  for (credits_call& one : calls)
    one = get_call(in);
  return calls;
}

void put(wire_writer& out, const staking_transaction& transaction) {
  out.number(transaction.index);
  put_calls(out, transaction.calls);
  put_calls(out, transaction.fee);
  out.number(transaction.operations.size());
  for (const credits_operation& one : transaction.operations) {
    out.fixed(one.kind);
    out.fixed(static_cast<std::uint8_t>(one.which));
    out.put(one.key_id);
    out.put(one.value_id);
  }
}

staking_transaction get_transaction(wire_reader& in) {
  staking_transaction transaction;
  transaction.index = static_cast<std::uint32_t>(in.number(0xffffffff));
  transaction.calls = get_calls(in);
  transaction.fee = get_calls(in);
  transaction.operations.resize(in.count(66));
  for (credits_operation& one : transaction.operations) {
    one.kind = in.fixed<std::uint8_t>();
    const auto which = in.fixed<std::uint8_t>();
    if (which >= mapping_count)
      in.fail();
    else
      one.which = static_cast<mapping>(which);
    one.key_id = in.get();
    one.value_id = in.get();
  }
  return transaction;
}

void put(wire_writer& out, const genesis_stakes& genesis) {
  out.number(genesis.starting_round);
  out.number(genesis.members.size());
  for (const committee_member& one : genesis.members) {
    out.put(one.who);
    out.number(one.stake);
    out.flag(one.is_open);
    out.fixed(one.commission);
  }
  out.number(genesis.bonded.size());
  for (const genesis_bond& one : genesis.bonded) {
    out.put(one.staker);
    out.put(one.validator);
    out.put(one.withdrawal);
    out.number(one.amount);
  }
}

genesis_stakes get_genesis(wire_reader& in) {
  genesis_stakes genesis;
  genesis.starting_round = in.number();
  genesis.members.resize(in.count(35));
  for (committee_member& one : genesis.members) {
    one.who = in.get();
    one.stake = in.number();
    one.is_open = in.flag();
    one.commission = in.fixed<std::uint8_t>();
  }
  genesis.bonded.resize(in.count(97));
  for (genesis_bond& one : genesis.bonded) {
    one.staker = in.get();
    one.validator = in.get();
    one.withdrawal = in.get();
    one.amount = in.number();
  }
  return genesis;
}

} // namespace

byte_buffer encode(const block_stakes& block) {
  wire_writer out;
  out.fixed(stakes_version);
  out.number(block.round);
  out.flag(block.readable);
  out.maybe(block.reward);
  out.flag(block.genesis.has_value());
  if (block.genesis)
    put(out, *block.genesis);
  out.number(block.transactions.size());
  for (const staking_transaction& one : block.transactions)
    put(out, one);
  out.number(block.certificates.size());
  for (const round_certificates& one : block.certificates) {
    out.number(one.round);
    out.number(one.ids.size());
    for (const hash& id : one.ids)
      out.put(id);
  }
  return out.take();
}

expected<block_stakes, std::string> decode_block_stakes(byte_view bytes) {
  wire_reader in{bytes};
  if (in.fixed<std::uint8_t>() != stakes_version)
    return make_unexpected("stakes of a block: a version that this program does not know");
  block_stakes block;
  block.round = in.number();
  block.readable = in.flag();
  block.reward = in.maybe<std::uint64_t>();
  if (in.flag())
    block.genesis = get_genesis(in);
  for (std::size_t left = in.count(4); left > 0 && !in.failed(); --left)
    block.transactions.push_back(get_transaction(in));
  for (std::size_t left = in.count(2); left > 0 && !in.failed(); --left) {
    round_certificates& one = block.certificates.emplace_back();
    one.round = in.number();
    one.ids.resize(in.count(32));
    for (hash& id : one.ids)
      id = in.get();
  }
  if (!in.done())
    return make_unexpected("stakes of a block: the bytes end early or late, or hold a wrong value");
  return block;
}

byte_buffer encode(const block_votes& votes) {
  wire_writer out;
  out.fixed(stakes_version);
  out.number(votes.people.size());
  for (const address& one : votes.people)
    out.put(one);
  out.number(votes.rounds.size());
  for (const round_votes& round : votes.rounds) {
    out.number(round.round);
    out.put(round.committee_id);
    out.number(round.certificates.size());
    for (const certificate_votes& one : round.certificates) {
      out.fixed(one.author);
      out.fixed(static_cast<std::uint64_t>(one.timestamp));
      out.number(one.signers.size());
      for (const std::uint16_t signer : one.signers)
        out.fixed(signer);
    }
  }
  out.number(votes.outside.size());
  for (const outside_certificate& one : votes.outside) {
    out.number(one.round);
    out.put(one.id);
  }
  return out.take();
}

namespace {

certificate_votes get_certificate(wire_reader& in, std::size_t people) {
  const auto get_person = [&] {
    const auto person = in.fixed<std::uint16_t>();
    if (person >= people)
      in.fail();
    return person;
  };
  certificate_votes one;
  one.author = get_person();
  one.timestamp = static_cast<std::int64_t>(in.fixed<std::uint64_t>());
  one.signers.resize(in.count(2));
  for (std::uint16_t& signer : one.signers)
    signer = get_person();
  return one;
}

} // namespace

expected<block_votes, std::string> decode_block_votes(byte_view bytes) {
  wire_reader in{bytes};
  if (in.fixed<std::uint8_t>() != stakes_version)
    return make_unexpected("votes of a block: a version that this program does not know");
  block_votes votes;
  votes.people.resize(in.count(32));
  for (address& one : votes.people)
    one = in.get();
  for (std::size_t left = in.count(34); left > 0 && !in.failed(); --left) {
    round_votes& round = votes.rounds.emplace_back();
    round.round = in.number();
    round.committee_id = in.get();
    for (std::size_t more = in.count(11); more > 0 && !in.failed(); --more)
      round.certificates.push_back(get_certificate(in, votes.people.size()));
    if (round.certificates.empty())
      in.fail();
  }
  for (std::size_t left = in.count(33); left > 0 && !in.failed(); --left) {
    outside_certificate& one = votes.outside.emplace_back();
    one.round = in.number();
    one.id = in.get();
  }
  if (!in.done())
    return make_unexpected("votes of a block: the bytes end early or late, or hold a wrong value");
  return votes;
}

} // namespace blockferry::chain::stake
