#pragma once

#include "chain/cursor.hpp"

namespace blockferry::chain {

/// Reads a Varuna proof (specification 2.8), opaque but for its length; gives its bytes.
byte_view read_proof(cursor& in);

/// Reads a verifying key (specification 2.9); gives its bytes.
byte_view read_verifying_key(cursor& in);

/// Reads a key's certificate; gives its bytes.
byte_view read_key_certificate(cursor& in);

} // namespace blockferry::chain
