#pragma once

#include "tests/kit/wire_writer.hpp"

namespace blockferry::kit {

/// Appends a proof over one circuit of about `bytes` bytes, at least 730 and at most 76,000
/// (specification 2.8); its points and numbers are by chance, for it is opaque to all but the
/// prover.
void append_proof(wire_writer& out, std::size_t bytes, std::mt19937_64& random);
/// `count` compressed points of the other curve, by chance.
void append_groups(wire_writer& out, std::size_t count, std::mt19937_64& random);

} // namespace blockferry::kit
