// A name server for simulated networks and tests: a small zone, told truly or in every false way
// that a resolver may meet.
#pragma once

#include <twinsock/program.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

// The role "name_server". It answers A and AAAA questions over UDP until its node is switched off,
// or until `queries=` were heard, with these arguments in any order:
//   zone=NAME=ADDRESS  a record, at most 8; a name that has none is NXDOMAIN
//   listen=ADDR:PORT   default: port 53 of every address of family=
//   family=inet        inet or inet6
//   lie=WORD           see name_server.cpp: none, silent, wrong_id, wrong_question, wrong_type,
//                      truncated, cut_short, pointer_loop, nxdomain, server_failure, empty,
//                      garbage, oversized, question_only
//   after=truth        each lie is followed by the true answer
//   lose=N             the first N queries get no answer
//   delay=MS           each answer waits so long
//   queries=N          ends after N queries; 0, the default: never
int name_server(RoleContext& context);

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
