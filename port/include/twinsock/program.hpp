// Program: what runs on a node. A program is a table of named roles; the same table is linked into
// a firmware image and into a simulated node, and each starts one of its roles.
//
//   int thermometer(twinsock::RoleContext& context) {
//     context.ready();                              // whoever waits for us may start
//     context.report("21.5 degrees");               // a line of the transcript
//     return 0;                                     // 0: passed; anything else: failed
//   }
//   constexpr twinsock::Role roles[] = {{"thermometer", thermometer, "reports a temperature"}};
//   TWINSOCK_PROGRAM(roles)
//
// A role runs on a thread of its own and may block. Its context lives until it returns.
#pragma once

#include <span>
#include <string_view>

#include <twinsock/address.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

class RoleContext {
 public:
  // The words after the role's name, as the command line, the simulation or the console gave them.
  virtual std::span<const std::string_view> arguments() const = 0;
  // This node's own address of that family; none if it has none. Never blocks.
  virtual IpAddress address(Family family) const = 0;
  // One line of the transcript / of the log, without a line end; copied before it returns.
  virtual void report(std::string_view line) = 0;
  virtual void log(std::string_view line) = 0;
  // Says once that the role listens; the first call counts.
  virtual void ready() = 0;
  // A person's next line into `buffer`: its length, or -1 when nobody types or input has ended.
  // Blocks until then; a node and a board without a console return -1 at once.
  virtual int ask(std::string_view prompt, std::span<char> buffer) = 0;

 protected:
  ~RoleContext() = default;
};

struct Role {
  const char* name;                  // one word, unique in the table
  int (*run)(RoleContext& context);  // 0: passed
  const char* summary;               // one line for `list`
};

struct Program {
  const Role* roles;
  std::size_t count;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND

// The image's own table, defined by TWINSOCK_PROGRAM in exactly one source file.
extern const twinsock::Program twinsock_program;

#define TWINSOCK_PROGRAM(table) \
  const twinsock::Program twinsock_program{table, sizeof(table) / sizeof((table)[0])};
