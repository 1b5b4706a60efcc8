// Console: the one place that writes. Transcript lines go to standard output, all else to standard
// error; colour and the progress line only where a person looks at a terminal.
//
// Every call is one whole line and may come from any thread.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

namespace host_sim::tool {

enum class Side { client, server };
std::string_view name(Side side);

enum class Paint { plain, good, bad, dim };

class Console {
 public:
  Console();

  // "client: LINE" on standard output.
  void transcript(Side side, std::string_view line);
  // A line on standard error.
  void say(std::string_view line);
  // "host_sim: LINE" on standard error, for what went wrong.
  void complain(std::string_view line);
  // A line that the next one replaces; nothing where standard error is no terminal.
  void progress(std::string_view line);
  // A prompt without a line end, on standard error.
  void prompt(std::string_view text);
  // Text that was asked for (a list, a help page) on standard output.
  void print(std::string_view text);

  // The text in that colour, where standard error shows colours.
  std::string painted(std::string_view text, Paint paint) const;

 private:
  void erase_progress();

  std::mutex lock_;
  bool error_is_terminal_;
  bool colour_error_;
  bool colour_output_;
  bool progress_shown_ = false;
};

}  // namespace host_sim::tool
