// Emulator: QEMU's command line, and what its end means.
#include <fmt/format.h>

#include "board/board.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

// A comma ends an option of QEMU's; two are one.
std::string with_doubled_commas(std::string_view word) {
  std::string out;
  for (const char c : word) out += c == ',' ? ",," : std::string(1, c);
  return out;
}

std::vector<std::string> command_line(const BoardFiles& files, const EmulatorOptions& options) {
  std::string arguments = "enable=on,target=native,arg=exchanges";
  for (const std::string& word : options.settings) {
    arguments += ",arg=" + with_doubled_commas(word);
  }
  std::vector<std::string> command{"qemu-system-arm",
                                   "-M",
                                   files.machine,
                                   "-kernel",
                                   files.image,
                                   "-display",
                                   "none",
                                   "-monitor",
                                   "none",
                                   "-serial",
                                   "stdio",
                                   "-semihosting-config",
                                   arguments};
  command.insert(command.end(), options.network.begin(), options.network.end());
  return command;
}

std::string first_complaint(const std::string& errors) {
  for (const std::string& line : split(errors, '\n')) {
    // QEMU's model of one board's timer says so at each start; it means nothing.
    if (!line.empty() && line.find("Timer with period zero") == std::string::npos) return line;
  }
  return "";
}

}  // namespace

Emulator::Emulator(const BoardFiles& files, const EmulatorOptions& options)
    : Emulator(files, std::make_unique<Process>(command_line(files, options), options.kept)) {}

Emulator::Emulator(const BoardFiles& files, std::unique_ptr<Process> process)
    : Board(files.board, process->console()), process_(std::move(process)) {}

std::string Emulator::ending() {
  const std::string ending = process_->ending();
  const std::string said = first_complaint(process_->errors());
  return said.empty() ? ending : fmt::format("{}: {}", ending, printable(said));
}

void Emulator::stop() { process_->stop(); }

bool Emulator::port_was_taken() const {
  return process_->errors().find("Could not set up host forwarding rule") != std::string::npos;
}

}  // namespace host_sim::tool
