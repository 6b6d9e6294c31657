#include "runtime/transport/buffer_pool.hpp"

#include <algorithm>
#include <utility>

namespace blockferry::runtime {
namespace {

constexpr std::size_t waiting_max = 64;

/// Returns its buffer to the pool when the last payload that shares it is gone.
struct pooled_bytes {
  chain::byte_buffer bytes;
  std::shared_ptr<buffer_pool> home;
  pooled_bytes(chain::byte_buffer of, std::shared_ptr<buffer_pool> pool)
      : bytes(std::move(of)), home(std::move(pool)) {}
  pooled_bytes(const pooled_bytes&) = delete;
  pooled_bytes& operator=(const pooled_bytes&) = delete;
  ~pooled_bytes() { home->give_back(std::move(bytes)); }
};

} // namespace

buffer_pool::buffer_pool(std::uint64_t bytes_max) : bytes_max_(bytes_max) {
  waiting_.reserve(waiting_max + 1);
}

chain::byte_buffer buffer_pool::take(std::uint64_t bytes) {
  chain::byte_buffer out;
  {
    const std::lock_guard lock{mutex_};
    // The newest first: its pages are the warmest.
    const auto fits = std::find_if(waiting_.rbegin(), waiting_.rend(), [&](const auto& one) {
      return one.capacity() >= bytes && one.capacity() - bytes <= spare_bytes_max(bytes);
    });
    if (fits != waiting_.rend()) {
      out = std::move(*fits);
      waiting_bytes_ -= out.capacity();
      waiting_.erase(std::next(fits).base());
    }
  }
  // Without a fit: with room for a file that is a little larger, so that this one fits the next.
  if (out.capacity() < bytes)
    out.reserve(bytes + spare_bytes_max(bytes) / 2);
  return out;
}

payload buffer_pool::share(chain::byte_buffer bytes) {
  if (bytes.capacity() - bytes.size() > spare_bytes_max(bytes.size()))
    bytes.shrink_to_fit();
  auto owned = std::make_shared<pooled_bytes>(std::move(bytes), shared_from_this());
  const chain::byte_buffer* view = &owned->bytes;
  return payload{std::shared_ptr<const chain::byte_buffer>{std::move(owned), view}};
}

void buffer_pool::give_back(chain::byte_buffer buffer) noexcept {
  buffer.clear();
  if (buffer.capacity() == 0)
    return;
  const std::lock_guard lock{mutex_};
  waiting_bytes_ += buffer.capacity();
  waiting_.push_back(std::move(buffer)); // never grows: see the constructor
  // The oldest go: sizes change along a chain, and what fits nothing must not stay.
  while (waiting_bytes_ > bytes_max_ || waiting_.size() > waiting_max) {
    waiting_bytes_ -= waiting_.front().capacity();
    waiting_.erase(waiting_.begin());
  }
}

std::uint64_t buffer_pool::waiting_bytes() const {
  const std::lock_guard lock{mutex_};
  return waiting_bytes_;
}

} // namespace blockferry::runtime
