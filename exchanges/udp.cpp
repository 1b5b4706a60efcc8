// What the datagram exchanges share: when to send again, and how a client ends.
#include "udp.hpp"

#include <algorithm>

#include "pattern.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

Timeout RetryTimer::wait() const {
  const std::int32_t once =
      mean_ms_ < 0 ? 500 : mean_ms_ + std::max<std::int32_t>(4 * spread_ms_, 20);
  return Timeout::from_ms(std::min<std::int32_t>(once << doublings_, longest_retry_ms));
}

void RetryTimer::sent() {
  sent_at_ms_ = now_ms();
  again_ = false;
}

void RetryTimer::sent_again() {
  again_ = true;
  doublings_ = std::min<std::int32_t>(doublings_ + 1, 8);
}

void RetryTimer::answered() {
  if (again_) {
    doublings_ = std::max<std::int32_t>(doublings_ - 1, 0);
    return;
  }
  doublings_ = 0;
  const auto took_ms =
      static_cast<std::int32_t>(std::min<std::uint32_t>(now_ms() - sent_at_ms_, 10'000));
  if (mean_ms_ < 0) {
    mean_ms_ = took_ms;
    spread_ms_ = took_ms / 2;
    return;
  }
  const std::int32_t off_ms = took_ms > mean_ms_ ? took_ms - mean_ms_ : mean_ms_ - took_ms;
  spread_ms_ = (3 * spread_ms_ + off_ms) / 4;
  mean_ms_ = (7 * mean_ms_ + took_ms) / 8;
}

Result<void> send_datagram(const Timed& socket, Bytes data, const Endpoint& peer) {
  const Result<std::size_t> sent = socket.sendto(data, peer);
  if (sent || sent.error() == Errc::no_buffer_space) return {};
  return sent.error();
}

bool is_server(const Endpoint& sender, const Endpoint& server) {
  const IpAddress& from = sender.address();
  const IpAddress& to = server.address();
  if (sender.port() != server.port() || from.family() != to.family()) return false;
  if (to.is_any()) return from.is_loopback();
  return from.bytes() == to.bytes() && (to.scope() == 0 || from.scope() == to.scope());
}

Result<void> say_goodbye(const Timed& socket, const Endpoint& peer) {
  for (int i = 0; i < 3; ++i) {
    if (const auto done = send_datagram(socket, Bytes(), peer); !done) return done;
  }
  return {};
}

namespace {

std::uint32_t digest_of(const Endpoint& peer, Bytes data) {
  Digest digest;
  digest.add(peer.address().bytes());
  const std::uint16_t port = peer.port();
  digest.add(Bytes(&port, sizeof port));
  digest.add(data);
  return digest.value();
}

}  // namespace

bool SeenDatagrams::contains(const Endpoint& peer, Bytes data) const {
  const auto end =
      digests_.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(count_, 16));
  return std::find(digests_.begin(), end, digest_of(peer, data)) != end;
}

void SeenDatagrams::add(const Endpoint& peer, Bytes data) {
  digests_[count_ % digests_.size()] = digest_of(peer, data);
  if (++count_ == 2 * digests_.size()) count_ = digests_.size();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
