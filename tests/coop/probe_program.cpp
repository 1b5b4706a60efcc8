// Roles that show one thing each about a node: its clock, its randomness, and how its bugs end.
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <twinsock/program.hpp>

#include "lwip/sockets.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"

namespace {

using twinsock::RoleContext;

void report_number(RoleContext& context, const char* what, unsigned long number) {
  char line[80];
  const int size = std::snprintf(line, sizeof line, "%s %lu", what, number);
  context.report({line, static_cast<std::size_t>(size)});
}

sockaddr_in endpoint(unsigned address, unsigned short port) {
  sockaddr_in result{};
  result.sin_len = sizeof result;
  result.sin_family = AF_INET;
  result.sin_port = lwip_htons(port);
  result.sin_addr.s_addr = lwip_htonl(address);
  return result;
}

int arguments(RoleContext& context) {
  for (const std::string_view word : context.arguments()) context.report(word);
  context.report(context.address(twinsock::Family::inet).to_text());
  context.report(context.address(twinsock::Family::inet6).to_text());
  return 42;
}

int sleep(RoleContext& context) {
  for (const u32_t time_ms : {1u, 250u, 1500u}) {
    const u32_t start = sys_now();
    sys_msleep(time_ms);
    report_number(context, "slept", sys_now() - start);
  }
  return 0;
}

int receive_timeout(RoleContext& context) {
  const int socket = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  const timeval timeout{0, 200'000};
  lwip_setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  char byte;
  const u32_t start = sys_now();
  const ssize_t result = lwip_recv(socket, &byte, 1, 0);
  const int error = errno;
  report_number(context, "waited", sys_now() - start);
  report_number(context, "would block", result == -1 && error == EWOULDBLOCK);
  lwip_close(socket);
  return 0;
}

// Ephemeral ports of twenty sockets, one after the other.
int ports(RoleContext& context) {
  for (int i = 0; i < 20; ++i) {
    const int type = i % 2 != 0 ? SOCK_DGRAM : SOCK_STREAM;
    const int socket = lwip_socket(AF_INET, type, 0);
    sockaddr_in local = endpoint(0, 0);
    socklen_t size = sizeof local;
    lwip_bind(socket, reinterpret_cast<sockaddr*>(&local), size);
    lwip_getsockname(socket, reinterpret_cast<sockaddr*>(&local), &size);
    report_number(context, "port", lwip_ntohs(local.sin_port));
    lwip_close(socket);
  }
  return 0;
}

// A datagram a second to the address that is the argument's last byte, from port 9 to port 9.
int send_datagrams(RoleContext& context) {
  const unsigned to = 0x0a000000u + static_cast<unsigned>(context.arguments()[0][0] - '0');
  const int socket = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  const sockaddr_in remote = endpoint(to, 9);
  for (int i = 0; i < 5; ++i) {
    lwip_sendto(socket, "tick", 4, 0, reinterpret_cast<const sockaddr*>(&remote), sizeof remote);
    sys_msleep(1000);
  }
  lwip_close(socket);
  return 0;
}

int receive_datagrams(RoleContext& context) {
  const int socket = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  const sockaddr_in local = endpoint(0, 9);
  lwip_bind(socket, reinterpret_cast<const sockaddr*>(&local), sizeof local);
  const timeval timeout{10, 0};
  lwip_setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  context.ready();
  context.ready();
  char text[16];
  unsigned long count = 0;
  while (lwip_recv(socket, text, sizeof text, 0) == 4) ++count;
  report_number(context, "datagrams", count);
  lwip_close(socket);
  return 0;
}

// Its own peer, over 127.0.0.1 and ::1.
int loopback(RoleContext& context) {
  const int server = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  const int client = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  const sockaddr_in local = endpoint(0x7f000001, 9);
  lwip_bind(server, reinterpret_cast<const sockaddr*>(&local), sizeof local);
  lwip_sendto(client, "hello", 5, 0, reinterpret_cast<const sockaddr*>(&local), sizeof local);
  char text[16];
  const ssize_t size = lwip_recv(server, text, sizeof text, 0);
  context.report({text, static_cast<std::size_t>(size)});
  lwip_close(client);
  lwip_close(server);
  return 0;
}

// A connection that a non-blocking poll waits for: other threads must run meanwhile.
int poll_for_data(RoleContext& context) {
  const int server = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  const sockaddr_in local = endpoint(0x7f000001, 9);
  lwip_bind(server, reinterpret_cast<const sockaddr*>(&local), sizeof local);
  lwip_sendto(server, "hello", 5, 0, reinterpret_cast<const sockaddr*>(&local), sizeof local);
  char text[16];
  unsigned long tries = 1;
  while (lwip_recv(server, text, sizeof text, MSG_DONTWAIT) < 0) ++tries;
  context.report(tries < 100 ? "came" : "came late");
  lwip_close(server);
  return 0;
}

int poll_forever(RoleContext&) {
  while (sys_now() != UINT32_MAX) {
  }
  return 0;
}

int ping_pong(RoleContext&) {
  static sys_sem_t ball[2];
  for (sys_sem_t& semaphore : ball) sys_sem_new(&semaphore, 0);
  const auto other = [](void*) {
    for (;;) {
      sys_sem_wait(&ball[0]);
      sys_sem_signal(&ball[1]);
    }
  };
  sys_thread_new("pong", other, nullptr, TWINSOCK_THREAD_STACK_SIZE, TWINSOCK_THREAD_PRIORITY);
  for (;;) {
    sys_sem_signal(&ball[0]);
    sys_sem_wait(&ball[1]);
  }
}

int assert_false(RoleContext&) {
  LWIP_ASSERT("this is the bug", false);
  return 0;
}

// Threads until there are no more; they end and are started again.
int threads(RoleContext& context) {
  static sys_sem_t done;
  sys_sem_new(&done, 0);
  unsigned long started = 0;
  for (int round = 0; round < 50; ++round) {
    int now = 0;
    while (sys_thread_new(
               "worker", [](void*) { sys_sem_signal(&done); }, nullptr, TWINSOCK_THREAD_STACK_SIZE,
               TWINSOCK_THREAD_PRIORITY) != nullptr) {
      ++now;
    }
    for (int i = 0; i < now; ++i) sys_sem_wait(&done);
    sys_msleep(1);
    started += static_cast<unsigned long>(now);
  }
  report_number(context, "threads", started);
  return 0;
}

constexpr twinsock::Role roles[] = {
    {"arguments", arguments, "reports its arguments and addresses"},
    {"sleep", sleep, "sleeps and looks at the clock"},
    {"receive_timeout", receive_timeout, "waits 200 ms for nothing"},
    {"ports", ports, "reports ephemeral ports"},
    {"send_datagrams", send_datagrams, "sends five datagrams, one a second"},
    {"receive_datagrams", receive_datagrams, "counts datagrams until ten seconds pass"},
    {"loopback", loopback, "talks to itself"},
    {"poll_for_data", poll_for_data, "polls for a datagram to itself"},
    {"poll_forever", poll_forever, "looks at the clock for ever"},
    {"ping_pong", ping_pong, "switches threads for ever"},
    {"assert_false", assert_false, "has a bug"},
    {"threads", threads, "starts threads until there are no more"},
};

}  // namespace

TWINSOCK_PROGRAM(roles)
