// Board: one board that runs the image `exchanges`, in an emulator or on the desk, told by its
// console what to do.
//
//   Emulator board(files, {.network = user_network(ports)});
//   board.boot();
//   BoardRole role(board, Side::server, watcher);
//   role.begin("serve tcp_echo 5005", deadline);
//   role.wait_until_listening(deadline);  // … the client's part …
//   RoleOutcome outcome = role.finish(deadline);
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "board/board_console.hpp"
#include "board/board_files.hpp"
#include "board/process.hpp"
#include "world.hpp"

namespace host_sim::tool {

class Board {
 public:
  virtual ~Board() = default;
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  // Waits until the board says which one it is and asks for a command. BoardError if it is another
  // one, says nothing that makes sense, or is too late.
  void boot();
  // What the command `net` says of the interface: "10.0.2.15"; "" if there is no such address. Of
  // IPv6 a global one.
  std::string address(Family family);

  const std::string& name() const { return name_; }
  BoardConsole& console() { return console_; }
  // One line: why its console has ended.
  virtual std::string ending() = 0;
  // Ends an emulator, so that whoever reads its console hears the end.
  virtual void stop() {}

 protected:
  Board(std::string name, int descriptor) : name_(std::move(name)), console_(descriptor) {}

 private:
  virtual void wake() {}  // before boot() listens

  std::string name_;
  BoardConsole console_;
};

struct EmulatorOptions {
  std::vector<std::string> settings;  // the image's, as "ip=10.0.0.9/24"
  std::vector<std::string> network;   // QEMU's words
  std::vector<int> kept;              // descriptors that those words name
};

// A board in QEMU; it ends with this object.
class Emulator final : public Board {
 public:
  Emulator(const BoardFiles& files, const EmulatorOptions& options);

  std::string ending() override;
  void stop() override;
  // QEMU says that it could not have a port of this host.
  bool port_was_taken() const;

 private:
  Emulator(const BoardFiles& files, std::unique_ptr<Process> process);

  std::unique_ptr<Process> process_;
};

// A board on the desk, at "DEVICE[,BAUD]". It is reset first, so that it is in a known state.
class SerialBoard final : public Board {
 public:
  // UsageError: there is no such device, or it is no serial line.
  SerialBoard(const std::string& name, const std::string& serial);
  ~SerialBoard() override;

  std::string ending() override;

 private:
  SerialBoard(const std::string& name, const std::string& serial, int descriptor);
  void wake() override;

  std::string device_;
  int descriptor_;
};

// The role that a board plays in one exchange.
class BoardRole {
 public:
  BoardRole(Board& board, Side side, Watcher& watcher)
      : board_(board), side_(side), watcher_(watcher) {}

  // BoardError as BoardConsole::type().
  void begin(const std::string& command);
  // False: it failed before, or the time is over; finish() tells.
  bool wait_until_listening(const twinsock::Deadline& deadline);
  // Reads until the board asks for the next command.
  RoleOutcome finish(const twinsock::Deadline& deadline);
  bool board_has_ended() const { return ended_; }

 private:
  bool hear(const twinsock::Deadline& deadline);  // false: nothing more comes
  void take(const std::string& line);

  Board& board_;
  Side side_;
  Watcher& watcher_;
  RoleOutcome outcome_;
  bool listens_ = false, over_ = false, ended_ = false;
  std::string last_log_;
};

// The console's command for one side of an exchange. `peer`: whom a client calls. UsageError for
// lines that a console cannot take.
std::string console_command(const Exchange& exchange, Side side, const Settings& settings,
                            std::uint16_t port, const std::string& peer, const std::string& closed);

}  // namespace host_sim::tool
