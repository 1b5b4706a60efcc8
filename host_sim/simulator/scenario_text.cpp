// Reads scenario files. Every mistake names its file and line, and what is allowed there.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <host_sim/scenario.hpp>

#include "number.hpp"

namespace host_sim {
namespace {

std::string_view next_word(std::string_view& text) {
  text = trim(text);
  const size_t end = std::min(text.find_first_of(" \t"), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  text = trim(text);
  return word;
}

class Reader {
 public:
  explicit Reader(const std::string& file) { scenario_.file = file; }

  Expected<Scenario> read(std::string_view text) {
    for (uint32_t line = 1; !text.empty(); ++line) {
      const size_t end = std::min(text.find('\n'), text.size());
      if (auto result = read_line(text.substr(0, end), line); !result) {
        return Error{scenario_.file + ":" + std::to_string(line) + ": " + result.error()};
      }
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    std::stable_sort(scenario_.steps.begin(), scenario_.steps.end(),
                     [](const auto& first, const auto& second) { return first.at < second.at; });
    return std::move(scenario_);
  }

 private:
  Expected<void> read_line(std::string_view line, uint32_t number) {
    line = trim(line.substr(0, line.find('#')));
    if (line.empty()) return {};
    const size_t colon =
        line.find(": ") != std::string_view::npos ? line.find(": ") : line.find(':');
    if (colon == std::string_view::npos) {
      return Error{"'" + std::string(line) +
                   "' has no colon: allowed are summary:, both:, out:, in:, at TIME WHERE: and at "
                   "TIME node NAME:"};
    }
    std::string_view head = trim(line.substr(0, colon));
    const std::string_view body = trim(line.substr(colon + 1));
    if (head == "summary") {
      if (!scenario_.summary.empty()) return Error{"a second summary; allowed is one"};
      scenario_.summary = body;
      return {};
    }
    Scenario::Step step;
    step.line = number;
    bool timed = false;
    if (head.starts_with("at ") || head.starts_with("at\t")) {
      next_word(head);
      auto at = parse_duration(next_word(head));
      if (!at) return Error{at.error()};
      step.at = *at;
      timed = true;
    }
    const std::string_view where = next_word(head);
    if (where == "node") return read_node(head, body, step, timed);
    if (!head.empty() || !read_way(where, step.way)) {
      return Error{"unknown place '" + std::string(where) +
                   "': allowed are both, out, in, and with a time node NAME"};
    }
    if (body == "clear" && timed) {
      step.clear = true;
      scenario_.steps.push_back(step);
      return {};
    }
    return timed ? read_step(body, step) : read_base(body, step.way);
  }

  static bool read_way(std::string_view text, Way& way) {
    if (text == "both") return way = Way::both, true;
    if (text == "out") return way = Way::out, true;
    if (text == "in") return way = Way::in, true;
    return false;
  }

  Expected<void> read_base(std::string_view body, Way way) {
    if (body.empty()) return Error{"no fault: allowed are settings as in loss=5% delay=20ms"};
    for (Faults* faults : {&scenario_.out, &scenario_.in}) {
      if (way == (faults == &scenario_.out ? Way::in : Way::out)) continue;
      auto changed = parse_faults(body, *faults);
      if (!changed) return Error{changed.error()};
      *faults = *changed;
    }
    return {};
  }

  Expected<void> read_step(std::string_view body, Scenario::Step& step) {
    if (body.empty()) return Error{"no fault: allowed are settings as in loss=5%, or clear"};
    const auto tried = parse_faults(body);  // refuses nonsense; what contradicts is found later
    if (!tried) return Error{tried.error()};
    while (!body.empty()) {
      const std::string_view setting = next_word(body);
      const size_t equals = setting.find('=');
      step.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
    scenario_.steps.push_back(step);
    return {};
  }

  Expected<void> read_node(std::string_view name, std::string_view body, Scenario::Step& step,
                           bool timed) {
    if (!timed) return Error{"what happens to a node has a time: at TIME node NAME: ..."};
    if (name.empty() || name.find_first_of(" \t") != std::string_view::npos) {
      return Error{"'" + std::string(name) + "' is no node's name: allowed is one word"};
    }
    step.node = name;
    const std::string_view what = next_word(body);
    using Power = Scenario::Power;
    if (what == "off") step.power = Power::off;
    if (what == "on") step.power = Power::on;
    if (what == "reset") step.power = Power::reset;
    if (what == "restart") {
      auto duration = parse_duration(next_word(body));
      if (!duration) return Error{"restart: " + duration.error()};
      step.power = Power::restart;
      step.duration = *duration;
    }
    if (what.starts_with("skew=")) {
      if (auto read = read_skew(what.substr(5), step); !read) return read;
    }
    if (step.power == Power::none || !body.empty()) {
      return Error{"unknown event '" + std::string(what) + (body.empty() ? "" : " ") +
                   std::string(body) +
                   "' of a node: allowed are off, on, reset, restart TIME, skew=PPM"};
    }
    scenario_.steps.push_back(step);
    return {};
  }

  static Expected<void> read_skew(std::string_view text, Scenario::Step& step) {
    const bool negative = text.starts_with("-");
    const auto count =
        parse_count(negative ? text.substr(1) : text, 0, negative ? 500'000 : 1'000'000);
    if (!count) {
      return Error{"skew=" + std::string(text) + ": allowed is -500000 to 1000000 (ppm)"};
    }
    step.power = Scenario::Power::skew;
    step.skew_ppm = static_cast<int32_t>(*count) * (negative ? -1 : 1);
    return {};
  }

  Scenario scenario_;
};

}  // namespace

Expected<Scenario> parse_scenario(std::string_view text, const std::string& file) {
  return Reader(file).read(text);
}

Expected<Scenario> read_scenario(const std::string& path) {
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rb"), close);
  if (!file) return Error{"cannot read the scenario " + path + ": " + strerror(errno)};
  std::string text;
  char part[4096];
  size_t count;
  while ((count = std::fread(part, 1, sizeof part, file.get())) != 0) text.append(part, count);
  if (std::ferror(file.get()) != 0) {
    return Error{"cannot read the scenario " + path + ": " + strerror(errno)};
  }
  if (text.find('\0') != std::string::npos) return Error{path + " is no text file"};
  return parse_scenario(text, path);
}

}  // namespace host_sim
