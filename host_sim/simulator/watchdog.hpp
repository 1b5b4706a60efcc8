// Ends the process when one call into a node takes too long by the wall clock: a busy loop in a
// node cannot be left. Reads the wall clock, but changes nothing in a run that goes on.
#pragma once

namespace host_sim {

class World;

void watchdog_add(World& world);
void watchdog_remove(World& world);

}  // namespace host_sim
