// Runs a target without a fuzzer: every file of its corpus, and seeded mutations of each, so that
// the default suite holds what was found before, with any compiler.
//
//     TARGET_replay [--mutations N] [--seed S] FILE_OR_FOLDER ...
#include "fuzz.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

// A structure-aware target has its own; libFuzzer's is replaced by `mutate`.
extern "C" __attribute__((weak)) std::size_t
LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max, unsigned seed);

namespace {

std::mt19937_64 randomness;

std::size_t below(std::size_t end) {
  return end == 0 ? 0 : static_cast<std::size_t>(randomness() % end);
}

} // namespace

/// The little of libFuzzer's mutations that a replay needs: bytes changed, removed or inserted.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size,
                                        std::size_t size_max) {
  static constexpr std::uint8_t edges[] = {0, 1, 0x7f, 0x80, 0xfe, 0xff};
  const auto kind = below(5);
  if (kind == 0 && size > 1) { // removes some
    const std::size_t at = below(size);
    const std::size_t count = std::min(size - at, 1 + below(8));
    std::memmove(data + at, data + at + count, size - at - count);
    return size - count;
  }
  if (kind == 1 && size + 8 <= size_max) { // repeats some
    const std::size_t at = below(size + 1);
    const std::size_t count = 1 + below(8);
    std::memmove(data + at + count, data + at, size - at);
    for (std::size_t i = 0; i < count; ++i)
      data[at + i] = static_cast<std::uint8_t>(randomness());
    return size + count;
  }
  if (size == 0)
    return 0;
  for (std::size_t i = 0; i <= below(3); ++i) {
    std::uint8_t& one = data[below(size)];
    one = kind == 2   ? edges[below(std::size(edges))]
          : kind == 3 ? static_cast<std::uint8_t>(one ^ (1U << below(8)))
                      : static_cast<std::uint8_t>(randomness());
  }
  return size;
}

namespace {

namespace fs = std::filesystem;

std::vector<std::uint8_t> read(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

/// Where a mutation breaks the target, the process ends; its input is found again by the seed.
void run(const fs::path& path, std::size_t mutations, unsigned seed) {
  const auto original = read(path);
  LLVMFuzzerTestOneInput(original.data(), original.size());
  const std::size_t room = original.size() + 256;
  for (std::size_t i = 0; i < mutations; ++i) {
    randomness.seed(seed + i);
    auto bytes = original;
    bytes.resize(room);
    std::size_t size = original.size();
    for (std::size_t step = 0; step <= i % 3; ++step)
      size = LLVMFuzzerCustomMutator != nullptr
                 ? LLVMFuzzerCustomMutator(bytes.data(), size, room,
                                           static_cast<unsigned>(randomness()))
                 : LLVMFuzzerMutate(bytes.data(), size, room);
    bytes.resize(size);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
}

} // namespace

int main(int argc, char** argv) {
  std::size_t mutations = 0;
  unsigned seed = 1;
  std::vector<fs::path> files;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--mutations" && i + 1 < argc)
      mutations = std::stoul(argv[++i]);
    else if (word == "--seed" && i + 1 < argc)
      seed = static_cast<unsigned>(std::stoul(argv[++i]));
    else if (fs::is_directory(word))
      std::ranges::copy_if(fs::recursive_directory_iterator{word},
                           fs::recursive_directory_iterator{}, std::back_inserter(files),
                           [](const auto& one) { return fs::is_regular_file(one); });
    else
      files.emplace_back(word);
  }
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    std::cout << file.string() << " with " << mutations << " mutations, seed " << seed
              << std::endl; // before the run, so that a find names its file
    run(file, mutations, seed);
  }
  if (files.empty())
    std::cerr << "no input\n";
  return files.empty() ? 1 : 0;
}
