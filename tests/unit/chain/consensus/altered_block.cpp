#include "altered_block.hpp"

#include "chain/hash/header_hash.hpp"
#include "chain/hash/merkle.hpp"
#include "tests/kit/commitments.hpp"

#include <algorithm>

namespace blockferry::chain::tests {
namespace {

constexpr unsigned subdag_depth = 16;
constexpr std::size_t block_hash_offset = 1;

void put(byte_buffer& bytes, std::size_t at, const hash& value) {
  std::ranges::copy(value.bytes, bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

} // namespace

body_head altered_block::head() const {
  cursor in{bytes};
  in.take(front_bytes, "front");
  return read_head(in, net_, bytes[front_bytes - 1]).value();
}

std::size_t altered_block::offset(byte_view part) const {
  return static_cast<std::size_t>(part.data() - bytes.data());
}

std::size_t altered_block::aborted_solutions_offset() const {
  cursor in{bytes};
  in.take(front_bytes, "front");
  const auto read = read_head(in, net_, bytes[front_bytes - 1]).value();
  return in.offset() - read.aborted_solutions.size() - sizeof(std::uint32_t);
}

void altered_block::rebind_subdag() {
  const body_head read = head();
  std::vector<bit_string> leaves;
  for (const subdag_round& round : read.quorum->rounds) {
    auto& leaf = leaves.emplace_back();
    for (std::uint32_t i = 0; i < round.count; ++i)
      leaf.append_field(read.quorum->certificates[round.first + i].id.value());
  }
  std::vector<bit_view> views;
  for (const auto& one : leaves)
    views.push_back(one.view());
  put(bytes, subdag_root_offset, merkle_root(views, subdag_depth));
  rehash();
}

void altered_block::rebind_ratifications() {
  std::vector<byte_buffer> all;
  for (const ratification& one : head().ratifications)
    all.emplace_back(one.bytes.begin(), one.bytes.end());
  put(bytes, ratifications_root_offset, kit::ratifications_root(all));
  rehash();
}

void altered_block::rehash() {
  const byte_view view{bytes};
  hash made;
  block_hashes({&view, 1}, {&made, 1});
  put(bytes, block_hash_offset, made);
}

} // namespace blockferry::chain::tests
