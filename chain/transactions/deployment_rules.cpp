#include "chain/transactions/deployment_rules.hpp"

#include "chain/hash/bhp.hpp"
#include "chain/hash/schnorr.hpp"
#include "chain/hash/sha3.hpp"
#include "chain/name.hpp"
#include "chain/transactions/literals.hpp"
#include "chain/wire.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace blockferry::chain {
namespace {

/// (first consensus version, value), rising.
template <std::size_t Size>
using series = std::array<std::pair<unsigned, std::uint64_t>, Size>;

constexpr series<3> program_bytes_max = {{{1, 100000}, {14, 512000}, {16, 2048000}}};
constexpr series<3> transaction_bytes_max = {{{1, 128000}, {14, 768000}, {16, 2304000}}};
constexpr series<2> writes_max = {{{1, 16}, {14, 32}}};
constexpr series<2> mappings_max = {{{1, 31}, {22, 128}}};

template <std::size_t Size>
std::uint64_t value_in(const series<Size>& of, unsigned version) {
  std::uint64_t out = 0;
  for (const auto& [first, value] : of)
    if (version >= first)
      out = value;
  return out;
}

broken_rule refuse(const deployment& of, std::string expected, std::string found,
                   std::string detail) {
  return at(of.bytes, broken(check::deployments, std::move(expected), std::move(found),
                             detail + " of " + std::string{of.program.name} + ".aleo"));
}

/// Versions, editions, keys and constructor.
std::optional<broken_rule> check_form(const deployment& of, unsigned v) {
  const auto& program = of.program;
  const std::string in_force = "consensus version " + std::to_string(v);
  if ((v < 8 && of.edition != 0) || (v < 9 && of.edition > 1))
    return refuse(of, v < 8 ? "0" : "0..1", std::to_string(of.edition), "edition, " + in_force);
  if ((v >= 9) != (of.version >= 2) || (v < 14 && of.version == 3))
    return refuse(of,
                  v < 9    ? "1"
                  : v < 14 ? "2"
                           : "2..3",
                  std::to_string(of.version), "deployment version, " + in_force);
  const std::size_t keys = program.functions.size() + (v >= 14 ? program.records.size() : 0);
  if (of.keys.size() != keys)
    return refuse(of, std::to_string(keys), std::to_string(of.keys.size()),
                  "number of verifying keys, " + in_force);
  if (v >= 9 && of.edition == 0 && of.version != 3 && !program.has_constructor)
    return refuse(of, "a constructor", "none", in_force + ", new program");
  return std::nullopt;
}

std::optional<broken_rule> check_size(const deployment& of, std::size_t text, unsigned v,
                                      height_t height) {
  const auto& program = of.program;
  if (text > value_in(program_bytes_max, v))
    return refuse(of, "at most " + std::to_string(value_in(program_bytes_max, v)),
                  std::to_string(text), "bytes of text");
  if (program.writes > value_in(writes_max, v))
    return refuse(of, "at most " + std::to_string(value_in(writes_max, v)),
                  std::to_string(program.writes), "writes of a finalize block");
  if (program.mappings.size() > value_in(mappings_max, v) && height != 0)
    return refuse(of, "at most " + std::to_string(value_in(mappings_max, v)),
                  std::to_string(program.mappings.size()), "mappings");
  return std::nullopt;
}

std::optional<broken_rule> check_syntax(const deployment& of, unsigned v) {
  constexpr unsigned strings_end = 12, closure_records_end = 15;
  if (v >= strings_end && of.program.notes.strings())
    return refuse(of, "no string", "one", "consensus version " + std::to_string(v) + ", type");
  if (v >= closure_records_end && of.program.notes.closure_records())
    return refuse(of, "no record", "one",
                  "consensus version " + std::to_string(v) + ", output of a closure");
  // What was deployed before a word became restricted may be deployed again, as it was: without a
  // constructor once, for its checksum, and as an amendment (snarkVM, VM::check_transaction).
  const bool new_text = of.version != 3 && (of.edition == 0 || of.program.has_constructor);
  if (const unsigned from = of.program.notes.restricted_from(); new_text && from != 0 && v >= from)
    return refuse(of, "no restricted word", "one of consensus version " + std::to_string(from),
                  "names");
  if (of.program.notes.latest() > v)
    return refuse(of, "consensus version " + std::to_string(of.program.notes.latest()),
                  std::to_string(v), "syntax");
  return std::nullopt;
}

/// Only mappings of the program itself, each once.
std::optional<broken_rule> check_initialized(const transactions_area& block,
                                             const confirmed_transaction& one,
                                             const deployment& of) {
  std::vector<hash> found;
  for (std::size_t i = 0; i < one.operations; ++i)
    if (const auto& operation = block.operations[one.first_operation + i]; operation.kind == 0)
      found.push_back(load_hash(operation.field(0)));
  if (found.empty())
    return std::nullopt;
  std::vector<hash> own;
  for (const auto mapping : of.program.mappings) {
    bit_string bits;
    bits.append_text(of.program.name);
    bits.append_text("aleo");
    bits.append(0, 1);
    bits.append_text(mapping);
    own.push_back(bhp1024().hash_bits(bits.view()).wire());
  }
  std::ranges::sort(own);
  std::ranges::sort(found);
  if (std::ranges::adjacent_find(found) != found.end() || !std::ranges::includes(own, found))
    return refuse(of, "each of its own mappings at most once", std::to_string(found.size()),
                  "initialized mappings");
  return std::nullopt;
}

/// The other operations are the fee's, if public, and what the constructor wrote (2.5): branches
/// leave commands out, and none runs twice.
std::optional<broken_rule> check_writes(const transactions_area& block,
                                        const confirmed_transaction& one, const deployment& of) {
  std::uint64_t found = 0;
  for (std::size_t i = 0; i < one.operations; ++i)
    found += block.operations[one.first_operation + i].kind != 0 ? 1U : 0U;
  const std::uint64_t least =
      block.transitions[one.fee.transition].function == "fee_public" ? 1 : 0;
  const std::uint64_t most = least + of.program.constructor_writes;
  if (found < least || found > most)
    return refuse(of, std::to_string(least) + ".." + std::to_string(most), std::to_string(found),
                  "writes of the deployment");
  return std::nullopt;
}

std::optional<broken_rule> check_deployment(const network& net, height_t height,
                                            const transactions_area& block,
                                            const confirmed_transaction& one) {
  const deployment& of = block.deployments[one.deployment];
  const unsigned v = consensus_version(net, height == 0 ? 0 : height - 1);
  std::string text;
  cursor in{of.program.bytes};
  static_cast<void>(read_program(in, &text));
  if (!of.checksum.empty() && !std::ranges::equal(sha3_256({bytes_of(text)}).bytes, of.checksum))
    return refuse(of, "SHA3-256 of the text", "another value", "program checksum");
  if (auto broken = check_form(of, v))
    return broken;
  if (auto broken = check_size(of, text.size(), v, height))
    return broken;
  if (auto broken = check_syntax(of, v))
    return broken;
  if (!one.is_accepted())
    return std::nullopt;
  if (auto broken = check_initialized(block, one, of))
    return broken;
  return check_writes(block, one, of);
}

/// The value of an input if it is one public field and nothing else.
std::optional<hash> public_field(const transition_value& input) {
  constexpr std::size_t bytes = 1 + 2 + 32; // kind, type, value
  if (static_cast<input_kind>(input.kind) != input_kind::public_value ||
      input.value.size() != bytes || input.value[0] != 0 ||
      load_le<std::uint16_t>(input.value.subspan(1)) !=
          static_cast<std::uint16_t>(literal_type::field))
    return std::nullopt;
  return load_hash(input.value.subspan(3));
}

/// A lone call that credits.aleo takes no fee for (specification 2.5).
bool is_free(const execution& of, const transactions_area& block) {
  if (of.transitions != 1)
    return false;
  const transition& called = block.transitions[of.first_transition];
  return called.program == "credits" &&
         (called.function == "split" || called.function == "upgrade");
}

} // namespace

std::optional<broken_rule> check_owners(const transactions_area& block, const transactions_ids& ids,
                                        const std::stop_token& stop) {
  for (std::size_t i = 0; i < block.confirmed.size() && !stop.stop_requested(); ++i) {
    const auto& one = block.confirmed[i];
    if (!one.is_deploy())
      continue;
    const auto& of = block.deployments[one.deployment];
    const hash owner = one.owner.address.value();
    const auto signature = parse_signature(one.owner.signature);
    if (!signature || !verify_signature(*signature, owner, {&ids.bodies[i], 1}))
      return at(one.owner.signature,
                broken(check::owners, bech32m(address_prefix, owner.bytes), "another signer",
                       "owner's signature of " + std::string{of.program.name} + ".aleo"));
    if (of.owner && of.owner.value() != owner)
      return at(of.owner.bytes(), broken(check::owners, bech32m(address_prefix, owner.bytes),
                                         bech32m(address_prefix, of.owner.bytes()),
                                         "owner of " + std::string{of.program.name} + ".aleo"));
  }
  return std::nullopt;
}

std::optional<broken_rule> check_deployments(const network& net, height_t height,
                                             const transactions_area& block,
                                             const std::stop_token& stop) {
  const unsigned v = consensus_version(net, height == 0 ? 0 : height - 1);
  for (std::size_t i = 0; i < block.confirmed.size() && !stop.stop_requested(); ++i) {
    const auto& one = block.confirmed[i];
    if (const auto size = unconfirmed_size(one, block); size > value_in(transaction_bytes_max, v))
      return at(one.bytes,
                broken(check::deployments,
                       "at most " + std::to_string(value_in(transaction_bytes_max, v)),
                       std::to_string(size), "bytes of transaction " + std::to_string(i)));
    if (one.is_deploy())
      if (auto broken = check_deployment(net, height, block, one))
        return broken;
  }
  return std::nullopt;
}

std::optional<broken_rule> check_fees(height_t height, const transactions_area& block,
                                      const transactions_ids& ids) {
  for (std::size_t i = 0; i < block.confirmed.size(); ++i) {
    const auto& one = block.confirmed[i];
    if (!one.has_fee) {
      if (height == 0 || is_free(one.execution, block))
        continue;
      return at(one.bytes,
                broken(check::fees, "a fee", "none", "fee of transaction " + std::to_string(i)));
    }
    // What is left of a rejected transaction is its fee, and no empty one (specification 2.5).
    if (!one.is_accepted())
      if (const auto whole = whole_fee(one, block); !whole || *whole == uint128{})
        return at(one.fee.bytes,
                  broken(check::fees, "more than 0 microcredits", whole ? "0" : "no public number",
                         "fee of transaction " + std::to_string(i)));
    const transition& paid = block.transitions[one.fee.transition];
    const auto named = public_field(block.values[paid.first_input + paid.inputs - 1U]);
    if (named == ids.bodies[i])
      continue;
    std::string expected, found = "no public field";
    append_number(expected, ids.bodies[i].bytes, "field");
    if (named) {
      found.clear();
      append_number(found, named->bytes, "field");
    }
    return at(one.fee.bytes,
              broken(check::fees, expected, found,
                     "what the fee of transaction " + std::to_string(i) + " pays for"));
  }
  return std::nullopt;
}

} // namespace blockferry::chain
