#include "chain/hash/poseidon.hpp"

#include "chain/hash/bits.hpp"
#include "chain/hash/grain.hpp"
#include "chain/math/curve.hpp"
#include "chain/math/kernels.hpp"

#include <algorithm>
#include <string>

namespace blockferry::chain {
namespace {

constexpr std::size_t rounds = poseidon_full_rounds + poseidon_partial_rounds;
constexpr std::size_t scalar_bits = 250;

/// The ASCII bytes of a text as a little-endian number.
field text_number(const std::string& text) {
  hash wire;
  std::ranges::copy(text, wire.bytes.begin());
  return *field::from_wire(wire);
}

} // namespace

poseidon::poseidon(std::size_t rate)
    : rate_{rate}, domain_{text_number("AleoPoseidon" + std::to_string(rate))} {
  grain numbers{width()};
  for (std::size_t i = 0; i < rounds * width(); ++i)
    constants_.push_back(numbers.below_modulus());
  std::vector<field> x(width()), y(width());
  std::ranges::generate(x, [&] { return numbers.reduced(); });
  std::ranges::generate(y, [&] { return numbers.reduced(); });
  for (const field& row : x)
    for (const field& column : y)
      matrix_.push_back(row + column);
  invert_all(matrix_);
  make_sparse();
}

void poseidon::permute(std::span<field> states) const {
  active_kernels().permute(tables_, states);
}

std::vector<field> poseidon::state_before(std::size_t size) const {
  std::vector<field> state(width());
  state[1] = domain_;
  state[2] = field::from(size);
  permute(state);
  return state;
}

void poseidon::hash_many(std::span<const field> input, std::span<field> out) const {
  std::vector<field> absorbed(rate_);
  absorbed[0] = domain_;
  absorbed[1] = field::from(input.size());
  absorbed.insert(absorbed.end(), input.begin(), input.end());
  std::vector<field> state(width());
  for (std::size_t at = 0; at < absorbed.size(); at += rate_) {
    if (at != 0)
      permute(state);
    for (std::size_t i = 0; i < std::min(rate_, absorbed.size() - at); ++i)
      state[1 + i] = state[1 + i] + absorbed[at + i];
  }
  for (std::size_t at = 0; at < out.size(); at += rate_) {
    permute(state);
    const auto some = std::min(rate_, out.size() - at);
    std::copy_n(state.begin() + 1, some, out.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

field poseidon::hash(std::span<const field> input) const {
  field out;
  hash_many(input, {&out, 1});
  return out;
}

std::array<std::uint64_t, 4> poseidon::hash_to_scalar(std::span<const field> input) const {
  return scalar_of(hash(input));
}

std::array<std::uint64_t, 4> poseidon::scalar_of(const field& output) {
  auto out = output.number();
  out[3] &= (std::uint64_t{1} << (scalar_bits - 192)) - 1;
  return out;
}

const poseidon& poseidon2() {
  static const poseidon made{2};
  return made;
}
const poseidon& poseidon4() {
  static const poseidon made{4};
  return made;
}
const poseidon& poseidon8() {
  static const poseidon made{8};
  return made;
}

} // namespace blockferry::chain
