#include "chain/front.hpp"
#include "chain/json/block_json.hpp"
#include "chain/name.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/report.hpp"
#include "runtime/commands/stored_file.hpp"
#include "runtime/commands/text.hpp"

#include <algorithm>
#include <charconv>
#include <ostream>

namespace blockferry::runtime {
namespace {

using storage::stored_block;

/// A block by what the user wrote; none if the store has no such block.
storage::result<std::optional<stored_block>> find_block(storage::reader& store,
                                                        const std::string& wanted) {
  std::optional<chain::hash> by_hash;
  height_t height = 0;
  const auto* end = wanted.data() + wanted.size();
  if (const auto [stop, error] = std::from_chars(wanted.data(), end, height);
      error != std::errc{} || stop != end)
    if (by_hash = chain::parse_block_name(wanted); !by_hash)
      return tl::make_unexpected(
          failure{errc::invalid_argument,
                  "'" + wanted + "' is neither a height nor a block hash 'ab1...'"});
  return by_hash ? store.block_of(*by_hash) : store.block_at(height);
}

/// "it has heights 0 to 99".
std::string what_there_is(storage::reader& store) {
  const auto state = store.state();
  if (!state || state->block_count == 0)
    return "it is empty";
  return "it has heights " + std::to_string(store.identity().start_height) + " to " +
         std::to_string(state->state.next_height - 1);
}

void print_summary(std::ostream& out, const stored_block& block, const chain::block_front& front,
                   const storage::bundle_record& file) {
  out << "block         " << block.height << "\n"
      << "hash          " << chain::block_name(block.block_hash) << "\n"
      << "previous      " << chain::block_name(front.previous_hash) << "\n"
      << "time          " << utc(block.timestamp) << "\n"
      << "authority     " << (front.authority_kind == 0 ? "beacon" : "quorum") << ", round "
      << front.header.round << "\n"
      << "size          " << block.bytes.size() << " bytes\n"
      << "level         " << chain::to_string(chain::level_of(block.record)) << "\n"
      << "checks made   " << names_of(block.record.made) << "\n"
      << "not made      " << names_of(block.record.unmade) << "\n"
      << "file          " << file.file_start << "." << file.file_start + blocks_per_file
      << ".blocks from " << file.url << ", fetched " << utc(file.fetched_at_ms / 1000) << "\n"
      << "SHA-256       " << hex(file.file_sha256.bytes) << " of the file\n";
}

/// The chain's own JSON form; a block of a newer format than the parser knows has none here.
storage::result<std::string> json_of(const stored_block& block) {
  auto out = chain::to_json(block.bytes, chain::json_layout::pretty);
  if (out)
    return std::move(*out);
  const auto& why = out.error();
  return tl::make_unexpected(
      failure{errc::invalid_argument,
              "block " + std::to_string(block.height) + " cannot be shown as JSON: " + why.detail +
                  " at byte " + std::to_string(why.offset) +
                  ". '--raw' gives its bytes; a newer program may know its format."});
}

storage::result<void> print(const get_options& options, storage::reader& store,
                            const stored_block& block, std::ostream& out) {
  // What is given out is what was fetched: the file's digest says so.
  const auto file = read_stored_file(store, block.height);
  if (!file)
    return tl::make_unexpected(file.error());
  const auto front = chain::read_front(block.bytes);
  if (!*file || !front || front->block_hash != block.block_hash)
    return tl::make_unexpected(
        failure{errc::store_damaged, "block " + std::to_string(block.height) +
                                         " is not what the store's index says; 'verify' says more. "
                                         "Restore the store from a copy, or sync anew."});
  switch (options.as) {
  case get_options::form::summary:
    print_summary(out, block, *front, (*file)->record);
    break;
  case get_options::form::json:
    if (const auto text = json_of(block))
      out << *text << "\n";
    else
      return tl::make_unexpected(text.error());
    break;
  case get_options::form::raw:
    out.write(reinterpret_cast<const char*>(block.bytes.data()),
              static_cast<std::streamsize>(block.bytes.size()));
    break;
  }
  out << std::flush;
  if (!out)
    return tl::make_unexpected(failure{errc::store_io, "the output could not be written"});
  return {};
}

} // namespace

exit_code run_get(const get_options& options, output_streams to) {
  auto store = storage::reader::open(options.store);
  if (!store)
    return report(to.err, "get", store.error());
  const auto block = find_block(*store, options.block);
  if (!block)
    return report(to.err, "get", block.error());
  if (!*block) {
    to.err << "blockferry get: the store has no block " << options.block << "; "
           << what_there_is(*store) << ".\n";
    return exit_code::other;
  }
  const auto done = print(options, *store, **block, to.out);
  if (done)
    return exit_code::done;
  const auto code = report(to.err, "get", done.error());
  return code == exit_code::usage ? exit_code::other : code; // what was asked for was in order
}

} // namespace blockferry::runtime
