// The end of a program that used the simulator wrongly.
#include <cstdio>
#include <cstdlib>

#include <host_sim/expected.hpp>

namespace host_sim {

void bug(std::string_view what, std::source_location where) {
  std::fprintf(stderr, "host_sim: %s:%u: wrong use: %.*s\n", where.file_name(),
               static_cast<unsigned>(where.line()), static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace host_sim
