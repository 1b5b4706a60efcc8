// Tables for people: sockets in the manner of `ss`, pools, threads, links, and a whole simulation.
#pragma once

#include <string>

#include <host_sim/simulation.hpp>

namespace host_sim {

// Each ends with a line's end; a node that is off says so.
std::string socket_table(const Node& node);
std::string pool_table(const Node& node);
std::string thread_table(const Node& node);
std::string link_table(const Simulation& simulation);
std::string node_table(const Simulation& simulation);  // one line a node: state, status, clock

}  // namespace host_sim
