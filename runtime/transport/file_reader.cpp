#include "runtime/transport/file_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace blockferry::runtime {
namespace {

constexpr std::size_t piece_bytes = 256U << 10;

class descriptor {
public:
  // Without O_NONBLOCK the open of a FIFO would wait for a writer.
  explicit descriptor(const std::string& path)
      : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  ~descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  [[nodiscard]] int number() const noexcept { return number_; }

private:
  int number_;
};

std::string identity_of(const struct stat& file) {
  return '"' + std::to_string(file.st_size) + '-' + std::to_string(file.st_mtim.tv_sec) + '.' +
         std::to_string(file.st_mtim.tv_nsec) + '"';
}

tl::unexpected<transfer_failure> failed(const std::string& url, errc code, const std::string& why,
                                        std::uint64_t bytes_needed = 0) {
  return tl::unexpected(transfer_failure{{code, url + ": " + why}, 0, std::nullopt, bytes_needed});
}

errc class_of(int error) {
  return error == ENOENT || error == ENOTDIR ? errc::cdn_not_found : errc::cdn_unreachable;
}

std::string text_of(int error) {
  return std::error_code{error, std::generic_category()}.message();
}

} // namespace

file_reader::file_reader(std::shared_ptr<buffer_pool> pool, std::shared_ptr<rate_limit> limit,
                         std::function<void(transfer_result)> deliver)
    : pool_(std::move(pool)), limit_(std::move(limit)), deliver_(std::move(deliver)),
      thread_([this] { run(); }) {}

file_reader::~file_reader() {
  {
    const std::lock_guard lock{mutex_};
    ends_ = true;
    running_ = 0;
  }
  changed_.notify_all();
  thread_.join();
}

void file_reader::start(const transfer_request& request, std::string path, std::string url) {
  {
    const std::lock_guard lock{mutex_};
    waiting_.push_back({request, std::move(path), std::move(url)});
  }
  changed_.notify_all();
}

void file_reader::cancel(transfer_id id) {
  {
    const std::lock_guard lock{mutex_};
    std::erase_if(waiting_, [&](const job& one) { return one.request.id == id; });
    if (running_ == id)
      running_ = 0;
  }
  changed_.notify_all();
}

bool file_reader::wanted(transfer_id id) {
  const std::lock_guard lock{mutex_};
  return running_ == id;
}

void file_reader::run() {
  for (;;) {
    job next;
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
      if (ends_)
        return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
      running_ = next.request.id;
    }
    const auto begun = std::chrono::steady_clock::now();
    transfer_result result;
    result.id = next.request.id;
    result.mirror = next.request.mirror;
    result.outcome = read(next, result.bytes_received);
    result.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begun);
    result.finished_at_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                                std::chrono::system_clock::now().time_since_epoch())
                                .count();
    if (wanted(result.id))
      deliver_(std::move(result));
  }
}

tl::expected<transfer_body, transfer_failure> file_reader::read(const job& one,
                                                                std::uint64_t& received) {
  const descriptor file{one.path};
  struct stat before {};
  if (file.number() < 0 || ::fstat(file.number(), &before) != 0)
    return failed(one.url, class_of(errno), text_of(errno));
  if (!S_ISREG(before.st_mode))
    return failed(one.url, errc::cdn_protocol, "not a regular file");
  const auto size = static_cast<std::uint64_t>(before.st_size);
  transfer_body out;
  out.url = one.url;
  out.etag = identity_of(before);
  if (one.request.if_none_match == out.etag) {
    out.not_modified = true;
    return out;
  }
  if (size > one.request.bytes_max)
    return failed(one.url, errc::cdn_too_large,
                  std::to_string(size) + " bytes, at most " +
                      std::to_string(one.request.bytes_max) + " may come",
                  size);
  chain::byte_buffer bytes = pool_->take(size);
  bytes.resize(size);
  while (received < size && wanted(one.request.id)) {
    const auto got = ::read(file.number(), bytes.data() + received,
                            std::min<std::uint64_t>(piece_bytes, size - received));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return failed(one.url, errc::cdn_unreachable, text_of(errno));
    if (got == 0)
      break;
    received += static_cast<std::uint64_t>(got);
    obey_limit(static_cast<std::uint64_t>(got));
  }
  struct stat after {};
  if (received < size || ::fstat(file.number(), &after) != 0 || identity_of(after) != out.etag)
    return failed(one.url, errc::cdn_truncated, "changed while it was read");
  out.bytes = pool_->share(std::move(bytes));
  return out;
}

void file_reader::obey_limit(std::uint64_t bytes) {
  if (!limit_->limited())
    return;
  limit_->spend(bytes);
  std::unique_lock lock{mutex_};
  const transfer_id mine = running_;
  const auto due = rate_limit::clock::now() + limit_->wait(rate_limit::clock::now());
  changed_.wait_until(lock, due, [&] { return ends_ || running_ != mine; });
}

} // namespace blockferry::runtime
