#include "tests/crash/survey.hpp"

#include "storage/integrity.hpp"
#include "storage/reader.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>

namespace blockferry::crash {
namespace {

using storage::offline_check;

std::string heights(const std::vector<height_t>& all) {
  std::string out;
  for (const auto one : all)
    out += (out.empty() ? "" : " or ") + std::to_string(one);
  return out;
}

} // namespace

storage::result<chain::hash> checked_content(const std::filesystem::path& folder,
                                             const crash_disk& disk) {
  const auto files = disk.files();
  auto check = offline_check::open(folder, *files);
  if (!check)
    return tl::make_unexpected(check.error());
  if (auto done = check->check_file(); !done)
    return tl::make_unexpected(done.error());
  if (auto done = check->check_records(); !done)
    return tl::make_unexpected(done.error());
  return check->content_digest();
}

calm_run::calm_run(std::filesystem::path folder, voyage_plan plan, const store_opener& open)
    : folder_(std::move(folder)), plan_(std::move(plan)) {
  voyage_ = sail(disk_, folder_, plan_, open);
  const auto content = checked_content(folder_, disk_);
  if (!voyage_.end || !voyage_.end->receipt.clean || !content)
    throw std::runtime_error("the calm run failed: " +
                             (!content ? content.error().message : std::string{"no receipt"}));
  content_ = *content;
}

std::vector<height_t> calm_run::allowed_after(std::size_t at) const {
  height_t acknowledged = plan_.chain.start;
  for (const auto& one : voyage_.acknowledged)
    if (one.operations <= at)
      acknowledged = one.next_height;
  return allowed_from(acknowledged);
}

std::vector<height_t> calm_run::allowed_from(height_t acknowledged) const {
  const auto all = plan_.boundaries();
  const auto here = std::ranges::find(all, acknowledged);
  if (here == all.end())
    return {};
  return {here, std::min(here + 2, all.end())};
}

std::optional<std::string> calm_run::violation(const disk_image& left,
                                               const std::vector<height_t>& allowed) const {
  crash_disk disk{left};
  {
    const kit::bundle_maker chain{plan_.chain};
    auto store = open_real_store(folder_, chain, disk);
    if (!store)
      return "the store does not open: " + store.error().message;
    const height_t next = (*store)->resume().state.next_height;
    if (std::ranges::find(allowed, next) == allowed.end())
      return "the store ends before " + std::to_string(next) + ", not before " + heights(allowed);
    if ((*store)->resume().clean && next != plan_.chain.start && next != plan_.boundaries().back())
      return "the store says clean in the middle of a sync, before " + std::to_string(next);
    const auto& known = (*store)->resume().known;
    if (known && known->blocks_sha256 != chain.blocks_sha256(known->taken))
      return std::string{"the record of the last file is not of its blocks"};
  }
  if (const auto content = checked_content(folder_, disk); !content)
    return "after the restart: " + content.error().message;
  const auto rest = sail(disk, folder_, plan_);
  if (rest.refused)
    return "the second start is refused: " + rest.refused->message;
  if (rest.failed)
    return "the rest cannot be stored: " + rest.failed->message;
  if (!rest.end || !rest.end->receipt.clean)
    return std::string{"the drain left the store unclean"};
  {
    const kit::bundle_maker chain{plan_.chain};
    const auto store = open_real_store(folder_, chain, disk);
    if (!store)
      return "after the drain the store does not open: " + store.error().message;
    if (!(*store)->resume().clean || (*store)->resume().last_receipt != rest.end->receipt)
      return std::string{"the receipt in the store is not the one that was given"};
  }
  const auto content = checked_content(folder_, disk);
  if (!content)
    return "at the end: " + content.error().message;
  if (*content != content_)
    return std::string{"the content is not that of the calm run"};
  return std::nullopt;
}

lock_folder::lock_folder() {
  std::random_device random;
  path_ = std::filesystem::temp_directory_path() /
          ("blockferry-crash-" + std::to_string(random()) + std::to_string(random()));
  std::filesystem::create_directories(path_);
}

lock_folder::~lock_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace blockferry::crash
