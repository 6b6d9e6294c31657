#include "verdicts.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace blockferry::differential {
namespace {

using chain::check;
using chain::check_set;

const std::pair<std::string_view, check_set> codes[] = {
    {"hash", {check::block_hash}},
    {"meta", {check::metadata, check::network_id, check::front}},
    {"rat", {check::ratifications}},
    {"sol", {check::solutions}},
    {"ids", {check::transaction_ids}},
    {"val", {check::value_ids}},
    {"fee", {check::fees}},
    {"dep", {check::deployments, check::owners}},
    {"txr", {check::transactions_root}},
    {"dup", {check::duplicates}},
    {"fin", {check::finalize_root}},
    {"stk", {}}, // ends the following of committees, refuses nothing
    {"sdr", {check::subdag_root}},
    {"aut", {check::authority}},
    {"bid", {check::batch_ids}},
    {"anc", {check::rounds, check::subdag}},
    {"cpr", {check::subdag}},
    {"ord", {check::certificate_order}},
    {"trm", {check::transmissions}},
    {"trh", {check::transmission_history}},
    {"edg", {check::certificate_history}},
    {"rnd", {check::rounds, check::subdag}},
    {"tim", {check::median_timestamp}},
    {"led", {check::leader}},
    {"quo", {check::quorum, check::membership}},
    {"cid", {check::subdag}},
    {"sig", {check::signatures, check::membership}},
    {"prv", {check::previous_hash, check::height}},
    {"tgt", {check::targets, check::weight, check::solutions}},
    {"rew", {check::rewards}},
    {"srt", {check::state_root}},
};

verdict read_verdict(const std::string& line) {
  std::istringstream words{line};
  verdict out;
  std::string said;
  if (!(words >> out.seed >> out.digest >> said))
    throw std::runtime_error("no verdict: " + line);
  if (said == "+")
    out.said = verdict::kind::accepted;
  else if (said == "-")
    out.said = verdict::kind::malformed;
  else if (said != "?")
    out.said = verdict::kind::refused;
  std::istringstream list{said};
  if (out.said == verdict::kind::refused)
    for (std::string code; std::getline(list, code, ',');)
      out.codes.push_back(code);
  return out;
}

} // namespace

std::vector<block_verdicts> read_verdicts(const std::string& path) {
  std::ifstream file{path};
  if (!file)
    throw std::runtime_error("cannot read " + path);
  std::vector<block_verdicts> out;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("block ")) {
      if (out.empty())
        throw std::runtime_error("a verdict before its block: " + line);
      out.back().mutants.push_back(read_verdict(line));
      continue;
    }
    std::istringstream words{line.substr(6)};
    block_verdicts next;
    words >> next.chain >> next.height;
    out.push_back(std::move(next));
  }
  return out;
}

check_set checks_of_code(std::string_view code) {
  for (const auto& [name, checks] : codes)
    if (name == code)
      return checks;
  return {};
}

} // namespace blockferry::differential
