// The handful of functions between a simulator and a node image: plain C types, nothing else.
//
// An image is a shared object that holds its own kernel, lwIP and program and exports one function,
// twinsock_node. The simulator loads a copy of it per node. All times are the node's own clock in
// microseconds; all calls into a node come from one thread, on the host's stack, one at a time.
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {

enum { TWINSOCK_NODE_ABI = 1 };  // raised with every change of a struct below

enum TwinsockNodeEvent {
  TWINSOCK_EVENT_REPORT,    // a line of the role's transcript
  TWINSOCK_EVENT_LOG,       // a line for people
  TWINSOCK_EVENT_READY,     // the role listens (text empty)
  TWINSOCK_EVENT_FINISHED,  // the role returned; value is its status, 0 passed
  TWINSOCK_EVENT_PANIC,     // an assertion, stack overflow or livelock: text says what, with file,
                            // line and thread; the node must not be run again
};

struct TwinsockHost {  // node -> simulator; `context` is handed back in each call
  void* context;
  // A frame leaves the node's Ethernet at the `now_us` of the call under way. Copied before return.
  void (*transmit)(void* context, const uint8_t* frame, size_t size);
  // Text is not zero-terminated and is copied before return.
  void (*event)(void* context, enum TwinsockNodeEvent event, int value, const char* text,
                size_t size);
  // Zero-filled memory for one thread's stack, aligned to a page, with an inaccessible gap below
  // it; NULL if there is none. Called by boot() for the first two threads, later by run(). Given
  // back by the simulator when the node is unloaded or booted again.
  void* (*allocate_stack)(void* context, size_t size);
};

struct TwinsockBoot {
  uint64_t seed;  // all the node's randomness: ISN, ports, DNS ids, order among ready threads
  uint8_t mac[6];
  uint8_t shuffle_threads;  // 1: the seed breaks ties among ready threads; 0: first come
  uint8_t ipv4[4];          // all 0: none
  uint8_t ipv4_mask[4];
  uint8_t ipv4_gateway[4];
  uint8_t ipv6[16];  // all 0: link-local only
  uint8_t ipv6_gateway[16];
  uint32_t clock_offset_ms;    // added to sys_now(), to start near its wrap
  uint64_t livelock_switches;  // thread switches within one run() at one instant that are too many
  const char* role;            // a name of the image's program; NULL: boot the stack alone
  const char* const* arguments;
  size_t argument_count;
};

struct TwinsockSocketRow {  // one line of a socket table, in the manner of `ss`
  const char* kind;         // "tcp", "tcp-listen", "udp", "raw"
  const char* state;        // RFC 9293 name, "" for udp and raw
  char local[64];
  char remote[64];
  uint32_t receive_queue, send_queue;  // bytes; tcp-listen: connections waiting, backlog
  uint32_t congestion_window, slow_start_threshold, send_window, receive_window;  // bytes, TCP
  uint32_t rto_ms, retransmits;
  int32_t timer_ms;  // to the next retransmission; -1: not running
};

struct TwinsockPoolRow {
  const char* name;  // a memp pool, or "heap"
  uint32_t used, highest, available, failed;
};

struct TwinsockThreadRow {
  const char* name;
  const char* state;  // "running", "ready", "waiting", "ended"
  uint32_t stack_size, stack_highest;
};

struct TwinsockNode {   // simulator -> node
  uint32_t abi;         // TWINSOCK_NODE_ABI
  const char* build;    // compiler, profile and source hash; equal for a simulator and its images
  const char* profile;  // "tiny", "default", "large", …
  size_t (*role_count)(void);
  const char* (*role_name)(size_t index);
  const char* (*role_summary)(size_t index);

  // Once per load. 0, or -1 when the role is unknown or memory is short (an event says why).
  int (*boot)(const struct TwinsockHost* host, const struct TwinsockBoot* boot);
  // Runs until every thread waits. Returns the node's next deadline, UINT64_MAX for none.
  uint64_t (*run)(uint64_t now_us);
  // One frame arrives, as an Ethernet interrupt would bring it. 0, or -1 if the node had no room
  // (counted as its interface's drop). Run the node afterwards.
  int (*receive)(uint64_t now_us, const uint8_t* frame, size_t size);
  void (*link)(uint64_t now_us, int up);  // the cable; run the node afterwards

  // Looking inside, between two runs; rows beyond `capacity` are counted, not written.
  size_t (*sockets)(struct TwinsockSocketRow* rows, size_t capacity);
  size_t (*pools)(struct TwinsockPoolRow* rows, size_t capacity);
  size_t (*threads)(struct TwinsockThreadRow* rows, size_t capacity);
  const char* (*running_thread)(void);  // for a watchdog: whose code was running
};

// The one exported symbol.
__attribute__((visibility("default"))) const struct TwinsockNode* twinsock_node(void);

}  // extern "C"
