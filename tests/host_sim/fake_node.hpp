// A node without lwIP: enough of an image to test what loads and runs one.
#pragma once

#include <coop/host/node_abi.hpp>

// Roles, all at multiples of the node's own milliseconds:
//   idle     nothing
//   tick     a frame to everybody each ms, "count=N" of them, then finished with status 0
//   echo     returns each frame to its sender; ready at once
//   count    reports how often its variable was raised: always 1, for each boot is the first
//   twin     reports clock times: "at 1000" … at its first three ms, and the state of its cable
//   full     has no room for any frame
//   panic    panics at 1 ms
//   fail     finishes with status 3 at 1 ms
//   crash, overflow, hang, abort    do that at 1 ms, on a stack of their own, in thread "bad"
const TwinsockNode& fake_node();
