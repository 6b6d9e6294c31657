#include "storage/page_cache.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace blockferry::storage {

page_cache::page_cache(const std::string& path)
    : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

page_cache::page_cache(page_cache&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

page_cache::~page_cache() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

void page_cache::drop() const noexcept {
  if (descriptor_ >= 0)
    ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_DONTNEED); // advice only: its failure costs speed
}

void page_cache::begin_writing() const noexcept {
  if (descriptor_ >= 0)
    ::sync_file_range(descriptor_, 0, 0, SYNC_FILE_RANGE_WRITE);
}

} // namespace blockferry::storage
