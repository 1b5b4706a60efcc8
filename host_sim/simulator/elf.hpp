// What a shared object says about itself, read before it is loaded: dlopen() of a wrong one would
// name no remedy, or end the process.
#pragma once

#include <cstddef>
#include <string>

#include <host_sim/expected.hpp>

namespace host_sim {

struct ElfFacts {
  bool exports_node = false;  // twinsock_node
  bool address_sanitizer = false, thread_sanitizer = false;
  bool coverage = false;
  size_t loaded_size = 0;  // of the file's beginning; what is behind it is for debuggers
};

// Refuses what is no shared object for this machine.
Expected<ElfFacts> inspect_elf(const std::string& path, const void* bytes, size_t size);

}  // namespace host_sim
