// Stacks of nodes' threads: each above an inaccessible gap, given back and used again.
#pragma once

#include "live.hpp"

namespace host_sim {

inline constexpr size_t kStackGap = 64 * 1024;

Stack take_stack(size_t size);  // base is null if memory is short; its bytes are 0
void give_back(const Stack& stack);
bool in_gap(const Stack& stack, const void* address);

}  // namespace host_sim
