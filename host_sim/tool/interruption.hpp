// Interruption: one run that SIGINT, SIGTERM and SIGHUP end with its files whole.
#pragma once

#include <functional>

#include "stop_signal.hpp"
#include "world.hpp"

namespace host_sim::tool {

// Runs the exchange, in a thread of its own, so that a signal is heard at once. A run that a signal
// ended is `interrupted`, with the transcripts so far. Where the world cannot end by itself,
// `abandon` is called with what is known, and the program ends in here: a call that blocks cannot
// be called off, and the system closes all that the roles hold.
Outcome run_until_signal(World& world, const Exchange& exchange, const Settings& settings,
                         Watcher& watcher, const StopSignal& stop,
                         const std::function<void(const Outcome&)>& abandon);

}  // namespace host_sim::tool
