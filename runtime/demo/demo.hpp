#pragma once

#include <iosfwd>
#include <stop_token>

namespace blockferry::runtime {

/// Runs the real program against a misbehaving CDN on this machine, stops it with SIGTERM, kills it
/// with SIGKILL, lets it resume, and verifies what it stored; tells on `out` what happens.  Takes
/// some ten seconds and leaves nothing behind.  Returns the exit code: 0 if every step ended as
/// promised.
/// `stop` ends it early, with what it started and what it made gone.
int run_demo(std::ostream& out, std::stop_token stop);

} // namespace blockferry::runtime
