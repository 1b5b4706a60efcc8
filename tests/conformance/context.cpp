// What the cases have in common: opening, connecting, filling, and telling what went wrong.
#include <conformance/context.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

using NumberText = FixedText<24>;

NumberText text_of(std::int64_t number) {
  char digits[20];
  std::size_t size = 0;
  auto rest = static_cast<std::uint64_t>(number < 0 ? -number : number);
  do {
    digits[size++] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  NumberText text;
  if (number < 0) text.append("-");
  while (size > 0) text.append({&digits[--size], 1});
  return text;
}

}  // namespace

Context::Context(const Setting& setting, Family family)
    : setting_(setting), family_(family), deadline_(setting.case_deadline) {}

IpAddress Context::local_address() const {
  return address().is_loopback() ? address() : IpAddress::any(family_);
}

Endpoint Context::reach(const Socket& socket) const {
  const Result<Endpoint> local = socket.getsockname();
  return {address(), local ? local->port() : std::uint16_t{0}};
}

Socket Context::opened(Type type) {
  Result<Socket> socket = Socket::open(family_, type);
  if (!socket) {
    fail(__FILE__, __LINE__, "opening a socket", name(Errc::none), name(socket.error().code()));
    return {};
  }
  if (const Result<void> set = socket->settimeout(patience()); !set) {
    fail(__FILE__, __LINE__, "settimeout", name(Errc::none), name(set.error().code()));
  }
  return std::move(*socket);
}

Socket Context::tcp() { return opened(Type::stream); }

Socket Context::udp() { return opened(Type::datagram); }

Socket Context::bound_udp() {
  Socket socket = udp();
  if (const Result<void> bound = socket.bind(any_port()); !bound && !failed()) {
    fail(__FILE__, __LINE__, "bind", name(Errc::none), name(bound.error().code()));
  }
  return socket;
}

Socket Context::listener(int backlog) {
  Socket socket = tcp();
  Result<void> outcome = socket.bind(any_port());
  if (outcome) outcome = socket.listen(backlog);
  if (!outcome && !failed()) {
    fail(__FILE__, __LINE__, "bind and listen", name(Errc::none), name(outcome.error().code()));
  }
  return socket;
}

bool Context::connect(Pair& pair) {
  pair.listener = listener();
  pair.client = tcp();
  if (const Errc error = pair.client.connect_ex(reach(pair.listener)); error != Errc::none) {
    if (!failed()) fail(__FILE__, __LINE__, "connect", name(Errc::none), name(error));
    return false;
  }
  Result<Accepted> accepted = pair.listener.accept();
  if (!accepted) {
    fail(__FILE__, __LINE__, "accept", name(Errc::none), name(accepted.error().code()));
    return false;
  }
  pair.server = std::move(accepted->socket);
  return pair.server.settimeout(patience()).has_value() && !failed();
}

bool Context::connect_udp(Socket& first, Socket& second) {
  first = bound_udp();
  second = bound_udp();
  if (failed()) return false;
  Result<void> outcome = first.connect(reach(second));
  if (outcome) outcome = second.connect(reach(first));
  if (!outcome) {
    fail(__FILE__, __LINE__, "connect", name(Errc::none), name(outcome.error().code()));
  }
  return outcome.has_value();
}

std::size_t Context::fill(Socket& socket) {
  std::size_t total = 0;
  (void)socket.setsockopt(option::send_buffer, 16'384);  // or Linux makes it larger as it goes
  if (!socket.setblocking(false)) return 0;
  // A stack moves bytes on for a while: it is full when it has taken nothing for some time, which
  // is longer than its timers where time costs nothing.
  const int enough = (setting_.has & lossless) && (setting_.has & skips_time) ? 120 : 12;
  for (int idle = 0; idle < enough && !deadline_.expired();) {
    const Result<std::size_t> sent = socket.send(scratch().first(4096));
    if (sent) {
      total += *sent;
      idle = 0;
    } else {
      ++idle;
      // What is lost is sent again after a second or more, and longer each time.
      sleep_for(std::chrono::milliseconds(setting_.has & lossless ? 10 : 1000));
    }
  }
  return total;
}

void Context::reset(Socket& socket) {
  (void)socket.setsockopt(option::linger, std::chrono::seconds(0));
  socket.close();
}

bool Context::silence(const Socket& socket) {
  if (setting_.silencer.family() == Family::unspecified) return host().silence(socket.fileno());
  const Result<Endpoint> name = socket.getsockname();
  return name && order_silence(name->port());
}

void Context::end_silence() {
  if (setting_.silencer.family() != Family::unspecified) (void)order_silence(0);
}

// The order comes back to the port it was sent from, which is the silencer's.
bool Context::order_silence(std::uint16_t port) {
  Result<Socket> socket = Socket::open(Family::inet, Type::datagram);
  const std::array order{static_cast<std::byte>(port >> 8), static_cast<std::byte>(port)};
  std::array<std::byte, order.size()> echo;
  return socket && socket->bind({IpAddress::any(Family::inet), setting_.silencer.port()}) &&
         socket->settimeout(patience()) && socket->sendto(order, setting_.silencer) &&
         socket->recv(echo);
}

bool Context::wait_readable(Socket& socket) {
  std::byte one{};
  const Errc outcome = outcome_of(socket.recv_into(MutableBytes(&one, 1), Flags::peek));
  return outcome != Errc::timed_out && outcome != Errc::would_block;
}

void Context::fail(const char* file, int line, const char* what, std::string_view expected,
                   std::string_view came) {
  if (failed()) return;
  file_ = file;
  for (const char* at = file; *at != '\0'; ++at) {
    if (*at == '/') file_ = at + 1;
  }
  line_ = line;
  text_ = {};
  text_.append(what);
  if (expected.empty()) return;
  text_.append(": expected ");
  text_.append(expected);
  text_.append(", got ");
  text_.append(came);
}

void Context::fail(const char* file, int line, const char* what, std::int64_t expected,
                   std::int64_t came) {
  fail(file, line, what, text_of(expected), text_of(came));
}

namespace {

std::byte pattern_at(std::size_t index, std::uint32_t seed) {
  return static_cast<std::byte>((index * 31 + (index >> 8) * 17 + seed) & 0xff);
}

}  // namespace

void fill_pattern(MutableBytes bytes, std::uint32_t seed) {
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = pattern_at(i, seed);
}

bool has_pattern(Bytes bytes, std::uint32_t seed) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != pattern_at(i, seed)) return false;
  }
  return true;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
