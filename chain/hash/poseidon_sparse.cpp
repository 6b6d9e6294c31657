#include "chain/hash/poseidon.hpp"

#include "chain/hash/grain.hpp"

#include <utility>

namespace blockferry::chain {
namespace {

constexpr std::size_t half_rounds = 4;

/// A square matrix, row after row.
struct square_matrix {
  std::size_t size = 0;
  std::vector<field> values;

  explicit square_matrix(std::size_t n) : size(n), values(n * n) {}
  field& at(std::size_t row, std::size_t column) { return values[row * size + column]; }
  [[nodiscard]] const field& at(std::size_t row, std::size_t column) const {
    return values[row * size + column];
  }
};

square_matrix product(const square_matrix& a, const square_matrix& b) {
  square_matrix out{a.size};
  for (std::size_t i = 0; i < a.size; ++i)
    for (std::size_t j = 0; j < a.size; ++j)
      for (std::size_t k = 0; k < a.size; ++k)
        out.at(i, j) = out.at(i, j) + a.at(i, k) * b.at(k, j);
  return out;
}

/// Gauss and Jordan; the matrices of the chain have inverses.
square_matrix inverse_of(square_matrix a) {
  const std::size_t n = a.size;
  square_matrix out{n};
  for (std::size_t i = 0; i < n; ++i)
    out.at(i, i) = field::one();
  for (std::size_t column = 0; column < n; ++column) {
    std::size_t pivot = column;
    while (pivot + 1 < n && a.at(pivot, column).is_zero())
      ++pivot;
    for (std::size_t j = 0; j < n; ++j) {
      std::swap(a.at(pivot, j), a.at(column, j));
      std::swap(out.at(pivot, j), out.at(column, j));
    }
    const field scale = inverse(a.at(column, column));
    for (std::size_t j = 0; j < n; ++j) {
      a.at(column, j) = a.at(column, j) * scale;
      out.at(column, j) = out.at(column, j) * scale;
    }
    for (std::size_t i = 0; i < n; ++i) {
      const field factor = a.at(i, column);
      for (std::size_t j = 0; j < n && i != column; ++j) {
        a.at(i, j) = a.at(i, j) - factor * a.at(column, j);
        out.at(i, j) = out.at(i, j) - factor * out.at(column, j);
      }
    }
  }
  return out;
}

/// All but the first row and column.
square_matrix lower_right(const square_matrix& a) {
  square_matrix out{a.size - 1};
  for (std::size_t i = 1; i < a.size; ++i)
    for (std::size_t j = 1; j < a.size; ++j)
      out.at(i - 1, j - 1) = a.at(i, j);
  return out;
}

/// The identity but for this lower right part.
square_matrix extended(const square_matrix& a) {
  square_matrix out{a.size + 1};
  out.at(0, 0) = field::one();
  for (std::size_t i = 0; i < a.size; ++i)
    for (std::size_t j = 0; j < a.size; ++j)
      out.at(i + 1, j + 1) = a.at(i, j);
  return out;
}

} // namespace

// The S-box of a partial round leaves all elements but the first alone, so:
// - constants of the others may be added after the round's matrix instead, times that matrix;
// - of a matrix X = S D, D the identity but for the lower right part of X, the factor D may be
//   applied before the round, that is, be multiplied to the matrix of the round before.  What is
//   left, S, is the identity but for its first row and column.
void poseidon::make_sparse() {
  const std::size_t t = width();
  square_matrix matrix{t};
  matrix.values = matrix_;

  before_.assign(constants_.begin(),
                 constants_.begin() + static_cast<std::ptrdiff_t>(half_rounds * t));
  after_.assign(constants_.end() - static_cast<std::ptrdiff_t>(half_rounds * t), constants_.end());
  sparse_.resize(poseidon_partial_rounds * 2 * t);
  std::vector<field> carried(t);
  for (std::size_t round = 0; round < poseidon_partial_rounds; ++round) {
    const field* constants = constants_.data() + (half_rounds + round) * t;
    sparse_[round * 2 * t] = carried[0] + constants[0];
    std::vector<field> next(t);
    for (std::size_t i = 0; i < t; ++i)
      for (std::size_t j = 1; j < t; ++j)
        next[i] = next[i] + matrix.at(i, j) * (carried[j] + constants[j]);
    carried = std::move(next);
  }
  for (std::size_t i = 0; i < t; ++i)
    after_[i] = after_[i] + carried[i];

  square_matrix whole = matrix;
  for (std::size_t round = poseidon_partial_rounds; round-- > 0;) {
    const square_matrix lower = lower_right(whole);
    const square_matrix inverted = inverse_of(lower);
    field* row = sparse_.data() + round * 2 * t + 1;
    field* column = row + t;
    row[0] = whole.at(0, 0);
    for (std::size_t j = 1; j < t; ++j) {
      column[j - 1] = whole.at(j, 0);
      for (std::size_t k = 1; k < t; ++k)
        row[j] = row[j] + whole.at(0, k) * inverted.at(k - 1, j - 1);
    }
    whole = product(extended(lower), matrix);
  }
  joint_ = whole.values;
  tables_ = {t, half_rounds, poseidon_partial_rounds, before_, after_, matrix_, joint_, sparse_};
}

} // namespace blockferry::chain
