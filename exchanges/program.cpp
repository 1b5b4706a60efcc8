// The one source of the exchanges' node images: the program is the table of roles.
#include "exchange.hpp"

constinit const twinsock::Program twinsock_program{twinsock::exchanges::node_role_table.data(),
                                                   twinsock::exchanges::node_role_table.size()};
