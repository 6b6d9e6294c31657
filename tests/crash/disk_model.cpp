#include "tests/crash/disk_model.hpp"

#include <algorithm>

namespace blockferry::crash {
namespace {

using kind = operation::kind;
constexpr std::uint64_t sector_bytes = 512;

bool coin(random_source& random) {
  return (random() & 1) != 0;
}

void write_at(bytes& to, std::uint64_t offset, std::span<const std::uint8_t> from) {
  if (to.size() < offset + from.size())
    to.resize(offset + from.size());
  std::copy(from.begin(), from.end(), to.begin() + static_cast<std::ptrdiff_t>(offset));
}

void apply_whole(bytes& to, const operation& one) {
  if (one.what == kind::write)
    write_at(to, one.offset, one.written);
  else
    to.resize(one.offset);
}

/// Each of the sectors that a write touches arrives, or not, or arrives as garbage.
void apply_sectors(bytes& to, const operation& one, bool with_garbage, random_source& random) {
  for (std::uint64_t at = 0; at < one.written.size();) {
    const std::uint64_t left_in_sector = sector_bytes - (one.offset + at) % sector_bytes;
    const auto count = std::min<std::uint64_t>(left_in_sector, one.written.size() - at);
    const auto fate = random() % (with_garbage ? 3 : 2);
    if (fate == 1)
      write_at(to, one.offset + at, std::span{one.written}.subspan(at, count));
    if (fate == 2) {
      bytes garbage(count);
      std::ranges::generate(garbage, [&] { return static_cast<std::uint8_t>(random()); });
      write_at(to, one.offset + at, garbage);
    }
    at += count;
  }
}

} // namespace

std::string to_string(const operation& one) {
  const std::string name = one.name.substr(one.name.rfind('/') + 1);
  switch (one.what) {
  case kind::create:
    return "create " + name;
  case kind::write:
    return "write " + name + " " + std::to_string(one.written.size()) + " at " +
           std::to_string(one.offset);
  case kind::truncate:
    return "truncate " + name + " to " + std::to_string(one.offset);
  case kind::sync:
    return "sync " + name;
  case kind::lost_sync:
    return "failing sync " + name;
  case kind::sync_folder:
    return "sync the folder";
  case kind::remove:
    return "remove " + name;
  case kind::rename:
    return "rename " + name;
  }
  return {};
}

const char* to_string(damage one) {
  switch (one) {
  case damage::nothing:
    return "nothing";
  case damage::everything:
    return "everything";
  case damage::prefix:
    return "prefix";
  case damage::random_sectors:
    return "random sectors";
  case damage::garbage:
    return "garbage";
  case damage::torn_sector:
    return "torn sector";
  case damage::names_lost:
    return "names lost";
  case damage::reordered:
    return "reordered";
  }
  return "";
}

disk_model::disk_model(const disk_image& start) {
  for (const auto& [name, content] : start) {
    names_[name] = files_.size();
    files_.push_back({content, content, {}});
  }
  durable_names_ = names_;
}

void disk_model::apply(const operation& one) {
  const std::size_t at = count_++;
  const auto named = names_.find(one.name);
  switch (one.what) {
  case kind::create:
    unsynced_names_.push_back({at, one});
    unsynced_names_.back().one.offset = files_.size(); // which file the name is of
    names_[one.name] = files_.size();
    files_.push_back({});
    return;
  case kind::remove:
    names_.erase(one.name);
    unsynced_names_.push_back({at, one});
    return;
  case kind::rename:
    names_[one.to] = names_.at(one.name);
    names_.erase(one.name);
    unsynced_names_.push_back({at, one});
    return;
  case kind::sync_folder:
    durable_names_ = names_;
    unsynced_names_.clear();
    return;
  case kind::write:
  case kind::truncate:
    if (named != names_.end()) {
      apply_whole(files_[named->second].now, one);
      files_[named->second].unsynced.push_back({at, one});
    }
    return;
  case kind::sync:
    if (named != names_.end()) {
      for (const auto& written : files_[named->second].unsynced)
        apply_whole(files_[named->second].durable, written.one);
      files_[named->second].unsynced.clear();
    }
    return;
  case kind::lost_sync:
    if (named != names_.end())
      files_[named->second].unsynced.clear();
    return;
  }
}

disk_image disk_model::current() const {
  disk_image out;
  for (const auto& [name, number] : names_)
    out[name] = files_[number].now;
  return out;
}

bytes disk_model::content(const file& of, damage how, std::size_t cut,
                          random_source& random) const {
  bytes out = of.durable;
  for (const auto& [at, one] : of.unsynced) {
    const bool write = one.what == kind::write;
    switch (how) {
    case damage::nothing:
      break;
    case damage::everything:
    case damage::names_lost:
      apply_whole(out, one);
      break;
    case damage::prefix:
      if (at < cut)
        apply_whole(out, one);
      break;
    case damage::random_sectors:
    case damage::garbage:
      if (write)
        apply_sectors(out, one, how == damage::garbage, random);
      else if (coin(random))
        apply_whole(out, one);
      break;
    case damage::torn_sector:
      if (at < cut)
        apply_whole(out, one);
      else if (at == cut && write)
        write_at(out, one.offset,
                 std::span{one.written}.first(random() % (one.written.size() + 1)));
      break;
    case damage::reordered:
      if (coin(random))
        apply_whole(out, one);
      break;
    }
  }
  // The size may have arrived without the bytes.
  if (how != damage::nothing && how != damage::prefix && out.size() < of.now.size() && coin(random))
    out.resize(of.now.size());
  return out;
}

disk_model::names disk_model::names_after(damage how, std::size_t cut,
                                          random_source& random) const {
  if (how == damage::nothing || how == damage::names_lost)
    return durable_names_;
  if (how == damage::everything)
    return names_;
  // A journal of the file system keeps the order of names.
  if (how != damage::prefix && how != damage::torn_sector) {
    const auto kept = random() % (unsynced_names_.size() + 1);
    cut = kept < unsynced_names_.size() ? unsynced_names_[kept].at : count_;
  }
  names out = durable_names_;
  for (const auto& [at, one] : unsynced_names_) {
    if (at >= cut)
      break;
    if (one.what == kind::create) {
      out[one.name] = one.offset;
    } else if (one.what == kind::rename) {
      out[one.to] = out.at(one.name);
      out.erase(one.name);
    } else {
      out.erase(one.name);
    }
  }
  return out;
}

disk_image disk_model::after_power_cut(damage how, random_source& random) const {
  // A moment between two of the operations that are not yet durable.
  std::vector<std::size_t> moments;
  for (const auto& one : unsynced_names_)
    moments.push_back(one.at);
  for (const auto& one : files_)
    for (const auto& written : one.unsynced)
      moments.push_back(written.at);
  std::ranges::sort(moments);
  const std::size_t chosen = random() % (moments.size() + 1);
  const std::size_t cut = chosen < moments.size() ? moments[chosen] : count_;
  disk_image out;
  for (const auto& [name, number] : names_after(how, cut, random))
    out[name] = content(files_[number], how, cut, random);
  return out;
}

} // namespace blockferry::crash
