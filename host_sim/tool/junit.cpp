// JUnit's XML, as far as a sweep needs it.
#include "junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <optional>

namespace host_sim::tool {

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n': out += "&#10;"; break;
      case '\t': out += c; break;
      default: out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;  // XML 1.0 has no others
    }
  }
  return out;
}

void append_case(std::string& out, const TestSuite& suite, const TestCase& test) {
  fmt::format_to(std::back_inserter(out),
                 "    <testcase classname=\"host_sim.{}\" name=\"seed {}\" time=\"{:.3f}\"",
                 escaped(suite.name), test.seed, test.seconds);
  switch (test.state) {
    case CaseState::passed: out += "/>\n"; return;
    case CaseState::skipped:
      fmt::format_to(std::back_inserter(out),
                     ">\n      <skipped message=\"{}\"/>\n    </testcase>\n",
                     escaped(test.message));
      return;
    case CaseState::failed:
      fmt::format_to(std::back_inserter(out),
                     ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
                     escaped(test.message), escaped(test.body));
      return;
  }
}

// Elements, attributes and text, one after the other.
class Reader {
 public:
  struct Tag {
    std::string name;
    std::map<std::string, std::string, std::less<>> attributes;
    bool closes = false;  // </name>
    bool empty = false;   // <name/>
    std::string text;     // between it and the next tag
  };

  explicit Reader(std::string_view text) : text_(text) {}

  std::size_t line() const {
    return 1 + static_cast<std::size_t>(std::count(
                   text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n'));
  }

  // nullopt: the end, or something that is no tag; failed() tells.
  std::optional<Tag> next() {
    do {
      at_ = std::min(text_.find('<', at_), text_.size());
      if (at_ == text_.size()) return std::nullopt;
      if (text_.substr(at_).starts_with("<?")) at_ = std::min(text_.find("?>", at_), text_.size());
    } while (text_[at_] != '<');
    Tag tag;
    ++at_;
    if (take('/')) tag.closes = true;
    tag.name = word();
    while (!failed_ && !take('>')) {
      if (take('/')) {
        tag.empty = true;
      } else {
        attribute(tag);
      }
    }
    if (failed_) return std::nullopt;
    const std::size_t end = std::min(text_.find('<', at_), text_.size());
    tag.text = plain(text_.substr(at_, end - at_));
    return tag;
  }
  bool failed() const { return failed_; }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ >= text_.size()) return failed_ = true, false;
    if (text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::string_view(" \t\r\n=/><\"").find(text_[at_]) == text_.npos) {
      ++at_;
    }
    if (at_ == begin) failed_ = true;
    return std::string(text_.substr(begin, at_ - begin));
  }
  void attribute(Tag& tag) {
    const std::string name = word();
    if (failed_ || !take('=') || !take('"')) {
      failed_ = true;
      return;
    }
    const std::size_t end = text_.find('"', at_);
    if (end == text_.npos) {
      failed_ = true;
      return;
    }
    tag.attributes[name] = plain(text_.substr(at_, end - at_));
    at_ = end + 1;
  }
  static std::string plain(std::string_view text) {
    constexpr std::pair<std::string_view, char> entities[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#10;", '\n'}};
    std::string out;
    while (!text.empty()) {
      const auto* const entity = std::ranges::find_if(
          entities, [&](const auto& candidate) { return text.starts_with(candidate.first); });
      out += entity == std::end(entities) ? text.front() : entity->second;
      text.remove_prefix(entity == std::end(entities) ? 1 : entity->first.size());
    }
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

template <class Number>
bool number(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::string attribute_of(const Reader::Tag& tag, std::string_view name) {
  const auto found = tag.attributes.find(name);
  return found == tag.attributes.end() ? "" : found->second;
}

bool read_property(const Reader::Tag& tag, TestFile& file) {
  const std::string name = attribute_of(tag, "name"), value = attribute_of(tag, "value");
  if (name == "sweep") file.sweep = value;
  if (name == "shard") file.shard = value;
  if (name == "planned") return number(value, file.planned);
  return true;
}

bool read_case(const Reader::Tag& tag, TestFile& file) {
  constexpr std::string_view prefix = "seed ";
  const std::string name = attribute_of(tag, "name");
  TestCase test;
  if (file.suites.empty() || !name.starts_with(prefix) ||
      !number(name.substr(prefix.size()), test.seed) ||
      !number(attribute_of(tag, "time"), test.seconds)) {
    return false;
  }
  file.suites.back().cases.push_back(test);
  return true;
}

bool read_tag(const Reader::Tag& tag, TestFile& file) {
  if (tag.closes) return true;
  if (tag.name == "testsuite") {
    file.suites.push_back({attribute_of(tag, "name"), {}});
    return !file.suites.back().name.empty();
  }
  if (tag.name == "property") return read_property(tag, file);
  if (tag.name == "testcase") return read_case(tag, file);
  if (tag.name == "skipped" || tag.name == "failure") {
    if (file.suites.empty() || file.suites.back().cases.empty()) return false;
    TestCase& test = file.suites.back().cases.back();
    test.state = tag.name == "failure" ? CaseState::failed : CaseState::skipped;
    test.message = attribute_of(tag, "message");
    test.body = tag.text;
    return true;
  }
  return tag.name == "testsuites" || tag.name == "properties";
}

}  // namespace

std::size_t TestSuite::count(CaseState state) const {
  return static_cast<std::size_t>(std::ranges::count(cases, state, &TestCase::state));
}

std::size_t TestFile::count(CaseState state) const {
  std::size_t sum = 0;
  for (const TestSuite& suite : suites) sum += suite.count(state);
  return sum;
}

std::size_t TestFile::size() const {
  std::size_t sum = 0;
  for (const TestSuite& suite : suites) sum += suite.cases.size();
  return sum;
}

std::string format_junit(const TestFile& file) {
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"host_sim sweep\" "
      "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
      file.size(), file.count(CaseState::failed), file.count(CaseState::skipped));
  for (const TestSuite& suite : file.suites) {
    double seconds = 0;
    for (const TestCase& test : suite.cases) seconds += test.seconds;
    fmt::format_to(std::back_inserter(out),
                   "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" "
                   "skipped=\"{}\" time=\"{:.3f}\">\n    <properties>\n",
                   escaped(suite.name), suite.cases.size(), suite.count(CaseState::failed),
                   suite.count(CaseState::skipped), seconds);
    for (const auto& [name, value] : {std::pair<const char*, std::string>{"sweep", file.sweep},
                                      {"shard", file.shard},
                                      {"planned", std::to_string(file.planned)}}) {
      fmt::format_to(std::back_inserter(out), "      <property name=\"{}\" value=\"{}\"/>\n", name,
                     escaped(value));
    }
    out += "    </properties>\n";
    for (const TestCase& test : suite.cases) append_case(out, suite, test);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

Expected<TestFile> parse_junit(std::string_view text) {
  TestFile file;
  Reader reader(text);
  bool complete = false;
  while (const auto tag = reader.next()) {
    complete = tag->closes && tag->name == "testsuites";
    if (read_tag(*tag, file)) continue;
    return Error{
        fmt::format("line {}: <{}> is not as host_sim sweep writes it; allowed are its "
                    "--junit files",
                    reader.line(), tag->name)};
  }
  if (reader.failed() || !complete) {
    return Error{
        fmt::format("line {}: the file ends too early, or is no JUnit file; allowed are "
                    "whole --junit files of host_sim sweep",
                    reader.line())};
  }
  if (file.sweep.empty() || file.shard.empty()) {
    return Error{
        "it does not say which sweep it is of; allowed are --junit files of host_sim "
        "sweep"};
  }
  return file;
}

}  // namespace host_sim::tool
