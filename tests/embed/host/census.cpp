#include "census.hpp"

#include <exception>
#include <filesystem>
#include <fstream>

#include <caf/actor_registry.hpp>
#include <spdlog/spdlog.h>

namespace host {
namespace {

std::size_t entries(const char* folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator{folder})
    ++count;
  return count;
}

std::string signal_masks() {
  std::ifstream status{"/proc/self/status"};
  std::string masks;
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("SigBlk") || line.starts_with("SigIgn") || line.starts_with("SigCgt"))
      masks += line + " ";
  return masks;
}

} // namespace

census take_census() {
  return {entries("/proc/self/task"), entries("/proc/self/fd"), signal_masks(),
          spdlog::default_logger_raw(), std::get_terminate()};
}

std::string to_string(const census& one) {
  return std::to_string(one.threads) + " threads, " + std::to_string(one.descriptors) +
         " descriptors, " + one.signals;
}

population count(caf::actor_system& system) {
  return {system.registry().running(), system.registry().named_actors().size()};
}

} // namespace host
