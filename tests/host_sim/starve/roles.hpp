// The roles of the test's image that are no exchange's: each returns 0 if all was right.
// `unread` reports what was not.
#pragma once

#include <twinsock/program.hpp>

namespace starve {

int unread(twinsock::RoleContext& context);
int wakeup(twinsock::RoleContext& context);
int idle_end_seen(twinsock::RoleContext& context);
int idle_end_unseen(twinsock::RoleContext& context);

}  // namespace starve
