#pragma once

#include "chain/bytes.hpp"

#include <openssl/sha.h>

namespace blockferry::chain {

/// SHA-256 of the bytes, as a file's digest; no commitment of the chain uses it.
[[nodiscard]] inline hash sha256(byte_view bytes) {
  hash out;
  SHA256(bytes.data(), bytes.size(), out.bytes.data());
  return out;
}

} // namespace blockferry::chain
