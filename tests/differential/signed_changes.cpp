#include "signed_changes.hpp"

#include "batch_head.hpp"
#include "mutation.hpp"
#include "part_map.hpp"
#include "read_block.hpp"
#include "tests/kit/wire_writer.hpp"

#include <algorithm>

namespace blockferry::differential {
namespace {

using chain::byte_buffer;
using chain::byte_view;

constexpr std::size_t signature_bytes = chain::signature_bytes;

/// Keeps the views of the unchanged block, for places of what is to change.
class signed_changer {
public:
  signed_changer(byte_buffer& block, byte_view other, const binder& keys, chance& by)
      : bytes_{block}, original_{block}, other_{other}, keys_{keys}, by_{by},
        read_{*differential::read(original_)}, dag_{*read_.head.quorum} {}

  signed_change run() {
    change();
    return std::move(out_);
  }

private:
  void change() {
    switch (by_.below(26)) {
    case 0:
      return sign_by(keys_.keys().size(), "signed by somebody");
    case 1:
      return sign_by(0, "signed by a member");
    case 2:
      return replace_author();
    case 3:
      return drop_signatures();
    case 4:
      return move_header_time();
    case 5:
    case 6:
      return move_batch_times();
    case 7:
      return replace_committee_ids();
    case 8:
      return drop_certificate();
    case 9:
      return change_edges();
    case 10:
      return abort_something();
    case 11:
      return name_transmission();
    case 12:
      return shift_rounds();
    case 13:
      return alter_root();
    case 14:
      return alter_reward();
    case 15:
      return alter_front();
    default:
      return change_anywhere();
    }
  }

  /// Where it was before the change: changes go from the back to the front.
  [[nodiscard]] std::size_t at(byte_view view) const {
    return static_cast<std::size_t>(view.data() - original_.data());
  }
  [[nodiscard]] const chain::certificate& some_certificate() {
    return by_.one_of(dag_.certificates);
  }
  void write(std::size_t offset, byte_view value) { std::ranges::copy(value, begin(offset)); }
  void insert(std::size_t offset, byte_view value) {
    bytes_.insert(begin(offset), value.begin(), value.end());
  }
  void erase(std::size_t offset, std::size_t size) {
    bytes_.erase(begin(offset), begin(offset + size));
  }
  [[nodiscard]] byte_buffer::iterator begin(std::size_t offset) {
    return bytes_.begin() + static_cast<std::ptrdiff_t>(offset);
  }
  /// Counts stay below 256 here: their first byte is enough.
  void add_to_count(std::size_t offset, int by) {
    bytes_[offset] = static_cast<std::uint8_t>(bytes_[offset] + by);
  }
  void add_to_number(std::size_t offset, std::int64_t by) {
    kit::wire_writer wire;
    wire.u64(chain::load_le<std::uint64_t>(byte_view{bytes_}.subspan(offset)) +
             static_cast<std::uint64_t>(by));
    write(offset, wire.bytes());
  }
  [[nodiscard]] std::int64_t small_step() {
    constexpr std::int64_t steps[] = {-40, -5, -2, -1, 1, 2, 3, 60};
    return by_.one_of(steps);
  }
  [[nodiscard]] byte_buffer random_bytes(std::size_t size) {
    byte_buffer out(size);
    for (auto& one : out)
      one = by_.byte();
    if (size == 32)
      out.back() &= 0x0f; // below the modulus
    return out;
  }

  /// `below` signers to choose from; 0: the members.
  void sign_by(std::size_t below, const char* how) {
    const auto& one = some_certificate();
    const std::size_t members = one.signatures.size() / signature_bytes + 1;
    const auto& signer = keys_.keys()[by_.below(below == 0 ? members : below)];
    const auto place = by_.below(one.signatures.size() / signature_bytes);
    write(at(one.signatures) + place * signature_bytes, signer.sign(chain::hash{}));
    out_.how = how;
  }

  void replace_author() {
    const auto& one = some_certificate();
    const auto& author = by_.one_of(keys_.keys());
    write(at(one.head), author.address().bytes);
    write(at(one.author_signature), author.sign(chain::hash{}));
    out_.how = "another author";
  }

  void drop_signatures() {
    const auto& one = some_certificate();
    const std::size_t count = one.signatures.size() / signature_bytes;
    const std::size_t dropped = 1 + by_.below(count - 1);
    add_to_count(at(one.signatures) - 2, -static_cast<int>(dropped));
    const std::size_t first = by_.below(count - dropped + 1);
    erase(at(one.signatures) + first * signature_bytes, dropped * signature_bytes);
    out_.how = std::to_string(dropped) + " signatures dropped";
  }

  void move_header_time() {
    constexpr std::size_t timestamp = 337;
    add_to_number(timestamp, small_step());
    out_.bind.targets = true;
    out_.how = "another time of the block";
  }

  /// Of one batch or of a whole round's.
  void move_batch_times() {
    const auto& round = by_.one_of(dag_.rounds);
    const auto step = small_step();
    const bool all = by_.below(2) == 0;
    const auto one = by_.below(round.count);
    for (std::uint32_t i = 0; i < round.count; ++i)
      if (all || i == one)
        add_to_number(at(dag_.certificates[round.first + i].head) + batch_head::timestamp, step);
    out_.how = all ? "other times of a round" : "another time of a batch";
  }

  void replace_committee_ids() {
    const auto& round = by_.one_of(dag_.rounds);
    const auto id = random_bytes(32);
    for (std::uint32_t i = 0; i < round.count; ++i)
      write(at(dag_.certificates[round.first + i].head) + batch_head::committee, id);
    out_.how = "another committee id in a round";
  }

  void drop_certificate() {
    std::vector<std::size_t> offsets; // of edges that named it
    const auto& round = dag_.rounds[by_.below(dag_.rounds.size() - 1)];
    const auto& one = dag_.certificates[round.first + by_.below(round.count)];
    if (by_.below(2) == 0)
      for (const auto& later : dag_.certificates)
        for (std::size_t i = 0; i < later.previous.size(); i += 32)
          if (std::ranges::equal(later.previous.subspan(i, 32), one.id.bytes())) {
            add_to_count(at(later.previous) - 2, -1);
            offsets.push_back(at(later.previous) + i);
          }
    for (auto edge = offsets.rbegin(); edge != offsets.rend(); ++edge)
      erase(*edge, 32);
    // Later rounds' edges stand behind it: its own place has not moved.
    add_to_count(at(dag_.certificates[round.first].head) - before_author - 2, -1);
    const std::size_t from = at(one.head) - before_author;
    erase(from, at(one.signatures) + one.signatures.size() - from);
    out_.how = "certificate dropped, with " + std::to_string(offsets.size()) + " edges";
  }

  void change_edges() {
    const auto& one = some_certificate();
    if (one.previous.empty())
      return change_anywhere();
    const std::size_t edge = at(one.previous) + 32 * by_.below(one.previous.size() / 32);
    const std::size_t count = at(one.previous) - 2;
    switch (by_.below(3)) {
    case 0:
      erase(edge, 32);
      add_to_count(count, -1);
      out_.how = "edge dropped";
      return;
    case 1:
      insert(edge, random_bytes(32));
      add_to_count(count, 1);
      out_.how = "edge to nowhere";
      return;
    default:
      insert(edge, by_.one_of(dag_.certificates).id.bytes());
      add_to_count(count, 1);
      out_.how = "edge to some certificate";
    }
  }

  /// A transmission of this id in some batch.
  void name_in_batch(std::uint8_t kind, byte_view id) {
    const auto& one = some_certificate();
    kit::wire_writer wire;
    wire.u8(kind);
    wire.raw(id);
    wire.raw(random_bytes(16));
    add_to_count(at(one.head) + batch_head::transmissions, 1);
    insert(at(one.head) + batch_head::transmissions + 4, wire.bytes());
  }

  /// An aborted transaction or solution, of which a batch tells or none does.
  void abort_something() {
    const bool named = by_.below(3) != 0, twice = by_.below(4) == 0;
    const bool solution = by_.below(2) == 0;
    const auto id = random_bytes(solution ? 8 : 32);
    const std::size_t count =
        solution ? at(read_.head.aborted_solutions) - 4 : at(read_.aborted) - 4;
    for (int i = twice ? 2 : 1; i > 0; --i) {
      add_to_count(count, 1);
      insert(count + 4, id);
    }
    if (named)
      name_in_batch(solution ? 1 : 2, id);
    out_.how = std::string{"aborted "} + (solution ? "solution" : "transaction") +
               (named ? ", named" : ", not named") + (twice ? ", twice" : "");
  }

  void name_transmission() {
    const bool solution = by_.below(2) == 0;
    name_in_batch(solution ? 1 : 2, random_bytes(solution ? 8 : 32));
    out_.how = "unknown transmission";
  }

  void shift_rounds() {
    const std::int64_t step = by_.below(2) == 0 ? 1 : 2;
    constexpr std::size_t header_round = 261;
    if (by_.below(4) != 0)
      add_to_number(header_round, step);
    for (const auto& round : dag_.rounds) {
      const auto& first = dag_.certificates[round.first];
      add_to_number(at(first.head) - before_author - 2 - 8, step);
      for (std::uint32_t i = 0; i < round.count; ++i)
        add_to_number(at(dag_.certificates[round.first + i].head) + batch_head::round, step);
    }
    out_.how = "rounds moved by " + std::to_string(step);
  }

  void alter_root() {
    constexpr std::size_t roots[] = {66, 98, 130, 162, 194, 226};
    out_.root_offset = by_.one_of(roots);
    out_.how = "another root at " + std::to_string(out_.root_offset);
  }

  void alter_reward() {
    constexpr std::size_t amount = 2;
    const auto step = small_step(); // first: the stored verdicts are of this order
    add_to_number(at(by_.one_of(read_.head.ratifications).bytes) + amount, step);
    out_.bind.rewards = false;
    out_.how = "another reward";
  }

  /// Previous hash, state root, or a number of the metadata.
  void alter_front() {
    constexpr std::size_t places[] = {33, 66, 261, 269, 273, 289, 305, 313, 321, 329, 337};
    const std::size_t place = by_.one_of(places);
    if (place < 100)
      write(place, random_bytes(32));
    else
      bytes_[place] = static_cast<std::uint8_t>(bytes_[place] + 1);
    out_.how = "front at " + std::to_string(place);
  }

  void change_anywhere() {
    auto made = change_one_place(bytes_, other_, by_);
    bytes_ = std::move(made.bytes);
    out_.how = std::move(made.how);
    constexpr binding bindings[] = {
        {}, {}, {}, {.ids = false}, {.transmissions = false}, {.rewards = false}};
    out_.bind = by_.one_of(bindings);
  }

  /// Tried until the first byte that differs is one of a transaction.
  void change_transactions() {
    constexpr int places_tried = 200;
    const byte_view first = read_.transactions.confirmed.front().bytes;
    for (int i = 0; i < places_tried; ++i) {
      bytes_ = original_;
      change_anywhere();
      const auto differs = std::ranges::mismatch(bytes_, original_).in2 - original_.begin();
      if (static_cast<std::size_t>(differs) >= at(first))
        return;
    }
  }

  byte_buffer& bytes_;
  const byte_buffer original_; ///< what the views below are of
  byte_view other_;
  const binder& keys_;
  chance& by_;
  const read_block read_;
  const chain::subdag& dag_;
  signed_change out_;
};

} // namespace

signed_change change_signed_block(byte_buffer& block, byte_view other, const binder& keys,
                                  chance& by) {
  return signed_changer{block, other, keys, by}.run();
}

} // namespace blockferry::differential
