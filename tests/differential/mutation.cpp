#include "mutation.hpp"

#include "chain/hash/sha3.hpp"
#include "part_map.hpp"
#include "repair.hpp"

#include <algorithm>

namespace blockferry::differential {
namespace {

using chain::byte_buffer;
using chain::byte_view;

class mutator {
public:
  mutator(byte_view block, byte_view other, chance& by)
      : chance_{by}, bytes_{block.begin(), block.end()}, original_{bytes_}, other_{other.begin(),
                                                                                   other.end()} {
    if (const auto read = differential::read(bytes_))
      parts_ = parts_of(bytes_, *read);
  }

  mutant changed() {
    change();
    return {std::move(bytes_), std::move(how_)};
  }

  mutant changed_and_repaired() {
    change();
    constexpr repair depths[] = {repair::nothing, repair::block_hash, repair::roots,
                                 repair::roots,   repair::ids,        repair::ids};
    const repair depth = chance_.one_of(depths);
    repair_block(bytes_, depth);
    if (bytes_ == original_) // what was changed is what the repair makes
      flip_bit({0, bytes_.size()}, "a bit");
    how_ += ", repair " + std::to_string(static_cast<unsigned>(depth));
    return {std::move(bytes_), std::move(how_)};
  }

private:
  void change() {
    switch (chance_.below(16)) {
    case 0:
      return flip_bit({0, bytes_.size()}, "a bit");
    case 1:
      return overwrite();
    case 2:
      return cut();
    case 3:
      return insert();
    case 4:
    case 5:
      return flip_bit(chance_.one_of(parts_.fields), "a bit of a field");
    case 6:
      return swap_fields();
    case 7:
      return copy_field();
    case 8:
    case 9:
      return add_to_number();
    case 10:
      return flip_bit(chance_.one_of(parts_.opaque), "a bit of a value");
    case 11:
      return swap_items();
    case 12:
      return repeat_item();
    case 13:
      return drop_item();
    case 14:
      return take_field_of_other();
    default:
      return change_count();
    }
  }

  void flip_bit(part where, const char* what) {
    const std::size_t at = where.offset + chance_.below(where.size);
    bytes_[at] = static_cast<std::uint8_t>(bytes_[at] ^ (1U << chance_.below(8)));
    how_ = std::string{what} + " at " + std::to_string(at);
  }

  void overwrite() {
    const std::size_t at = chance_.below(bytes_.size());
    const std::size_t end = std::min(bytes_.size(), at + 1 + chance_.below(8));
    const std::uint8_t value = chance_.below(2) == 0 ? std::uint8_t{0xff} : chance_.byte();
    std::fill(begin(at), begin(end), value);
    how_ = "bytes at " + std::to_string(at);
  }

  void cut() {
    const std::size_t at = chance_.below(bytes_.size());
    const std::size_t end = std::min(bytes_.size(), at + 1 + chance_.below(40));
    bytes_.erase(begin(at), begin(end));
    how_ = "cut at " + std::to_string(at);
  }

  void insert() {
    const std::size_t at = chance_.below(bytes_.size() + 1);
    const std::uint8_t value = chance_.byte(); // first: the stored verdicts are of this order
    const auto count = 1 + chance_.below(40);
    bytes_.insert(begin(at), count, value);
    how_ = "inserted at " + std::to_string(at);
  }

  void swap_fields() {
    const part a = chance_.one_of(parts_.fields), b = chance_.one_of(parts_.fields);
    for (std::size_t i = 0; i < a.size; ++i)
      std::swap(bytes_[a.offset + i], bytes_[b.offset + i]);
    how_ = "fields swapped, " + std::to_string(a.offset) + " and " + std::to_string(b.offset);
  }

  void copy_field() {
    const part a = chance_.one_of(parts_.fields), b = chance_.one_of(parts_.fields);
    std::copy_n(begin(a.offset), a.size, begin(b.offset));
    how_ = "field copied, " + std::to_string(a.offset) + " to " + std::to_string(b.offset);
  }

  void take_field_of_other() {
    const part to = chance_.one_of(parts_.fields);
    if (other_.size() < to.offset + 32)
      return flip_bit(to, "a bit of a field");
    std::copy_n(other_.begin() + static_cast<std::ptrdiff_t>(to.offset), 32, begin(to.offset));
    how_ = "bytes of another block at " + std::to_string(to.offset);
  }

  /// Up or down by a little, wrapping, or to an end of the range.
  void add_to_number() {
    const part where = chance_.one_of(parts_.numbers);
    const auto way = chance_.below(4);
    how_ = "number at " + std::to_string(where.offset);
    if (way >= 2) {
      std::fill_n(begin(where.offset), where.size, way == 2 ? std::uint8_t{0} : std::uint8_t{0xff});
      return;
    }
    for (std::size_t i = 0; i < where.size; ++i) {
      auto& byte = bytes_[where.offset + i];
      byte = static_cast<std::uint8_t>(way == 0 ? byte + 1 : byte - 1);
      if (byte != (way == 0 ? 0x00 : 0xff))
        break;
    }
  }

  void add_to_count(part count, int by) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count.size; ++i)
      value |= std::uint64_t{bytes_[count.offset + i]} << (8 * i);
    value = static_cast<std::uint64_t>(static_cast<std::int64_t>(value) + by);
    for (std::size_t i = 0; i < count.size; ++i)
      bytes_[count.offset + i] = static_cast<std::uint8_t>(value >> (8 * i));
  }

  void swap_items() {
    const part_list& list = chance_.one_of(parts_.lists);
    part a = chance_.one_of(list.items), b = chance_.one_of(list.items);
    if (a.offset > b.offset)
      std::swap(a, b);
    how_ = "parts swapped, " + std::to_string(a.offset) + " and " + std::to_string(b.offset);
    if (a.offset == b.offset)
      return flip_bit(a, "a bit of a part");
    std::rotate(begin(a.offset), begin(b.offset), begin(b.offset + b.size));
    const std::size_t a_now = a.offset + b.size;
    std::rotate(begin(a_now), begin(a_now + a.size), begin(b.offset + b.size));
  }

  void repeat_item() {
    const part_list& list = chance_.one_of(parts_.lists);
    const part item = chance_.one_of(list.items), at = chance_.one_of(list.items);
    const byte_buffer copy{begin(item.offset), begin(item.offset + item.size)};
    bytes_.insert(begin(at.offset), copy.begin(), copy.end());
    add_to_count(list.count, 1);
    how_ = "part repeated, " + std::to_string(item.offset);
  }

  void drop_item() {
    const part_list& list = chance_.one_of(parts_.lists);
    const part item = chance_.one_of(list.items);
    bytes_.erase(begin(item.offset), begin(item.offset + item.size));
    add_to_count(list.count, -1);
    how_ = "part dropped, " + std::to_string(item.offset);
  }

  void change_count() {
    const part_list& list = chance_.one_of(parts_.lists);
    add_to_count(list.count, chance_.below(2) == 0 ? 1 : -1);
    how_ = "count at " + std::to_string(list.count.offset);
  }

  [[nodiscard]] byte_buffer::iterator begin(std::size_t offset) {
    return bytes_.begin() + static_cast<std::ptrdiff_t>(offset);
  }

  chance& chance_;
  byte_buffer bytes_;
  byte_buffer original_;
  byte_buffer other_;
  part_map parts_;
  std::string how_;
};

} // namespace

mutant mutate(byte_view block, byte_view other, std::uint64_t seed) {
  chance by{seed};
  return mutator{block, other, by}.changed_and_repaired();
}

mutant change_one_place(byte_view block, byte_view other, chance& by) {
  return mutator{block, other, by}.changed();
}

std::string digest_of(byte_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto digest = chain::sha3_256({bytes});
  std::string out;
  for (std::size_t i = 0; i < 4; ++i) {
    out += digits[digest.bytes[i] >> 4];
    out += digits[digest.bytes[i] & 0x0f];
  }
  return out;
}

} // namespace blockferry::differential
