// options_report: both sides set options on sockets of each type, read them back and try values
// that are refused. Units and ranges are the same in every world.
#include <twinsock/multicast.hpp>

#include "table.hpp"
#include "text.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::options_report {

namespace {

using Seconds = std::chrono::seconds;
using Linger = std::optional<Seconds>;

std::string_view text_of(bool value) { return value ? "on" : "off"; }
std::string_view text_of(Errc value) { return name(value); }
Line<16> text_of(int value) { return Line<16>(value); }
Line<16> text_of(Seconds value) { return Line<16>(value.count(), " s"); }
Line<16> text_of(Linger value) { return value ? text_of(*value) : Line<16>("off"); }

class Reporter {
 public:
  Reporter(Run& run, Socket& socket) : run_(run), socket_(socket) {}

  template <class T, bool Seldom>
  void get(std::string_view title, Option<T, Seldom> option) {
    const Result<T> value = socket_.getsockopt(option);
    if (!value) return say(title, name(value.error().code()));
    say(title, text_of(*value));
  }
  // Sets it, then reads it back; or says why not, after which it must be what it was.
  template <class T, bool Seldom>
  void set(std::string_view title, Option<T, Seldom> option, std::type_identity_t<T> value) {
    const Result<void> done = socket_.setsockopt(option, value);
    if (done) return get(title, option);
    say(title, Line<64>(text_of(value), " is ", name(done.error().code())));
  }

 private:
  void say(std::string_view title, std::string_view value) {
    run_.context.report(Line(title, ": ", value));
  }
  Run& run_;
  Socket& socket_;
};

void report_stream(Reporter options) {
  options.get("no_delay at first", option::no_delay);
  options.set("no_delay", option::no_delay, true);
  options.set("keep_alive", option::keep_alive, true);
  options.set("keep_alive_idle", option::keep_alive_idle, Seconds(30));
  options.set("keep_alive_idle", option::keep_alive_idle, Seconds(0));
  options.set("keep_alive_interval", option::keep_alive_interval, Seconds(5));
  options.set("keep_alive_count", option::keep_alive_count, 4);
  options.set("keep_alive_count", option::keep_alive_count, 128);
  options.get("linger at first", option::linger);
  options.set("linger", option::linger, Seconds(3));
  options.set("linger", option::linger, std::nullopt);
  options.set("reuse_address", option::reuse_address, true);
  options.set("time_to_live", option::time_to_live, 33);
  options.set("time_to_live", option::time_to_live, 256);
  options.set("type_of_service", option::type_of_service, 16);
  options.set("broadcast", option::broadcast, true);
  options.get("pending_error", option::pending_error);
}

void report_datagram(Reporter options) {
  options.get("broadcast at first", option::broadcast);
  options.set("broadcast", option::broadcast, true);
  options.set("receive_buffer", option::receive_buffer, 4096);
  options.set("receive_buffer", option::receive_buffer, 0);
  options.set("multicast_ttl", option::multicast_ttl, 4);
  options.set("multicast_loop", option::multicast_loop, false);
  options.set("keep_alive_idle", option::keep_alive_idle, Seconds(1));
}

Verdict report_datagrams(Run& run, Family family) {
  Result<Socket> opened = Socket::open(family, Type::datagram);
  if (!opened) return Verdict::failed("open", "a datagram socket", opened.error());
  report_datagram(Reporter(run, *opened));
  return Verdict::ok();
}

// The peer has ended, without a byte.
Verdict expect_end(Run& run, Socket& socket) {
  std::byte byte;
  const Result<MutableBytes> came = Timed(run, socket).recv(MutableBytes(&byte, 1));
  if (!came) return Verdict::failed("end", "end of stream", came.error());
  return came->empty() ? Verdict::ok() : Verdict::failed("end", "end of stream", "data");
}

}  // namespace

Verdict client(Run& run) {
  Result<Socket> opened = connect_to_server(run);
  if (!opened) return Verdict::failed("connect", "a connection", opened.error());
  run.context.report("connected");
  report_stream(Reporter(run, *opened));
  if (const auto done = opened->shutdown(Shutdown::write); !done) {
    return Verdict::failed("shutdown", "to end this half", done.error());
  }
  if (Verdict verdict = expect_end(run, *opened); !verdict.passed) return verdict;
  return report_datagrams(run, run.peer.family());
}

// An accepted socket has the defaults, whatever its listener was set to.
Verdict server(Run& run, Socket& listening) {
  if (const auto set = listening.setsockopt(option::keep_alive, true); !set) {
    return Verdict::failed("listener", "keep_alive", set.error());
  }
  Result<Socket> accepted = accept_client(run, listening);
  if (!accepted) return Verdict::failed("accept", "a client", accepted.error());
  run.context.report("client connected");
  Reporter(run, *accepted).get("keep_alive, on for the listener", option::keep_alive);
  report_stream(Reporter(run, *accepted));
  if (Verdict verdict = expect_end(run, *accepted); !verdict.passed) return verdict;
  return report_datagrams(run, listening.family());
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::options_report
