#include "stake_vectors.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace blockferry::test {

using namespace chain::stake;

namespace {

class line_reader {
public:
  explicit line_reader(const std::string& line) : words_(line) { words_ >> word_; }
  [[nodiscard]] const std::string& word() const { return word_; }

  std::uint64_t number() { return std::stoull(text()); }
  std::optional<std::uint64_t> maybe_number() {
    const std::string found = text();
    return found == "-" ? std::nullopt : std::optional<std::uint64_t>{std::stoull(found)};
  }
  chain::hash field() {
    const std::string found = text();
    chain::hash value;
    if (found == "0" || found == "-")
      return value;
    if (found.size() != 64)
      throw std::runtime_error("a field of " + std::to_string(found.size()) + " digits");
    for (std::size_t i = 0; i < 32; ++i)
      value.bytes[i] = static_cast<std::uint8_t>(std::stoul(found.substr(2 * i, 2), nullptr, 16));
    return value;
  }
  [[nodiscard]] bool more() { return !(words_ >> std::ws).eof(); }

private:
  std::string text() {
    std::string found;
    if (!(words_ >> found))
      throw std::runtime_error("a short line: " + word_);
    return found;
  }
  std::istringstream words_;
  std::string word_;
};

std::uint16_t person(block_votes& votes, const address& who) {
  const auto at = std::ranges::find(votes.people, who);
  const auto position = at - votes.people.begin();
  if (at == votes.people.end())
    votes.people.push_back(who);
  return static_cast<std::uint16_t>(position);
}

vector_block read_block(line_reader& line) {
  vector_block block;
  block.height = static_cast<chain::height_t>(line.number());
  block.stakes.round = line.number();
  block.stakes.reward = line.maybe_number();
  const chain::hash id = line.field();
  block.leader = line.field();
  block.timestamp = static_cast<std::int64_t>(line.number());
  if (id != chain::hash{})
    block.committee_id = id;
  if (block.height == 0)
    block.stakes.genesis.emplace();
  return block;
}

credits_call read_call(line_reader& line) {
  credits_call call;
  call.function = static_cast<credits_function>(line.number());
  for (address& one : call.who)
    one = line.field();
  call.amount = line.number();
  call.commission = static_cast<std::uint8_t>(line.number());
  call.is_open = line.number() != 0;
  return call;
}

void read_line(line_reader& line, vector_block& block) {
  block_stakes& stakes = block.stakes;
  const std::string& word = line.word();
  if (word == "member") {
    committee_member& one = stakes.genesis->members.emplace_back();
    one.who = line.field();
    one.stake = line.number();
    one.is_open = line.number() != 0;
    one.commission = static_cast<std::uint8_t>(line.number());
  } else if (word == "bond") {
    genesis_bond& one = stakes.genesis->bonded.emplace_back();
    one.staker = line.field();
    one.validator = line.field();
    one.withdrawal = line.field();
    one.amount = line.number();
  } else if (word == "transaction") {
    stakes.transactions.emplace_back().index = static_cast<std::uint32_t>(line.number());
  } else if (word == "call") {
    stakes.transactions.back().calls.push_back(read_call(line));
  } else if (word == "fee") {
    stakes.transactions.back().fee.push_back(read_call(line));
  } else if (word == "operation") {
    credits_operation& one = stakes.transactions.back().operations.emplace_back();
    one.kind = static_cast<std::uint8_t>(line.number());
    one.which = static_cast<mapping>(line.number());
    one.key_id = line.field();
    one.value_id = line.field();
  } else if (word == "round") {
    round_votes& one = block.votes.rounds.emplace_back();
    one.round = line.number();
    one.committee_id = line.field();
    stakes.certificates.push_back({one.round, {}});
  } else if (word == "certificate") {
    stakes.certificates.back().ids.push_back(line.field());
    certificate_votes& one = block.votes.rounds.back().certificates.emplace_back();
    one.timestamp = static_cast<std::int64_t>(line.number());
    one.author = person(block.votes, line.field());
    while (line.more())
      one.signers.push_back(person(block.votes, line.field()));
  } else if (word == "outside") {
    outside_certificate& one = block.votes.outside.emplace_back();
    one.round = line.number();
    one.id = line.field();
  } else {
    throw std::runtime_error("unknown line: " + word);
  }
}

} // namespace

std::vector<vector_block> read_stake_vectors(const std::string& path) {
  std::ifstream file(path);
  if (!file)
    throw std::runtime_error("cannot read " + path);
  std::vector<vector_block> blocks;
  for (std::string text; std::getline(file, text);) {
    line_reader line{text};
    if (line.word() == "block")
      blocks.push_back(read_block(line));
    else
      read_line(line, blocks.back());
  }
  return blocks;
}

} // namespace blockferry::test
