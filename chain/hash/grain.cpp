#include "chain/hash/grain.hpp"

#include <initializer_list>

namespace blockferry::chain {
namespace {

constexpr std::size_t field_bits = 253;
constexpr std::size_t discarded_bits = 160;

} // namespace

grain::grain(std::size_t width) {
  struct entry {
    std::size_t value, bits;
  };
  state_[1] = true; // a prime field, an S-box that is a power
  std::size_t at = 6;
  for (const entry one : {entry{field_bits, 12}, entry{width, 12}, entry{poseidon_full_rounds, 10},
                          entry{poseidon_partial_rounds, 10}})
    for (std::size_t i = one.bits; i-- > 0; ++at)
      state_[at] = (one.value >> i & 1) != 0;
  for (; at < state_.size(); ++at)
    state_[at] = true;
  for (std::size_t i = 0; i < discarded_bits; ++i)
    bit();
}

bool grain::bit() {
  bool made = state_[head_];
  for (const std::size_t tap : {62U, 51U, 38U, 23U, 13U})
    made ^= state_[(head_ + tap) % state_.size()];
  state_[head_] = made;
  head_ = (head_ + 1) % state_.size();
  return made;
}

std::array<std::uint64_t, 4> grain::number() {
  std::array<std::uint64_t, 4> out{};
  for (std::size_t i = field_bits; i-- > 0;) {
    while (!bit())
      bit();
    out[i / 64] |= std::uint64_t{bit()} << (i % 64);
  }
  return out;
}

field grain::below_modulus() {
  for (;;) {
    const auto one = number();
    const field element = field::from_number(one);
    if (element.number() == one)
      return element;
  }
}

field grain::reduced() {
  return field::from_number(number());
}

} // namespace blockferry::chain
