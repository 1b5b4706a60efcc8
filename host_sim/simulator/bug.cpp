// The end of a program that used the simulator wrongly.
#include <cstdio>
#include <cstdlib>

#include <host_sim/expected.hpp>

namespace host_sim {

void bug(std::string_view what, const char* file, int line) {
  std::fprintf(stderr, "host_sim: %s:%d: wrong use: %.*s\n", file, line,
               static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace host_sim
