#include "chain/chain_state.hpp"

#include "chain/wire.hpp"

namespace blockferry::chain {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::size_t peaks_max = 32; ///< depth of the block tree

enum flags : std::uint8_t {
  has_last = 1,
  has_metadata = 2,
  has_pin = 4,
  knows_history = 8,
  has_epoch = 16,
  all_flags = 31,
};

void append_metadata(byte_buffer& out, const metadata& m) {
  append_le(out, m.network_id);
  append_le(out, m.round);
  append_le(out, m.height);
  for (const uint128& wide : {m.cumulative_weight, m.cumulative_proof_target}) {
    append_le(out, wide.low);
    append_le(out, wide.high);
  }
  append_le(out, m.coinbase_target);
  append_le(out, m.proof_target);
  append_le(out, m.last_coinbase_target);
  append_le(out, static_cast<std::uint64_t>(m.last_coinbase_timestamp));
  append_le(out, static_cast<std::uint64_t>(m.timestamp));
}

/// Takes from the front; after the first read beyond the end all further reads give zeros.
class reader {
public:
  explicit reader(byte_view bytes) : left_(bytes) {}
  template <class Integer>
  Integer take() {
    Integer out = 0;
    if (enough(sizeof(Integer))) {
      out = load_le<Integer>(left_);
      left_ = left_.subspan(sizeof(Integer));
    }
    return out;
  }
  hash take_hash() {
    hash out;
    if (enough(sizeof out.bytes)) {
      out = load_hash(left_);
      left_ = left_.subspan(sizeof out.bytes);
    }
    return out;
  }
  [[nodiscard]] bool exactly_used_up() const { return !overrun_ && left_.empty(); }

private:
  bool enough(std::size_t count) {
    overrun_ = overrun_ || left_.size() < count;
    return !overrun_;
  }
  byte_view left_;
  bool overrun_ = false;
};

metadata take_metadata(reader& in) {
  metadata m;
  m.network_id = in.take<std::uint16_t>();
  m.round = in.take<std::uint64_t>();
  m.height = in.take<std::uint32_t>();
  for (uint128* wide : {&m.cumulative_weight, &m.cumulative_proof_target}) {
    wide->low = in.take<std::uint64_t>();
    wide->high = in.take<std::uint64_t>();
  }
  m.coinbase_target = in.take<std::uint64_t>();
  m.proof_target = in.take<std::uint64_t>();
  m.last_coinbase_target = in.take<std::uint64_t>();
  m.last_coinbase_timestamp = static_cast<std::int64_t>(in.take<std::uint64_t>());
  m.timestamp = static_cast<std::int64_t>(in.take<std::uint64_t>());
  return m;
}

} // namespace

chain_state state_before_genesis() {
  return {};
}

chain_state state_before_pinned(height_t start, const hash& start_hash) {
  chain_state out;
  out.start_height = start;
  out.next_height = start;
  out.pinned = start_hash;
  out.history_known = start == 0;
  return out;
}

byte_buffer encode(const chain_state& state) {
  byte_buffer out{format_version};
  out.push_back(static_cast<std::uint8_t>(
      (state.last ? has_last : 0) | (state.last_metadata ? has_metadata : 0) |
      (state.pinned ? has_pin : 0) | (state.history_known ? knows_history : 0) |
      (state.epoch_hash ? has_epoch : 0)));
  append_le(out, state.start_height);
  append_le(out, state.next_height);
  if (state.last) {
    append_le(out, state.last->height);
    append_hash(out, state.last->block_hash);
  }
  if (state.last_metadata)
    append_metadata(out, *state.last_metadata);
  if (state.pinned)
    append_hash(out, *state.pinned);
  if (state.epoch_hash)
    append_hash(out, *state.epoch_hash);
  out.push_back(static_cast<std::uint8_t>(state.peaks.size()));
  for (const subtree& peak : state.peaks) {
    out.push_back(peak.height);
    append_hash(out, peak.root);
  }
  return out;
}

expected<chain_state, std::string> decode_chain_state(byte_view bytes) {
  reader in{bytes};
  if (const auto version = in.take<std::uint8_t>(); version != format_version)
    return make_unexpected("chain state of format " + std::to_string(version) +
                           ", this program knows " + std::to_string(format_version));
  const auto set = in.take<std::uint8_t>();
  if ((set & ~unsigned{all_flags}) != 0)
    return make_unexpected("chain state with unknown flags " + std::to_string(set));
  chain_state out;
  out.start_height = in.take<std::uint32_t>();
  out.next_height = in.take<std::uint32_t>();
  if ((set & has_last) != 0) {
    const auto height = in.take<std::uint32_t>();
    out.last = tip{height, in.take_hash()};
  }
  if ((set & has_metadata) != 0)
    out.last_metadata = take_metadata(in);
  if ((set & has_pin) != 0)
    out.pinned = in.take_hash();
  if ((set & has_epoch) != 0)
    out.epoch_hash = in.take_hash();
  out.history_known = (set & knows_history) != 0;
  const auto peaks = in.take<std::uint8_t>();
  if (peaks > peaks_max)
    return make_unexpected("chain state with " + std::to_string(peaks) + " peaks, at most " +
                           std::to_string(peaks_max));
  std::uint64_t leaves = 0;
  for (std::size_t i = 0; i < peaks; ++i) {
    const auto height = in.take<std::uint8_t>();
    if (height >= peaks_max || (i > 0 && height >= out.peaks.back().height))
      return make_unexpected(std::string{"chain state whose peaks do not fall in height"});
    leaves += std::uint64_t{1} << height;
    out.peaks.push_back({height, in.take_hash()});
  }
  if (!in.exactly_used_up())
    return make_unexpected("chain state of " + std::to_string(bytes.size()) +
                           " bytes is cut or has bytes left over");
  if (leaves != (out.history_known ? out.next_height : 0))
    return make_unexpected("chain state whose peaks hold " + std::to_string(leaves) +
                           " blocks, but the next height is " + std::to_string(out.next_height));
  return out;
}

} // namespace blockferry::chain
