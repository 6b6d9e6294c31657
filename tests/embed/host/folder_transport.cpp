#include "folder_transport.hpp"

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

namespace host {

using namespace blockferry;

void folder_transport::connect(std::function<void(transfer_result)> deliver) {
  deliver_ = std::move(deliver);
}

void folder_transport::start(const transfer_request& request) {
  if (request.file_start && *request.file_start >= open_below_) {
    ++hanging_;
    return;
  }
  const std::string name = request.file_start
                               ? std::to_string(*request.file_start) + "." +
                                     std::to_string(*request.file_start + 50) + ".blocks"
                               : "latest.json";
  transfer_result result;
  result.id = request.id;
  result.mirror = request.mirror;
  std::ifstream file{folder_ / name, std::ios::binary};
  if (file) {
    auto bytes = std::make_shared<chain::byte_buffer>(std::istreambuf_iterator<char>{file},
                                                      std::istreambuf_iterator<char>{});
    transfer_body body;
    body.url = "folder:" + name;
    result.bytes_received = bytes->size();
    body.bytes = payload{std::move(bytes)};
    result.outcome = std::move(body);
  } else {
    result.outcome =
        tl::unexpected{transfer_failure{{errc::cdn_not_found, name + " is not there"}, 404, {}, 0}};
  }
  deliver_(std::move(result));
}

void folder_transport::cancel(transfer_id) {}

} // namespace host
