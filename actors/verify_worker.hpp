#pragma once

#include "chain/rules.hpp"
#include "messages/interfaces.hpp"

#include <memory>
#include <stop_token>

namespace blockferry {

/// The checks of one request, outside of any actor.
[[nodiscard]] checked_bundle check_file(const chain::rules& rules, const check_request& request,
                                        std::stop_token stop);

/// Behaviour of a VERIFY WORKER.  It keeps nothing that changes a verdict.  `stop` is the
/// verifier's way to make local workers give up on a drain.
verify_worker_actor::behavior_type verify_worker(verify_worker_actor::pointer self,
                                                 std::shared_ptr<const chain::rules> rules,
                                                 std::stop_token stop);

} // namespace blockferry
