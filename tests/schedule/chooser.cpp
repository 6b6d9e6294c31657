#include "tests/schedule/chooser.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <stdexcept>

namespace blockferry::schedule {
namespace {

class random_chooser final : public chooser {
public:
  explicit random_chooser(std::uint64_t seed) : random_(seed), patience_(1 + random_() % 24) {}
  std::size_t choose(const std::vector<option>& options) override {
    const auto jobs = static_cast<std::size_t>(
        std::ranges::count_if(options, [](const option& one) { return !one.is_event; }));
    // Events come seldom enough that a schedule goes on, in some schedules more often than in
    // others.
    if (jobs > 0 && random_() % (patience_ + 1) != 0)
      return random_() % jobs;
    return random_() % options.size();
  }

private:
  std::mt19937_64 random_;
  std::uint64_t patience_;
};

class priority_chooser final : public chooser {
public:
  explicit priority_chooser(std::uint64_t seed) : random_(seed) {
    for (auto& one : changes_)
      one = random_() % 160;
  }
  std::size_t choose(const std::vector<option>& options) override {
    for (const option& one : options)
      if (!priorities_.contains(one.key))
        priorities_[one.key] = 1000 + random_() % 1'000'000;
    const auto best = std::ranges::max_element(
        options, {}, [this](const option& one) { return priorities_[one.key]; });
    ++step_;
    // What comes from outside happens once at its priority, then waits for its turn again.
    if (best->is_event || std::ranges::find(changes_, step_) != changes_.end())
      priorities_[best->key] = best->is_event ? 1000 + random_() % 1'000'000 : --lowest_;
    return static_cast<std::size_t>(best - options.begin());
  }

private:
  std::mt19937_64 random_;
  std::map<std::uint64_t, std::uint64_t> priorities_;
  std::array<std::uint64_t, 4> changes_{};
  std::uint64_t step_ = 0;
  std::uint64_t lowest_ = 1000;
};

class list_chooser final : public chooser {
public:
  explicit list_chooser(std::vector<std::uint32_t> list) : list_(std::move(list)) {}
  std::size_t choose(const std::vector<option>& options) override {
    const std::uint32_t wanted = at_ < list_.size() ? list_[at_++] : 0;
    return std::min<std::size_t>(wanted, options.size() - 1);
  }

private:
  std::vector<std::uint32_t> list_;
  std::size_t at_ = 0;
};

} // namespace

std::unique_ptr<chooser> choose_at_random(std::uint64_t seed) {
  return std::make_unique<random_chooser>(seed);
}
std::unique_ptr<chooser> choose_by_priority(std::uint64_t seed) {
  return std::make_unique<priority_chooser>(seed);
}
std::unique_ptr<chooser> choose_from(std::vector<std::uint32_t> list) {
  return std::make_unique<list_chooser>(std::move(list));
}

class exhaustive::walker final : public chooser {
public:
  explicit walker(exhaustive& all) : all_(all) {}

  [[nodiscard]] bool asks_for_states() const override { return true; }
  bool goes_on_from(std::uint64_t state) override {
    state_ = state;
    if (begun_ < all_.beginning_.size())
      return true;
    if (at_ < all_.path_.size()) {
      if (all_.path_[at_].state != state)
        throw std::logic_error("the same choices led to another state");
      return true;
    }
    const auto known = all_.explored_.find(state);
    all_.cut_ = all_.merge_ && known != all_.explored_.end();
    if (all_.cut_)
      all_.count(known->second);
    return !all_.cut_;
  }
  std::size_t choose(const std::vector<option>& options) override {
    if (begun_ < all_.beginning_.size())
      return std::min<std::size_t>(all_.beginning_[begun_++], options.size() - 1);
    if (at_ == all_.path_.size()) {
      all_.path_.push_back({state_, options.size()});
      ++all_.states_;
    }
    return all_.path_[at_++].taken;
  }

private:
  exhaustive& all_;
  std::size_t begun_ = 0; ///< choices of the beginning that were made
  std::size_t at_ = 0;
  std::uint64_t state_ = 0;
};

void exhaustive::count(double schedules) {
  (path_.empty() ? schedules_ : path_.back().schedules) += schedules;
}

std::unique_ptr<chooser> exhaustive::next() {
  if (begun_ && !cut_)
    count(1);
  // A state is explored once all its options are: a schedule comes into no state twice, for what
  // was handled only grows, so that none of those that are open is met again.
  while (!path_.empty() && ++path_.back().taken == path_.back().options) {
    const fork done = path_.back();
    path_.pop_back();
    if (merge_)
      explored_[done.state] = done.schedules;
    count(done.schedules);
  }
  if (begun_ && path_.empty())
    return nullptr;
  begun_ = true;
  cut_ = false;
  return std::make_unique<walker>(*this);
}

std::string to_string(const std::vector<std::uint32_t>& list) {
  std::string out;
  for (std::size_t i = 0; i < list.size();) {
    std::size_t end = i;
    while (end < list.size() && list[end] == list[i])
      ++end;
    out += (out.empty() ? "" : ",") + std::to_string(list[i]);
    if (end - i > 1)
      out += "x" + std::to_string(end - i);
    i = end;
  }
  return out;
}

std::vector<std::uint32_t> parse_list(const std::string& text) {
  std::vector<std::uint32_t> out;
  std::istringstream in{text};
  for (std::string part; std::getline(in, part, ',');) {
    const auto x = part.find('x');
    const auto times = x == std::string::npos ? 1 : std::stoul(part.substr(x + 1));
    out.insert(out.end(), times, static_cast<std::uint32_t>(std::stoul(part.substr(0, x))));
  }
  return out;
}

} // namespace blockferry::schedule
