#include "chain/hash/packed.hpp"

namespace blockferry::chain {

void packed_inputs::put(std::size_t input, std::size_t bit, std::uint64_t value) {
  std::uint64_t* word = words_.data() + input * stride_ + bit / 64;
  word[0] |= value << (bit % 64);
  if (bit % 64 != 0)
    word[1] |= value >> (64 - bit % 64);
}

void packed_inputs::put(std::size_t input, std::size_t bit, const hash& element) {
  const auto number = number_of_wire(element);
  for (std::size_t i = 0; i < number.size(); ++i)
    put(input, bit + 64 * i, number[i]);
}

chunk_starts starts_by_chunk(const bhp& hasher, const point& start, std::size_t bit) {
  chunk_starts out;
  packed_inputs inputs{out.size(), bit + chunk_bits};
  for (std::size_t value = 0; value < out.size(); ++value)
    inputs.put(value, bit, value);
  const std::vector<const point*> starts(out.size(), &start);
  hasher.sum(inputs.batch(bit, bit + chunk_bits, starts), out);
  return out;
}

std::vector<hash> hash_batch(const bhp& hasher, const bhp_batch& batch) {
  std::vector<point> sums(batch.starts.size());
  hasher.sum(batch, sums);
  std::vector<hash> out(sums.size());
  active_kernels().x_wires(sums, out);
  return out;
}

std::vector<hash> hash_batch(const bhp& hasher, const packed_inputs& inputs, std::size_t from,
                             std::size_t to, const point& start, std::size_t count) {
  const std::vector<const point*> starts(count, &start);
  return hash_batch(hasher, inputs.batch(from, to, starts));
}

} // namespace blockferry::chain
