#include "chain/start_file.hpp"

#include "chain/stake/stake_codec.hpp"
#include "chain/wire.hpp"

#include <algorithm>
#include <openssl/sha.h>
#include <string_view>

namespace blockferry::chain {

namespace {

constexpr std::string_view magic = "blockferry start 1\n";
constexpr std::size_t digest_bytes = SHA256_DIGEST_LENGTH;

std::array<std::uint8_t, digest_bytes> digest_of(byte_view bytes) {
  std::array<std::uint8_t, digest_bytes> out{};
  SHA256(bytes.data(), bytes.size(), out.data());
  return out;
}

void append_sized(byte_buffer& out, const byte_buffer& part) {
  append_le(out, static_cast<std::uint32_t>(part.size()));
  out.insert(out.end(), part.begin(), part.end());
}

/// The next part with its length before it; none if it reaches beyond the end.
std::optional<byte_view> take_sized(byte_view& left) {
  if (left.size() < sizeof(std::uint32_t))
    return std::nullopt;
  const auto size = load_le<std::uint32_t>(left);
  left = left.subspan(sizeof size);
  if (size > left.size())
    return std::nullopt;
  const byte_view part = left.first(size);
  left = left.subspan(size);
  return part;
}

} // namespace

byte_buffer encode_start_file(const chain_state& state) {
  byte_buffer out(magic.begin(), magic.end());
  append_sized(out, encode(state));
  append_sized(out, state.followed.empty() ? byte_buffer{} : encode(*state.followed.open()));
  const auto digest = digest_of(out);
  out.insert(out.end(), digest.begin(), digest.end());
  return out;
}

expected<chain_state, std::string> decode_start_file(byte_view bytes) {
  using namespace std::string_literals;
  if (bytes.size() > start_file_bytes_max)
    return make_unexpected("start file of " + std::to_string(bytes.size()) + " bytes, at most " +
                           std::to_string(start_file_bytes_max));
  if (bytes.size() < magic.size() + digest_bytes ||
      !std::ranges::equal(bytes.first(magic.size()), magic))
    return make_unexpected("no start file: it does not begin with its mark"s);
  byte_view left = bytes.first(bytes.size() - digest_bytes);
  if (!std::ranges::equal(digest_of(left), bytes.last(digest_bytes)))
    return make_unexpected("start file is damaged: its digest does not fit its content"s);
  left = left.subspan(magic.size());
  const auto state_part = take_sized(left);
  const auto followed_part = take_sized(left);
  if (!state_part || !followed_part || !left.empty())
    return make_unexpected("start file is cut, or has bytes left over"s);
  auto state = decode_chain_state(*state_part);
  if (!state || followed_part->empty())
    return state;
  auto followed = stake::decode_following(*followed_part);
  if (!followed)
    return make_unexpected(std::move(followed.error()));
  state->followed = stake::followed{std::move(*followed)};
  return state;
}

} // namespace blockferry::chain
