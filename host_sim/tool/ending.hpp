// Ending: what a run under faults proves. A failure is a broken promise of the socket layer; a role
// that a bad network stopped, and that said so in time, has kept them all.
#pragma once

#include "world.hpp"

namespace host_sim::tool {

enum class Ending { passed, gave_up, failed };
std::string_view name(Ending ending);  // "passed", "gave up cleanly", "failed"

// What the network did to the exchange; without any of it only `passed` is good enough.
struct Adversity {
  bool faults = false;        // loss and the like: something was asked for
  bool power_cycles = false;  // a scenario switches nodes off
};

// From the words of the roles' verdicts. Failed: anything in Outcome::broken (an end behind the
// deadline, a leak); a panic, wrong use, wrong bytes, or any other thing that came but an error of
// the network; an early end, a reset or a refusal, unless the other role gave up before (its host
// then says so) or power cycles explain it. Gave up cleanly: a role whose error is timed_out,
// connection_aborted or unreachable, and the other one because of it.
Ending ending_of(const Outcome& outcome, const Adversity& adversity);

// The same for one role's failure, as failure texts have it: "…, came timed_out: …".
enum class Cause { none, network, peer, broken };
Cause cause_of(std::string_view failure);

}  // namespace host_sim::tool
