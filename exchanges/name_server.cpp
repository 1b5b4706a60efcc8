// The name server: RFC 1035 messages, AAAA by RFC 3596. Messages are made in one buffer.
#include "name_server.hpp"

#include <array>
#include <charconv>
#include <cstring>

#include <twinsock/clock.hpp>
#include <twinsock/socket.hpp>

#include "text.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

namespace {

constexpr std::size_t header_size = 12;
constexpr std::size_t longest_message = 1232;
constexpr unsigned type_a = 1, type_cname = 5, type_aaaa = 28, class_in = 1;
constexpr unsigned no_error = 0, server_failed = 2, no_such_name = 3;
constexpr unsigned truncation_flag = 0x0200;

enum class Lie : std::uint8_t {
  none,
  silent,          // nothing comes
  wrong_id,        // the answer to another query
  wrong_question,  // the answer to another question
  wrong_type,      // a CNAME alone
  truncated,       // the flag says that the answer did not fit
  cut_short,       // ends within its record
  pointer_loop,    // the record's name points at itself
  nxdomain,        // there is no such name
  server_failure,  // SERVFAIL
  empty,           // no error and no record
  garbage,         // bytes of no meaning
  oversized,       // a record longer than the message
  question_only,   // the query itself, sent back
};
constexpr std::string_view lie_names[] = {
    "none",      "silent",    "wrong_id",     "wrong_question", "wrong_type",
    "truncated", "cut_short", "pointer_loop", "nxdomain",       "server_failure",
    "empty",     "garbage",   "oversized",    "question_only"};

struct Record {
  std::string_view name;
  IpAddress address;
};

struct Setup {
  std::array<Record, 8> zone;
  std::size_t zone_size = 0;
  Endpoint listen;
  Family family = Family::inet;
  Lie lie = Lie::none;
  bool then_truth = false;
  unsigned lose = 0, delay_ms = 0, queries = 0;
};

bool read_number(std::string_view text, unsigned& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number <= 1'000'000;
}

bool read_record(std::string_view text, Setup& setup) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos || equals == 0 || setup.zone_size == setup.zone.size()) return false;
  const auto address = IpAddress::parse(text.substr(equals + 1));
  if (!address) return false;
  setup.zone[setup.zone_size++] = {text.substr(0, equals), *address};
  return true;
}

bool read_lie(std::string_view text, Lie& lie) {
  for (std::size_t i = 0; i < std::size(lie_names); ++i) {
    if (text == lie_names[i]) return lie = static_cast<Lie>(i), true;
  }
  return false;
}

// Each false argument is refused as a whole: this is a tool for tests.
bool read_argument(std::string_view argument, Setup& setup) {
  const std::size_t equals = argument.find('=');
  if (equals == argument.npos) return false;
  const std::string_view key = argument.substr(0, equals);
  const std::string_view value = argument.substr(equals + 1);
  if (key == "zone") return read_record(value, setup);
  if (key == "lie") return read_lie(value, setup.lie);
  if (key == "lose") return read_number(value, setup.lose);
  if (key == "delay") return read_number(value, setup.delay_ms);
  if (key == "queries") return read_number(value, setup.queries);
  if (key == "after") return setup.then_truth = value == "truth";
  if (key == "family") {
    setup.family = value == "inet6" ? Family::inet6 : Family::inet;
    return value == "inet" || value == "inet6";
  }
  const auto endpoint = Endpoint::parse(value);
  if (key != "listen" || !endpoint) return false;
  setup.listen = *endpoint;
  return true;
}

// A question as it came: where it ends in the message, its type, and its name in text.
struct Question {
  std::size_t end = 0;
  unsigned type = 0;
  std::array<char, 254> text;
  std::size_t text_size = 0;
  std::string_view name() const { return {text.data(), text_size}; }
};

bool read_question(Bytes message, Question& question) {
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(message[i]); };
  if (message.size() < header_size + 5 || byte(5) != 1 || (byte(2) & 0xf8) != 0) return false;
  std::size_t at = header_size;
  while (at < message.size() && byte(at) != 0) {
    const std::size_t size = byte(at);
    const bool fits =
        at + 1 + size < message.size() && question.text_size + size + 1 < question.text.size();
    if (size > 63 || !fits) return false;  // a pointer has no place in a question
    if (question.text_size > 0) question.text[question.text_size++] = '.';
    for (std::size_t i = 1; i <= size; ++i) {
      const char c = static_cast<char>(byte(at + i));
      question.text[question.text_size++] =
          c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    at += 1 + size;
  }
  if (at + 5 > message.size()) return false;
  question.type = static_cast<unsigned>(byte(at + 1) << 8 | byte(at + 2));
  question.end = at + 5;
  return (byte(at + 3) << 8 | byte(at + 4)) == class_in;
}

// An answer under construction, from the query that is in the buffer already.
class Answer {
 public:
  Answer(MutableBytes room, const Question& question) : room_(room), size_(question.end) {
    for (std::size_t i = 6; i < header_size; ++i) room_[i] = std::byte{0};  // no records so far
    set_flags(no_error);
  }
  // Response, recursion desired and available.
  void set_flags(unsigned more) { put(2, 0x8180u | more); }
  void record(unsigned type, Bytes data, unsigned claimed_size, unsigned name = 0xc00c) {
    if (size_ + 12 + data.size() > room_.size()) return;
    put(size_, name);
    put(size_ + 2, type);
    put(size_ + 4, class_in);
    put(size_ + 6, 0);
    put(size_ + 8, 60);  // seconds to live
    put(size_ + 10, claimed_size);
    std::memcpy(room_.data() + size_ + 12, data.data(), data.size());
    size_ += 12 + data.size();
    put(6, ++records_);
  }
  void cut(std::size_t count) { size_ -= count; }
  std::size_t size() const { return size_; }
  Bytes bytes() const { return Bytes(room_.data(), size_); }

 private:
  void put(std::size_t at, unsigned value) {
    room_[at] = static_cast<std::byte>(value >> 8);
    room_[at + 1] = static_cast<std::byte>(value);
  }
  MutableBytes room_;
  std::size_t size_;
  unsigned records_ = 0;
};

class NameServer {
 public:
  NameServer(const Setup& setup, Socket& socket) : setup_(setup), socket_(socket) {}

  int serve() {
    for (unsigned heard = 0; setup_.queries == 0 || heard < setup_.queries;) {
      const Result<Received> came = socket_.recvfrom(buffer_);
      Question question;
      if (!came || !read_question(came->data, question)) continue;
      if (heard++ < setup_.lose) continue;
      if (setup_.delay_ms > 0) sleep_for(std::chrono::milliseconds(setup_.delay_ms));
      const Saved query = save();
      if (setup_.lie != Lie::none) lie(question, came->peer);
      restore(query);
      if (setup_.lie == Lie::none || setup_.then_truth) tell(question, came->peer);
    }
    return 0;
  }

 private:
  using Saved = std::array<std::byte, header_size + 260>;
  Saved save() const {
    Saved saved;
    std::memcpy(saved.data(), buffer_.data(), saved.size());
    return saved;
  }
  void restore(const Saved& saved) { std::memcpy(buffer_.data(), saved.data(), saved.size()); }

  void send(Bytes message, const Endpoint& peer) {
    (void)socket_.sendto(message, peer);  // the network may lose it just as well
  }

  Answer true_answer(const Question& question) {
    Answer answer(buffer_, question);
    bool known = false;
    for (const Record& record : std::span(setup_.zone).first(setup_.zone_size)) {
      if (record.name != question.name()) continue;
      known = true;
      const bool is_v4 = record.address.family() == Family::inet;
      if (question.type != (is_v4 ? type_a : type_aaaa)) continue;
      const unsigned size = is_v4 ? 4 : 16;
      answer.record(question.type, Bytes(record.address.bytes()).first(size), size);
    }
    if (!known) answer.set_flags(no_such_name);
    return answer;
  }

  void tell(const Question& question, const Endpoint& peer) {
    send(true_answer(question).bytes(), peer);
  }

  void lie(const Question& question, const Endpoint& peer) {
    constexpr std::array<std::byte, 16> nowhere{std::byte{192}, std::byte{0}, std::byte{2},
                                                std::byte{66}};
    const unsigned size = question.type == type_aaaa ? 16 : 4;
    const Bytes data = Bytes(nowhere).first(size);
    if (setup_.lie == Lie::silent) return;
    if (setup_.lie == Lie::question_only) return send(Bytes(buffer_).first(question.end), peer);
    if (setup_.lie == Lie::garbage) return send_garbage(question, peer);
    Answer answer(buffer_, question);
    switch (setup_.lie) {
      case Lie::wrong_id: buffer_[1] ^= std::byte{0x55}; break;
      case Lie::wrong_question: buffer_[header_size + 1] = std::byte{'x'}; break;
      case Lie::nxdomain: answer.set_flags(no_such_name); break;
      case Lie::server_failure: answer.set_flags(server_failed); break;
      case Lie::truncated: answer.set_flags(truncation_flag); break;
      default: break;
    }
    switch (setup_.lie) {
      case Lie::wrong_id:
      case Lie::wrong_question: answer.record(question.type, data, size); break;
      case Lie::wrong_type: answer.record(type_cname, Bytes("\3bad"), 5); break;
      case Lie::cut_short: answer.record(question.type, data, size), answer.cut(2); break;
      case Lie::pointer_loop:
        answer.record(question.type, data, size, 0xc000u | static_cast<unsigned>(answer.size()));
        break;
      case Lie::oversized:
        for (int i = 0; i < 80; ++i) answer.record(question.type, data, i % 2 ? 60000 : size);
        break;
      default: break;
    }
    send(answer.bytes(), peer);
  }

  // The right id, so that it is read at all, then noise.
  void send_garbage(const Question& question, const Endpoint& peer) {
    std::uint32_t state = static_cast<std::uint32_t>(question.end);
    for (std::size_t i = 2; i < buffer_.size(); ++i) {
      state = state * 1664525u + 1013904223u;
      buffer_[i] = static_cast<std::byte>(state >> 24);
    }
    buffer_[2] |= std::byte{0x80};  // a response
    send(Bytes(buffer_).first(64 + (state >> 20) % 1000), peer);
  }

  const Setup& setup_;
  Socket& socket_;
  std::array<std::byte, longest_message> buffer_{};
};

}  // namespace

int name_server(RoleContext& context) {
  Setup setup;
  for (const std::string_view argument : context.arguments()) {
    if (read_argument(argument, setup)) continue;
    context.log(Line<120>("name_server: '", argument, "' is not an argument; see name_server.hpp"));
    return 2;
  }
  const bool given = setup.listen.family() != Family::unspecified;
  const Endpoint local = given ? setup.listen : Endpoint(IpAddress::any(setup.family), 53);
  Result<Socket> socket = Socket::open(local.family(), Type::datagram);
  Result<void> bound = socket ? socket->bind(local) : Result<void>(socket.error());
  if (!bound) {
    context.log(Line("name_server: ", local.to_text(), ": ", name(bound.error().code())));
    return 1;
  }
  context.ready();
  return NameServer(setup, *socket).serve();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
