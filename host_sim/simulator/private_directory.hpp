// Where the copies of node images live: made on first use, gone when the process ends.
#pragma once

#include <string>

#include <host_sim/expected.hpp>

namespace host_sim {

// A path for a new file, never given twice. Directories on file systems from which nothing can be
// executed are passed over. After a fork the child has a directory of its own.
Expected<std::string> new_private_file();

// Removes the directory and all its files. Safe in a signal handler.
void remove_private_directory();

}  // namespace host_sim
