#pragma once

#include "chain/bytes.hpp"
#include "chain/wire.hpp"

#include <bit>
#include <string>
#include <string_view>

namespace blockferry::chain {

/// Why bytes could not be read.
struct read_error {
  std::uint64_t offset = 0; ///< bytes from the start of what the cursor was made on
  std::string expected;
  std::string found;
  std::string detail; ///< what was being read
  /// The byte that names a version or a kind is none that the specification knows: perhaps a format
  /// of a later release, so nothing is proved against the block.
  bool newer_format = false;
};

/// 32 bytes of a buffer that outlives the view: a field element below the modulus, where a cursor
/// gave it.
class field_view {
public:
  field_view() = default;
  explicit field_view(const std::uint8_t* at) : at_{at} {}
  [[nodiscard]] byte_view bytes() const noexcept { return {at_, at_ == nullptr ? 0U : 32U}; }
  /// Zero if the view is empty.
  [[nodiscard]] hash value() const noexcept { return at_ == nullptr ? hash{} : load_hash(bytes()); }
  [[nodiscard]] explicit operator bool() const noexcept { return at_ != nullptr; }

private:
  const std::uint8_t* at_ = nullptr;
};

/// Reads a block's bytes from front to back (specification 0), never beyond their end.
///
/// The first failure sticks: from then on every read gives zero or nothing and `ok()` is false, so
/// that a reader may look at `ok()` once at its end.  Counts that fail are 0, which ends loops.
/// Nothing is allocated; `what` is a text that lives on, as literals do.  A copy reads on
/// independently.
class cursor {
public:
  explicit cursor(byte_view bytes) noexcept
      : begin_{bytes.data()}, at_{begin_}, end_{begin_ + bytes.size()} {}

  [[nodiscard]] bool ok() const noexcept { return what_ == nullptr; }
  /// Of the next byte.
  [[nodiscard]] std::size_t offset() const noexcept {
    return static_cast<std::size_t>(at_ - begin_);
  }
  [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  [[nodiscard]] const std::uint8_t* position() const noexcept { return at_; }
  /// The bytes read since `from`, an earlier position.
  [[nodiscard]] byte_view since(const std::uint8_t* from) const noexcept { return {from, at_}; }
  /// What failed; only where `ok()` is false.
  [[nodiscard]] read_error error() const;

  byte_view take(std::size_t size, const char* what) noexcept {
    if (size > left())
      return fail_short(size, what), byte_view{};
    at_ += size;
    return {at_ - size, size};
  }
  std::uint8_t u8(const char* what) noexcept { return integer<std::uint8_t>(what); }
  std::uint16_t u16(const char* what) noexcept { return integer<std::uint16_t>(what); }
  std::uint32_t u32(const char* what) noexcept { return integer<std::uint32_t>(what); }
  std::uint64_t u64(const char* what) noexcept { return integer<std::uint64_t>(what); }
  std::int64_t i64(const char* what) noexcept { return std::bit_cast<std::int64_t>(u64(what)); }
  /// 0 or 1.
  bool boolean(const char* what) noexcept;
  /// One of least .. most; anything else is a newer format.
  std::uint8_t version(const char* what, std::uint8_t least = 1, std::uint8_t most = 1) noexcept;
  /// One of 0 .. most; anything else is a newer format.
  std::uint8_t kind(const char* what, std::uint8_t most) noexcept;
  /// The value itself where it is within least .. most, else 0 and a failure.
  std::uint64_t count(std::uint64_t value, std::uint64_t least, std::uint64_t most,
                      const char* what) noexcept;
  /// Below Q; the same for points and addresses, whose existence is not looked at.
  field_view field(const char* what) noexcept;
  /// Below R.
  field_view scalar(const char* what) noexcept;
  /// 128 bytes, its four numbers in range.
  byte_view signature(const char* what) noexcept;
  /// `ident`.
  std::string_view identifier(const char* what) noexcept;
  /// `program_id`; gives its name, the network being always "aleo".
  std::string_view program_id(const char* what) noexcept;
  /// `varint`, in its shortest form.
  std::uint64_t varint(const char* what) noexcept;

  /// Narrows the cursor to the next `size` bytes; gives the end for `leave`.
  const std::uint8_t* enter(std::size_t size, const char* what) noexcept {
    const std::uint8_t* const outer = end_;
    if (size > left())
      fail_short(size, what);
    else
      end_ = at_ + size;
    return outer;
  }
  /// The narrowed part must be used up.
  void leave(const std::uint8_t* outer, const char* what) noexcept {
    if (at_ != end_)
      fail_left_over(what);
    end_ = ok() ? outer : at_;
  }
  /// All must be used up.
  void done(const char* what) noexcept { leave(end_, what); }

  /// A rule on what was read `back` bytes before is broken.
  void fail(const char* what, const char* expected, std::uint64_t found,
            std::size_t back = 0) noexcept;

  /// A kind of more than one byte that is none of 0 .. most: a newer format.
  void fail_unknown(const char* what, std::uint64_t found, std::uint64_t most,
                    std::size_t back) noexcept {
    stop(reason::unknown, what, offset() - back, found, 0, most);
  }

private:
  enum class reason : std::uint8_t { short_of, left_over, range, modulus, unknown, rule };

  template <std::unsigned_integral Integer>
  Integer integer(const char* what) noexcept {
    if (sizeof(Integer) > left())
      return fail_short(sizeof(Integer), what), Integer{};
    const auto out = load_le<Integer>({at_, sizeof(Integer)});
    at_ += sizeof(Integer);
    return out;
  }
  void fail_short(std::size_t size, const char* what) noexcept;
  void fail_left_over(const char* what) noexcept;
  void stop(reason why, const char* what, std::size_t offset, std::uint64_t a, std::uint64_t b,
            std::uint64_t c) noexcept;

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  const char* what_ = nullptr; ///< of the first failure
  const char* rule_ = nullptr;
  std::size_t offset_ = 0;
  std::uint64_t found_ = 0;
  std::uint64_t least_ = 0;
  std::uint64_t most_ = 0;
  reason why_ = reason::short_of;
};

} // namespace blockferry::chain
