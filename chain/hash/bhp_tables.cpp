#include "chain/hash/bhp_tables.hpp"

#include "chain/hash/hash_to_curve.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

namespace blockferry::chain {
namespace {

static_assert(std::endian::native == std::endian::little, "bits are read as bytes of words");

/// The three sign bits (bit 2 of a chunk) of a group's chunks but the last.
constexpr std::uint64_t other_signs = 0b000'100'100'100;

std::uint64_t bits_at(const std::uint64_t* words, std::size_t position, std::size_t count) {
  std::uint32_t window = 0;
  std::memcpy(&window, reinterpret_cast<const char*>(words) + position / 8, sizeof window);
  return window >> (position % 8) & ((1U << count) - 1);
}

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

} // namespace

bhp_tables::bhp_tables(std::size_t windows, std::size_t window_size, std::string_view domain,
                       std::size_t short_bits)
    : chunk_count_{windows * window_size}, multiples_(4 * chunk_count_) {
  active_kernels().prepare(base_multiples(windows, window_size, domain), multiples_);
  const std::size_t prefix_groups = prefix_chunks / group_chunks;
  const std::size_t all_groups = chunk_count_ / group_chunks;
  const std::size_t usual_groups =
      std::min((short_bits + group_bits - 1) / group_bits, all_groups - prefix_groups);
  parts_[prefix].count = prefix_groups;
  parts_[usual].first = prefix_groups;
  parts_[usual].count = usual_groups;
  parts_[rest].first = prefix_groups + usual_groups;
  parts_[rest].count = all_groups - parts_[rest].first;
}

void bhp_tables::fill(const lazy_groups& into) const {
  // The sums of all values of a group's chunks, the last one's sign positive: those of one chunk,
  // each with every value of the next added, and so on.
  into.entries.resize(into.count * group_entries);
  std::vector<point> sums, longer;
  std::vector<const point*> starts;
  std::vector<term> terms;
  for (std::size_t group = 0; group < into.count; ++group) {
    sums.assign(1, point{});
    for (std::size_t chunk = 0; chunk < group_chunks; ++chunk) {
      const std::size_t values = chunk + 1 == group_chunks ? 4 : 8;
      starts.clear();
      terms.clear();
      for (std::size_t value = 0; value < values; ++value)
        for (const point& sum : sums) {
          starts.push_back(&sum);
          terms.push_back(chunk_term(group_chunks * (into.first + group) + chunk, value));
        }
      longer.resize(starts.size());
      active_kernels().sum({starts, terms.data(), 1}, longer);
      sums.swap(longer);
    }
    active_kernels().prepare(sums,
                             std::span{into.entries}.subspan(group * group_entries, group_entries));
  }
}

const prepared_point* bhp_tables::groups_from(std::size_t group) const {
  std::size_t which = prefix;
  while (which + 1 < part_count && group >= parts_[which + 1].first)
    ++which;
  const lazy_groups& part = parts_[which];
  std::call_once(part.once, [&] { fill(part); });
  return part.entries.data() + (group - part.first) * group_entries;
}

term bhp_tables::chunk_term(std::size_t chunk, std::uint64_t value) const {
  return term_of(multiples_[4 * chunk + (value & 3)], (value & 4) != 0);
}

term bhp_tables::nothing() {
  static const prepared_point zero;
  return term_of(zero, false);
}

std::size_t bhp_tables::term_count(std::size_t from, std::size_t to) {
  const std::size_t first = from / chunk_bits;
  const std::size_t last = (to + chunk_bits - 1) / chunk_bits;
  const std::size_t first_group = (first + group_chunks - 1) / group_chunks;
  const std::size_t last_group = last / group_chunks;
  if (last_group <= first_group)
    return last - first;
  return (first_group * group_chunks - first) + (last_group - first_group) +
         (last - last_group * group_chunks);
}

term* bhp_tables::write_terms(const std::uint64_t* words, std::size_t from, std::size_t to,
                              std::size_t first_chunk, term* out) const {
  const auto single = [&](std::size_t at) {
    *out++ = chunk_term(first_chunk + at / chunk_bits, bits_at(words, at, chunk_bits));
  };
  const std::size_t first_group_bit = (from + group_bits - 1) / group_bits * group_bits;
  const std::size_t end = (to + chunk_bits - 1) / chunk_bits * chunk_bits;
  std::size_t at = from;
  for (; at < std::min(first_group_bit, end); at += chunk_bits)
    single(at);
  while (at + group_bits <= end) {
    // One look at the lazy parts for a run of groups inside one part.
    const std::size_t group = (first_chunk + at / chunk_bits) / group_chunks;
    std::size_t run_end = chunk_count_ / group_chunks;
    for (const auto& part : parts_)
      if (group < part.first)
        run_end = std::min(run_end, part.first);
    const prepared_point* entries = groups_from(group);
    const std::size_t run = std::min(run_end - group, (end - at) / group_bits);
    for (std::size_t i = 0; i < run; ++i, at += group_bits, entries += group_entries) {
      const std::uint64_t value = bits_at(words, at, group_bits);
      const bool negative = value >> (group_bits - 1) != 0;
      const std::uint64_t index = negative ? (value ^ other_signs) & (group_entries - 1) : value;
      *out++ = term_of(entries[index], negative);
    }
  }
  for (; at < end; at += chunk_bits)
    single(at);
  return out;
}

} // namespace blockferry::chain
