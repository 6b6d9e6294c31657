// What a peer can put into texts (URLs, failures, checks) never breaks the JSON that people's
// programs read.
#include "runtime/node_json.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <nlohmann/json.hpp>

using namespace blockferry;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const auto text = [&in] { return std::string{fuzz::text_of(in.take(in.byte()))}; };
  drain_receipt receipt;
  receipt.detail = text();
  receipt.error = failure{errc::store_io, text()};
  node_status status;
  mirror_status mirror;
  mirror.url = text();
  mirror.reason = text();
  mirror.bytes_per_second = in.number<std::uint64_t>();
  status.mirrors = {mirror};
  chain::check_failure check;
  check.expected = text();
  check.found = text();
  check.detail = text();
  status.stalled = stall{{errc::bundle_check_failed, text()}, 50, text(), check};
  status.blocks_per_second = static_cast<double>(in.number<std::uint32_t>());
  for (const auto& json : {runtime::receipt_json(receipt), runtime::node_status_json(status)}) {
    const std::string line = runtime::one_line(json);
    fuzz::require(line.find('\n') == std::string::npos, "one line");
    fuzz::require(nlohmann::json::accept(line), "JSON that a program can read");
  }
  (void)runtime::receipt_text(receipt);
  return 0;
}
