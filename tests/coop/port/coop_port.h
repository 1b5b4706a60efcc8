// The desktop's port, with interrupts that a test says are going on.
#ifndef TWINSOCK_COOP_TEST_PORT_H
#define TWINSOCK_COOP_TEST_PORT_H

#include "coop/host/coop_port.h"

namespace coop_test {
bool in_interrupt();
}

#undef COOP_IN_INTERRUPT
#define COOP_IN_INTERRUPT() ::coop_test::in_interrupt()

#endif
