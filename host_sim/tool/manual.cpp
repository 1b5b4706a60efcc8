// The manual pages: sections in the order of man(1), the options taken from the parser itself.
#include <fmt/format.h>

#include "command.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

constexpr std::size_t body = 4;
constexpr std::size_t detail = 8;

// Text of a page is written as it shall look.
std::string section(std::string_view title, std::string_view text) {
  std::string out = fmt::format("\n{}\n", title);
  for (const std::string& line : split(text, '\n')) {
    out += line.empty() ? "\n" : fmt::format("{}{}\n", std::string(body, ' '), line);
  }
  return out;
}

std::string option_heading(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true);
  std::string names = option.get_name(false, true);
  for (std::size_t at = names.find(','); at != std::string::npos; at = names.find(',', at + 2)) {
    names.replace(at, 1, ", ");
  }
  const std::string value = option.get_type_name();
  return value.empty() ? names : fmt::format("{} {}", names, value);
}

std::string option_entry(const CLI::Option& option) {
  return fmt::format("{}{}\n{}", std::string(body, ' '), option_heading(option),
                     filled(option.get_description(), detail));
}

std::string options(const CLI::App& app) {
  std::string out;
  for (const std::string& group : app.get_groups()) {
    std::string arguments, entries;
    for (const CLI::Option* option : app.get_options()) {
      if (option->get_group() != group) continue;
      (option->get_positional() ? arguments : entries) += option_entry(*option);
    }
    entries.insert(0, arguments);
    if (!entries.empty()) out += fmt::format("\n{}\n{}", group, entries);
  }
  return out;
}

}  // namespace

std::string manual(const Page& page, const CLI::App& app, const std::string& commands) {
  const std::string full_name =
      *page.name == '\0' ? "host_sim" : fmt::format("host_sim {}", page.name);
  std::string out = fmt::format("NAME\n    {} - {}\n", full_name, page.summary);
  out += section("SYNOPSIS", page.synopsis);
  out += section("DESCRIPTION", page.description);
  if (!commands.empty()) out += fmt::format("\nCOMMANDS\n{}", commands);
  out += options(app);
  out += section("EXIT STATUS", page.exit_status);
  out += section("EXAMPLES", page.examples);
  return out;
}

}  // namespace host_sim::tool
