#include "tests/hostile/play.hpp"

#include <algorithm>

namespace blockferry::hostile {
namespace {

using classes = std::vector<std::string_view>;
using block_list = std::vector<std::string>;

void set_u64(std::string& bytes, std::size_t offset, std::uint64_t value) {
  for (std::size_t i = 0; i < 8 && offset + i < bytes.size(); ++i, value >>= 8)
    bytes[offset + i] = static_cast<char>(value & 0xff);
}

/// A play that changes the file's blocks, and one that changes its bytes.
auto changed_blocks(std::function<void(block_list&, const ask&)> change) {
  return [change](const ask& a) {
    auto parts = split_bundle(a.content == nullptr ? std::string_view{} : *a.content);
    change(parts, a);
    return honest_with(join_bundle(parts));
  };
}
auto changed_bytes(std::function<void(std::string&, const ask&)> change) {
  return [change](const ask& a) {
    auto bytes = a.content == nullptr ? std::string{} : *a.content;
    change(bytes, a);
    return honest_with(std::move(bytes));
  };
}

const std::string* neighbour(const ask& a, std::int64_t distance) {
  const auto start = static_cast<std::int64_t>(bundle_start(a.name).value_or(0)) + distance;
  const auto* found =
      start < 0 ? nullptr : a.files.find(bundle_name(static_cast<std::uint64_t>(start)));
  return found;
}

void add_counts(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, classes seen, auto make) {
    out.push_back({name, "D1", what, std::move(seen), play_target::blocks, make});
  };
  const classes short_file{"bundle_malformed", "bundle_check_failed"};
  add("no-block", "an empty list of blocks", short_file,
      changed_blocks([](block_list& parts, const ask&) { parts.clear(); }));
  add("one-block", "the first block only", short_file,
      changed_blocks([](block_list& parts, const ask&) { parts.resize(1); }));
  add("all-but-one-block", "the last block is missing", short_file,
      changed_blocks([](block_list& parts, const ask&) { parts.pop_back(); }));
  add("one-block-more", "the next file's first block at the end", short_file,
      changed_blocks([](block_list& parts, const ask& a) {
        const auto* next = neighbour(a, 50);
        parts.push_back(next == nullptr ? parts.back() : split_bundle(*next).front());
      }));
  add("a-hundred-blocks", "the blocks of the file twice", short_file,
      changed_blocks([](block_list& parts, const ask&) {
        const auto copy = parts;
        parts.insert(parts.end(), copy.begin(), copy.end());
      }));
  add("a-million-claimed", "a count of a million", {"bundle_malformed", "bundle_check_failed"},
      changed_bytes([](std::string& bytes, const ask&) { set_u64(bytes, 0, 1000000); }));
  add("a-million-empty-blocks", "a million blocks of no bytes",
      {"bundle_malformed", "cdn_too_large"}, [](const ask&) {
        std::string bytes(8 + 8 * std::size_t{1000000}, '\0');
        set_u64(bytes, 0, 1000000);
        return honest_with(std::move(bytes));
      });
  add("no-byte", "a body of no bytes", {"bundle_malformed", "cdn_truncated"},
      [](const ask&) { return honest_with(""); });
  add("seven-bytes", "less than the count", {"bundle_malformed"},
      [](const ask&) { return honest_with(std::string(7, '\0')); });
}

void add_order(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what, classes seen, auto make) {
    out.push_back({name, "D2", what, std::move(seen), play_target::blocks, make});
  };
  const classes seen{"bundle_check_failed", "bundle_malformed"};
  add("gap", "a block in the middle is missing", seen,
      changed_blocks([](block_list& parts, const ask&) {
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(parts.size() / 2));
      }));
  add("duplicate-height", "a block stands there twice", seen,
      changed_blocks([](block_list& parts, const ask&) {
        parts[parts.size() / 2 + 1] = parts[parts.size() / 2];
      }));
  add("out-of-order", "two blocks have changed places", seen,
      changed_blocks([](block_list& parts, const ask&) { std::swap(parts[1], parts[2]); }));
  add("reversed", "the blocks in falling order", seen,
      changed_blocks([](block_list& parts, const ask&) { std::ranges::reverse(parts); }));
  add("shifted-by-one", "the file begins one block late", seen,
      changed_blocks([](block_list& parts, const ask& a) {
        parts.erase(parts.begin());
        if (const auto* next = neighbour(a, 50); next != nullptr)
          parts.push_back(split_bundle(*next).front());
      }));
  add("next-file", "the file after it", seen, [](const ask& a) {
    const auto* other = neighbour(a, 50);
    return honest_with(other == nullptr ? latest_of_height(1) : *other);
  });
  add("file-before", "the file before it", seen, [](const ask& a) {
    const auto* other = neighbour(a, -50);
    return honest_with(other == nullptr ? latest_of_height(1) : *other);
  });
  add("latest-for-blocks", "latest.json for a file of blocks", {"bundle_malformed"},
      [](const ask& a) { return honest_with(latest_of_height(a.files.block_count())); });
}

void add_chunk_lengths(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view what,
                       std::function<void(std::string&, const ask&)> change) {
    out.push_back({name,
                   "D4",
                   what,
                   {"bundle_malformed", "bundle_check_failed"},
                   play_target::blocks,
                   changed_bytes(std::move(change))});
  };
  constexpr std::uint64_t top = std::uint64_t{1} << 63;
  add("count-2^64-1", "a count of 2^64 - 1",
      [](std::string& b, const ask&) { set_u64(b, 0, ~std::uint64_t{0}); });
  add("count-2^63", "a count of 2^63", [](std::string& b, const ask&) { set_u64(b, 0, top); });
  add("count-2^61", "a count of 2^61: times 8 it is 0",
      [](std::string& b, const ask&) { set_u64(b, 0, top >> 2); });
  add("block-length-2^64-1", "a block of 2^64 - 1 bytes",
      [](std::string& b, const ask&) { set_u64(b, 8, ~std::uint64_t{0}); });
  add("block-length-2^63", "a block of 2^63 bytes",
      [](std::string& b, const ask&) { set_u64(b, 8, top); });
  add("block-length-too-long", "a block of one byte more than is left",
      [](std::string& b, const ask&) { set_u64(b, 8, b.size() - 16 + 1); });
  add("block-length-zero", "a block of no bytes",
      [](std::string& b, const ask&) { set_u64(b, 8, 0); });
  add("block-length-plus-one", "a block takes the next one's first byte",
      [](std::string& b, const ask&) { b[8] = static_cast<char>(b[8] + 1); });
  add("truncated", "cut at any place, with a right Content-Length",
      [](std::string& b, const ask& a) { b.resize(a.random() % b.size()); });
  add("trailing-byte", "one byte after the last block",
      [](std::string& b, const ask&) { b += '\0'; });
  add("trailing-megabyte", "a megabyte after the last block",
      [](std::string& b, const ask&) { b.append(1 << 20, '\0'); });
  out.push_back({"trailing-byte-in-block",
                 "D4",
                 "one byte after a block's end, inside its length",
                 {"bundle_malformed", "bundle_check_failed"},
                 play_target::blocks,
                 changed_blocks([](block_list& parts, const ask&) { parts.front() += '\0'; })});
  out.push_back({"block-cut-short",
                 "D4",
                 "a block without its last byte, with a right length",
                 {"bundle_malformed", "bundle_check_failed"},
                 play_target::blocks,
                 changed_blocks([](block_list& parts, const ask&) { parts.back().pop_back(); })});
  add("noise", "random bytes of the file's length", [](std::string& b, const ask& a) {
    for (auto& one : b)
      one = static_cast<char>(a.random() & 0xff);
  });
  add("zeros", "zero bytes of the file's length",
      [](std::string& b, const ask&) { b.assign(b.size(), '\0'); });
  add("all-bits-set", "0xff bytes of the file's length",
      [](std::string& b, const ask&) { b.assign(b.size(), '\xff'); });
}

} // namespace

void add_framing_plays(std::vector<play>& out) {
  add_counts(out);
  add_order(out);
  add_chunk_lengths(out);
}

} // namespace blockferry::hostile
