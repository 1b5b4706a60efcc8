// A board's main loop; a simulated node has none, because the simulator calls run().
#include "coop/kernel/kernel_internal.hpp"

namespace twinsock::coop {

void run_forever() {
  for (;;) {
    run();
    InterruptLock lock;  // a wake-up from here on stays pending until idle() sees its interrupt
    if (!anything_ready()) port::idle(next_timer_us());
  }
}

}  // namespace twinsock::coop
