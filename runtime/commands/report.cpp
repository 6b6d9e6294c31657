#include "runtime/commands/report.hpp"

#include <ostream>

namespace blockferry::runtime {

exit_code report(std::ostream& err, std::string_view command, const failure& why) {
  err << "blockferry " << command << ": " << why.message << "\n" << std::flush;
  return exit_code_of(why);
}

} // namespace blockferry::runtime
