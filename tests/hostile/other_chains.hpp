#pragma once

#include "tests/hostile/file_set.hpp"

#include <cstdint>

namespace blockferry::hostile {

/// Which chain a server has.
enum class chain_kind : std::uint8_t {
  honest,  ///< the files it was given
  forked,  ///< right in itself, the given blocks up to `fork_height` and others from there on
  foreign, ///< right in itself, on another genesis and network
  large,   ///< the given blocks up to `fork_height`, then blocks of `large_block_bytes`
};

constexpr std::uint64_t fork_height = 60;
constexpr std::size_t large_block_bytes = 150'000;

/// A chain of as many blocks as `honest`, whose blocks are those of mainnet's kind.
[[nodiscard]] file_set chain_of(chain_kind kind, const file_set& honest);

} // namespace blockferry::hostile
