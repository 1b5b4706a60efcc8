// The one source of the exchanges' node and firmware images: the program is the table of roles.
#include "exchange.hpp"

TWINSOCK_PROGRAM(twinsock::exchanges::role_table)
