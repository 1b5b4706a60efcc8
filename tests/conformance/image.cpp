// The program of the conformance image: all cases, on a node or on a board.
#include <conformance/runner.hpp>

namespace {

constexpr twinsock::Role roles[] = {
    {"conformance", twinsock::conformance::run_role, "runs the cases of the socket contract"},
};

}  // namespace

TWINSOCK_PROGRAM(roles)
