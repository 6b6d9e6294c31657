#pragma once

#include "chain/checks.hpp"
#include "messages/bundles.hpp"
#include "runtime/exit_code.hpp"

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <stop_token>
#include <string>

/// The commands that read a store.  Each writes data to `out` and messages to `err`, stops soon
/// after `stop` (exit code `interrupted`), and never changes a committed block.
namespace blockferry::runtime {

struct output_streams {
  std::ostream& out;
  std::ostream& err;
};

struct status_options {
  std::filesystem::path store;
  bool json = false;
};
/// The store and, if a node holds it, what the node says of itself.
[[nodiscard]] exit_code run_status(const status_options& options, output_streams to);

struct get_options {
  enum class form : std::uint8_t { summary, json, raw };
  std::filesystem::path store;
  std::string block; ///< height, or hash `ab1...`
  form as = form::summary;
};
/// One block.
[[nodiscard]] exit_code run_get(const get_options& options, output_streams to);

struct verify_options {
  std::filesystem::path store{};
  std::optional<height_t> from{}; ///< with `to`: only these, inclusive
  std::optional<height_t> to{};
  /// Raise the records to this level: offline, nothing fetched again, the same records that a sync
  /// at that level leaves.
  std::optional<chain::level> raise_to{};
  std::uint32_t workers = 0; ///< 0: one per core
  bool json = false;
};
/// Checks every block again, and indexes, records and chain state against each other.
[[nodiscard]] exit_code run_verify(const verify_options& options, output_streams to,
                                   std::stop_token stop);

struct export_options {
  std::filesystem::path store;
  std::filesystem::path out;        ///< folder for the CDN's files; empty: none
  std::filesystem::path start_file; ///< file for a start file at the tip; empty: none
};
/// The CDN's files, byte for byte as fetched, and `latest.json`; or a start file.
[[nodiscard]] exit_code run_export(const export_options& options, output_streams to,
                                   std::stop_token stop);

} // namespace blockferry::runtime
