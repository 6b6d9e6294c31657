#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace blockferry::crash {

using bytes = std::vector<std::uint8_t>;
using random_source = std::mt19937_64;

/// What a medium holds: files by their paths.
using disk_image = std::map<std::string, bytes>;

/// One thing that was done to a disk.
struct operation {
  enum class kind : std::uint8_t {
    create,      ///< the name appears, the file is empty
    write,       ///< at `offset`
    truncate,    ///< to `offset` bytes
    sync,        ///< the file's bytes and size
    lost_sync,   ///< a sync that failed: what it should have written never reaches the medium
    sync_folder, ///< every name
    remove,
    rename, ///< `name` becomes `to`
  };
  kind what{};
  std::string name;
  std::string to{};
  std::uint64_t offset = 0;
  bytes written{};
};
[[nodiscard]] std::string to_string(const operation& one);

/// What a power cut does to that which was not synced.
enum class damage : std::uint8_t {
  nothing,        ///< none of it reached the medium
  everything,     ///< all of it did
  prefix,         ///< what was done before some moment
  random_sectors, ///< any sectors of 512 bytes of it
  garbage,        ///< the same, and some of the sectors hold garbage
  torn_sector,    ///< a prefix, and the next write ends inside a sector
  names_lost,     ///< all bytes, but no name that appeared, changed or went
  reordered,      ///< any of the operations, later ones without earlier ones
};
constexpr std::size_t damage_kinds = 8;
[[nodiscard]] const char* to_string(damage one);

/// A disk, and what of it would survive: follows the operations one by one.  A name is durable
/// after `sync_folder` alone, bytes and size after `sync` alone; nothing else orders them.
class disk_model {
public:
  explicit disk_model(const disk_image& start);

  void apply(const operation& one);
  /// Everything, as the running system sees it.
  [[nodiscard]] disk_image current() const;
  /// What a power cut at this moment leaves.
  [[nodiscard]] disk_image after_power_cut(damage how, random_source& random) const;

private:
  struct pending {
    std::size_t at; ///< in the order of all operations
    operation one;
  };
  struct file {
    bytes durable;
    bytes now;
    std::vector<pending> unsynced;
  };
  using names = std::map<std::string, std::size_t>;

  [[nodiscard]] bytes content(const file& of, damage how, std::size_t cut,
                              random_source& random) const;
  [[nodiscard]] names names_after(damage how, std::size_t cut, random_source& random) const;

  std::vector<file> files_;
  names durable_names_;
  names names_;
  std::vector<pending> unsynced_names_;
  std::size_t count_ = 0;
};

} // namespace blockferry::crash
