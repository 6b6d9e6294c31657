#include "tests/hostile/process_use.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <malloc.h>
#include <poll.h>
#include <string>

namespace blockferry::hostile {
namespace {

std::size_t entries(const char* folder) {
  const std::filesystem::directory_iterator all{folder};
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

process_use count() {
  process_use out;
  out.descriptors = entries("/proc/self/fd");
  out.threads = entries("/proc/self/task");
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:"))
      out.peak_bytes = std::stoull(line.substr(6)) << 10;
  return out;
}

} // namespace

process_use use_now() {
  ::malloc_trim(0); // what an earlier run gave back is not held against this one
  std::ofstream{"/proc/self/clear_refs"} << 5; // Linux: the peak becomes what is resident now
  return count();
}

process_use settled_use(const process_use& before) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{2};
  process_use out = count();
  while (out.descriptors > before.descriptors && std::chrono::steady_clock::now() < end) {
    ::poll(nullptr, 0, 5);
    out = count();
  }
  return out;
}

} // namespace blockferry::hostile
