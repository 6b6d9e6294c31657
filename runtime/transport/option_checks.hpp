#pragma once

#include "messages/errors.hpp"
#include "runtime/transport/curl_transport.hpp"
#include "runtime/transport/origin.hpp"

#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace blockferry::runtime {

/// The origins of `options`, taken apart.  Errors: `invalid_argument` for one that cannot be used,
/// for none at all, and where a CA file is needed or named but holds no certificate.
/// `system_ca_file` is what the TLS library takes by itself.
[[nodiscard]] tl::expected<std::vector<origin>, failure>
check_options(const curl_options& options, const std::string& system_ca_file);

} // namespace blockferry::runtime
