#include "chain/program/program_scan.hpp"
#include "chain/transactions/limits.hpp"
#include "chain/transactions/literals.hpp"

#include <array>

namespace blockferry::chain {

void program_scan::put_number(std::uint64_t number) {
  if (text_ != nullptr)
    text_->append(std::to_string(number));
}

std::string_view program_scan::identifier(const char* what) {
  const auto name = in_.identifier(what);
  put(name);
  return name;
}

void program_scan::program_id(const char* what) {
  put(in_.program_id(what));
  put(".aleo");
}

void program_scan::locator(const char* what) {
  program_id(what);
  put("/");
  identifier(what);
}

void program_scan::literal_type() {
  const auto kind = in_.kind("literal type", literal_type_last);
  const auto type = static_cast<chain::literal_type>(kind);
  if (type == chain::literal_type::string)
    notes_.uses_strings();
  if (type == chain::literal_type::identifier)
    notes_.needs(14);
  put(to_string(type));
}

void program_scan::array_element() {
  switch (in_.kind("element type", 2)) {
  case 0:
    return literal_type();
  case 1:
    identifier("struct of an element");
    return;
  default:
    notes_.needs(13);
    return locator("external struct");
  }
}

void program_scan::array_type() {
  const cursor element = in_;
  silently([&] { array_element(); });
  const auto count = in_.count(in_.u8("dimensions"), 1, limits::nesting, "dimensions of an array");
  std::array<std::uint64_t, limits::nesting> lengths{};
  std::uint64_t longest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    lengths[i] = in_.count(in_.u32("array length"), 1, limits::array_elements, "array length");
    longest = std::max(longest, lengths[i]);
    put("[");
  }
  again(element, [&] { array_element(); });
  for (std::size_t i = count; i-- > 0;) {
    put("; ");
    put_number(lengths[i]);
    put("u32]");
  }
  if (longest > 32)
    notes_.needs(longest <= 512 ? 11 : 14);
}

void program_scan::plaintext_type() {
  switch (in_.kind("plaintext type", 3)) {
  case 0:
    return literal_type();
  case 1:
    identifier("struct");
    return;
  case 2:
    return array_type();
  default:
    notes_.needs(13);
    return locator("external struct");
  }
}

void program_scan::dynamic_type(std::string_view name) {
  notes_.needs(14);
  put(name);
}

void program_scan::value_type() {
  const auto kind = in_.kind("value type", 7);
  switch (kind) {
  case 0:
  case 1:
  case 2:
    plaintext_type();
    return put(std::array{".constant", ".public", ".private"}[kind]);
  case 3:
    identifier("record");
    return put(".record");
  case 4:
  case 5:
    locator("external record or future");
    return put(kind == 4 ? ".record" : ".future");
  default:
    return dynamic_type(kind == 6 ? "dynamic.record" : "dynamic.future");
  }
}

void program_scan::register_type() {
  const auto kind = in_.kind("register type", 5);
  switch (kind) {
  case 0:
    return plaintext_type();
  case 1:
    identifier("record");
    return put(".record");
  case 2:
  case 3:
    locator("external record or future");
    return put(kind == 2 ? ".record" : ".future");
  default:
    return dynamic_type(kind == 4 ? "dynamic.record" : "dynamic.future");
  }
}

void program_scan::closure_output_type() {
  const auto kind = in_.left() > 0 ? *in_.position() : 0U;
  if (kind == 1 || kind == 2 || kind == 4) // of its own, external, dynamic; the rest are no records
    notes_.closure_gives_record();
  register_type();
}

void program_scan::finalize_type() {
  switch (in_.kind("finalize type", 2)) {
  case 0:
    plaintext_type();
    return put(".public");
  case 1:
    locator("future");
    return put(".future");
  default:
    return dynamic_type("dynamic.future");
  }
}

} // namespace blockferry::chain
