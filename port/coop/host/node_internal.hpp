// What the files of the node glue share: one node's state, which is all the image's own.
#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <twinsock/program.hpp>

#include "coop/host/node_abi.hpp"
#include "coop/kernel/kernel.hpp"
#include "lwip/netif.h"

namespace twinsock::coop {

struct Node {
  TwinsockHost host;
  TwinsockBoot boot;
  std::uint64_t now_us;     // the simulator's
  std::uint64_t offset_us;  // what this node's clock is ahead
  const Role* role;
  netif interface;
  std::jmp_buf* outside;  // where a panic outside of any thread goes
  bool booted, started, ready, dead;
  bool interface_up;  // receive() may hand frames over
  bool link_wanted, link_pending;
};
extern constinit Node node;

void emit(TwinsockNodeEvent event, int value, std::string_view text);

// Keeps the words after the role's name. False: there are too many.
bool copy_arguments(const char* const* arguments, std::size_t count);
void run_role(void* argument);

// Brings up lwIP, its interface and the role's thread. On the simulator's stack.
void start_stack();
// The cable's wish to lwIP's thread, unless there is none.
void deliver_link();
int receive_frame(const std::uint8_t* frame, std::size_t size);

// Stacks that boot() takes from the simulator before anything runs. False: memory is short.
bool reserve_stacks();

std::size_t socket_rows(TwinsockSocketRow* rows, std::size_t capacity);
std::size_t pool_rows(TwinsockPoolRow* rows, std::size_t capacity);
std::size_t thread_rows(TwinsockThreadRow* rows, std::size_t capacity);

}  // namespace twinsock::coop
