#include "tests/hostile/play.hpp"

namespace blockferry::hostile {
namespace {

using classes = std::vector<std::string_view>;

/// Offsets from the start of a block (specification 2.1).
struct field_place {
  std::string_view name;
  std::string_view what;
  std::size_t offset;
  std::size_t size;
};

constexpr field_place fields[] = {
    {"flip-block-hash", "a bit of a block hash", 1, 32},
    {"flip-previous-hash", "a bit of a previous block hash", 33, 32},
    {"flip-state-root", "a bit of a previous state root", 66, 32},
    {"flip-transactions-root", "a bit of a transactions root", 98, 32},
    {"flip-finalize-root", "a bit of a finalize root", 130, 32},
    {"flip-ratifications-root", "a bit of a ratifications root", 162, 32},
    {"flip-solutions-root", "a bit of a solutions root", 194, 32},
    {"flip-subdag-root", "a bit of a subdag root", 226, 32},
    {"flip-network", "a bit of a network id", 259, 2},
    {"flip-round", "a bit of a round", 261, 8},
    {"flip-height", "a bit of a height", 269, 4},
    {"flip-cumulative-weight", "a bit of a cumulative weight", 273, 16},
    {"flip-cumulative-proof-target", "a bit of a cumulative proof target", 289, 16},
    {"flip-coinbase-target", "a bit of a coinbase target", 305, 8},
    {"flip-proof-target", "a bit of a proof target", 313, 8},
    {"flip-last-coinbase-target", "a bit of a last coinbase target", 321, 8},
    {"flip-last-coinbase-timestamp", "a bit of a last coinbase timestamp", 329, 8},
    {"flip-timestamp", "a bit of a timestamp", 337, 8},
};

const classes refused{"bundle_check_failed", "bundle_malformed"};

/// Changes one block of the file, any but the first, and serves the rest as it is.
auto changed_block(std::function<void(std::string&, const ask&)> change) {
  return [change](const ask& a) {
    auto parts = split_bundle(a.content == nullptr ? std::string_view{} : *a.content);
    if (!parts.empty())
      change(parts[1 % parts.size() + a.random() % (parts.size() - 1 % parts.size())], a);
    return honest_with(join_bundle(parts));
  };
}

void put(std::string& block, std::size_t offset, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; ++i, value >>= 8)
    block[offset + i] = static_cast<char>(value & 0xff);
}

void add_flips(std::vector<play>& out) {
  for (const auto& one : fields)
    out.push_back({one.name, "D5", one.what, refused, play_target::blocks,
                   changed_block([one](std::string& block, const ask& a) {
                     auto& byte = block[one.offset + a.random() % one.size];
                     byte = static_cast<char>(byte ^ (1 << a.random() % 8));
                   })});
}

void add_values(std::vector<play>& out) {
  const auto add = [&](std::string_view name, std::string_view fault, std::string_view what,
                       std::size_t offset, std::size_t size, std::uint64_t value) {
    out.push_back(
        {name, fault, what, refused, play_target::blocks,
         changed_block([=](std::string& block, const ask&) { put(block, offset, size, value); })});
  };
  add("height-0", "D3", "height 0 in the middle", 269, 4, 0);
  add("height-2^31", "D3", "height 2^31", 269, 4, std::uint64_t{1} << 31);
  add("height-2^32-1", "D3", "height 2^32 - 1", 269, 4, 0xffffffff);
  add("round-0", "D3", "round 0", 261, 8, 0);
  add("round-2^64-1", "D3", "round 2^64 - 1", 261, 8, ~std::uint64_t{0});
  add("timestamp-negative", "D3", "timestamp -2^63", 337, 8, std::uint64_t{1} << 63);
  add("block-version-2", "D4", "an unknown block version", 0, 1, 2);
  add("header-version-0", "D4", "an unknown header version", 65, 1, 0);
  add("metadata-version-255", "D4", "an unknown metadata version", 258, 1, 255);
  add("authority-kind-2", "D4", "an unknown kind of authority", 345, 1, 2);
  add("foreign-network-id", "D6", "another network's id", 259, 2, 1);
  out.push_back({"hash-above-modulus", "D4", "a block hash that is no field element", refused,
                 play_target::blocks, changed_block([](std::string& block, const ask&) {
                   block.replace(1, 32, std::string(32, '\xff'));
                 })});
  out.push_back({"block-is-front-only", "D4", "a block that ends after its header", refused,
                 play_target::blocks,
                 changed_block([](std::string& block, const ask&) { block.resize(345); })});
  out.push_back({"wrong-genesis", "D6", "another block at height 0", refused, play_target::blocks,
                 [](const ask& a) {
                   auto parts =
                       split_bundle(a.content == nullptr ? std::string_view{} : *a.content);
                   if (a.name != bundle_name(0) || parts.size() < 2)
                     return honest(a);
                   parts[0] = parts[1];
                   put(parts[0], 269, 4, 0);
                   return honest_with(join_bundle(parts));
                 }});
  out.push_back({"different-each-time", "D11", "other wrong bytes at every request", refused,
                 play_target::blocks, [](const ask& a) {
                   auto body = a.content == nullptr ? std::string{} : *a.content;
                   auto parts = split_bundle(body);
                   if (!parts.empty()) {
                     auto& block = parts[a.nth % parts.size()];
                     block[1 + a.nth % 32] = static_cast<char>(block[1 + a.nth % 32] ^ 1);
                   }
                   return honest_with(join_bundle(parts));
                 }});
}

} // namespace

void add_header_plays(std::vector<play>& out) {
  add_flips(out);
  add_values(out);
}

} // namespace blockferry::hostile
