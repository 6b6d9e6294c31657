#pragma once

#include <filesystem>

namespace blockferry::differential {

/// Where the reference blocks are, if they are on this machine.
inline const std::filesystem::path data_folder =
    std::filesystem::path{BLOCKFERRY_SHARED_DIR} / "data/aleo";

} // namespace blockferry::differential
