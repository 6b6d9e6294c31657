#pragma once

#include "chain/bytes.hpp"
#include "chance.hpp"

#include <string>

namespace blockferry::differential {

/// A block that was changed.
struct mutant {
  chain::byte_buffer bytes;
  std::string how; ///< in words
};

/// Changes a block in one place, by a seed, and makes right what commits to it as far as the seed
/// says: bytes, bits, fields, numbers, parts swapped, repeated and left out.  `other` is another
/// block, from which parts may come.  The same seed gives the same mutant.
[[nodiscard]] mutant mutate(chain::byte_view block, chain::byte_view other, std::uint64_t seed);

/// The change alone: what commits to it is left as it was.
[[nodiscard]] mutant change_one_place(chain::byte_view block, chain::byte_view other, chance& by);

/// First bytes of SHA3-256, in hexadecimal: tells whether a mutant is the one that was judged.
[[nodiscard]] std::string digest_of(chain::byte_view bytes);

} // namespace blockferry::differential
