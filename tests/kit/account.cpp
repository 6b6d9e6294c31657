#include "tests/kit/account.hpp"

#include "chain/hash/poseidon_batch.hpp"
#include "chain/math/kernels.hpp"
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
  for (std::size_t bit = 251; bit-- > 0;) {
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
const std::vector<chain::prepared_point>& generator_windows() {
  static const std::vector<chain::prepared_point> windows = [] {
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
    std::vector<chain::prepared_point> out(points.size());
    chain::active_kernels().prepare(points, out);
    return out;
  }();
  return windows;
}

std::vector<point> times_generator(std::span<const scalar> numbers) {
  static const point zero;
  static const chain::prepared_point nothing;
  constexpr std::size_t windows = 64;
  std::vector<chain::term> terms;
  for (const scalar& k : numbers)
    for (std::size_t window = 0; window < windows; ++window) {
      const auto digit = k[window / 16] >> window % 16 * 4 & 15;
      terms.push_back(chain::term_of(
          digit == 0 ? nothing : generator_windows()[window * 15 + digit - 1], false));
    }
  const std::vector<const point*> starts(numbers.size(), &zero);
  std::vector<point> out(numbers.size());
  chain::active_kernels().sum({starts, terms.data(), windows}, out);
  return out;
}

point times_generator(const scalar& k) {
  return times_generator({&k, 1}).front();
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

scalar account::nonce_of(std::span<const hash> message) const {
  std::uint64_t mixed = secret_[0];
  for (const auto& one : message)
    mixed = mixed * 0x100000001b3 + chain::load_le<std::uint64_t>(one.bytes);
  std::mt19937_64 random{mixed};
  return random_scalar(random);
}

chain::byte_buffer account::signature(const scalar& challenge, const scalar& nonce) const {
  wire_writer out;
  append(out, challenge);
  append(out, minus_product(nonce, challenge, secret_));
  out.field(pk_sig_);
  out.field(pr_sig_);
  return out.take();
}

chain::byte_buffer account::sign(std::span<const hash> message) const {
  const auto nonce = nonce_of(message);
  std::vector<field> input = {element(x_of(times_generator(nonce))), element(pk_sig_),
                              element(pr_sig_), element(address_)};
  for (const auto& one : message)
    input.push_back(element(one));
  return signature(chain::poseidon8().hash_to_scalar(input), nonce);
}

std::vector<chain::byte_buffer> account::sign_all(std::span<const hash> messages) const {
  std::vector<scalar> nonces;
  for (const hash& one : messages)
    nonces.push_back(nonce_of({&one, 1}));
  const auto commitments = chain::x_coordinates(times_generator(nonces));
  chain::poseidon_batch inputs{chain::poseidon8()};
  for (std::size_t i = 0; i < messages.size(); ++i) {
    inputs.add_input();
    for (const field& one : {commitments[i], element(pk_sig_), element(pr_sig_), element(address_),
                             element(messages[i])})
      inputs.add(one);
  }
  const auto challenges = inputs.hashes();
  std::vector<chain::byte_buffer> out;
  for (std::size_t i = 0; i < messages.size(); ++i)
    out.push_back(signature(chain::poseidon::scalar_of(challenges[i]), nonces[i]));
  return out;
}

} // namespace blockferry::kit
