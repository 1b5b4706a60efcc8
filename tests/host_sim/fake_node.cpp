// The fake node's roles. Compiled into an image, and into the tests themselves.
#include "fake_node.hpp"

#include <ucontext.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#ifndef FAKE_NODE_ABI
#define FAKE_NODE_ABI TWINSOCK_NODE_ABI
#endif
#ifndef FAKE_NODE_BUILD
#define FAKE_NODE_BUILD "fake " TWINSOCK_NODE_INTERFACE
#endif

namespace {

constexpr const char* kRoles[] = {"idle",  "tick", "echo",  "count",    "twin", "full",
                                  "panic", "fail", "crash", "overflow", "hang", "abort"};

struct State {
  TwinsockHost host;
  TwinsockBoot boot;
  uint64_t next_us, sent, limit;
  int raised;
  bool in_bad_thread, ended, cable;
  ucontext_t outside, inside;
};
State g_state{};
int g_raised = 41;  // initialised data, to be set back with the rest

std::string_view role() { return g_state.boot.role != nullptr ? g_state.boot.role : "idle"; }

void event(TwinsockNodeEvent kind, int value, std::string_view text) {
  g_state.host.event(g_state.host.context, kind, value, text.data(), text.size());
}

void finish(int status) {
  g_state.ended = true;
  event(TWINSOCK_EVENT_FINISHED, status, {});
}

size_t role_count() { return sizeof kRoles / sizeof kRoles[0]; }
const char* role_name(size_t index) { return kRoles[index]; }
const char* role_summary(size_t) { return "for tests"; }

int overflow(int depth) {
  volatile char room[512];
  room[0] = static_cast<char>(depth);
  return depth > 1'000'000 ? 0 : overflow(depth + 1) + room[0];
}

void be_bad() {
  g_state.in_bad_thread = true;
  volatile uintptr_t nowhere = 4096;
  if (role() == "crash") *reinterpret_cast<volatile int*>(nowhere) = 1;
  if (role() == "overflow") g_state.raised = overflow(0);
  if (role() == "abort") std::abort();
  volatile int counter = 0;
  while (role() == "hang") counter = counter + 1;
}

void run_bad_thread() {
  constexpr size_t kSize = 64 * 1024;
  void* const stack = g_state.host.allocate_stack(g_state.host.context, kSize);
  getcontext(&g_state.inside);
  g_state.inside.uc_stack.ss_sp = stack;
  g_state.inside.uc_stack.ss_size = kSize;
  g_state.inside.uc_link = &g_state.outside;
  makecontext(&g_state.inside, be_bad, 0);
  swapcontext(&g_state.outside, &g_state.inside);
}

void tick(uint64_t now_us) {
  uint8_t frame[100] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  memcpy(frame + 6, g_state.boot.mac, 6);
  frame[12] = 0x88, frame[13] = 0xB5;
  memcpy(frame + 14, &g_state.boot.seed, 8);
  memcpy(frame + 22, &now_us, 8);
  g_state.host.transmit(g_state.host.context, frame, sizeof frame);
  if (++g_state.sent == g_state.limit) finish(0);
}

void act(uint64_t now_us) {
  char text[64];
  if (role() == "tick") return tick(now_us);
  if (role() == "panic") return event(TWINSOCK_EVENT_PANIC, 0, "fake.cpp:1: it panics");
  if (role() == "fail") return finish(3);
  if (role() == "twin") {
    std::snprintf(text, sizeof text, "at %llu%s", static_cast<unsigned long long>(now_us),
                  g_state.cable ? "" : " without a cable");
    event(TWINSOCK_EVENT_REPORT, 0, text);
    if (++g_state.sent == 3) finish(0);
    return;
  }
  run_bad_thread();
}

bool acts() {
  return role() != "idle" && role() != "echo" && role() != "count" && role() != "full";
}

int boot(const TwinsockHost* host, const TwinsockBoot* options) {
  g_state.host = *host;
  g_state.boot = *options;
  g_state.cable = true;
  g_state.next_us = 1000;
  g_state.limit = 10;
  for (size_t index = 0; index < options->argument_count; ++index) {
    const char* const argument = options->arguments[index];
    if (strncmp(argument, "count=", 6) == 0) g_state.limit = strtoull(argument + 6, nullptr, 10);
  }
  bool known = options->role == nullptr;
  for (const char* name : kRoles) known = known || role() == name;
  if (!known) return event(TWINSOCK_EVENT_LOG, 0, "there is no such role"), -1;
  if (role() == "echo") event(TWINSOCK_EVENT_READY, 0, {});
  if (role() == "count") {
    char text[32];
    ++g_state.raised, ++g_raised;
    std::snprintf(text, sizeof text, "%d %d", g_state.raised, g_raised);
    event(TWINSOCK_EVENT_REPORT, 0, text);
  }
  return 0;
}

uint64_t run(uint64_t now_us) {
  while (acts() && !g_state.ended && now_us >= g_state.next_us) {
    g_state.next_us += 1000;
    act(now_us);
  }
  return acts() && !g_state.ended ? g_state.next_us : UINT64_MAX;
}

int receive(uint64_t, const uint8_t* frame, size_t size) {
  if (role() == "full") return -1;
  if (role() != "echo" || size < 14) return 0;
  uint8_t answer[2000];
  memcpy(answer, frame, size);
  memcpy(answer, frame + 6, 6);
  memcpy(answer + 6, g_state.boot.mac, 6);
  g_state.host.transmit(g_state.host.context, answer, size);
  return 0;
}

void link(uint64_t, int up) { g_state.cable = up != 0; }

size_t sockets(TwinsockSocketRow* rows, size_t capacity) {
  if (capacity == 0) return 1;
  rows[0] = {"tcp", "ESTABLISHED", "10.0.0.1:1", "10.0.0.2:2", 1, 2, 3, 4, 5, 6, 7, 8, -1};
  return 1;
}
size_t pools(TwinsockPoolRow* rows, size_t capacity) {
  for (size_t index = 0; index < 40 && index < capacity; ++index)
    rows[index] = {"pool", 1, 2, 3, 0};
  return 40;
}
size_t threads(TwinsockThreadRow*, size_t) { return 0; }
const char* running_thread() { return g_state.in_bad_thread ? "bad" : "none"; }

constexpr TwinsockNode kNode = {
    FAKE_NODE_ABI, FAKE_NODE_BUILD, "fake", role_count, role_name, role_summary, boot,
    run,           receive,         link,   sockets,    pools,     threads,      running_thread};

}  // namespace

const TwinsockNode& fake_node() { return kNode; }

#ifdef FAKE_NODE_IMAGE
const TwinsockNode* twinsock_node() { return &kNode; }
#endif
