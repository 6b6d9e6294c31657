#include "tests/schedule/chooser.hpp"

#include <algorithm>
#include <array>
#include <sstream>

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

std::optional<std::size_t> exhaustive::fork::next() const {
  for (std::size_t i = 0; i < options.size(); ++i)
    if (!asleep.contains(options[i]) && !done.contains(options[i]))
      return i;
  return std::nullopt;
}

class exhaustive::walker final : public chooser {
public:
  explicit walker(std::vector<fork>& path) : path_(path) {}

  std::size_t choose(const std::vector<option>& options) override {
    if (at_ == path_.size()) {
      fork here;
      for (const option& one : options)
        here.options.push_back(one.key);
      here.asleep = still_asleep();
      here.taken = here.next().value_or(0);
      repeats_ = !here.next();
      path_.push_back(std::move(here));
    }
    return path_[at_++].taken;
  }
  void happened(const std::set<std::uint64_t>& reached) override {
    fork& here = path_[at_ - 1];
    here.done[here.options[here.taken]] = reached;
  }
  [[nodiscard]] bool is_repetition() const override { return repeats_; }

private:
  /// Of the steps that were explored before, those that the last one does not concern.
  [[nodiscard]] steps still_asleep() const {
    steps out;
    if (path_.empty())
      return out;
    const fork& last = path_.back();
    const std::uint64_t taken = last.options[last.taken];
    const auto& reached = last.done.at(taken);
    for (const auto* known : {&last.asleep, &last.done})
      for (const auto& [key, reaches] : *known) {
        const bool apart = std::ranges::none_of(
            reaches, [&](std::uint64_t one) { return one == taken || reached.contains(one); });
        if (key != taken && apart && !reached.contains(key))
          out[key] = reaches;
      }
    return out;
  }

  std::vector<fork>& path_;
  std::size_t at_ = 0;
  bool repeats_ = false;
};

std::unique_ptr<chooser> exhaustive::next() {
  if (begun_) {
    while (!path_.empty() && !path_.back().next())
      path_.pop_back();
    if (path_.empty())
      return nullptr;
    path_.back().taken = *path_.back().next();
  }
  begun_ = true;
  ++runs_;
  return std::make_unique<walker>(path_);
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
