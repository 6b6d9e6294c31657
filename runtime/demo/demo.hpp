#pragma once

#include <iosfwd>

namespace blockferry::runtime {

/// Runs the real program against a misbehaving CDN on this machine, stops it with SIGTERM, kills it
/// with SIGKILL, lets it resume, and verifies what it stored; tells on `out` what happens.  Takes
/// some ten seconds and leaves nothing behind.  Returns the exit code: 0 if every step ended as
/// promised.
int run_demo(std::ostream& out);

} // namespace blockferry::runtime
