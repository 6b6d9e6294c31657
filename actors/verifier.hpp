#pragma once

#include "actors/options.hpp"
#include "chain/rules.hpp"
#include "messages/interfaces.hpp"

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <vector>

namespace blockferry {

/// Makes a verify worker; called at the start and when one has died.
using worker_factory = std::function<verify_worker_actor()>;

/// What a VERIFIER is given.
struct verifier_setup {
  std::shared_ptr<const chain::rules> rules;
  chain::chain_state state; ///< after the last committed block
  worker_factory make_worker;
  std::uint32_t workers = 1;
  std::stop_source give_up; ///< makes local workers give up; requested on a drain
  chain::level floor = chain::level::header;
  chain::check_set required;
};

/// State and handlers of the VERIFIER.
class verifier_state {
public:
  verifier_state() {}
  ~verifier_state();
  void start(verifier_actor::pointer self, verifier_setup setup);

  void meet(const node_peers& peers) { peers_ = peers; }
  void take(fetched_bundle bundle);
  caf::result<verifier_drained> drain();

private:
  /// How far a bundle has come.  Linked ones are a run from the last passed block on.
  enum class stage : std::uint8_t { waiting, checking, checked, linked, proving, proven };
  /// One question to a worker.  An answer counts only while it is the last one asked about its
  /// bundle: a bundle may be asked again with another predecessor while an old answer is on its
  /// way.
  using question = std::uint64_t;

  struct entry {
    fetched_bundle bundle;
    stage at = stage::waiting;
    question asked = 0;       ///< last
    std::uint32_t deaths = 0; ///< of workers that had it
    checked_bundle checked;
    chain::chain_state before;                ///< from `linked` on
    chain::chain_state after;                 ///< likewise
    std::vector<chain::check_record> records; ///< from `proven` on
  };
  using entries = std::map<height_t, entry>; ///< by the first wanted height

  struct worker {
    verify_worker_actor handle;
    bool busy = false;
  };

  void dispatch();
  [[nodiscard]] entries::iterator next_job();
  template <class Reply, class Request>
  void ask(std::size_t worker_index, const entries::iterator& job, Request request);
  [[nodiscard]] entries::iterator asked(question number);
  void returned(entries::iterator job, checked_bundle reply);
  void returned(entries::iterator job, checked_history reply);
  void worker_died(std::size_t index, question number);
  void link();
  void unlink_from(entries::iterator first);
  void pass_on();
  void settle();
  void refuse(entries::iterator job, failure why, std::optional<chain::check_failure> check);
  [[nodiscard]] static failure as_failure(const chain::check_failure& check);

  verifier_actor::pointer self_ = nullptr;
  node_peers peers_;
  verifier_setup setup_;
  std::vector<worker> workers_;
  entries entries_;
  chain::chain_state linked_; ///< after the last linked block
  height_t next_to_pass_ = 0;
  question last_question_ = 0;
  std::uint64_t blocks_verified_ = 0;
  bool draining_ = false;
  std::vector<caf::typed_response_promise<verifier_drained>> drains_;
  std::optional<verifier_drained> drained_;
};

/// Behaviour of the VERIFIER.
verifier_actor::behavior_type verifier(verifier_actor::stateful_pointer<verifier_state> self,
                                       verifier_setup setup);

} // namespace blockferry
