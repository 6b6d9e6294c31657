#pragma once

namespace blockferry::runtime {

/// A descriptor that one thread makes readable and another polls for.  The constructor throws
/// `std::system_error` where no descriptor is left: without it nothing would ever wake.
class wake_event {
public:
  wake_event();
  ~wake_event();
  wake_event(const wake_event&) = delete;
  wake_event& operator=(const wake_event&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// Any thread.
  void signal() const noexcept;
  /// Waits until it was signalled, and forgets how often.
  void wait() const noexcept;

private:
  int descriptor_;
};

} // namespace blockferry::runtime
