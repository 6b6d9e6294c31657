// transport_bench: what the transport carries from a CDN far away, as ratios of what its
// connections could carry; see README.md beside this file.
#include "runtime/transport/curl_transport.hpp"
#include "tests/bench/transport/distant_server.hpp"

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <sys/resource.h>

namespace {

using namespace blockferry;
using namespace std::chrono_literals;

constexpr std::uint64_t line_bytes_per_second = 20'000'000;
constexpr std::chrono::milliseconds round_trip = 50ms;

struct measured {
  double bytes_per_second = 0;
  double cpu_seconds_per_gigabyte = 0; ///< of this process: client and server together
  std::uint64_t connections = 0;
};

double cpu_seconds() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& one) {
    return static_cast<double>(one.tv_sec) + static_cast<double>(one.tv_usec) / 1e6;
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

/// Keeps `at_once` transfers running for `length`, and counts what came in that time.
measured run(std::uint64_t file_bytes, std::uint64_t rate, std::chrono::milliseconds delay,
             std::uint32_t at_once, std::chrono::seconds length) {
  bench::distant_server cdn{file_bytes, delay, rate};
  runtime::curl_options options;
  options.origins = {cdn.url()};
  options.connections = at_once;
  auto made = runtime::make_curl_transport(options);
  if (!made)
    throw std::runtime_error{made.error().message};
  const std::shared_ptr<transport> network = std::move(*made);
  std::mutex mutex;
  std::condition_variable arrived;
  std::uint64_t bytes = 0;
  std::uint32_t ended = 0;
  bool failed = false;
  network->connect([&](transfer_result result) {
    const std::lock_guard lock{mutex};
    bytes += result.bytes_received;
    failed = failed || !result.outcome;
    ++ended;
    arrived.notify_one();
  });
  const double cpu = cpu_seconds();
  const auto begun = std::chrono::steady_clock::now();
  transfer_id last = 0;
  std::uint32_t running = 0;
  // Transfers under way at the end are waited for: their bytes and their time both count.
  const auto goes_on = [&] { return std::chrono::steady_clock::now() < begun + length; };
  while ((running > 0 || goes_on()) && !failed) {
    for (; running < at_once && goes_on(); ++running) {
      transfer_request request;
      request.id = ++last;
      request.file_start = static_cast<chain::height_t>(50 * last);
      request.bytes_max = file_bytes;
      network->start(request);
    }
    if (running == 0)
      break;
    std::unique_lock lock{mutex};
    arrived.wait(lock, [&] { return ended > 0; });
    running -= ended;
    ended = 0;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  const double used = cpu_seconds() - cpu;
  const std::lock_guard lock{mutex};
  if (failed)
    throw std::runtime_error{"a transfer failed"};
  return {static_cast<double>(bytes) / took.count(), used / (static_cast<double>(bytes) / 1e9),
          cdn.connections()};
}

void line(const char* what, std::uint64_t file_bytes, std::uint32_t at_once,
          std::chrono::seconds length) {
  const auto one = run(file_bytes, line_bytes_per_second, round_trip, at_once, length);
  const double ideal = 8.0 * line_bytes_per_second;
  std::printf("%-34s %6.1f MB  %2u at once  %3llu connections  %6.1f MB/s  %5.2f of 160 MB/s  "
              "%5.2f CPU s/GB\n",
              what, static_cast<double>(file_bytes) / 1e6, at_once,
              static_cast<unsigned long long>(one.connections), one.bytes_per_second / 1e6,
              one.bytes_per_second / ideal, one.cpu_seconds_per_gigabyte);
  std::fflush(stdout);
}

} // namespace

int main(int count, char** words) {
  const std::chrono::seconds length{count > 1 ? std::atol(words[1]) : 10};
  try {
    std::printf("50 ms round trip, 20 MB/s a connection, %lld s a row\n",
                static_cast<long long>(length.count()));
    line("HTTP/1.1, one file a connection", 20'000'000, 8, length);
    line("HTTP/1.1, one file a connection", 2'000'000, 8, length);
    line("HTTP/1.1, twice the connections", 2'000'000, 16, length);
    line("HTTP/1.1, twice the connections", 1'000'000, 16, length);
    const auto near = run(1'000'000, 4'000'000'000, 0ms, 8, length);
    std::printf("without delay or limit, 1 MB files: %.0f MB/s, %.2f CPU s/GB (server included)\n",
                near.bytes_per_second / 1e6, near.cpu_seconds_per_gigabyte);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "transport_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
