#include "runtime/transport/curl_transport.hpp"

#include "runtime/transport/curl_calls.hpp"
#include "runtime/transport/file_reader.hpp"
#include "runtime/transport/option_checks.hpp"

#include <algorithm>
#include <csignal>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

namespace blockferry::runtime {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::uint64_t pool_bytes_max = 16ULL << 20;
constexpr milliseconds idle_wait{60'000};

/// What the rate limit lets go on first: looks at latest.json, then the lowest file, for everything
/// above waits for it to be committed.
bool goes_on_before(const transfer* one, const transfer* other) {
  return std::pair{one->request.file_start, one->request.id} <
         std::pair{other->request.file_start, other->request.id};
}

class curl_transport final : public transport {
public:
  curl_transport(const curl_options& options, std::vector<origin> origins,
                 const std::string& ca_file)
      : options_(options), origins_(std::move(origins)),
        pool_(std::make_shared<buffer_pool>(pool_bytes_max)),
        limit_(std::make_shared<rate_limit>(options.bytes_per_second_max)),
        calls_(options, ca_file) {}
  ~curl_transport() override;
  curl_transport(const curl_transport&) = delete;
  curl_transport& operator=(const curl_transport&) = delete;

  [[nodiscard]] bool usable() const { return calls_.takes_options(); }
  void connect(std::function<void(transfer_result)> deliver) override;
  void start(const transfer_request& request) override;
  void cancel(transfer_id id) override;

private:
  /// What other threads want of the thread.
  struct orders {
    std::vector<transfer_request> starts;
    std::vector<transfer_id> cancels;
    bool end = false;
  };

  template <class Change>
  void order(Change change);
  void run();
  [[nodiscard]] bool obey();
  void begin(const transfer_request& request);
  void finish(transfer& one);
  void forget(transfer_id id);
  void watch();
  [[nodiscard]] milliseconds until_due();

  const curl_options options_;
  const std::vector<origin> origins_;
  const std::shared_ptr<buffer_pool> pool_;
  const std::shared_ptr<rate_limit> limit_;
  std::function<void(transfer_result)> deliver_;
  std::mutex mutex_;
  orders orders_; ///< guarded by mutex_
  curl_calls calls_;
  std::unordered_map<transfer_id, std::unique_ptr<transfer>> running_; ///< of the thread
  std::unique_ptr<file_reader> files_;
  std::thread thread_;
};

curl_transport::~curl_transport() {
  files_.reset();
  if (!thread_.joinable())
    return;
  order([](orders& all) { all.end = true; });
  thread_.join();
}

void curl_transport::connect(std::function<void(transfer_result)> deliver) {
  deliver_ = std::move(deliver);
  // Signals are the host's: none may land on these threads, nor on the resolver's.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  if (std::ranges::any_of(origins_, [](const origin& one) { return one.how == scheme::file; }))
    files_ = std::make_unique<file_reader>(pool_, limit_, deliver_);
  thread_ = std::thread{[this] { run(); }};
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

template <class Change>
void curl_transport::order(Change change) {
  {
    const std::lock_guard lock{mutex_};
    change(orders_);
  }
  calls_.wake();
}

void curl_transport::start(const transfer_request& request) {
  const origin& from = origins_.at(request.mirror);
  const std::string name = "/" + file_name(request.file_start);
  if (from.how == scheme::file)
    return files_->start(request, from.folder + name, from.base + name);
  order([&](orders& all) { all.starts.push_back(request); });
}

void curl_transport::cancel(transfer_id id) {
  if (files_)
    files_->cancel(id);
  order([&](orders& all) { all.cancels.push_back(id); });
}

void curl_transport::run() {
  while (obey()) {
    for (transfer* one : calls_.perform())
      finish(*one);
    watch();
    calls_.wait(until_due());
  }
  while (!running_.empty())
    forget(running_.begin()->first);
}

bool curl_transport::obey() {
  orders now;
  {
    const std::lock_guard lock{mutex_};
    std::swap(now, orders_);
  }
  if (now.end)
    return false;
  for (const transfer_request& request : now.starts)
    begin(request);
  for (const transfer_id id : now.cancels)
    forget(id);
  return true;
}

void curl_transport::begin(const transfer_request& request) {
  const origin& from = origins_[request.mirror];
  // Behind a proxy it is the proxy's address that a socket goes to, and the operator named it.
  const reach allowed =
      options_.proxy.empty() ? reach_of_host(from.host, options_.allow_private) : reach::any;
  auto made = std::make_unique<transfer>(
      request, from.base + "/" + file_name(request.file_start), from.how, allowed, pool_, *limit_,
      speed_watch{options_.low_speed_time, options_.low_speed_bytes});
  transfer& one = *made;
  running_[request.id] = std::move(made);
  if (calls_.add(one))
    return;
  one.answer.refuse(errc::cdn_unreachable, "libcurl cannot begin it");
  finish(one);
}

void curl_transport::finish(transfer& one) {
  using namespace std::chrono;
  transfer_result result;
  result.id = one.request.id;
  result.mirror = one.request.mirror;
  result.finished_at_ms =
      duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  result.outcome = one.answer.finish(one.url, result.finished_at_ms);
  result.bytes_received = one.answer.bytes_received();
  result.duration = duration_cast<milliseconds>(clock::now() - one.begun);
  forget(one.request.id);
  deliver_(std::move(result));
}

void curl_transport::forget(transfer_id id) {
  const auto found = running_.find(id);
  if (found == running_.end())
    return;
  calls_.remove(*found->second);
  running_.erase(found);
}

/// Ends what is too slow, and lets go on what the rate limit held up.
void curl_transport::watch() {
  const auto now = clock::now();
  std::vector<transfer*> held;
  std::vector<transfer*> slow;
  for (const auto& [id, one] : running_) {
    if (now >= one->due) {
      slow.push_back(one.get());
      one->answer.refuse(errc::cdn_timed_out, "not whole within " +
                                                  std::to_string(one->request.deadline.count()) +
                                                  " ms");
    } else if (one->paused) {
      held.push_back(one.get());
    } else if (one->watch.too_slow(now, one->answer.bytes_received())) {
      slow.push_back(one.get());
      one->answer.refuse(errc::cdn_timed_out,
                         "slower than " + std::to_string(options_.low_speed_bytes) +
                             " bytes a second for " +
                             std::to_string(options_.low_speed_time.count()) + " ms");
    }
  }
  std::ranges::sort(held, goes_on_before);
  for (transfer* one : held) {
    if (limit_->wait(now).count() > 0)
      break;
    one->paused = false;
    one->watch.begin(now, one->answer.bytes_received());
    calls_.resume(*one);
  }
  for (transfer* one : slow) {
    one->stalled = true;
    finish(*one);
  }
}

milliseconds curl_transport::until_due() {
  const auto now = clock::now();
  auto due = now + idle_wait;
  for (const auto& [id, one] : running_)
    due = std::min({due, one->due, one->paused ? now + limit_->wait(now) : one->watch.due()});
  return std::max(std::chrono::ceil<milliseconds>(due - now), milliseconds{0});
}

} // namespace

tl::expected<std::shared_ptr<transport>, failure> make_curl_transport(const curl_options& options) {
  const bool ready = curl_calls::ready();
  const std::string system_ca_file = curl_calls::system_ca_file();
  auto origins = check_options(options, system_ca_file);
  if (!origins)
    return tl::unexpected(std::move(origins.error()));
  auto out = std::make_shared<curl_transport>(
      options, std::move(*origins), options.ca_file.empty() ? system_ca_file : options.ca_file);
  if (!ready || !out->usable())
    return tl::unexpected(failure{errc::invalid_argument,
                                  "libcurl " + curl_calls::version() +
                                      " refuses an option that keeps transfers safe, or the proxy "
                                      "'" +
                                      options.proxy + "'; nothing is fetched"});
  return out;
}

} // namespace blockferry::runtime
