#pragma once

#include "messages/errors.hpp"

#include <string>
#include <utility>

namespace blockferry::runtime {

/// What the user gave cannot be used; the message names cause, consequence and next step.
[[nodiscard]] inline tl::unexpected<failure> refuse(std::string message) {
  return tl::make_unexpected(failure{errc::invalid_argument, std::move(message)});
}

} // namespace blockferry::runtime
