#include "runtime/version.hpp"

#include "chain/math/cpu_path.hpp"
#include "runtime/transport/curl_calls.hpp"
#include "storage/sqlite.hpp"

#include <caf/config.hpp>

namespace blockferry::runtime {

std::string version_text() {
  std::string out = "blockferry " BLOCKFERRY_VERSION;
  out += "\nCAF " + std::to_string(CAF_MAJOR_VERSION) + "." + std::to_string(CAF_MINOR_VERSION) +
         "." + std::to_string(CAF_PATCH_VERSION);
  out += "\nSQLite " + storage::sqlite_version();
  out += "\nlibcurl " + curl_calls::version();
  out += "\nCPU path " + std::string{chain::to_string(chain::active_cpu_path())};
  return out;
}

} // namespace blockferry::runtime
