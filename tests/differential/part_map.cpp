#include "part_map.hpp"

namespace blockferry::differential {
namespace {

using chain::byte_view;
using chain::field_view;

/// Collects parts by the views into the block.
class collector {
public:
  explicit collector(byte_view block) : block_{block} {}

  part_map run(const read_block& read) {
    add_front();
    if (read.head.quorum)
      add_subdag(*read.head.quorum);
    else
      opaque(read.head.beacon);
    add_head(read);
    add_transactions(read);
    return std::move(out_);
  }

private:
  [[nodiscard]] std::size_t at(byte_view view) const {
    return static_cast<std::size_t>(view.data() - block_.data());
  }
  void field(field_view one) {
    if (one)
      out_.fields.push_back({at(one.bytes()), 32});
  }
  void opaque(byte_view view) {
    if (!view.empty())
      out_.opaque.push_back({at(view), view.size()});
  }
  void list(std::size_t count_size, std::vector<part> items) {
    if (items.empty())
      return;
    out_.lists.push_back({{items.front().offset - count_size, count_size}, std::move(items)});
  }
  void even_list(std::size_t count_size, byte_view items, std::size_t size) {
    std::vector<part> parts;
    for (std::size_t i = 0; i < items.size(); i += size)
      parts.push_back({at(items) + i, size});
    list(count_size, std::move(parts));
  }

  void add_front() {
    for (const std::size_t offset : {1U, 33U, 66U, 98U, 130U, 162U, 194U, 226U})
      out_.fields.push_back({offset, 32});
    for (const std::size_t offset : {261U, 305U, 313U, 321U, 329U, 337U})
      out_.numbers.push_back({offset, 8});
    for (const std::size_t offset : {273U, 289U})
      out_.numbers.push_back({offset, 16});
    out_.numbers.push_back({269, 4});
  }

  void add_subdag(const chain::subdag& dag) {
    for (const auto& round : dag.rounds) {
      std::vector<part> certificates;
      for (std::size_t i = 0; i < round.count; ++i) {
        const auto& one = dag.certificates[round.first + i];
        const std::size_t begin = at(one.head) - before_author;
        certificates.push_back({begin, at(one.signatures) + one.signatures.size() - begin});
        add_certificate(dag, one);
      }
      list(2, std::move(certificates));
    }
  }

  void add_certificate(const chain::subdag& dag, const chain::certificate& one) {
    field(one.id);
    field(one.author);
    field(one.committee_id);
    out_.numbers.push_back({at(one.author.bytes()) + 32, 8}); // round
    out_.numbers.push_back({at(one.author.bytes()) + 40, 8}); // timestamp
    opaque(one.author_signature);
    even_list(2, one.previous, 32);
    even_list(2, one.signatures, 128);
    for (std::size_t i = 0; i < one.previous.size(); i += 32)
      field(field_view{one.previous.data() + i});
    std::vector<part> transmissions;
    for (std::size_t i = 0; i < one.transmissions; ++i) {
      const auto& carried = dag.transmissions[one.first_transmission + i];
      if (carried.id.empty())
        return;
      transmissions.push_back(
          {at(carried.id) - 1, 1 + carried.id.size() + carried.checksum.size()});
      out_.numbers.push_back({at(carried.checksum), 16});
    }
    list(4, std::move(transmissions));
  }

  void add_head(const read_block& read) {
    std::vector<part> ratifications, solutions;
    for (const auto& one : read.head.ratifications) {
      ratifications.push_back({at(one.bytes), one.bytes.size()});
      if (one.kind != 0)
        out_.numbers.push_back({at(one.bytes) + 2, 8});
    }
    list(4, std::move(ratifications));
    for (const auto& one : read.head.solutions) {
      const std::size_t begin = at(one.epoch_hash.bytes());
      solutions.push_back({begin, 80});
      field(one.epoch_hash);
      field(one.prover);
      out_.numbers.push_back({begin + 64, 8});
      out_.numbers.push_back({begin + 72, 8});
    }
    list(1, std::move(solutions));
    even_list(4, read.head.aborted_solutions, 8);
    even_list(4, read.aborted, 32);
  }

  void add_transactions(const read_block& read) {
    const auto& area = read.transactions;
    constexpr std::size_t before_transaction = 1 + 4;
    const std::size_t end = block_.size() - read.aborted.size() - 4;
    std::vector<part> confirmed;
    for (const auto& one : area.confirmed) {
      const std::size_t begin = at(one.bytes) - before_transaction;
      if (!confirmed.empty())
        confirmed.back().size = begin - confirmed.back().offset;
      confirmed.push_back({begin, end - begin});
      field(one.id);
      opaque(one.execution.proof);
      opaque(one.owner.signature);
      out_.numbers.push_back({begin + 1, 4}); // index
      add_operations(area, one);
    }
    list(4, std::move(confirmed));
    for (const auto& one : area.transitions)
      for (const auto view : {one.id, one.tpk, one.tcm, one.scm})
        field(view);
    for (const auto& one : area.values) {
      for (const auto view : {one.id, one.tag, one.checksum, one.sender_ciphertext, one.dynamic_id})
        field(view);
      opaque(one.value);
    }
    for (const auto& one : area.deployments) {
      opaque(one.program.bytes);
      opaque(one.checksum);
      opaque(one.bytes);
      field(one.owner);
    }
  }

  void add_operations(const chain::transactions_area& area,
                      const chain::confirmed_transaction& one) {
    std::vector<part> operations;
    for (std::size_t i = 0; i < one.operations; ++i) {
      const auto& fields = area.operations[one.first_operation + i].fields;
      operations.push_back({at(fields) - 1, 1 + fields.size()});
      for (std::size_t f = 0; f < fields.size(); f += 32)
        field(field_view{fields.data() + f});
    }
    list(2, std::move(operations));
  }

  byte_view block_;
  part_map out_;
};

} // namespace

part_map parts_of(byte_view block, const read_block& read) {
  return collector{block}.run(read);
}

} // namespace blockferry::differential
