#include "storage/hash_index.hpp"

#include "chain/wire.hpp"

#include <algorithm>

namespace blockferry::storage {
namespace {

constexpr height_t row_heights = 1024;
constexpr std::size_t prefix_bytes = 8;
constexpr std::uint64_t everything = std::uint64_t{1}
                                     << 32; ///< beyond the last height there can be
constexpr std::size_t entry_bytes = prefix_bytes + sizeof(height_t);
constexpr height_t number_max = 0xffffffff;

/// A kind of sorted run: how many heights it covers, and into how many rows it is split by the top
/// bits of the prefix, so that a row of either kind holds some 1,024 entries and fits a page.
struct run_kind {
  std::int64_t key; ///< the top of its rows' keys
  std::uint64_t heights;
  unsigned bucket_bits;
  [[nodiscard]] std::int64_t buckets() const noexcept { return std::int64_t{1} << bucket_bits; }
};
constexpr run_kind sealed{0, 65'536, 6};
constexpr run_kind merged{1, 1'048'576, 10};
static_assert(sealed.heights % row_heights == 0 && merged.heights % sealed.heights == 0);

std::uint64_t prefix_of(const chain::hash& block_hash) {
  return chain::load_le<std::uint64_t>(block_hash.bytes);
}
std::int64_t bucket_of(const run_kind& kind, std::uint64_t prefix) {
  // The top byte of a prefix is evenly spread; those of a whole hash are not (it is below the
  // modulus).
  return static_cast<std::int64_t>(prefix >> (64 - kind.bucket_bits));
}
/// The key of a bucket's row in the run with this number: a bucket's rows lie side by side.
std::int64_t key_of(const run_kind& kind, std::int64_t bucket, std::uint64_t number) {
  return kind.key << 48 | bucket << 32 | static_cast<std::int64_t>(number);
}

struct entry {
  std::uint64_t prefix;
  height_t height;
  friend auto operator<=>(const entry&, const entry&) = default;
};

result<void> append_row(connection& database, height_t row_first, chain::byte_view prefixes) {
  auto row = statement::prepare(
      database, "INSERT INTO hash_recent VALUES (?1, ?2) ON CONFLICT (first_height) "
                "DO UPDATE SET prefixes = CAST(prefixes || excluded.prefixes AS BLOB)");
  if (!row)
    return tl::make_unexpected(row.error());
  return row->bind(1, std::int64_t{row_first}).bind(2, prefixes).run();
}

/// The first height of the recent row that holds `height`.
result<height_t> row_of(connection& database, height_t height) {
  auto query = statement::prepare(
      database,
      "SELECT first_height FROM hash_recent WHERE first_height > ?1 AND first_height <= ?2 "
      "ORDER BY first_height DESC LIMIT 1");
  if (!query)
    return tl::make_unexpected(query.error());
  const height_t row_start = height / row_heights * row_heights;
  query->bind(1, std::int64_t{row_start} - 1).bind(2, std::int64_t{height});
  const auto found = query->step();
  if (!found)
    return tl::make_unexpected(found.error());
  return *found ? static_cast<height_t>(query->integer(0)) : height;
}

result<std::vector<entry>> read_recent(connection& database, std::uint64_t below) {
  auto query = statement::prepare(
      database, "SELECT first_height, prefixes FROM hash_recent WHERE first_height < ?1 "
                "ORDER BY first_height");
  if (!query)
    return tl::make_unexpected(query.error());
  query->bind(1, static_cast<std::int64_t>(below));
  std::vector<entry> out;
  for (;;) {
    const auto row = query->step();
    if (!row)
      return tl::make_unexpected(row.error());
    if (!*row)
      return out;
    const auto prefixes = query->bytes(1);
    for (std::size_t i = 0; i < prefixes.size() / prefix_bytes; ++i)
      out.push_back({chain::load_le<std::uint64_t>(prefixes.subspan(prefix_bytes * i)),
                     static_cast<height_t>(query->integer(0) + static_cast<std::int64_t>(i))});
  }
}

std::vector<entry> entries_of(height_t first, std::span<const std::uint64_t> prefixes) {
  std::vector<entry> out;
  for (std::size_t i = 0; i < prefixes.size(); ++i)
    out.push_back({prefixes[i], static_cast<height_t>(first + i)});
  return out;
}

/// Entries as the rows of a run.
std::vector<chain::byte_buffer> rows_of(const run_kind& kind, std::vector<entry>& entries) {
  std::ranges::sort(entries);
  std::vector<chain::byte_buffer> out(static_cast<std::size_t>(kind.buckets()));
  for (const entry& one : entries) {
    auto& bucket = out[static_cast<std::size_t>(bucket_of(kind, one.prefix))];
    chain::append_le(bucket, one.prefix);
    chain::append_le(bucket, one.height);
  }
  return out;
}

result<void> damaged_between(height_t first, std::size_t count) {
  return tl::make_unexpected(
      failure{errc::store_damaged, "the hash index does not hold what the blocks from height " +
                                       std::to_string(first) + " to " +
                                       std::to_string(first + count - 1) + " give"});
}

result<void> write_run(connection& database, const run_kind& kind, std::uint64_t number,
                       std::vector<entry>& entries) {
  const auto rows = rows_of(kind, entries);
  auto insert = statement::prepare(database, "INSERT INTO hash_sealed VALUES (?1, ?2)");
  if (!insert)
    return tl::make_unexpected(insert.error());
  for (std::int64_t bucket = 0; bucket < kind.buckets(); ++bucket)
    if (auto done = insert->bind(1, key_of(kind, bucket, number))
                        .bind(2, byte_view{rows[static_cast<std::size_t>(bucket)]})
                        .run();
        !done)
      return done;
  return {};
}

/// Moves the recent rows below `end`, a multiple of a sealed run, into one.
result<void> seal(connection& database, std::uint64_t end) {
  auto entries = read_recent(database, end);
  if (!entries)
    return tl::make_unexpected(entries.error());
  if (auto done = write_run(database, sealed, end / sealed.heights - 1, *entries); !done)
    return done;
  auto remove = statement::prepare(database, "DELETE FROM hash_recent WHERE first_height < ?1");
  if (!remove)
    return tl::make_unexpected(remove.error());
  return remove->bind(1, static_cast<std::int64_t>(end)).run();
}

/// Moves all sealed runs, which end at a multiple of a merged one, into one of those.
result<void> merge(connection& database, std::uint64_t end) {
  std::vector<entry> entries;
  entries.reserve(merged.heights);
  auto query =
      statement::prepare(database, "SELECT entries FROM hash_sealed WHERE bucket_and_segment < ?1");
  if (!query)
    return tl::make_unexpected(query.error());
  query->bind(1, key_of(merged, 0, 0));
  for (;;) {
    const auto row = query->step();
    if (!row)
      return tl::make_unexpected(row.error());
    if (!*row)
      break;
    for (auto bytes = query->bytes(0); bytes.size() >= entry_bytes;
         bytes = bytes.subspan(entry_bytes))
      entries.push_back({chain::load_le<std::uint64_t>(bytes),
                         chain::load_le<height_t>(bytes.subspan(prefix_bytes))});
  }
  auto remove =
      statement::prepare(database, "DELETE FROM hash_sealed WHERE bucket_and_segment < ?1");
  if (!remove)
    return tl::make_unexpected(remove.error());
  if (auto done = remove->bind(1, key_of(merged, 0, 0)).run(); !done)
    return done;
  return write_run(database, merged, end / merged.heights - 1, entries);
}

/// Adds to `out` the heights of a sealed row whose prefix is `prefix`.
void search_sealed(byte_view entries, std::uint64_t prefix, std::vector<height_t>& out) {
  const std::size_t count = entries.size() / entry_bytes;
  const auto prefix_at = [&](std::size_t i) {
    return chain::load_le<std::uint64_t>(entries.subspan(entry_bytes * i));
  };
  std::size_t low = 0;
  std::size_t high = count;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (prefix_at(middle) < prefix)
      low = middle + 1;
    else
      high = middle;
  }
  for (; low < count && prefix_at(low) == prefix; ++low)
    out.push_back(chain::load_le<height_t>(entries.subspan(entry_bytes * low + prefix_bytes)));
}

} // namespace

result<void> index_hashes(connection& database, height_t first,
                          std::span<const chain::block_facts> blocks) {
  while (!blocks.empty()) {
    const std::uint64_t row_end = std::uint64_t{first / row_heights + 1} * row_heights;
    const auto count = std::min<std::uint64_t>(blocks.size(), row_end - first);
    chain::byte_buffer prefixes;
    for (const auto& block : blocks.first(count))
      chain::append_le(prefixes, prefix_of(block.block_hash));
    const auto row = row_of(database, first);
    if (!row)
      return tl::make_unexpected(row.error());
    if (auto done = append_row(database, *row, prefixes); !done)
      return done;
    if (first + count == row_end && row_end % sealed.heights == 0)
      if (auto done = seal(database, row_end); !done)
        return done;
    if (first + count == row_end && row_end % merged.heights == 0)
      if (auto done = merge(database, row_end); !done)
        return done;
    blocks = blocks.subspan(count);
    first = static_cast<height_t>(first + count);
  }
  return {};
}

result<std::vector<height_t>> candidate_heights(connection& database,
                                                const chain::hash& block_hash) {
  const std::uint64_t prefix = prefix_of(block_hash);
  const auto recent = read_recent(database, everything);
  if (!recent)
    return tl::make_unexpected(recent.error());
  std::vector<height_t> out;
  for (const entry& one : *recent)
    if (one.prefix == prefix)
      out.push_back(one.height);
  auto query = statement::prepare(
      database, "SELECT entries FROM hash_sealed WHERE bucket_and_segment BETWEEN ?1 AND ?2");
  if (!query)
    return tl::make_unexpected(query.error());
  for (const run_kind* kind : {&sealed, &merged}) {
    const auto bucket = bucket_of(*kind, prefix);
    query->bind(1, key_of(*kind, bucket, 0)).bind(2, key_of(*kind, bucket, number_max));
    for (;;) {
      const auto row = query->step();
      if (!row)
        return tl::make_unexpected(row.error());
      if (!*row)
        break;
      search_sealed(query->bytes(0), prefix, out);
    }
  }
  return out;
}

namespace {

/// The run's rows are exactly what these entries give.
result<void> check_run(connection& database, const run_kind& kind, std::vector<entry> entries) {
  const height_t first = entries.front().height;
  const auto expected = rows_of(kind, entries);
  auto row =
      statement::prepare(database, "SELECT entries FROM hash_sealed WHERE bucket_and_segment = ?1");
  if (!row)
    return tl::make_unexpected(row.error());
  for (std::int64_t bucket = 0; bucket < kind.buckets(); ++bucket) {
    const auto found = row->bind(1, key_of(kind, bucket, first / kind.heights)).step();
    if (!found)
      return tl::make_unexpected(found.error());
    if (!*found || !std::ranges::equal(row->bytes(0), expected[static_cast<std::size_t>(bucket)]))
      return damaged_between(first, entries.size());
    row->reset();
  }
  return {};
}

} // namespace

result<void> hash_index_check::add(height_t height, const chain::hash& block_hash) {
  if (prefixes_.empty())
    first_ = height;
  prefixes_.push_back(prefix_of(block_hash));
  if ((std::uint64_t{height} + 1) % merged.heights != 0)
    return {};
  rows_ += merged.buckets();
  auto done = check_run(*database_, merged, entries_of(first_, prefixes_));
  prefixes_.clear();
  return done;
}

/// Since the last merged run: sealed runs, and what is in none yet.
result<void> hash_index_check::check_sealed() {
  std::span<const std::uint64_t> left{prefixes_};
  while (!left.empty()) {
    const std::uint64_t end = (first_ / sealed.heights + 1) * sealed.heights;
    if (first_ + left.size() < end)
      break;
    const auto count = static_cast<std::size_t>(end - first_);
    if (auto done = check_run(*database_, sealed, entries_of(first_, left.first(count))); !done)
      return done;
    rows_ += sealed.buckets();
    left = left.subspan(count);
    first_ = static_cast<height_t>(end);
  }
  prefixes_.erase(prefixes_.begin(), prefixes_.end() - static_cast<std::ptrdiff_t>(left.size()));
  return {};
}

result<void> hash_index_check::finish() {
  if (auto done = check_sealed(); !done)
    return done;
  const auto recent = read_recent(*database_, everything);
  if (!recent)
    return tl::make_unexpected(recent.error());
  for (std::size_t i = 0; i < std::max(prefixes_.size(), recent->size()); ++i)
    if (i >= prefixes_.size() || i >= recent->size() ||
        (*recent)[i] != entry{prefixes_[i], static_cast<height_t>(first_ + i)})
      return damaged_between(static_cast<height_t>(first_ + i), 1);
  const auto rows = database_->text_of("SELECT count(*) FROM hash_sealed");
  if (!rows)
    return tl::make_unexpected(rows.error());
  return *rows == std::to_string(rows_)
             ? result<void>{}
             : tl::make_unexpected(failure{
                   errc::store_damaged, "the hash index holds " + *rows + " sealed rows, not the " +
                                            std::to_string(rows_) + " that the blocks give"});
}

result<void> check_hash_index(connection& database) {
  auto blocks = statement::prepare(database, "SELECT height, hash FROM blocks ORDER BY height");
  if (!blocks)
    return tl::make_unexpected(blocks.error());
  hash_index_check check{database};
  for (;;) {
    const auto row = blocks->step();
    if (!row)
      return tl::make_unexpected(row.error());
    if (!*row)
      return check.finish();
    const auto height = static_cast<height_t>(blocks->integer(0));
    if (blocks->bytes(1).size() != sizeof(chain::hash::bytes))
      return tl::make_unexpected(
          failure{errc::store_damaged, "block " + std::to_string(height) + " has no hash"});
    if (auto done = check.add(height, chain::load_hash(blocks->bytes(1))); !done)
      return done;
  }
}

} // namespace blockferry::storage
