#pragma once

#include "messages/errors.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <tl/expected.hpp>

/// How `status` asks the node that holds a store: a Unix socket beside the lock.  Who connects gets
/// one JSON object and the end of the stream; nothing is read from the client.
namespace blockferry::runtime {

/// Its name in the store's folder.
inline constexpr const char* status_socket_name = "status.sock";

/// The node's side.  Mode 0600, of any path length; answers on a thread of its own until destroyed,
/// then the socket's name is gone.  A client that does not read holds up nobody.
class status_server {
public:
  /// `answer` gives the JSON object as text; called on the server's thread, one client at a time.
  /// An empty answer closes the connection without a byte.  Only for who holds the store's lock: a
  /// socket that is there already is a dead node's and is replaced.
  [[nodiscard]] static tl::expected<std::unique_ptr<status_server>, failure>
  start(const std::filesystem::path& folder, std::function<std::string()> answer);
  virtual ~status_server() = default;
};

/// A stream socket's descriptor, non-blocking, connected to the node that serves `folder`, or -1
/// with `errno` (EAGAIN: a node that accepts nobody).  The client's side begins here, because a
/// path may be longer than a socket's address; the caller polls for the answer and closes.
[[nodiscard]] int connect_status_socket(const std::filesystem::path& folder) noexcept;

} // namespace blockferry::runtime
