#include "store_rig.hpp"

#include "storage/create_store.hpp"
#include "storage/hash_index.hpp"
#include "storage/page_cache.hpp"
#include "storage/store_rows.hpp"
#include "storage/transaction.hpp"

#include <fcntl.h>
#include <random>
#include <sqlite3.h>
#include <stdexcept>
#include <unistd.h>

namespace blockferry::bench {
namespace {

using namespace storage;

void expect(const result<void>& done) {
  if (!done)
    throw std::runtime_error(done.error().message);
}

class variant_store final : public store {
public:
  variant_store(connection database, store_rows rows, const std::string& path)
      : cache_(path), database_(std::move(database)), state_(std::move(rows.state)),
        resume_(std::move(rows.resume)) {}
  [[nodiscard]] const resume_point& resume() const noexcept override { return resume_; }
  [[nodiscard]] result<std::optional<known_part>>
  commit(std::span<const verified_bundle* const> bundles) override {
    auto open = transaction::begin(database_);
    for (const auto* bundle : bundles)
      advance(state_, *bundle);
    expect(write_state(database_, state_));
    for (const auto* bundle : bundles) {
      expect(write_blocks(database_, *bundle));
      expect(index_hashes(database_, bundle->range.first, bundle->blocks));
      cache_.begin_writing();
      expect(write_bundle(database_, *bundle));
    }
    expect(open->commit());
    cache_.drop();
    return std::optional<known_part>{};
  }
  [[nodiscard]] result<drain_receipt>
  mark_clean(std::span<const verified_bundle* const>, drain_receipt receipt,
             const std::function<void(drain_receipt&)>&) override {
    return receipt;
  }

private:
  page_cache cache_;
  connection database_;
  state_row state_;
  resume_point resume_;
};

} // namespace

group_source::group_source(height_t start, std::size_t block_bytes, std::uint32_t blocks_a_group)
    : hashes_({.start = start}), block_bytes_(block_bytes),
      files_a_group_(blocks_a_group / blocks_per_file), state_(hashes_.state()) {
  std::mt19937_64 random{1};
  auto made = std::make_shared<chain::byte_buffer>(8 + (8 + block_bytes) * blocks_per_file);
  for (auto& byte : *made)
    byte = static_cast<std::uint8_t>(random());
  bytes_ = std::move(made);
}

std::uint64_t group_source::group_bytes() const noexcept {
  return std::uint64_t{files_a_group_} * bytes_->size();
}

std::vector<verified_bundle> group_source::next() {
  std::vector<verified_bundle> out;
  for (std::uint32_t file = 0; file < files_a_group_; ++file) {
    verified_bundle& one = out.emplace_back();
    one.file_start = one.taken_from = state_.next_height;
    one.range = {state_.next_height, blocks_per_file};
    one.file_blocks = blocks_per_file;
    one.bytes = payload{bytes_};
    for (std::uint32_t i = 0; i < blocks_per_file; ++i) {
      auto& block = one.blocks.emplace_back();
      block.height = state_.next_height + i;
      block.block_hash = hashes_.hash_at(block.height);
      block.offset = 16 + i * (8 + block_bytes_);
      block.size = static_cast<std::uint32_t>(block_bytes_);
      block.record = {chain::checks_of(chain::level::header), {}};
    }
    state_.next_height += blocks_per_file;
    state_.last = chain::tip{state_.next_height - 1, one.blocks.back().block_hash};
    state_.pinned.reset();
    state_.history_known = false;
    one.after = state_;
  }
  return out;
}

raw_file_rig::raw_file_rig(const std::filesystem::path& path)
    : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640)) {
  if (descriptor_ < 0)
    throw std::runtime_error("cannot write " + path.string());
}

raw_file_rig::~raw_file_rig() {
  ::close(descriptor_);
}

void raw_file_rig::append(const group_source& from, std::size_t files) {
  for (std::size_t i = 0; i < files; ++i)
    if (::write(descriptor_, from.bytes().data(), from.bytes().size()) !=
        static_cast<ssize_t>(from.bytes().size()))
      throw std::runtime_error("cannot append");
  if (::fdatasync(descriptor_) != 0)
    throw std::runtime_error("cannot sync");
  ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_DONTNEED);
}

store_options options_of(const std::filesystem::path& folder, const chain::chain_state& begin) {
  store_options out;
  out.folder = folder;
  out.identity.network = "made";
  out.identity.start_height = begin.start_height;
  out.identity.start_hash = begin.pinned;
  return out;
}

std::unique_ptr<store> open_variant(const std::filesystem::path& folder,
                                    const store_options& options, const variant& with) {
  if (auto made = open_store(options); !made)
    throw std::runtime_error(made.error().message);
  const auto path = (folder / database_name).string();
  auto database = connection::open(path, open_mode::read_write);
  if (!database)
    throw std::runtime_error(database.error().message);
  if (with.page_bytes != 16384) {
    sqlite3_limit(database->get(), SQLITE_LIMIT_ATTACHED, 1);
    expect(database->run(
        ("PRAGMA page_size=" + std::to_string(with.page_bytes) + "; VACUUM").c_str()));
  }
  expect(database->run(with.pragmas.c_str()));
  auto rows = read_rows(*database);
  if (!rows)
    throw std::runtime_error(rows.error().message);
  return std::make_unique<variant_store>(std::move(*database), std::move(*rows), path);
}

void fill_index(const std::filesystem::path& folder, height_t end) {
  auto database = connection::open((folder / database_name).string(), open_mode::read_write);
  if (!database)
    throw std::runtime_error(database.error().message);
  expect(database->run("PRAGMA synchronous=OFF; PRAGMA cache_size=-65536"));
  const kit::bundle_maker hashes{{}};
  constexpr height_t at_once = 65'536;
  for (height_t first = 0; first < end; first += at_once) {
    std::vector<chain::block_facts> blocks(std::min(at_once, end - first));
    for (std::size_t i = 0; i < blocks.size(); ++i)
      blocks[i].block_hash = hashes.hash_at(first + static_cast<height_t>(i));
    auto open = transaction::begin(*database);
    expect(index_hashes(*database, first, blocks));
    expect(open->commit());
  }
}

void commit(store& to, const std::vector<verified_bundle>& group) {
  std::vector<const verified_bundle*> pointers;
  for (const auto& one : group)
    pointers.push_back(&one);
  if (const auto done = to.commit(pointers); !done)
    throw std::runtime_error(done.error().message);
}

void drop_cache(const std::filesystem::path& path) {
  const page_cache cache{path.string()};
  cache.drop();
}

} // namespace blockferry::bench
