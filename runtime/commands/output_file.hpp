#pragma once

#include "chain/bytes.hpp"
#include "messages/errors.hpp"

#include <filesystem>

#include <tl/expected.hpp>

namespace blockferry::runtime {

/// Writes a file so that its name always stands for the whole of it: under another name in the same
/// folder, synced, renamed over the file that was there.  The folder is not synced.  `store_full`
/// or `store_io`, this also for a name that stands for something other than a file.
[[nodiscard]] tl::expected<void, failure> write_whole_file(const std::filesystem::path& path,
                                                           chain::byte_view bytes);

/// Makes the names in a folder durable.
[[nodiscard]] tl::expected<void, failure> sync_folder(const std::filesystem::path& folder);

} // namespace blockferry::runtime
