#include "chain/hash/bhp.hpp"

#include "chain/hash/bhp_tables.hpp"

#include <algorithm>
#include <array>

namespace blockferry::chain {
namespace {

constexpr std::size_t domain_bits = 188;
/// Jobs whose terms are written at one go, so that they stay in the first cache.
constexpr std::size_t slice_jobs = 64;
/// The length's bits 0 .. 15 lie in chunks 62 .. 67; for shorter inputs all other prefix chunks are
/// the same.
constexpr std::size_t length_chunk = 62;
constexpr std::size_t length_chunks = 6;
constexpr std::size_t short_length = std::size_t{1} << 16;

using sized_point = std::pair<std::size_t, point>;

} // namespace

struct bhp::tables {
  bhp_tables look_up;
  bit_string domain;
  /// The prefix of lengths below 2^16, but for the chunks of the length.
  point short_prefix;
  /// Start points by input size.
  std::vector<sized_point> starts;
};

/// One round of one input: where its sum starts, and its terms.
struct bhp::job {
  point start;
  std::vector<term> terms;
};

bhp::bhp(std::size_t windows, std::size_t window_size, std::string_view domain,
         std::size_t short_bits, std::initializer_list<std::size_t> usual_sizes)
    : tables_{new tables{{windows, window_size, domain, short_bits}, {}, {}, {}}} {
  bit_string text;
  text.append_text(domain);
  for (std::size_t i = domain_bits; i-- > 0;)
    tables_->domain.append(i < text.size() ? text.view().at(i, 1) : 0, 1);
  tables_->short_prefix = prefix_sum(0, true);
  for (const std::size_t size : usual_sizes)
    tables_->starts.emplace_back(size, prefix_sum(size, false));
}

bhp::~bhp() = default;

std::size_t bhp::round_bits() const noexcept {
  return chunk_bits * tables_->look_up.chunk_count() - prefix_bits;
}

point bhp::prefix_sum(std::size_t size, bool without_length_chunks) const {
  bit_string prefix = tables_->domain;
  prefix.append_u64(size);
  prefix.append_u64(0); // the word after, which readers may touch
  std::vector<term> terms;
  for (std::size_t chunk = 0; chunk < prefix_chunks; ++chunk) // singly: needs no part of the groups
    if (!without_length_chunks || chunk < length_chunk || chunk >= length_chunk + length_chunks)
      tables_->look_up.write_terms(prefix.view().words, chunk_bits * chunk,
                                   chunk_bits * (chunk + 1), 0, &terms.emplace_back());
  const point zero;
  const point* start = &zero;
  point out;
  active_kernels().sum({{&start, 1}, terms.data(), terms.size()}, {&out, 1});
  return out;
}

point bhp::start(std::size_t size) const {
  for (const auto& [usual, start_point] : tables_->starts)
    if (usual == size)
      return start_point;
  return prefix_sum(size, false);
}

void bhp::sum(const bhp_batch& batch, std::span<point> out) const {
  const std::size_t count = bhp_tables::term_count(batch.from, batch.to);
  std::vector<term> terms(count * std::min(slice_jobs, out.size()));
  for (std::size_t first = 0; first < out.size(); first += slice_jobs) {
    const std::size_t jobs = std::min(slice_jobs, out.size() - first);
    term* to = terms.data();
    for (std::size_t i = 0; i < jobs; ++i)
      to = tables_->look_up.write_terms(batch.words + (first + i) * batch.stride, batch.from,
                                        batch.to, prefix_chunks, to);
    active_kernels().sum({batch.starts.subspan(first, jobs), terms.data(), count},
                         out.subspan(first, jobs));
  }
}

point bhp::sum_one(const point& start, bit_view input, std::size_t from, std::size_t to) const {
  const std::size_t words = (input.size + 63) / 64;
  std::vector<std::uint64_t> padded(input.words, input.words + words);
  padded.resize(words + 2);
  const point* begin = &start;
  point out;
  sum({padded.data(), padded.size(), from, to, {&begin, 1}}, {&out, 1});
  return out;
}

bhp::job bhp::first_round(bit_view input) const {
  const std::size_t size = std::min(input.size, round_bits());
  std::array<std::uint64_t, 20> words{};
  for (std::size_t at = 0; at < size; at += 64)
    words[at / 64] = input.at(at, std::min<std::size_t>(64, size - at));
  const auto usual = std::ranges::find(tables_->starts, input.size, &sized_point::first);
  job out;
  if (usual == tables_->starts.end() && input.size < short_length) {
    out.start = tables_->short_prefix;
    // The last two bits of the domain, then the length.
    const std::uint64_t length[2] = {
        tables_->domain.view().at(domain_bits - 2, 2) | std::uint64_t{input.size} << 2, 0};
    out.terms.resize(length_chunks);
    for (std::size_t chunk = 0; chunk < length_chunks; ++chunk)
      tables_->look_up.write_terms(length, chunk_bits * chunk, chunk_bits * (chunk + 1),
                                   length_chunk, &out.terms[chunk]);
  } else {
    out.start = start(input.size);
  }
  const std::size_t before = out.terms.size();
  out.terms.resize(before + bhp_tables::term_count(0, size));
  tables_->look_up.write_terms(words.data(), 0, size, prefix_chunks, &out.terms[before]);
  return out;
}

bhp::job bhp::later_round(bit_view input, std::size_t done, const field& last) const {
  const std::size_t size = std::min(input.size - done, round_bits());
  std::array<std::uint64_t, 6> head{};
  std::ranges::copy(last.number(), head.begin());
  std::array<std::uint64_t, 20> words{};
  for (std::size_t at = 0; at < size; at += 64)
    words[at / 64] = input.at(done + at, std::min<std::size_t>(64, size - at));
  job out;
  out.terms.resize(bhp_tables::term_count(0, prefix_bits) + bhp_tables::term_count(0, size));
  term* const piece =
      tables_->look_up.write_terms(head.data(), 0, prefix_bits, 0, out.terms.data());
  tables_->look_up.write_terms(words.data(), 0, size, prefix_chunks, piece);
  return out;
}

void bhp::sum_uneven(std::span<const job> jobs, std::span<point> out) const {
  std::vector<const point*> starts;
  std::vector<term> terms;
  for (std::size_t first = 0; first < jobs.size(); first += slice_jobs) {
    const auto slice = jobs.subspan(first, std::min(slice_jobs, jobs.size() - first));
    std::size_t longest = 0;
    for (const job& one : slice)
      longest = std::max(longest, one.terms.size());
    starts.clear();
    terms.assign(longest * slice.size(), bhp_tables::nothing());
    for (std::size_t i = 0; i < slice.size(); ++i) {
      starts.push_back(&slice[i].start);
      std::ranges::copy(slice[i].terms, &terms[longest * i]);
    }
    active_kernels().sum({starts, terms.data(), longest}, out.subspan(first, slice.size()));
  }
}

field bhp::hash_bits(bit_view input) const {
  field out;
  hash_many({&input, 1}, {&out, 1});
  return out;
}

void bhp::hash_many(std::span<const bit_view> inputs, std::span<field> out,
                    const std::stop_token& stop) const {
  std::vector<std::size_t> alive;
  std::vector<job> jobs;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    out[i] = field{}; // an empty input has no round: the sum of nothing, x = 0
    if (inputs[i].size != 0)
      alive.push_back(i);
  }
  // Like sizes side by side: the jobs of a slice take as many steps as its longest.
  std::ranges::stable_sort(alive, {}, [&](std::size_t i) { return inputs[i].size; });
  for (const std::size_t i : alive)
    jobs.push_back(first_round(inputs[i]));
  for (std::size_t done = round_bits(); !alive.empty() && !stop.stop_requested();
       done += round_bits()) {
    std::vector<point> sums(alive.size());
    std::vector<field> outputs(alive.size());
    sum_uneven(jobs, sums);
    active_kernels().x_coordinates(sums, outputs);
    std::vector<std::size_t> longer;
    jobs.clear();
    for (std::size_t k = 0; k < alive.size(); ++k) {
      out[alive[k]] = outputs[k];
      if (inputs[alive[k]].size <= done)
        continue;
      jobs.push_back(later_round(inputs[alive[k]], done, outputs[k]));
      longer.push_back(alive[k]);
    }
    alive = std::move(longer);
  }
}

const bhp& bhp1024() {
  static const bhp made{8, 54, "AleoBHP1024", 696, {254, 262, 506, 696}};
  return made;
}

const bhp& bhp512() {
  static const bhp made{6, 43, "AleoBHP512", 507, {506, 507}};
  return made;
}

} // namespace blockferry::chain
