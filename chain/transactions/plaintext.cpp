#include "chain/transactions/plaintext.hpp"

namespace blockferry::chain {

bool has_member(byte_view members, std::string_view name) {
  for (std::size_t at = 0; at < members.size();) {
    const std::size_t size = members[at];
    const std::string_view other{reinterpret_cast<const char*>(&members[at + 1]), size};
    if (other == name)
      return true;
    at += 1 + size;
    at += 2U + load_le<std::uint16_t>(members.subspan(at));
  }
  return false;
}

} // namespace blockferry::chain
