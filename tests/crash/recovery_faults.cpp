#include "tests/crash/recovery_faults.hpp"

#include "storage/reader.hpp"

namespace blockferry::crash {
namespace {

/// A start on an image; the error in which it ends, if it does.
using recover = std::optional<failure> (*)(const calm_run& calm, crash_disk& disk);

std::optional<failure> recover_as_node(const calm_run& calm, crash_disk& disk) {
  const kit::bundle_maker chain{calm.plan().chain};
  const auto store = open_real_store(calm.folder(), chain, disk);
  return store ? std::nullopt : std::optional{store.error()};
}

std::optional<failure> recover_as_reader(const calm_run& calm, crash_disk& disk) {
  const auto files = disk.files();
  const auto store = storage::reader::open(calm.folder(), *files);
  return store ? std::nullopt : std::optional{store.error()};
}

struct recovery {
  const calm_run& calm;
  const disk_image& image;
  std::vector<height_t> allowed;
  std::string where;
  recover run;

  /// Lets one operation or read fail.
  void with(fault one, image_tally& into) const {
    crash_disk disk{image};
    disk.inject(one);
    const auto told = run(calm, disk);
    const bool full = one.what == fault_kind::no_space || one.what == fault_kind::short_write;
    ++into.images;
    std::optional<std::string> wrong;
    if (told && told->code != errc::store_io && !(full && told->code == errc::store_full))
      wrong = "is told as " + std::string{to_string(told->code)} + ": " + told->message;
    else if (const auto broken = calm.violation(disk.current(), allowed))
      wrong = "after it, " + *broken;
    if (wrong)
      into.violations.push_back(where + ", " + to_string(one.what) +
                                (one.sticky ? " from " : " at ") + std::to_string(one.at) + ": " +
                                *wrong);
  }
};

void fail_each(const recovery& one, std::size_t first, std::size_t stride, image_tally& into) {
  crash_disk undisturbed{one.image};
  if (one.run(one.calm, undisturbed))
    return; // a reader of a store that has no name yet
  for (const bool sticky : {false, true}) {
    for (std::size_t at = first; at < undisturbed.log().size(); at += stride)
      for (std::size_t what = 0; what < changing_fault_kinds; ++what)
        one.with({static_cast<fault_kind>(what), at, sticky}, into);
    for (std::size_t at = first; at < undisturbed.reads(); at += stride)
      one.with({fault_kind::failed_read, at, sticky}, into);
  }
}

} // namespace

image_tally sweep_faults_in_recovery(const calm_run& calm, std::size_t images, std::size_t first,
                                     std::size_t stride) {
  image_tally out;
  const auto& log = calm.disk().log();
  disk_model model{calm.disk().start()};
  std::size_t at = 0;
  for (std::size_t number = 0; number < images; ++number) {
    for (const std::size_t stop = log.size() * (number + 1) / (images + 1); at < stop; ++at)
      model.apply(log[at]);
    const auto how = static_cast<damage>(number % damage_kinds);
    random_source random{number};
    const auto image = model.after_power_cut(how, random);
    const auto allowed = calm.allowed_after(at);
    const auto cut =
        " after a power cut before operation " + std::to_string(at) + " (" + to_string(how) + ")";
    fail_each({calm, image, allowed, "start" + cut, recover_as_node}, first, stride, out);
    fail_each({calm, image, allowed, "reader" + cut, recover_as_reader}, first, stride, out);
  }
  return out;
}

} // namespace blockferry::crash
