#include "runtime/process/log.hpp"

#include <cstdio>
#include <mutex>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>

namespace blockferry::runtime {
namespace {

constexpr std::size_t rotated_file_bytes = 16U << 20;
constexpr std::size_t old_files = 3;
/// What a peer says may stand in a line; more of it than this tells nobody anything.
constexpr std::size_t line_bytes_max = 4000;

/// Time in UTC, level, text; what could forge a line or steer a terminal is written as \xNN.
class safe_formatter final : public spdlog::formatter {
public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    spdlog::memory_buf_t line;
    pattern_.format(message, line);
    const std::size_t size = std::min(line.size(), line_bytes_max);
    for (std::size_t i = 0; i < size; ++i) {
      const auto byte = static_cast<unsigned char>(line[i]);
      if (byte >= 0x20 && byte != 0x7f) {
        out.push_back(line[i]);
      } else {
        char escaped[5];
        std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(byte));
        out.append(escaped, escaped + 4);
      }
    }
    out.push_back('\n');
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<safe_formatter>();
  }

private:
  spdlog::pattern_formatter pattern_{"%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc,
                                     ""};
};

class stream_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit stream_sink(error_stream& stream) : stream_(stream) {}

protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    stream_.lines({line.data(), line.size()});
  }
  void flush_() override {}

private:
  error_stream& stream_;
};

} // namespace

/// A rotating file that can be opened anew.
class log_file final : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit log_file(std::string path) : path_(std::move(path)), file_(open()) {}
  void reopen() {
    auto fresh = open();
    fresh->set_formatter(std::make_unique<safe_formatter>());
    const std::lock_guard lock{mutex_};
    file_ = std::move(fresh);
  }

protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    file_->log(message);
    file_->flush();
  }
  void flush_() override { file_->flush(); }
  void set_formatter_(std::unique_ptr<spdlog::formatter> formatter) override {
    file_->set_formatter(std::move(formatter));
  }

private:
  [[nodiscard]] std::unique_ptr<spdlog::sinks::rotating_file_sink_st> open() const {
    return std::make_unique<spdlog::sinks::rotating_file_sink_st>(path_, rotated_file_bytes,
                                                                  old_files);
  }
  std::string path_;
  std::unique_ptr<spdlog::sinks::rotating_file_sink_st> file_;
};

tl::expected<program_log, failure> program_log::open(error_stream& stream, const std::string& level,
                                                     const std::string& file) {
  program_log out;
  std::vector<spdlog::sink_ptr> sinks{std::make_shared<stream_sink>(stream)};
  if (!file.empty()) {
    try {
      out.file_ = std::make_shared<log_file>(file);
    } catch (const spdlog::spdlog_ex& error) {
      return tl::make_unexpected(
          failure{errc::invalid_argument, "cannot log into " + file + ": " + error.what()});
    }
    sinks.push_back(out.file_);
  }
  out.logger_ = std::make_shared<spdlog::logger>("blockferry", sinks.begin(), sinks.end());
  out.logger_->set_formatter(std::make_unique<safe_formatter>());
  out.logger_->set_level(spdlog::level::from_str(level));
  // A log that cannot be written stops nothing; standard error says so once a file is meant.
  out.logger_->set_error_handler([&stream, told = false](const std::string& what) mutable {
    if (!std::exchange(told, true))
      stream.lines("the log file cannot be written, the node goes on: " + what + "\n");
  });
  return out;
}

void program_log::reopen() {
  if (!file_)
    return;
  try {
    file_->reopen();
    logger_->info("BF004 log file reopened");
  } catch (const spdlog::spdlog_ex& error) {
    logger_->warn("BF004 the log file cannot be reopened, the old one goes on: {}", error.what());
  }
}

} // namespace blockferry::runtime
