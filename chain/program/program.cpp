#include "chain/program/program.hpp"

#include "chain/transactions/limits.hpp"

#include <algorithm>
#include <array>

namespace blockferry::chain {
namespace {

constexpr std::array component_names = {"mapping",  "struct",      "record", "closure",
                                        "function", "constructor", "view"};
constexpr std::array<std::uint64_t, component_names.size()> component_limits = {
    limits::mappings, limits::structs, limits::records, limits::closures, limits::functions, 1,
    limits::views};
constexpr std::uint8_t mapping = 0, structure = 1, record = 2, closure = 3, function = 4,
                       constructor = 5;

/// Words that are no names from a consensus version on (specification 10.3).
struct restricted_word {
  std::string_view word;
  unsigned from = 0;
};
constexpr restricted_word restricted_words[] = {
    {"constructor", 6}, {"dynamic", 14}, {"identifier", 14}, {"view", 15}};

/// Reads one component after another.
class component_reader {
public:
  component_reader(cursor& in, std::string* text) : in_{in}, scan_{in, text} {}

  program run();

private:
  using read_type = void (program_scan::*)();

  void read_imports();
  void read_component(std::uint8_t kind);
  void read_constructor();
  void read_mapping();
  void read_struct();
  void read_record();
  void read_code(std::uint8_t kind, std::string_view name);
  void read_finalize(std::string_view name);
  void read_view();
  /// Inputs or outputs.
  void read_typed(std::uint64_t count, std::string_view word, read_type type, bool is_input);
  void read_commands(std::uint64_t least, bool names_positions);
  void end_block() { out_.writes = std::max(out_.writes, scan_.writes()); }
  void line(std::string_view text = {}) {
    scan_.put("\n    ");
    scan_.put(text);
  }

  cursor& in_;
  program_scan scan_;
  program out_;
  std::vector<std::string_view> names_;
};

void component_reader::read_imports() {
  const auto count = in_.count(in_.u8("imports"), 0, limits::imports, "imports");
  std::vector<std::string_view> seen;
  for (std::size_t i = 0; i < count && in_.ok(); ++i) {
    const auto name = in_.program_id("import");
    if (in_.ok() && std::ranges::find(seen, name) != seen.end())
      in_.fail("import", "distinct programs", i);
    seen.push_back(name);
    scan_.put("import ");
    scan_.put(name);
    scan_.put(".aleo;\n");
  }
  if (count > 0)
    scan_.put("\n");
}

void component_reader::read_mapping() {
  line("key as ");
  scan_.plaintext_type();
  scan_.put(".public;");
  line("value as ");
  scan_.plaintext_type();
  scan_.put(".public;");
}

void component_reader::read_struct() {
  const auto count =
      in_.count(in_.u16("members"), 1, limits::record_entries, "members of a struct");
  for (std::size_t i = 0; i < count && in_.ok(); ++i) {
    line();
    scan_.notes().names(scan_.identifier("member"));
    scan_.put(" as ");
    scan_.plaintext_type();
    scan_.put(";");
  }
}

void component_reader::read_record() {
  line("owner as address.");
  scan_.put(in_.boolean("visibility of an owner") ? "private;" : "public;");
  const auto count =
      in_.count(in_.u16("entries"), 0, limits::record_entries, "entries of a record");
  for (std::size_t i = 0; i < count && in_.ok(); ++i) {
    line();
    scan_.notes().names(scan_.identifier("entry"));
    const auto visibility = in_.kind("visibility of an entry", 2);
    scan_.put(" as ");
    scan_.plaintext_type();
    scan_.put(std::array{".constant;", ".public;", ".private;"}[visibility]);
  }
}

void component_reader::read_typed(std::uint64_t count, std::string_view word, read_type type,
                                  bool is_input) {
  for (; count > 0 && in_.ok(); --count) {
    line(word);
    if (is_input)
      scan_.register_name(true);
    else
      scan_.operand();
    scan_.put(" as ");
    (scan_.*type)();
    scan_.put(";");
  }
}

void component_reader::read_commands(std::uint64_t least, bool names_positions) {
  auto count = in_.count(in_.u16("commands"), least, limits::commands, "commands");
  for (; count > 0 && in_.ok(); --count) {
    line();
    scan_.command(names_positions);
  }
}

void component_reader::read_constructor() {
  scan_.put("constructor:");
  scan_.notes().needs(9);
  scan_.writes() = 0;
  // The chain looks for block.timestamp in finalize blocks alone (specification 10.3, V12).
  const bool early = scan_.notes().has(12);
  read_commands(1, false);
  if (!early)
    scan_.notes().forget(12);
  out_.has_constructor = true;
  out_.constructor_writes = scan_.writes();
  end_block();
}

void component_reader::read_finalize(std::string_view name) {
  if (in_.identifier("name of a finalize block") != name && in_.ok())
    in_.fail("name of a finalize block", "the function's", name.size(), name.size() + 1);
  scan_.put("\n\nfinalize ");
  scan_.put(name);
  scan_.put(":");
  scan_.writes() = 0;
  read_typed(in_.count(in_.u16("finalize inputs"), 0, limits::inputs, "finalize inputs"), "input ",
             &program_scan::finalize_type, true);
  read_commands(1, true);
  end_block();
}

void component_reader::read_code(std::uint8_t kind, std::string_view name) {
  const bool is_closure = kind == closure;
  const std::uint64_t least = is_closure ? 1 : 0;
  const read_type type = is_closure ? &program_scan::register_type : &program_scan::value_type;
  read_typed(in_.count(in_.u16("inputs"), least, limits::inputs, "inputs"), "input ", type, true);
  auto count = in_.count(in_.u32("instructions"), least, limits::commands, "instructions");
  for (; count > 0 && in_.ok(); --count) {
    line();
    scan_.instruction(false);
  }
  read_typed(in_.count(in_.u16("outputs"), 0, limits::outputs, "outputs"), "output ",
             is_closure ? &program_scan::closure_output_type : type, false);
  if (!is_closure && in_.boolean("flag of a finalize block"))
    read_finalize(name);
}

void component_reader::read_view() {
  scan_.notes().needs(15);
  read_typed(in_.count(in_.u16("inputs"), 0, limits::inputs, "inputs"), "input ",
             &program_scan::finalize_type, true);
  read_commands(0, false);
  read_typed(in_.count(in_.u16("outputs"), 0, limits::outputs, "outputs"), "output ",
             &program_scan::finalize_type, false);
}

void component_reader::read_component(std::uint8_t kind) {
  if (kind == constructor)
    return read_constructor();
  const auto* const from = in_.position();
  scan_.put(component_names[kind]);
  scan_.put(" ");
  const auto name = scan_.identifier("name of a component");
  scan_.put(":");
  if (in_.ok() && std::ranges::find(names_, name) != names_.end())
    in_.fail("name of a component", "distinct names", names_.size(), name.size() + 1);
  names_.push_back(name);
  scan_.notes().names(name);
  switch (kind) {
  case mapping:
    read_mapping();
    out_.mappings.push_back(name);
    break;
  case structure:
    read_struct();
    break;
  case record:
    read_record();
    out_.records.push_back(name);
    break;
  case closure:
  case function:
    read_code(kind, name);
    if (kind == function && in_.ok())
      out_.functions.push_back({name, in_.since(from)});
    break;
  default:
    read_view();
    break;
  }
}

program component_reader::run() {
  const auto* const from = in_.position();
  in_.version("program version");
  out_.name = in_.program_id("program");
  scan_.notes().names(out_.name);
  std::string_view separator;
  read_imports();
  scan_.put("program ");
  scan_.put(out_.name);
  scan_.put(".aleo;\n\n");
  std::array<std::uint64_t, component_names.size()> counts{};
  auto left = in_.count(in_.u16("components"), 0, limits::components, "components of a program");
  for (; left > 0 && in_.ok(); --left) {
    const auto kind = in_.kind("kind of component", component_names.size() - 1);
    in_.count(++counts[kind], 0, component_limits[kind], component_names[kind]);
    scan_.put(separator);
    read_component(kind);
    scan_.put("\n");
    separator = "\n";
  }
  out_.notes = scan_.notes();
  if (in_.ok())
    out_.bytes = in_.since(from);
  return std::move(out_);
}

} // namespace

void syntax_notes::names(std::string_view name) noexcept {
  for (const auto& [word, from] : restricted_words)
    if (name == word && (restricted_from_ == 0 || from < restricted_from_))
      restricted_from_ = from;
}

program read_program(cursor& in, std::string* text) {
  return component_reader{in, text}.run();
}

} // namespace blockferry::chain
