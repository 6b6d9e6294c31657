#include "chain/hash/sha3.hpp"

#include <memory>
#include <new>

#include <openssl/evp.h>

namespace blockferry::chain {
namespace {

struct free_context {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

/// Fetched once: by name it costs more than hashing a small input.
const EVP_MD* algorithm() {
  static const EVP_MD* const found = EVP_MD_fetch(nullptr, "SHA3-256", nullptr);
  return found;
}

} // namespace

hash sha3_256(std::initializer_list<byte_view> parts) {
  const std::unique_ptr<EVP_MD_CTX, free_context> context{EVP_MD_CTX_new()};
  hash out;
  bool made = context != nullptr && EVP_DigestInit_ex(context.get(), algorithm(), nullptr) == 1;
  for (const byte_view part : parts)
    made = made && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  if (!made || EVP_DigestFinal_ex(context.get(), out.bytes.data(), nullptr) != 1)
    throw std::bad_alloc{};
  return out;
}

} // namespace blockferry::chain
