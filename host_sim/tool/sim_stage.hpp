// The simulated stage of one exchange: a server, a client, one link between them. Where the client
// knows its server by name, a switch stands between, with a name server beside it.
#pragma once

#include <host_sim/simulation.hpp>

#include "world.hpp"

namespace host_sim::tool {

struct Stage {
  Simulation simulation;
  Node& server;
  Node* name_server;  // nullptr: none
  Node& client;
  Link& link;  // out: from the client

  Stage(const Image& image, const Exchange& exchange, const Settings& settings,
        const SimulationOptions& options);
};

// How much of each pool a node of that image uses that booted, talked to nobody and ran no role.
std::vector<TwinsockPoolRow> pools_at_rest(const Image& image);

// What a role that has ended still holds, a line for each pool, after waiting for connections to
// fade (retransmissions to a peer that is gone take minutes); empty: nothing. A connection in
// TIME-WAIT is no leak.
std::vector<std::string> leaks(Stage& stage, const std::vector<TwinsockPoolRow>& at_rest);

}  // namespace host_sim::tool
