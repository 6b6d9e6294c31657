#pragma once

#include "tests/fuzz/fuzz.hpp"

#include <random>

namespace blockferry::fuzz {

/// libFuzzer's mutation of some bytes; `replay` brings its own.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

/// Mutates a file of blocks so that most results pass framing, links and block hashes, and so reach
/// the checks behind them: one block is changed (front, body, place in the file), then lengths,
/// `previous_hash`, block hashes and, half of the time, transaction ids' root are computed anew.
/// Bytes that are no file of blocks are mutated as bytes.
[[nodiscard]] byte_buffer mutated_bundle(byte_view file, std::size_t size_max,
                                         std::mt19937_64& random);

} // namespace blockferry::fuzz
