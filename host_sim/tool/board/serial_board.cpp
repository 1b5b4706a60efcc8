// SerialBoard: a serial line of this host, with a board at its other end.
#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "board/board.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

struct Speed {
  std::string_view word;
  speed_t speed;
};
constexpr std::array<Speed, 9> speeds{{{"9600", B9600},
                                       {"19200", B19200},
                                       {"38400", B38400},
                                       {"57600", B57600},
                                       {"115200", B115200},
                                       {"230400", B230400},
                                       {"460800", B460800},
                                       {"921600", B921600},
                                       {"1000000", B1000000}}};
constexpr std::chrono::seconds longest_greeting(5);

speed_t speed_of(std::string_view word) {
  std::vector<std::string_view> words;
  for (const Speed& each : speeds) {
    if (each.word == word) return each.speed;
    words.push_back(each.word);
  }
  throw UsageError(fmt::format("--serial: '{}' is no speed; allowed: {}", word, joined(words)));
}

// Characters as they are, both ways; no line of modem control is waited for.
void make_raw(int descriptor, const std::string& device, speed_t speed) {
  termios line{};
  if (tcgetattr(descriptor, &line) != 0) {
    close(descriptor);
    throw UsageError(
        fmt::format("--serial: '{}' is no serial line; allowed: a device, as "
                    "/dev/ttyACM0 or /dev/ttyUSB0,115200",
                    device));
  }
  cfmakeraw(&line);
  line.c_cflag |= CLOCAL | CREAD;
  cfsetispeed(&line, speed);
  cfsetospeed(&line, speed);
  tcsetattr(descriptor, TCSANOW, &line);
  tcflush(descriptor, TCIFLUSH);
}

int open_line(const std::string& serial) {
  const std::size_t comma = serial.rfind(',');
  const std::string device = serial.substr(0, comma);
  const speed_t speed = speed_of(comma == std::string::npos ? "115200" : serial.substr(comma + 1));
  const int descriptor = open(device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) {
    throw UsageError(
        fmt::format("--serial: cannot open '{}': {}; name the board's serial device "
                    "(ls /dev/tty*), and be allowed to use it",
                    device, std::strerror(errno)));
  }
  make_raw(descriptor, device, speed);
  return descriptor;
}

}  // namespace

SerialBoard::SerialBoard(const std::string& name, const std::string& serial)
    : SerialBoard(name, serial, open_line(serial)) {}

SerialBoard::SerialBoard(const std::string& name, const std::string& serial, int descriptor)
    : Board(name, descriptor),
      device_(serial.substr(0, serial.rfind(','))),
      descriptor_(descriptor) {}

SerialBoard::~SerialBoard() { close(descriptor_); }

std::string SerialBoard::ending() {
  return fmt::format("cannot be heard any more: {} is gone; check its cable", device_);
}

// Ctrl-C ends a line that somebody began; the prompt says that a board of ours listens.
void SerialBoard::wake() {
  const twinsock::Deadline deadline(longest_greeting);
  console().send("\x03", deadline);
  std::string line, last;
  for (;;) {
    const BoardConsole::Heard heard = console().next(line, deadline);
    if (heard == BoardConsole::Heard::prompt) break;
    if (heard == BoardConsole::Heard::end) throw BoardError(fmt::format("board {}", ending()));
    if (heard == BoardConsole::Heard::nothing) {
      if (last.empty()) last = console().pending();
      throw BoardError(fmt::format(
          "nothing at {} answers as a board does after {} s; {}", device_, longest_greeting.count(),
          last.empty() ? "check its power and cable, that it runs the image exchanges, and that no "
                         "exchange waits there"
                       : fmt::format("it said '{}': check the speed (DEV,BAUD) and that it runs "
                                     "the image exchanges",
                                     printable(last.substr(0, 60)))));
    }
    if (!line.empty()) last = line;
  }
  console().type("reset", deadline);
}

}  // namespace host_sim::tool
