// create_connection, one after another or by RFC 8305, and create_server.
#include <array>

#include <twinsock/clock.hpp>
#include <twinsock/connection.hpp>
#include <twinsock/poll.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

constexpr std::size_t most_peers = 8;

Result<Socket> connect_one(const Endpoint& peer, Timeout timeout) {
  Result<Socket> socket = Socket::open(peer.family(), Type::stream);
  if (!socket) return socket;
  if (const auto ok = socket->settimeout(timeout); !ok) return ok.error();
  if (const auto ok = socket->connect(peer); !ok) return ok.error();
  return socket;
}

Result<Socket> connect_in_turn(std::span<const Endpoint> peers, Timeout timeout) {
  const Deadline deadline(timeout);
  Error last = Errc::name_not_found;
  for (const Endpoint& peer : peers) {
    const Timeout left = deadline.remaining();
    if (left.is_zero() && !timeout.is_zero()) return Errc::timed_out;
    Result<Socket> socket = connect_one(peer, left);
    if (socket) {
      if (const auto ok = socket->settimeout(timeout); !ok) return ok.error();
      return socket;
    }
    last = socket.error();
  }
  return last;
}

// RFC 8305, sections 4 and 5, over attempts that run at once.
class Race {
 public:
  Race(std::span<const Endpoint> peers, const ConnectionOptions& options)
      : options_(options), deadline_(options.timeout), count_(interleave(peers)) {}

  Result<Socket> run() {
    while (true) {
      if (begun_ < count_) begin_next();
      if (running_ == 0 && begun_ == count_) return last_;
      if (Socket* winner = wait()) {
        if (const auto ok = winner->settimeout(options_.timeout); !ok) return ok.error();
        return std::move(*winner);
      }
      if (deadline_.expired()) return Errc::timed_out;
    }
  }

 private:
  // Section 4: the families in turn, beginning with the first address's.
  std::size_t interleave(std::span<const Endpoint> peers) {
    std::size_t count = 0;
    std::array<bool, most_peers> taken{};
    Family family = peers.empty() ? Family::inet6 : peers[0].family();
    while (count < peers.size()) {
      std::size_t next = 0;
      while (next < peers.size() && (taken[next] || peers[next].family() != family)) ++next;
      if (next < peers.size()) taken[next] = true, order_[count++] = peers[next];
      family = family == Family::inet ? Family::inet6 : Family::inet;
    }
    return count;
  }

  void begin_next() {
    const std::size_t at = begun_++;
    Result<Socket> socket = Socket::open(order_[at].family(), Type::stream);
    if (!socket) {
      last_ = socket.error();
      return;
    }
    (void)socket->setblocking(false);
    const Errc outcome = socket->connect_ex(order_[at]);
    if (outcome != Errc::none && outcome != Errc::in_progress) {
      last_ = outcome;
      return;
    }
    attempts_[at] = std::move(*socket);
    ++running_;
  }

  // Until an attempt ends, or it is time for the next one. The winner, if there is one.
  Socket* wait() {
    PollItem items[most_peers];
    std::size_t size = 0;
    for (std::size_t i = 0; i < begun_; ++i) {
      if (attempts_[i].is_open()) items[size++] = PollItem(attempts_[i], Ready::write);
    }
    if (size == 0) return nullptr;
    Timeout time = deadline_.remaining();
    const bool more = begun_ < count_;
    if (more && (time.is_none() || time.ms() > options_.attempt_delay.ms())) {
      time = options_.attempt_delay;
    }
    if (!poll(std::span(items).first(size), time)) return nullptr;
    std::size_t item = 0;
    for (std::size_t i = 0; i < begun_; ++i) {
      if (!attempts_[i].is_open()) continue;
      if (!twinsock::any(items[item++].ready)) continue;
      const Errc outcome = attempts_[i].connect_ex(order_[i]);
      if (outcome == Errc::none || outcome == Errc::already_connected) return &attempts_[i];
      if (outcome == Errc::already_in_progress) continue;
      last_ = outcome;
      attempts_[i].close();
      --running_;
    }
    return nullptr;
  }

  const ConnectionOptions& options_;
  Deadline deadline_;
  std::array<Endpoint, most_peers> order_;
  std::array<Socket, most_peers> attempts_;
  std::size_t count_;
  std::size_t begun_ = 0;
  std::size_t running_ = 0;
  Error last_ = Errc::name_not_found;
};

}  // namespace

Result<Socket> create_connection(std::span<const Endpoint> peers,
                                 const ConnectionOptions& options) {
  const Timeout delay = options.attempt_delay;
  if (peers.empty() || peers.size() > most_peers || !options.timeout.valid()) {
    return Errc::invalid_argument;
  }
  for (const Endpoint& peer : peers) {
    if (peer.family() == Family::unspecified) return Errc::address_family_not_supported;
  }
  if (!options.happy_eyeballs) return connect_in_turn(peers, options.timeout);
  if (delay.ms() < 10 || delay.ms() > 2000) return Errc::invalid_argument;
  return Race(peers, options).run();
}

Result<Socket> create_connection(std::string_view host, std::string_view service,
                                 const ConnectionOptions& options) {
  const Deadline deadline(options.timeout.valid() ? options.timeout : Timeout::zero());
  AddressInfo room[4];
  const auto found = getaddrinfo(host, service, room, {.family = options.family});
  if (!found) return found.error();
  Endpoint peers[4];
  for (std::size_t i = 0; i < found->size(); ++i) peers[i] = room[i].endpoint;
  ConnectionOptions rest = options;
  if (options.timeout.valid() && options.timeout.ms() > 0) {
    rest.timeout = deadline.remaining();
    if (rest.timeout.is_zero()) return Errc::timed_out;
  }
  Result<Socket> socket = create_connection(std::span(peers).first(found->size()), rest);
  if (socket) {
    if (const auto ok = socket->settimeout(options.timeout); !ok) return ok.error();
  }
  return socket;
}

Result<Socket> create_server(const Endpoint& local, const ServerOptions& options) {
  if (options.dual_stack && local.family() != Family::inet6) return Errc::invalid_argument;
  Result<Socket> server = Socket::open(local.family(), Type::stream);
  if (!server) return server;
  Result<void> ok = server->setsockopt(option::reuse_address, options.reuse_address);
  if (ok && local.family() == Family::inet6) {
    ok = server->setsockopt(option::ipv6_only, !options.dual_stack);
  }
  if (ok) ok = server->bind(local);
  if (ok) ok = server->listen(options.backlog);
  if (!ok) return ok.error();
  return server;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
