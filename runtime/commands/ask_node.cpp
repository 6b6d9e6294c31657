#include "runtime/commands/ask_node.hpp"

#include "runtime/status_socket.hpp"

#include <array>
#include <cerrno>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace blockferry::runtime {
namespace {

constexpr std::size_t answer_bytes_max = 1 << 20;

/// Everything up to the end of the stream; empty if it does not come in time.
std::string read_answer(int descriptor) {
  const auto deadline = std::chrono::steady_clock::now() + node_patience;
  std::string out;
  std::array<char, 4096> part{};
  while (out.size() <= answer_bytes_max) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd one{descriptor, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&one, 1, static_cast<int>(left.count())) == 0)
      return {};
    const auto count = ::read(descriptor, part.data(), part.size());
    if (count == 0)
      return out;
    if (count > 0)
      out.append(part.data(), static_cast<std::size_t>(count));
    else if (errno != EINTR && errno != EAGAIN)
      return {};
  }
  return {};
}

} // namespace

node_answer ask_node(const std::filesystem::path& folder) {
  const int descriptor = connect_status_socket(folder);
  if (descriptor < 0)
    return {nullptr, errno != EACCES && errno != EPERM};
  const std::string text = read_answer(descriptor);
  ::close(descriptor);
  auto out = nlohmann::ordered_json::parse(text, nullptr, false);
  return {out.is_object() ? std::move(out) : nlohmann::ordered_json(nullptr)};
}

} // namespace blockferry::runtime
