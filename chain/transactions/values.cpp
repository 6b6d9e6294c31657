#include "chain/transactions/values.hpp"

namespace blockferry::chain {

byte_view read_ciphertext(cursor& in) {
  const auto fields = in.count(in.u16("fields of a ciphertext"), 0, limits::ciphertext_fields,
                               "fields of a ciphertext");
  const auto* const from = in.position();
  for (std::size_t i = 0; i < fields && in.ok(); ++i)
    in.field("field of a ciphertext");
  return in.ok() ? in.since(from) : byte_view{};
}

} // namespace blockferry::chain
