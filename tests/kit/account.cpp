#include "tests/kit/account.hpp"

#include "chain/hash/poseidon.hpp"
#include "tests/kit/wire_writer.hpp"

#include <random>
#include <vector>

namespace blockferry::kit {
namespace {

using chain::field;
using chain::hash;
using chain::point;

constexpr scalar order = {0xb95aee9ac33fd9ff, 0x5293a3afc43c8afe, 0x982d1347970dec00,
                          0x04aad957a68b2955};

bool less(const scalar& a, const scalar& b) {
  return chain::number_less(a, b);
}

scalar subtract(const scalar& a, const scalar& b) {
  scalar out{};
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto low = a[i] - b[i];
    out[i] = low - borrow;
    borrow = static_cast<std::uint64_t>(a[i] < b[i]) | static_cast<std::uint64_t>(low < borrow);
  }
  return out;
}

/// Modulo R; both below R, which has 251 bits, so that nothing overflows.
scalar add(const scalar& a, const scalar& b) {
  scalar out{};
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto sum = a[i] + b[i];
    out[i] = sum + carry;
    carry = static_cast<std::uint64_t>(sum < a[i]) | static_cast<std::uint64_t>(out[i] < sum);
  }
  return less(out, order) ? out : subtract(out, order);
}

scalar multiply(const scalar& a, const scalar& b) {
  scalar out{};
  for (std::size_t bit = 256; bit-- > 0;) {
    out = add(out, out);
    if ((b[bit / 64] >> bit % 64 & 1) != 0)
      out = add(out, a);
  }
  return out;
}

scalar random_scalar(std::mt19937_64& random) {
  return {random(), random(), random(), random() & 0x03ffffffffffffff};
}

/// Multiples of the generator: window w holds 1 .. 15 times 16^w times it.
const std::vector<point>& generator_windows() {
  static const std::vector<point> windows = [] {
    std::vector<point> points;
    point base = chain::signature_generator();
    for (int window = 0; window < 64; ++window) {
      point sum = base;
      for (int i = 1; i <= 15; ++i) {
        points.push_back(sum);
        sum = sum + base;
      }
      base = sum;
    }
    return points;
  }();
  return windows;
}

point times_generator(const scalar& k) {
  point sum;
  for (std::size_t window = 0; window < 64; ++window)
    if (const auto digit = k[window / 16] >> window % 16 * 4 & 15; digit != 0)
      sum = sum + generator_windows()[window * 15 + digit - 1];
  return sum;
}

hash x_of(const point& of) {
  return chain::x_coordinates({&of, 1}).front().wire();
}

field element(const hash& wire) {
  return *field::from_wire(wire);
}

void append(wire_writer& out, const scalar& number) {
  for (const auto limb : number)
    out.u64(limb);
}

} // namespace

scalar minus_product(const scalar& a, const scalar& b, const scalar& c) {
  const auto product = multiply(b, c);
  return add(a, product == scalar{} ? product : subtract(order, product));
}

account::account(std::uint64_t seed) {
  std::mt19937_64 random{seed ^ 0x6163636f756e74};
  secret_ = random_scalar(random);
  const auto pk_sig = times_generator(secret_);
  const auto pr_sig = times_generator(random_scalar(random));
  pk_sig_ = x_of(pk_sig);
  pr_sig_ = x_of(pr_sig);
  const std::array<field, 2> key = {element(pk_sig_), element(pr_sig_)};
  address_ = x_of(pk_sig + pr_sig + times_generator(chain::poseidon4().hash_to_scalar(key)));
}

chain::byte_buffer account::sign(std::span<const hash> message) const {
  std::uint64_t mixed = secret_[0];
  for (const auto& one : message)
    mixed = mixed * 0x100000001b3 + chain::load_le<std::uint64_t>(one.bytes);
  std::mt19937_64 random{mixed};
  const auto nonce = random_scalar(random);
  std::vector<field> input = {element(x_of(times_generator(nonce))), element(pk_sig_),
                              element(pr_sig_), element(address_)};
  for (const auto& one : message)
    input.push_back(element(one));
  const auto challenge = chain::poseidon8().hash_to_scalar(input);
  wire_writer out;
  append(out, challenge);
  append(out, minus_product(nonce, challenge, secret_));
  out.field(pk_sig_);
  out.field(pr_sig_);
  return out.take();
}

} // namespace blockferry::kit
