#include "tests/crash/crash_images.hpp"

#include "storage/create_store.hpp"
#include "storage/reader.hpp"

#include <algorithm>

namespace blockferry::crash {
namespace {

constexpr std::size_t violations_max = 20;   ///< then a run has seen enough
constexpr std::size_t images_a_replay = 100; ///< one of so many is made twice

random_source random_of(std::uint64_t seed, const image_id& one) {
  std::seed_seq sequence{seed, seed >> 32, std::uint64_t{one.at},
                         static_cast<std::uint64_t>(one.how), one.number};
  return random_source{sequence};
}

void judge(const calm_run& calm, const disk_image& left, const image_id& one, const char* where,
           image_tally& into) {
  ++into.images;
  const auto wrong = calm.violation(left, calm.allowed_after(one.at));
  if (!wrong)
    return;
  const auto& log = calm.disk().log();
  into.violations.push_back(std::string{where} + " " + to_string(one) + " (before " +
                            (one.at < log.size() ? to_string(log[one.at]) : "the end") +
                            "): " + *wrong);
}

bool has_database(const disk_image& image) {
  return std::ranges::any_of(image, [](const auto& file) {
    return std::filesystem::path{file.first}.filename() == storage::database_name;
  });
}

/// Opens the image as a reader or as a node does; what refuses it in words.
std::optional<std::string> open_once(const calm_run& calm, crash_disk& disk, bool as_reader) {
  if (as_reader) {
    const bool is_there = has_database(disk.current());
    const auto files = disk.files();
    const auto store = storage::reader::open(calm.folder(), *files);
    if (is_there && !store)
      return "a reader cannot open it: " + store.error().message;
    return std::nullopt; // a start that was cut off before the store had its name left none
  }
  const kit::bundle_maker chain{calm.plan().chain};
  const auto store = open_real_store(calm.folder(), chain, disk);
  if (!store)
    return "a node cannot open it: " + store.error().message;
  return std::nullopt;
}

/// Starts on the image, as a node or as a reader, and cuts the power at one of the operations.
disk_image second_cut(const calm_run& calm, const disk_image& first, const image_id& one,
                      random_source& random, std::optional<std::string>& refused) {
  crash_disk disk{first};
  refused = open_once(calm, disk, random() % 4 == 0);
  disk_model model{first};
  const std::size_t stop = random() % (disk.log().size() + 1);
  for (std::size_t i = 0; i < stop; ++i)
    model.apply(disk.log()[i]);
  return model.after_power_cut(
      static_cast<damage>((static_cast<std::size_t>(one.how) + one.number) % damage_kinds), random);
}

disk_image image_of(const calm_run& calm, const disk_model& model, std::uint64_t seed,
                    const image_id& one, bool in_recovery, std::optional<std::string>& refused) {
  auto random = random_of(seed, one);
  auto left = model.after_power_cut(one.how, random);
  return in_recovery ? second_cut(calm, left, one, random, refused) : left;
}

void try_one(const calm_run& calm, const disk_model& model, std::uint64_t seed, const image_id& one,
             bool in_recovery, image_tally& into) {
  const char* where = in_recovery ? "recovery" : "image";
  std::optional<std::string> refused;
  const auto left = image_of(calm, model, seed, one, in_recovery, refused);
  if (refused)
    into.violations.push_back(std::string{where} + " " + to_string(one) + ": " + *refused);
  if (one.number % images_a_replay == 0 &&
      image_of(calm, model, seed, one, in_recovery, refused) != left)
    into.violations.push_back(std::string{where} + " " + to_string(one) +
                              ": the same numbers made another image");
  judge(calm, left, one, where, into);
}

image_tally try_all(const calm_run& calm, std::uint64_t seed, std::size_t count, std::size_t part,
                    std::size_t parts, bool in_recovery) {
  image_tally out;
  const auto& log = calm.disk().log();
  const std::size_t points = log.size() + 1;
  disk_model model{calm.disk().start()};
  std::size_t number = 0;
  for (std::size_t at = 0; at < points; ++at) {
    // Images `first` to `last` are for this point.
    const std::size_t first = count * at / points;
    const std::size_t last = count * (at + 1) / points;
    for (std::size_t i = first; i < last; ++i, ++number)
      if (number % parts == part && out.violations.size() < violations_max)
        try_one(calm, model, seed, {at, static_cast<damage>(number % damage_kinds), number},
                in_recovery, out);
    if (at < log.size())
      model.apply(log[at]);
  }
  return out;
}

} // namespace

std::string to_string(const image_id& one) {
  return std::to_string(one.at) + ":" + std::to_string(static_cast<unsigned>(one.how)) + ":" +
         std::to_string(one.number) + " (" + to_string(one.how) + ")";
}

image_tally try_images(const calm_run& calm, std::uint64_t seed, std::size_t count,
                       std::size_t part, std::size_t parts) {
  return try_all(calm, seed, count, part, parts, false);
}

image_tally try_images_in_recovery(const calm_run& calm, std::uint64_t seed, std::size_t count,
                                   std::size_t part, std::size_t parts) {
  return try_all(calm, seed, count, part, parts, true);
}

image_tally replay_image(const calm_run& calm, std::uint64_t seed, image_id one, bool in_recovery) {
  image_tally out;
  disk_model model{calm.disk().start()};
  for (std::size_t i = 0; i < one.at && i < calm.disk().log().size(); ++i)
    model.apply(calm.disk().log()[i]);
  try_one(calm, model, seed, one, in_recovery, out);
  return out;
}

} // namespace blockferry::crash
