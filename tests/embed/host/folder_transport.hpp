#pragma once

#include <blockferry/actors/transport.hpp>

#include <atomic>
#include <filesystem>
#include <functional>

namespace host {

/// A transport of the host's own, to show that the network is a port: serves a folder of CDN files.
/// Files from `open_below` on are never answered, as by a server that hangs.
class folder_transport final : public blockferry::transport {
public:
  explicit folder_transport(std::filesystem::path folder,
                            blockferry::height_t open_below = 0xffffffff)
      : folder_(std::move(folder)), open_below_(open_below) {}

  void connect(std::function<void(blockferry::transfer_result)> deliver) override;
  void start(const blockferry::transfer_request& request) override;
  void cancel(blockferry::transfer_id id) override;

  /// Transfers that were begun and not answered.
  [[nodiscard]] std::size_t hanging() const { return hanging_; }

private:
  std::filesystem::path folder_;
  blockferry::height_t open_below_;
  std::function<void(blockferry::transfer_result)> deliver_;
  std::atomic<std::size_t> hanging_ = 0;
};

} // namespace host
