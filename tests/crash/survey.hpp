#pragma once

#include "tests/crash/voyage.hpp"

namespace blockferry::crash {

/// The run without faults that every other is compared with, and what it left after each group.
class calm_run {
public:
  calm_run(std::filesystem::path folder, voyage_plan plan,
           const store_opener& open = open_real_store);

  [[nodiscard]] const crash_disk& disk() const noexcept { return disk_; }
  [[nodiscard]] const voyage_plan& plan() const noexcept { return plan_; }
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

  /// The heights that a store may end at whose disk stopped before the operation `at`: what was
  /// acknowledged, or the group that was under way as well.
  [[nodiscard]] std::vector<height_t> allowed_after(std::size_t at) const;
  /// The same by what was acknowledged.
  [[nodiscard]] std::vector<height_t> allowed_from(height_t acknowledged) const;

  /// Starts the store on an image, checks the invariants S1 to S8 (`faults.md` 2.1), carries the
  /// rest, checks again and compares the content with this run's.  The first violation in words;
  /// none if there is none.
  [[nodiscard]] std::optional<std::string> violation(const disk_image& left,
                                                     const std::vector<height_t>& allowed) const;

private:
  std::filesystem::path folder_;
  voyage_plan plan_;
  crash_disk disk_;
  voyage voyage_;
  chain::hash content_;
};

/// SQLite's own check and the records against each other; the digest of the content.
[[nodiscard]] storage::result<chain::hash> checked_content(const std::filesystem::path& folder,
                                                           const crash_disk& disk);

/// A folder for a lock, gone with its object.
class lock_folder {
public:
  lock_folder();
  ~lock_folder();
  lock_folder(const lock_folder&) = delete;
  lock_folder& operator=(const lock_folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace blockferry::crash
