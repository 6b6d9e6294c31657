#include "chain/hash/bhp.hpp"

#include "chain/hash/hash_to_curve.hpp"

#include <algorithm>

namespace blockferry::chain {
namespace {

constexpr std::size_t chunk_bits = 3;
constexpr std::size_t merged_chunks = 4;
/// Half of all values: the sign of the group's last chunk is taken out.
static_assert(bhp::group_bits == chunk_bits * merged_chunks);
constexpr std::size_t group_entries = 1U << (bhp::group_bits - 1);
/// A message begins with 188 bits of domain and 64 of length, or with 252 bits of the last output.
constexpr std::size_t prefix_bits = 252;
constexpr std::size_t prefix_chunks = prefix_bits / chunk_bits;
constexpr std::size_t domain_bits = 188;
/// The three sign bits (bit 2 of a chunk) of a group's chunks but the last.
constexpr std::uint64_t other_signs = 0b000'100'100'100;

} // namespace

struct bhp::tables {
  std::size_t chunk_count = 0;
  /// multiples[4 c + k - 1] = k times base c, k in 1 .. 4
  std::vector<prepared_point> multiples;
  /// groups[2048 g + v]: the sum of chunks 4 g .. 4 g + 3 with values v, the last one's sign
  /// positive.
  std::vector<prepared_point> groups;
  bit_string domain;
  /// Start points by input size.
  std::vector<std::pair<std::size_t, point>> starts;
};

namespace {

/// k times each base, k in 1 .. 4.
std::vector<point> base_multiples(std::size_t windows, std::size_t window_size,
                                  std::string_view domain) {
  std::vector<point> multiples;
  multiples.reserve(4 * windows * window_size);
  for (std::size_t window = 0; window < windows; ++window) {
    point base =
        hash_to_curve("Aleo.BHP." + std::to_string(windows) + "." + std::to_string(window_size) +
                      "." + std::string{domain} + "." + std::to_string(window));
    for (std::size_t chunk = 0; chunk < window_size; ++chunk) {
      const point two = twice(base);
      const point four = twice(two);
      multiples.insert(multiples.end(), {base, two, two + base, four});
      base = twice(twice(four));
    }
  }
  return multiples;
}

/// The sums of all values of four chunks, the last one's sign positive: those of three chunks, then
/// each with a multiple of the fourth base added.
std::vector<prepared_point> group_sums(std::span<const prepared_point> multiples) {
  std::vector<point> sums(1);
  for (std::size_t chunk = 0; chunk < merged_chunks; ++chunk) {
    const std::size_t values = chunk + 1 == merged_chunks ? 4 : 8;
    std::vector<point> longer;
    longer.reserve(sums.size() * values);
    for (std::size_t value = 0; value < values; ++value) {
      const auto& term = multiples[4 * chunk + (value & 3)];
      for (const point& sum : sums)
        longer.push_back(sum + ((value & 4) != 0 ? -term : term));
    }
    sums = std::move(longer);
  }
  return prepare(sums);
}

} // namespace

bhp::bhp(std::size_t windows, std::size_t window_size, std::string_view domain,
         std::initializer_list<std::size_t> usual_sizes) {
  auto made = std::make_unique<tables>();
  made->chunk_count = windows * window_size;
  made->multiples = prepare(base_multiples(windows, window_size, domain));
  const std::size_t group_count = made->chunk_count / merged_chunks;
  made->groups.reserve(group_count * group_entries);
  for (std::size_t group = 0; group < group_count; ++group) {
    const auto sums = group_sums(
        std::span{made->multiples}.subspan(4 * merged_chunks * group, 4 * merged_chunks));
    made->groups.insert(made->groups.end(), sums.begin(), sums.end());
  }
  bit_string text;
  text.append_text(domain);
  for (std::size_t i = domain_bits; i-- > 0;)
    made->domain.append(i < text.size() ? text.view().at(i, 1) : 0, 1);
  tables* writable = made.get();
  tables_ = std::move(made);
  for (const std::size_t size : usual_sizes)
    writable->starts.emplace_back(size, prefix_of(size));
}

bhp::~bhp() = default;

std::size_t bhp::round_bits() const noexcept {
  return chunk_bits * tables_->chunk_count - prefix_bits;
}

point bhp::prefix_of(std::size_t size) const {
  bit_string prefix = tables_->domain;
  prefix.append_u64(size);
  return sum_chunks(point{}, prefix.view(), 0);
}

point bhp::start(std::size_t size) const {
  for (const auto& [usual, start_point] : tables_->starts)
    if (usual == size)
      return start_point;
  return prefix_of(size);
}

point bhp::sum_chunks(point to_what, bit_view bits, std::size_t first_chunk) const {
  const tables& t = *tables_;
  std::size_t at = 0;
  std::size_t chunk = first_chunk;
  for (; at + group_bits <= bits.size; at += group_bits, chunk += merged_chunks) {
    std::uint64_t value = bits.at(at, group_bits);
    const bool negative = value >> (group_bits - 1) != 0;
    if (negative)
      value = (value ^ other_signs) & (group_entries - 1);
    const auto& entry = t.groups[group_entries * (chunk / merged_chunks) + value];
    to_what = to_what + (negative ? -entry : entry);
  }
  for (; at < bits.size; at += chunk_bits, ++chunk) {
    const std::uint64_t value = bits.at(at, chunk_bits);
    const auto& term = t.multiples[4 * chunk + (value & 3)];
    to_what = to_what + ((value & 4) != 0 ? -term : term);
  }
  return to_what;
}

point bhp::sum(point to_what, bit_view input, std::size_t from, std::size_t to) const {
  std::array<std::uint64_t, 17> part{};
  for (std::size_t at = from; at < to; at += 64)
    part[(at - from) / 64] = input.at(at, std::min<std::size_t>(64, to - at));
  return sum_chunks(to_what, {part.data(), to - from}, prefix_chunks + from / chunk_bits);
}

field bhp::hash_bits(bit_view input) const {
  field out;
  hash_many({&input, 1}, {&out, 1});
  return out;
}

void bhp::hash_many(std::span<const bit_view> inputs, std::span<field> out) const {
  std::vector<std::size_t> alive;
  std::vector<point> sums;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    out[i] = field{}; // an empty input has no round: the sum of nothing, x = 0
    if (inputs[i].size == 0)
      continue;
    alive.push_back(i);
    sums.push_back(
        sum(start(inputs[i].size), inputs[i], 0, std::min(inputs[i].size, round_bits())));
  }
  for (std::size_t done = round_bits(); !alive.empty(); done += round_bits()) {
    const auto outputs = x_coordinates(sums);
    std::vector<std::size_t> longer;
    sums.clear();
    for (std::size_t k = 0; k < alive.size(); ++k) {
      const bit_view input = inputs[alive[k]];
      out[alive[k]] = outputs[k];
      if (input.size <= done)
        continue;
      bit_string last_output;
      last_output.append_field(outputs[k].wire());
      const point begin = sum_chunks(point{}, {last_output.view().words, prefix_bits}, 0);
      bit_string piece;
      piece.append(input, done, std::min(input.size, done + round_bits()));
      sums.push_back(sum_chunks(begin, piece.view(), prefix_chunks));
      longer.push_back(alive[k]);
    }
    alive = std::move(longer);
  }
}

const bhp& bhp1024() {
  static const bhp made{8, 54, "AleoBHP1024", {254, 262, 506, 696}};
  return made;
}

const bhp& bhp512() {
  static const bhp made{6, 43, "AleoBHP512", {506, 507}};
  return made;
}

} // namespace blockferry::chain
