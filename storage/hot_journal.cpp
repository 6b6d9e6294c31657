#include "storage/hot_journal.hpp"

#include <algorithm>

namespace blockferry::storage {
namespace {

// https://sqlite.org/fileformat2.html, section 3: a journal is one or more segments, each a header
// of one sector and records of a page number, the page as it was, and a checksum.
constexpr std::array<std::uint8_t, 8> magic{0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
constexpr std::uint64_t header_bytes = 28;
constexpr std::uint64_t record_extra_bytes = 8;
constexpr std::uint32_t to_the_end = 0xffffffff;
constexpr std::uint32_t unit_min = 512;
constexpr std::uint32_t unit_max = 65536;

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
         std::uint32_t{bytes[2]} << 8 | bytes[3];
}

bool is_unit(std::uint32_t bytes) {
  return bytes >= unit_min && bytes <= unit_max && (bytes & (bytes - 1)) == 0;
}

struct segment {
  std::uint64_t records_at = 0;
  std::uint64_t records = 0;
  std::uint32_t nonce = 0;
  std::uint32_t database_pages = 0;
  std::uint32_t sector = 0;
  std::uint32_t page = 0;
};

/// None where no segment begins.
result<std::optional<segment>> segment_at(raw_file& file, std::uint64_t offset,
                                          std::uint64_t file_bytes) {
  std::array<std::uint8_t, header_bytes> bytes{};
  if (auto done = file.read(offset, bytes); !done)
    return tl::make_unexpected(done.error());
  const std::span<const std::uint8_t> at{bytes};
  segment out;
  out.nonce = big_endian(at.subspan(12));
  out.database_pages = big_endian(at.subspan(16));
  out.sector = big_endian(at.subspan(20));
  out.page = big_endian(at.subspan(24));
  if (!std::equal(magic.begin(), magic.end(), bytes.begin()) || !is_unit(out.sector) ||
      !is_unit(out.page))
    return std::optional<segment>{};
  out.records_at = offset + out.sector;
  const std::uint64_t room = file_bytes > out.records_at
                                 ? (file_bytes - out.records_at) / (out.page + record_extra_bytes)
                                 : 0;
  const std::uint32_t said = big_endian(at.subspan(8));
  out.records = said == to_the_end ? room : std::min<std::uint64_t>(said, room);
  return std::optional{out};
}

/// The first bytes of page 1, if the segment holds it and its checksum is right.
result<std::optional<file_header>> first_page_in(raw_file& file, const segment& in) {
  for (std::uint64_t record = 0; record < in.records; ++record) {
    const std::uint64_t at = in.records_at + record * (in.page + record_extra_bytes);
    std::array<std::uint8_t, 4> number{};
    if (auto done = file.read(at, number); !done)
      return tl::make_unexpected(done.error());
    if (big_endian(number) != 1)
      continue;
    std::vector<std::uint8_t> page(in.page + 4);
    if (auto done = file.read(at + 4, page); !done)
      return tl::make_unexpected(done.error());
    std::uint32_t sum = in.nonce;
    for (std::uint32_t i = in.page - 200; i > 0 && i < in.page; i -= 200)
      sum += page[i];
    if (sum != big_endian(std::span{page}.subspan(in.page)))
      return std::optional<file_header>{};
    file_header out{};
    std::copy_n(page.begin(), out.size(), out.begin());
    return std::optional{out};
  }
  return std::optional<file_header>{};
}

} // namespace

result<hot_journal> read_hot_journal(const std::string& database, const std::string& vfs) {
  hot_journal out;
  auto file = raw_file::open(database + "-journal", vfs);
  if (!file)
    return tl::make_unexpected(file.error());
  if (!*file)
    return out;
  const auto bytes = (*file)->size();
  if (!bytes)
    return tl::make_unexpected(bytes.error());
  out.present = *bytes > 0;
  for (std::uint64_t offset = 0; offset < *bytes && !out.first_bytes;) {
    const auto segment = segment_at(**file, offset, *bytes);
    if (!segment)
      return tl::make_unexpected(segment.error());
    if (!*segment)
      break;
    if (offset == 0)
      out.pages = (*segment)->database_pages;
    auto first = first_page_in(**file, **segment);
    if (!first)
      return tl::make_unexpected(first.error());
    out.first_bytes = *first;
    const std::uint64_t end =
        (*segment)->records_at + (*segment)->records * ((*segment)->page + record_extra_bytes);
    offset = (end + (*segment)->sector - 1) / (*segment)->sector * (*segment)->sector;
  }
  return out;
}

} // namespace blockferry::storage
