#pragma once

#include "messages/bundles.hpp"
#include "messages/caf_compat.hpp"
#include "messages/drain.hpp"
#include "messages/inspection.hpp"
#include "messages/status.hpp"
#include "messages/transfers.hpp"
#include "messages/verification.hpp"

/// Every protocol of the node, one sentence a handler: start reading here.
///
///     downloader --fetched_bundle--> verifier --verified_bundle--> writer
///         ^                           |    ^                          |
///         |                 check_request, checked_bundle             |
///         |                           v    |                          |
///         |                        verify_worker                      |
///         +--- bundle_committed, bundle_refused ----------------------+--> supervisor
namespace blockferry {

struct get_status {};
struct tick {
  std::uint64_t number = 0; ///< a later one makes an earlier one void
};
struct commit_group {};
struct node_peers;

/// A LISTENER of the host: what the supervisor tells subscribers.
using listener_actor = compat::protocol<
    // The node entered another phase of its life.
    void(phase_changed),
    // Something that people see has changed; at most one a second.
    void(progressed),
    // A mirror served bytes that were refused.
    void(refused),
    // The node has stopped; nothing follows.
    void(drained)>;

/// The VERIFY WORKER protocol.  Stateless, CPU-bound, one job at a time; here or on another
/// machine.
using verify_worker_actor = compat::protocol<
    // Makes every check that needs nothing before the bundle.
    checked_bundle(check_request),
    // Makes the checks that need the state before the bundle.
    checked_history(history_request)>;

/// The WRITER protocol.  Sole owner of the read-write connection.
using writer_actor = compat::protocol<
    // Who gets the commit messages; the first message.
    void(node_peers),
    // Queues the bundle for the next group commit; `bundle_committed` follows.
    void(verified_bundle),
    // Commits what is queued.  Its own message at the back of the mailbox: whatever waited until
    // here joins the group.  From the verifier: what should have followed does not.
    void(commit_group),
    // Commits what is queued, marks the store clean, then replies.
    committed_ack(drain_writer)>;

/// The VERIFIER protocol.  Only it makes a `verified_bundle`.
using verifier_actor = compat::protocol<
    // Who gets verified and refused bundles; the first message.
    void(node_peers),
    // Hands the bundle to a worker; `verified_bundle` or `bundle_refused` follows, in chain order.
    void(fetched_bundle),
    // Waits for what is inside a worker, passes on what is ready in order, drops and counts the
    // rest.
    verifier_drained(drain_request)>;

/// The DOWNLOADER protocol.  Decides what to fetch next, from where, and when again.
using downloader_actor = compat::protocol<
    // Who gets fetched bundles; the first message, which begins the work.
    void(node_peers),
    // The end of a transfer.
    void(transfer_result),
    // Gives the bundle's window back, and moves the durable tip on.
    void(bundle_committed),
    // Gives the bundle's window back, and asks another mirror.
    void(bundle_refused),
    // Own timer: something is due.
    void(tick),
    // Begins nothing any more, abandons its transfers, replies.
    downloader_drained(drain_request)>;

/// The SUPERVISOR protocol: the node, as its host sees it.
using supervisor_actor = compat::protocol<
    // Its children; the first message.
    void(node_peers),
    // Stops the node in order; every asker gets the same receipt.
    drain_receipt(drain_request),
    // How the node is doing, measured.
    node_status(get_status),
    // Events from now on, until the node stops or the listener ends.
    void(listener_actor),
    // The downloader's view has changed.
    void(download_status),
    // The verifier passed a bundle on.
    void(bundle_verified),
    // The writer committed a bundle.
    void(bundle_committed),
    // A bundle was refused.
    void(bundle_refused),
    // The writer met the error that ends it.
    void(store_failed),
    // Own timer: listeners are due for news.
    void(tick)>;

/// The actors of one node, for each other.
struct node_peers {
  supervisor_actor supervisor;
  downloader_actor downloader;
  verifier_actor verifier;
  writer_actor writer;
};

} // namespace blockferry
