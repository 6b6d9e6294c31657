#pragma once

#include "chain/math/field.hpp"

#include <ostream>
#include <string_view>

namespace blockferry::chain {

/// For Boost.Test's messages: the decimal number.
std::ostream& operator<<(std::ostream& out, const field& element);
std::ostream& operator<<(std::ostream& out, const hash& wire);

} // namespace blockferry::chain

namespace blockferry::chain::tests {

/// The field element that a decimal number stands for, as the vectors of the specification print
/// it.
field decimal(std::string_view digits);
byte_buffer unhex(std::string_view text);

} // namespace blockferry::chain::tests
