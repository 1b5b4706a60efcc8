// Faults that a seed chooses: bad networks, each different, on which every exchange can still end.
//
//   simulation.connect(client, server, chaos_faults(seed));
//
// A third of the faults, on average, is set, so that they also come alone:
//
//   loss 0.1-4% · bursts that begin at 0.1-0.8% of the frames, last 2-8 and lose 50-100% · delay
//   1-60 ms · jitter 1-30 ms · reordering of 0.1-4% by up to 1-40 ms · duplicates 0.1-4% ·
//   corruption 0.1-2% · rate 256 kbit/s to 20 Mbit/s · queue 8-64 frames · a partition of one or
//   both ways within the first 5 s for 0.1-3 s · a cable that is down then for 0.05-2 s
//
// Never a permanent partition, and never an mtu: what no patience helps against is asked for by
// name.
#pragma once

#include <cstdint>

#include <host_sim/faults.hpp>

namespace host_sim {

// One seed is one network, on every machine. check_faults() accepts it.
Faults chaos_faults(uint64_t seed);

}  // namespace host_sim
