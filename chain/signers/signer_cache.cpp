#include "chain/signers/signer_cache.hpp"

#include "chain/hash/poseidon.hpp"
#include "chain/hash/schnorr.hpp"
#include "chain/math/roots.hpp"
#include "chain/signers/signer_book.hpp"

#include <algorithm>

namespace blockferry::chain {
namespace {

constexpr std::size_t generator_bits = 8;
using number4 = std::array<std::uint64_t, 4>;

const fixed_base& generator_table() {
  static const fixed_base made{signature_generator(), generator_bits};
  return made;
}

const point& identity() {
  static const point made;
  return made;
}

signer_key key_of(byte_view signature) {
  return {load_hash(signature.subspan(64)), load_hash(signature.subspan(96))};
}

number4 number_at(byte_view signature, std::size_t offset) {
  return number_of_wire(load_hash(signature.subspan(offset)));
}

/// Poseidon over a few fields of each of many: one permutation each, the constant first one done.
/// `width` fields an input, at most the rate.
std::vector<number4> scalars_of(const poseidon& hasher, const std::vector<field>& before,
                                std::span<const field> inputs, std::size_t width) {
  const std::size_t count = inputs.size() / width;
  std::vector<field> states;
  states.reserve(count * before.size());
  for (std::size_t i = 0; i < count; ++i) {
    states.insert(states.end(), before.begin(), before.end());
    field* state = &states[i * before.size() + 1];
    for (std::size_t k = 0; k < width; ++k)
      state[k] = state[k] + inputs[i * width + k];
  }
  if (!states.empty())
    hasher.permute(states);
  std::vector<number4> out(count);
  for (std::size_t i = 0; i < count; ++i)
    out[i] = poseidon::scalar_of(states[i * before.size() + 1]);
  return out;
}

/// The hash of a key, by which its address follows.
std::vector<number4> key_scalars(std::span<const field> pairs) {
  static const std::vector<field> before = poseidon4().state_before(2);
  return scalars_of(poseidon4(), before, pairs, 2);
}

/// The hash that a challenge is: x of g_r, pk_sig, pr_sig, address, message.
constexpr std::size_t challenge_fields = 5;
std::vector<number4> challenges(std::span<const field> inputs) {
  static const std::vector<field> before = poseidon8().state_before(challenge_fields);
  return scalars_of(poseidon8(), before, inputs, challenge_fields);
}

/// Starts and terms of equal count for `kernels::sum`.
struct sums {
  std::vector<const point*> starts;
  std::vector<term> terms;

  [[nodiscard]] std::vector<point> run() const {
    std::vector<point> out(starts.size());
    if (!out.empty())
      active_kernels().sum({starts, terms.data(), terms.size() / starts.size()}, out);
    return out;
  }
};

/// Signers with these keys; none for a key that is no pair of points of the subgroup.
std::vector<std::optional<known_signer>> make_signers(std::span<const signer_key> keys) {
  std::vector<field> x; // pk_sig, pr_sig of each
  for (const signer_key& key : keys)
    for (const hash& one : {key.pk_sig, key.pr_sig})
      x.push_back(field::from_wire(one).value_or(field{}));
  std::vector<std::optional<point>> points(x.size());
  points_from_x(x, points);
  std::vector<point> pk, both;
  std::vector<std::size_t> of; // index of the key
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (points[2 * i] && points[2 * i + 1]) {
      of.push_back(i);
      pk.push_back(*points[2 * i]);
      both.push_back(*points[2 * i] + *points[2 * i + 1]);
    }
  std::vector<field> pairs;
  for (const std::size_t i : of)
    pairs.insert(pairs.end(), {x[2 * i], x[2 * i + 1]});
  const auto scalars = key_scalars(pairs);
  sums addresses;
  for (std::size_t i = 0; i < of.size(); ++i) {
    addresses.starts.push_back(&both[i]);
    generator_table().append_terms(scalars[i], addresses.terms);
  }
  const auto address_x = x_coordinates(addresses.run());
  auto multiples = ladder_entries_of(pk);
  std::vector<std::optional<known_signer>> out(keys.size());
  for (std::size_t i = 0; i < of.size(); ++i) {
    known_signer made;
    made.key = keys[of[i]];
    made.address = address_x[i].wire();
    made.pk = pk[i];
    made.pk_x = x[2 * of[i]];
    made.pr_x = x[2 * of[i] + 1];
    made.address_x = address_x[i];
    made.multiples = multiples[i];
    out[of[i]] = std::move(made);
  }
  return out;
}

/// The known signer of each signature, or null; adds those that are new.
std::vector<known_signer*> find_signers(signer_book& book, std::span<const signed_field> all) {
  std::vector<signer_key> fresh;
  book.make_room(all.size()); // before the first is looked up, so that none found is dropped
  for (const signed_field& one : all)
    if (const signer_key key = key_of(one.signature); book.find(key) == nullptr)
      fresh.push_back(key);
  const auto rising = [](const signer_key& key) { return std::pair{key.pk_sig, key.pr_sig}; };
  std::ranges::sort(fresh, {}, rising);
  fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
  if (!fresh.empty())
    for (auto& made : make_signers(fresh))
      if (made)
        book.add(std::move(*made));
  std::vector<known_signer*> out;
  for (const signed_field& one : all) {
    known_signer* known = book.find(key_of(one.signature));
    if (known != nullptr)
      book.meet(*known);
    out.push_back(known);
  }
  return out;
}

/// x of s G + c pk_sig of each signature with a signer: the others are left out.
std::vector<field> commitments(std::span<const signed_field> all,
                               std::span<known_signer* const> signers) {
  // Without a table c pk_sig comes from a ladder.
  std::vector<term> ladder;
  std::size_t laddered = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (signers[i] != nullptr && !signers[i]->table) {
      append_ladder(signers[i]->multiples, number_at(all[i].signature, 0), ladder);
      ++laddered;
    }
  std::vector<point> products(laddered);
  if (laddered != 0)
    active_kernels().multiples(ladder.data(), digits_of(ladder_bits), ladder_bits, products);

  sums with_table, without;
  std::size_t next = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (signers[i] == nullptr)
      continue;
    sums& into = signers[i]->table ? with_table : without;
    generator_table().append_terms(number_at(all[i].signature, 32), into.terms);
    into.starts.push_back(signers[i]->table ? &identity() : &products[next++]);
    if (signers[i]->table)
      signers[i]->table->append_terms(number_at(all[i].signature, 0), into.terms);
  }
  const auto first = with_table.run();
  const auto second = without.run();
  std::vector<point> points;
  std::size_t a = 0, b = 0;
  for (const known_signer* signer : signers)
    if (signer != nullptr)
      points.push_back(signer->table ? first[a++] : second[b++]);
  return points.empty() ? std::vector<field>{} : x_coordinates(points);
}

} // namespace

signer_cache::signer_cache() : book_(std::make_unique<signer_book>()) {}
signer_cache::~signer_cache() = default;

void signer_cache::verify(std::span<const signed_field> all,
                          std::span<std::optional<hash>> signers) {
  const auto known = find_signers(*book_, all);
  const auto x = commitments(all, known);
  std::vector<field> inputs;
  inputs.reserve(x.size() * challenge_fields);
  std::size_t next = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (known[i] != nullptr)
      inputs.insert(inputs.end(), {x[next++], known[i]->pk_x, known[i]->pr_x, known[i]->address_x,
                                   field::from_wire(all[i].message.value()).value_or(field{})});
  const auto expected_challenges = challenges(inputs);
  next = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    signers[i].reset();
    if (known[i] != nullptr && expected_challenges[next++] == number_at(all[i].signature, 0))
      signers[i] = known[i]->address;
  }
}

} // namespace blockferry::chain
