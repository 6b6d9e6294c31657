#include "actors/verify_worker.hpp"

#include "chain/bundle.hpp"
#include "chain/hash/sha256.hpp"

#include <utility>

namespace blockferry {
namespace {

/// The part of the file from the first block at `first` to the end of the block before `end`,
/// length prefixes included; none if the file does not hold it whole.
std::optional<chain::byte_view> blocks_between(const check_request& request, height_t first,
                                               std::uint64_t end) {
  const auto framed = chain::split_bundle(request.bytes.view());
  if (!framed || first < request.file_start || end > request.file_start + framed->size() ||
      first >= end)
    return std::nullopt;
  const auto& head = (*framed)[first - request.file_start];
  const auto& last = (*framed)[static_cast<std::size_t>(end - 1 - request.file_start)];
  const std::uint64_t begin = head.offset - sizeof(std::uint64_t); // with its length
  return request.bytes.view().subspan(begin, last.offset + last.bytes.size() - begin);
}

checked_bundle refuse(errc code, std::string message) {
  checked_bundle out;
  out.refused = failure{code, std::move(message)};
  return out;
}

} // namespace

checked_bundle check_file(const chain::rules& rules, const check_request& request,
                          std::stop_token stop) {
  auto blocks = rules.check_bundle(
      {request.bytes.view(), request.file_start, request.wanted, request.floor, request.required},
      stop);
  checked_bundle out;
  if (!blocks && blocks.error().kind == chain::failure_kind::cancelled) {
    out.cancelled = true;
    return out;
  }
  out.file_sha256 = chain::sha256(request.bytes.view());
  if (!blocks) {
    const bool framing = blocks.error().which == chain::check::framing;
    out.refused = failure{framing ? errc::bundle_malformed : errc::bundle_check_failed,
                          chain::to_string(blocks.error())};
    out.check = std::move(blocks.error());
    return out;
  }
  const auto with_digest = [&](checked_bundle refused) {
    refused.file_sha256 = out.file_sha256;
    return refused;
  };
  if (blocks->file_blocks < request.blocks_min)
    return with_digest(
        refuse(errc::bundle_malformed, "the file holds " + std::to_string(blocks->file_blocks) +
                                           " blocks, at least " +
                                           std::to_string(request.blocks_min) + " are needed"));
  if (request.known) {
    const auto& taken = request.known->taken;
    const auto part = blocks_between(request, taken.first, taken.end());
    if (part && chain::sha256(*part) != request.known->blocks_sha256)
      return with_digest(refuse(errc::bundle_contradicts_store,
                                "blocks " + std::to_string(taken.first) + " to " +
                                    std::to_string(taken.end() - 1) +
                                    " of the file differ from those that are committed"));
  }
  if (blocks->blocks.empty())
    return with_digest(refuse(errc::cdn_nothing_new, "the file holds no block from height " +
                                                         std::to_string(request.wanted.first) +
                                                         " on"));
  const height_t first = request.known ? request.known->taken.first : request.wanted.first;
  if (const auto part =
          blocks_between(request, first, std::uint64_t{blocks->blocks.back().height} + 1))
    out.blocks_sha256 = chain::sha256(*part);
  out.blocks = std::move(*blocks);
  return out;
}

verify_worker_actor::behavior_type verify_worker(verify_worker_actor::pointer,
                                                 std::shared_ptr<const chain::rules> rules,
                                                 std::stop_token stop) {
  return {
      [rules, stop](const check_request& request) { return check_file(*rules, request, stop); },
      [rules, stop](const history_request& request) {
        auto records = rules->check_history(request.before, request.blocks, stop);
        checked_history out;
        if (records)
          out.records = std::move(*records);
        else if (records.error().kind == chain::failure_kind::cancelled)
          out.cancelled = true;
        else
          out.refused = std::move(records.error());
        return out;
      },
  };
}

} // namespace blockferry
