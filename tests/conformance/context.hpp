// Context: what a case gets to work with: sockets that cannot hang, addresses that reach each
// other, and a place for the first thing that went wrong.
//
// INVARIANT: every socket that a Context opens waits no longer than the case's deadline, so a case
// always ends.
#pragma once

#include <conformance/case.hpp>
#include <twinsock/clock.hpp>
#include <twinsock/thread.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

// What only the program around the cases can do; the default does nothing, as on a board.
class Host {
 public:
  // Sockets that are open in this program, or -1: the runner then counts those that can be opened.
  virtual int open_sockets() { return -1; }
  // Signals hit the calling thread every few milliseconds until it says stop.
  virtual void start_signals() {}
  virtual void stop_signals() {}
  // Takes this program's privileges away until they are restored; false: it cannot.
  virtual bool drop_rights() { return false; }
  virtual void restore_rights() {}
  // Runs `body` with a native descriptor that is no socket, or that `body` shall not have: -1.
  virtual int not_a_socket() { return -1; }
  // From now on nothing that arrives reaches this native socket; false: it cannot be done.
  virtual bool silence(int) { return false; }
  // Takes the calling thread to a network where only a loopback is, until it returns; false: it
  // cannot.
  virtual bool leave_network(bool /*loopback_is_up*/) { return false; }
  virtual void return_to_network() {}

 protected:
  ~Host() = default;
};

// What the world offers; the runner finds it out once.
struct Setting {
  Worlds world = on_posix;
  Needs has = nothing;
  IpAddress inet;  // how this program reaches its own sockets; none: no such family
  IpAddress inet6;
  MutableBytes scratch;  // for large transfers, shared by all cases
  Host* host = nullptr;
  std::chrono::seconds case_deadline{10};
  Endpoint
      silencer;  // a host of the network that takes orders whom to silence; none: the Host does
};

// Two connected ends and the listener that made them.
struct Pair {
  Socket listener;
  Socket client;
  Socket server;
};

class Context {
 public:
  Context(const Setting& setting, Family family);

  Family family() const { return family_; }
  Family other_family() const { return family_ == Family::inet ? Family::inet6 : Family::inet; }
  bool has(Family family) const { return address(family).family() != Family::unspecified; }
  Worlds world() const { return setting_.world; }
  Host& host() const { return *setting_.host; }
  MutableBytes scratch() const { return setting_.scratch; }

  // How this program's own sockets are reached: the loopback, or whatever the run was given.
  const IpAddress& address() const { return address(family_); }
  const IpAddress& address(Family family) const {
    return family == Family::inet6 ? setting_.inet6 : setting_.inet;
  }
  // Where to bind so that address() reaches it: no port, so that a free one is taken.
  Endpoint any_port() const { return {local_address(), 0}; }
  IpAddress local_address() const;
  // Where a bound socket is reached.
  Endpoint reach(const Socket& socket) const;

  // A new socket of the case's family. Its calls end with the case's deadline at the latest. On
  // failure the case has failed, and the socket is closed.
  Socket tcp();
  Socket udp();
  Socket bound_udp();
  Socket listener(int backlog = Socket::default_backlog);
  // Connects client and server; both wait at most till the case's deadline.
  bool connect(Pair& pair);
  // Two datagram sockets, bound, each with the other as its peer.
  bool connect_udp(Socket& first, Socket& second);
  // Until the socket sends no more for now; how many bytes it took. The socket ends non-blocking.
  std::size_t fill(Socket& socket);
  // Makes the peer see a reset: closes with linger 0.
  static void reset(Socket& socket);
  // Nothing that arrives reaches the socket any more, as if its host were gone; until the end.
  bool silence(const Socket& socket);
  void end_silence();
  // Blocks until a receive on the socket would not wait, or the deadline is over.
  bool wait_readable(Socket& socket);

  Timeout patience() const { return deadline_.remaining(); }
  // How late a call may come back, beyond its deadline, in this world.
  std::uint32_t slack_ms() const { return setting_.world == on_posix ? 400 : 100; }

  bool failed() const { return line_ != 0; }
  void fail(const char* file, int line, const char* what, std::string_view expected = {},
            std::string_view came = {});
  void fail(const char* file, int line, const char* what, std::int64_t expected, std::int64_t came);
  // Where and why, of the first failure.
  const char* file() const { return file_; }
  int line() const { return line_; }
  std::string_view text() const { return text_; }

 private:
  Socket opened(Type type);
  bool order_silence(std::uint16_t port);

  const Setting& setting_;
  Family family_;
  Deadline deadline_;
  const char* file_ = "";
  int line_ = 0;
  FixedText<160> text_;
};

// What a call gave, as an Errc: none for success.
inline Errc outcome_of(Errc code) { return code; }
inline Errc outcome_of(Error error) { return error.code(); }
template <class T>
Errc outcome_of(const Result<T>& result) {
  return result ? Errc::none : result.error().code();
}

// A pattern that tells every byte of a transfer from its neighbours.
void fill_pattern(MutableBytes bytes, std::uint32_t seed);
bool has_pattern(Bytes bytes, std::uint32_t seed);

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance

// Each ends the case with the first failure. They expect the Context to be called `t`.
#define CHECK(condition)                                             \
  do {                                                               \
    if (!(condition)) return t.fail(__FILE__, __LINE__, #condition); \
  } while (false)
#define CHECK_ERROR(call, errc)                                                  \
  do {                                                                           \
    const ::twinsock::Errc outcome_ = ::twinsock::conformance::outcome_of(call); \
    if (outcome_ != (errc)) {                                                    \
      return t.fail(__FILE__, __LINE__, #call, ::twinsock::name(errc),           \
                    ::twinsock::name(outcome_));                                 \
    }                                                                            \
  } while (false)
#define CHECK_OK(call) CHECK_ERROR(call, ::twinsock::Errc::none)
#define CHECK_EQUAL(value, wanted)                                                   \
  do {                                                                               \
    const auto came_ = static_cast<std::int64_t>(value);                             \
    const auto wanted_ = static_cast<std::int64_t>(wanted);                          \
    if (came_ != wanted_) return t.fail(__FILE__, __LINE__, #value, wanted_, came_); \
  } while (false)
// The call succeeded with this value.
#define CHECK_VALUE(call, wanted)  \
  do {                             \
    const auto result_ = call;     \
    CHECK_OK(result_);             \
    CHECK_EQUAL(*result_, wanted); \
  } while (false)
