// The caches of a Cortex-M7. Both are off after reset.
#pragma once

namespace firmware::cache {

// Empties both caches and turns them on. Call it after memory_guard::keep_uncached: a line that was
// cached before its memory was declared shared would stay. Cortex-M7 only.
void start();

}  // namespace firmware::cache
