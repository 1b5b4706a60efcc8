// A program that asserts but never sets a handler: it must not carry the handler's word of RAM.
#include <twinsock/endpoint.hpp>

int main(int argc, char** argv) {
  return twinsock::Endpoint::parse(argv[argc - 1], twinsock::Family::inet6).value().port() & 1;
}
