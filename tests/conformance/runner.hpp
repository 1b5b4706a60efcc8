// Runs cases and says how each ended: the same lines in every world.
//
//   pass NAME
//   fail NAME FILE:LINE what was expected and what came
//   gap NAME reason                 does not pass here, as declared
//   unexpected-pass NAME            passes here although it is declared not to
//   skip NAME what this world lacks
//   conformance: 200 run, 190 passed, 0 failed, 10 gaps, 0 unexpected, 2 skipped
#pragma once

#include <conformance/context.hpp>
#include <twinsock/program.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

// The words after the role's name: `list`, `world=board`, `inet=ADDRESS` and `inet6=ADDRESS` (how
// this node reaches its own sockets), and names of cases: "Bind.PortZeroTakesAFreeOne", the same
// with "/inet6", or "Bind.*". 0: all is as declared; 1: not so; 2: wrong use.
int run(RoleContext& context, Host& host);

// The same as a role of a program.
int run_role(RoleContext& context);

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
