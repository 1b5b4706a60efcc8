// packet_echo: the client asks every host on its Ethernet for the server, and sends it frames of
// one EtherType, which come back. Frames of another type, or to nobody's address, must not arrive.
//
// A payload, integers in the order of the wire:
//   0  4  FNV-1a of both addresses, the receiver's first, and of the rest, without what Ethernet
//         pads: what is damaged is as good as lost
//   4  2  the server's port: of several on one Ethernet, or on one host, the one that is meant
//   6  2  what it is (Kind)
//   8  2  the message's number
//  10  2  how many bytes of data follow
#include <array>
#include <utility>

#include <twinsock/packet.hpp>

#include "discovery.hpp"
#include "pattern.hpp"
#include "table.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::packet_echo {

namespace {

constexpr std::uint16_t ether_type = 0x88b5;  // IEEE 802: for local experiments
// Another, too many bits away for a damaged header to turn it into ours.
constexpr std::uint16_t other_type = 0x9000;
constexpr std::size_t header_size = 12;
constexpr std::size_t longest_data = PacketSocket::longest_payload - header_size;

// Each from 1 up; around the shortest frame, whose payload is padded to 46 bytes, and the longest.
constexpr std::uint16_t sizes[] = {1, 33, 34, 35, 100, 256, 512, 1000, longest_data};
constexpr int frame_count = std::size(sizes);
constexpr int last_number = frame_count + burst_count * burst_length;

enum class Kind : std::uint16_t { ask = 1, here, request, reply, end, never };

constexpr std::size_t size_of(int number) {
  return number <= frame_count ? sizes[number - 1]
                               : burst_sizes[(number - frame_count - 1) % burst_length];
}

struct Frame {
  Kind kind;
  int number;
  Bytes data;
  MacAddress peer, to;
};

// The frames of one server, out of a buffer that holds one at a time.
class Frames {
 public:
  Frames(const Run& run, std::uint16_t port) : run_(run), port_(port) {}

  Result<void> open() {
    Result<PacketSocket> opened = PacketSocket::open(ether_type, run_.interface);
    if (!opened) return opened.error();
    socket_ = std::move(*opened);
    return {};
  }
  const PacketSocket& socket() const { return socket_; }

  void fill(int number) {
    for (std::size_t i = 0; i < size_of(number); ++i) {
      buffer_[header_size + i] = static_cast<std::byte>(message_byte(number, i));
    }
  }

  // The first `size` bytes of the data that is there, from a socket of whatever type. The network
  // may lose it, and so it may when the stack has no room for it now, or the cable is out.
  Result<void> send(Kind kind, int number, std::size_t size, const MacAddress& to,
                    PacketSocket& from) {
    put(4, port_);
    put(6, static_cast<std::uint16_t>(kind));
    put(8, static_cast<std::uint16_t>(number));
    put(10, static_cast<std::uint16_t>(size));
    const Bytes payload = Bytes(buffer_).first(header_size + size);
    const std::uint32_t digest = digest_of(to, from.address(), payload);
    put(0, static_cast<std::uint16_t>(digest >> 16));
    put(2, static_cast<std::uint16_t>(digest));
    const Result<Timeout> left = time_left(run_);
    if (!left) return left.error();
    if (const auto armed = from.settimeout(*left); !armed) return armed;
    const Result<std::size_t> sent = from.sendto(payload, to);
    const bool lost =
        !sent && (sent.error() == Errc::no_buffer_space || sent.error() == Errc::network_down);
    return sent || lost ? Result<void>() : sent.error();
  }
  Result<void> send(Kind kind, int number, std::size_t size, const MacAddress& to) {
    return send(kind, number, size, to, socket_);
  }

  // The next whole frame to or from this server; other traffic makes it wait no longer.
  Result<Frame> receive(Timeout at_most) {
    for (const Deadline until(at_most);;) {
      const Timeout rest = until.remaining();
      if (rest.is_zero()) return Errc::timed_out;
      if (const auto armed = socket_.settimeout(rest); !armed) return armed.error();
      const Result<PacketReceived> came = socket_.recvfrom(buffer_);
      if (!came) return came.error();
      const std::size_t size = get(10);
      if (came->truncated || came->data.size() < header_size + size) continue;
      const Bytes payload = came->data.first(header_size + size);
      const std::uint32_t digest = static_cast<std::uint32_t>(get(0)) << 16 | get(2);
      if (digest != digest_of(came->to, came->peer, payload) || get(4) != port_) continue;
      return Frame{static_cast<Kind>(get(6)), get(8), payload.without_first(header_size),
                   came->peer, came->to};
    }
  }

 private:
  void put(std::size_t at, std::uint16_t value) {
    buffer_[at] = static_cast<std::byte>(value >> 8);
    buffer_[at + 1] = static_cast<std::byte>(value);
  }
  std::uint16_t get(std::size_t at) const {
    return static_cast<std::uint16_t>(static_cast<unsigned>(buffer_[at]) << 8 |
                                      static_cast<unsigned>(buffer_[at + 1]));
  }
  static std::uint32_t digest_of(const MacAddress& to, const MacAddress& from, Bytes payload) {
    Digest digest;
    digest.add(to.bytes);
    digest.add(from.bytes);
    digest.add(payload.without_first(4));
    return digest.value();
  }

  const Run& run_;
  std::uint16_t port_;
  PacketSocket socket_;
  std::array<std::byte, PacketSocket::longest_payload> buffer_{};
};

// An address that is neither the server's nor, in all likelihood, another host's.
MacAddress nobody_near(MacAddress server) {
  for (std::size_t i = 3; i < server.bytes.size(); ++i) server.bytes[i] ^= 0xff;
  return server;
}

bool has_content(const Frame& frame) {
  if (frame.data.size() != size_of(frame.number)) return false;
  for (std::size_t i = 0; i < frame.data.size(); ++i) {
    if (frame.data[i] != static_cast<std::byte>(message_byte(frame.number, i))) return false;
  }
  return true;
}

struct Client {
  Run& run;
  Frames frames;
  PacketSocket other{};  // of the other type: it only sends
  RetryTimer timer{};
  MacAddress server{};

  // Until one answers.
  Result<void> find_server() {
    timer.sent();
    Result<void> sent = frames.send(Kind::ask, 0, 0, MacAddress::broadcast());
    while (sent) {
      const Result<Frame> came = receive();
      if (came && came->kind == Kind::here) {
        server = came->peer;
        timer.answered();
        return {};
      }
      if (came) continue;
      if (came.error() != Errc::timed_out || run.deadline.expired()) return came.error();
      timer.sent_again();
      sent = frames.send(Kind::ask, 0, 0, MacAddress::broadcast());
    }
    return sent;
  }

  // What must not arrive: it would fail the server.
  Result<void> send_astray() {
    const auto sent = frames.send(Kind::never, 0, 0, server, other);
    return sent ? frames.send(Kind::never, 0, 0, nobody_near(server)) : sent;
  }

  // Messages `first` to `last` back to back, those whose bit is set in `missing`.
  Result<void> send(int first, unsigned missing) {
    for (int i = 0; missing >> i != 0; ++i) {
      if ((missing >> i & 1) == 0) continue;
      frames.fill(first + i);
      const auto done = frames.send(Kind::request, first + i, size_of(first + i), server);
      if (!done) return done;
    }
    return {};
  }

  // Until all of them are back, in any order. io_error: another content.
  Result<void> echo(int first, int last) {
    unsigned missing = (1u << (last - first + 1)) - 1;
    timer.sent();
    Result<void> sent = send(first, missing);
    while (sent && missing != 0) {
      const Result<Frame> came = receive();
      if (!came && came.error() == Errc::timed_out && !run.deadline.expired()) {
        timer.sent_again();
        sent = send(first, missing);
        continue;
      }
      if (!came) return came.error();
      if (came->kind != Kind::reply || came->peer != server) continue;
      if (came->number < first || came->number > last) continue;
      if (!has_content(*came)) return Errc::io_error;
      missing &= ~(1u << (came->number - first));
    }
    if (sent) timer.answered();
    return sent;
  }

 private:
  // To this host itself: what the server sends goes to nobody else.
  Result<Frame> receive() {
    for (const Deadline until(timer.wait());;) {
      const Result<Timeout> left = time_left(run, until.remaining());
      if (!left) return left.error();
      Result<Frame> came = frames.receive(*left);
      if (!came || came->to == frames.socket().address()) return came;
    }
  }
};

}  // namespace

Verdict client(Run& run) {
  Client self{run, Frames(run, run.peer.port())};
  if (const auto done = self.frames.open(); !done) {
    return Verdict::failed("open", "a packet socket", done.error());
  }
  Result<PacketSocket> other = PacketSocket::open(other_type, run.interface);
  if (!other) return Verdict::failed("open", "a second packet socket", other.error());
  self.other = std::move(*other);

  if (const auto done = self.find_server(); !done) {
    return Verdict::failed("asking everyone", "a server's answer", done.error());
  }
  run.context.report("asked everyone, a server answered");
  for (int first = 1; first <= last_number;) {
    const int last = first <= frame_count ? first : first + burst_length - 1;
    Result<void> done = first <= frame_count ? self.send_astray() : Result<void>();
    if (done) done = self.echo(first, last);
    if (!done) return Verdict::failed(Line("frame ", first), "its bytes back", done.error());
    if (first == frame_count) run.context.report("frames of 1 to 1488 bytes: all echoed");
    first = last + 1;
  }
  run.context.report(Line(burst_count, " bursts of ", burst_length, ": all echoed"));
  for (int i = 0; i < 3; ++i) {
    if (const auto done = self.frames.send(Kind::end, 0, 0, self.server); !done) {
      return Verdict::failed("end", "to send a last frame", done.error());
    }
  }
  return Verdict::ok();
}

namespace {

struct Server {
  Run& run;
  Frames frames;
  MacAddress client{};  // that asked first
  bool ended = false;

  // Passes over what else there is, a former client's end among it.
  Result<void> await_client() {
    for (;;) {
      const Result<Timeout> left = time_to_arrive(run);
      if (!left) return left.error();
      const Result<Frame> came = frames.receive(*left);
      if (!came) return came.error();
      if (came->kind != Kind::ask || came->to != MacAddress::broadcast()) continue;
      client = came->peer;
      arrived(run);
      return frames.send(Kind::here, 0, 0, client);
    }
  }

  Verdict take(const Frame& frame) {
    const bool to_us = frame.to == frames.socket().address();
    Result<void> sent;
    if (frame.kind == Kind::ask && frame.to == MacAddress::broadcast()) {
      sent = frames.send(Kind::here, 0, 0, frame.peer);
    } else if (frame.kind == Kind::request && to_us) {
      sent = frames.send(Kind::reply, frame.number, frame.data.size(), frame.peer);
    } else if (frame.kind == Kind::end && to_us) {
      ended = frame.peer == client;
    } else if (frame.kind == Kind::never && to_us) {
      return Verdict::failed("frames", "those of EtherType 0x88b5", "one of 0x9000");
    } else if (frame.kind == Kind::never && frame.to == nobody_near(frames.socket().address())) {
      return Verdict::failed("frames", "those to this host", "one to another address");
    }
    return sent ? Verdict::ok() : Verdict::failed("echo", "to send a frame", sent.error());
  }
};

}  // namespace

// Ends as udp_echo's: with its first client's last frame, or with silence for half the deadline.
Verdict server(Run& run, Socket& listening) {
  const Result<Endpoint> own = listening.getsockname();
  if (!own) return Verdict::failed("listen", "a port", own.error());
  Server self{run, Frames(run, own->port())};
  if (const auto done = self.frames.open(); !done) {
    return Verdict::failed("open", "a packet socket", done.error());
  }
  if (const auto done = self.await_client(); !done) {
    return Verdict::failed("first frame", "a client's to everyone", done.error());
  }
  run.context.report("everyone was asked, answered");
  const ClientEnd end(run, Endpoint());
  while (!self.ended) {
    const std::uint32_t heard_at_ms = now_ms();
    const Result<Timeout> left = time_left(run, end.silence());
    const Result<Frame> came = left ? self.frames.receive(*left) : left.error();
    if (!came) {
      if (end.is(run, came.error(), heard_at_ms)) break;
      return Verdict::failed("echo", "frames, then a last one", came.error());
    }
    const Verdict verdict = self.take(*came);
    if (!verdict.passed) return verdict;
  }
  run.context.report("client ended");
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::packet_echo
