// Frames over sockets, in QEMU's way: a datagram each, or behind their length in a stream.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include <host_sim/frame_socket.hpp>

#include "socket_endpoint.hpp"

namespace host_sim {

namespace {

constexpr size_t length_size = 4;
constexpr size_t longest_in_stream = 4096 + 65536;  // QEMU's own limit: beyond, it is no stream
constexpr size_t most_waiting = 512;                // frames
constexpr int most_at_once = 256;  // datagrams, so that the simulation runs on meanwhile
constexpr int connect_limit_ms = 5000;

std::string because(const std::string& what) { return what + ": " + std::strerror(errno); }

Expected<int> open_socket(const SocketEndpoint& endpoint, int type) {
  const int descriptor = socket(endpoint.family(), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return Error{because("cannot open a socket")};
  return descriptor;
}

// The file of a Unix socket stays when its program ends. True: nobody holds it, and it is gone now.
bool removed_orphan(const SocketEndpoint& endpoint, int type) {
  const int probe = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const bool orphan =
      connect(probe, endpoint.address(), endpoint.size) != 0 && errno == ECONNREFUSED;
  close(probe);
  return orphan && unlink(socket_host(endpoint).c_str()) == 0;
}

bool bind_to(int descriptor, const SocketEndpoint& endpoint, int type) {
  if (bind(descriptor, endpoint.address(), endpoint.size) == 0) return true;
  if (errno != EADDRINUSE || endpoint.family() != AF_UNIX) return false;
  if (removed_orphan(endpoint, type)) {
    return bind(descriptor, endpoint.address(), endpoint.size) == 0;
  }
  errno = EADDRINUSE;
  return false;
}

std::string own_name(int descriptor) {
  SocketEndpoint own;
  own.size = sizeof own.storage;
  getsockname(descriptor, own.address(), &own.size);
  return socket_endpoint_text(own);
}

// A socket with its local end; `name` and `file` become what it got.
Expected<int> open_bound(const std::string& local, int type, std::string& name, std::string& file) {
  const auto endpoint = parse_socket_endpoint(local);
  if (!endpoint) return Error{endpoint.error()};
  auto opened = open_socket(*endpoint, type);
  if (!opened) return opened;
  const int descriptor = *opened;
  constexpr int on = 1;
  if (type == SOCK_STREAM && endpoint->family() != AF_UNIX) {
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  }
  if (!bind_to(descriptor, *endpoint, type) ||
      (type == SOCK_STREAM && ::listen(descriptor, 1) != 0)) {
    Error error{because("cannot take " + local)};
    close(descriptor);
    return error;
  }
  name = own_name(descriptor);
  if (endpoint->family() == AF_UNIX) file = socket_host(*endpoint);
  return descriptor;
}

void send_at_once(int descriptor) {  // where it is TCP
  constexpr int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS; }

}  // namespace

Expected<std::unique_ptr<FrameSocket>> FrameSocket::datagram(const std::string& local,
                                                             const std::string& remote) {
  std::unique_ptr<FrameSocket> self(new FrameSocket(Kind::datagram));
  if (!remote.empty()) {
    const auto there = parse_socket_endpoint(remote);
    if (!there) return Error{there.error()};
    const auto here = parse_socket_endpoint(local);
    if (here && here->family() != there->family()) {
      return Error{"'" + local + "' and '" + remote + "' are not of one family"};
    }
    if (there->family() != AF_UNIX && socket_port(*there) == 0) {
      return Error{"'" + remote + "' names no peer: port 0; allowed: 1 to 65535"};
    }
    self->remote_ = remote;
  }
  const auto bound = open_bound(local, SOCK_DGRAM, self->local_, self->file_);
  if (!bound) return Error{bound.error()};
  self->socket_ = *bound;
  if (!remote.empty()) self->reach_remote();
  return self;
}

Expected<std::unique_ptr<FrameSocket>> FrameSocket::listen(const std::string& local) {
  std::unique_ptr<FrameSocket> self(new FrameSocket(Kind::listener));
  const auto bound = open_bound(local, SOCK_STREAM, self->local_, self->file_);
  if (!bound) return Error{bound.error()};
  self->listening_ = *bound;
  return self;
}

Expected<std::unique_ptr<FrameSocket>> FrameSocket::connect(const std::string& remote) {
  std::unique_ptr<FrameSocket> self(new FrameSocket(Kind::client));
  const auto there = parse_socket_endpoint(remote);
  if (!there) return Error{there.error()};
  const auto opened = open_socket(*there, SOCK_STREAM);
  if (!opened) return Error{opened.error()};
  self->socket_ = *opened;
  self->remote_ = remote;
  if (::connect(*opened, there->address(), there->size) != 0) {
    int error = errno;
    if (error == EINPROGRESS) {
      pollfd writable{*opened, POLLOUT, 0};
      socklen_t size = sizeof error;
      error = ETIMEDOUT;
      if (poll(&writable, 1, connect_limit_ms) > 0) {
        getsockopt(*opened, SOL_SOCKET, SO_ERROR, &error, &size);
      }
    }
    if (error != 0) return Error{"cannot connect to " + remote + ": " + std::strerror(error)};
  }
  send_at_once(*opened);
  self->local_ = own_name(*opened);
  self->connected_ = true;
  return self;
}

FrameSocket::~FrameSocket() {
  if (socket_ >= 0) close(socket_);
  if (listening_ >= 0) close(listening_);
  if (!file_.empty()) unlink(file_.c_str());
}

void FrameSocket::prepare(std::vector<pollfd>& waits, Duration&) {
  if (socket_ < 0) {
    if (listening_ >= 0) waits.push_back({listening_, POLLIN, 0});
    return;
  }
  const bool has_waiting = connected_ && !waiting_.empty();
  waits.push_back({socket_, static_cast<short>(has_waiting ? POLLIN | POLLOUT : POLLIN), 0});
}

void FrameSocket::handle(std::span<const pollfd> waits) {
  if (waits.empty() || waits[0].revents == 0) return;
  if (waits[0].fd == listening_) return accept_peer();
  if ((waits[0].revents & POLLOUT) != 0) write_waiting();
  if ((waits[0].revents & ~POLLOUT) == 0) return;
  kind_ == Kind::datagram ? read_datagrams() : read_stream();
}

void FrameSocket::accept_peer() {
  SocketEndpoint peer;
  peer.size = sizeof peer.storage;
  socket_ = accept4(listening_, peer.address(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (socket_ < 0) return;  // it went again
  send_at_once(socket_);
  remote_ = socket_endpoint_text(peer);
  connected_ = true;
}

// Datagrams of others than the peer are kept away by connecting, which also tells of room.
bool FrameSocket::reach_remote() {
  if (connected_ || remote_.empty()) return connected_;
  const auto there = parse_socket_endpoint(remote_);
  connected_ = there && ::connect(socket_, there->address(), there->size) == 0;
  return connected_;
}

void FrameSocket::read_datagrams() {
  std::array<uint8_t, 2048> frame;
  for (int count = 0; count < most_at_once; ++count) {
    SocketEndpoint peer;
    peer.size = sizeof peer.storage;
    const ssize_t size =
        recvfrom(socket_, frame.data(), frame.size(), MSG_TRUNC, peer.address(), &peer.size);
    if (size < 0 && (errno == EINTR || errno == ECONNREFUSED)) continue;  // a lost one's answer
    if (size < 0) return;
    if (remote_.empty()) {
      remote_ = socket_endpoint_text(peer);
      reach_remote();
    }
    give(std::span<const uint8_t>(frame.data(), static_cast<size_t>(size))
             .first(std::min(static_cast<size_t>(size), frame.size())));
  }
}

void FrameSocket::read_stream() {
  std::array<uint8_t, 65536> bytes;
  const ssize_t size = recv(socket_, bytes.data(), bytes.size(), 0);
  if (size < 0 && (errno == EINTR || would_block())) return;
  if (size <= 0) return end_peer();
  incoming_.insert(incoming_.end(), bytes.begin(), bytes.begin() + size);
  give_whole_frames();
}

void FrameSocket::give_whole_frames() {
  size_t start = 0;
  while (incoming_.size() - start >= length_size) {
    const uint8_t* const head = incoming_.data() + start;
    const size_t length = static_cast<size_t>(head[0]) << 24 | static_cast<size_t>(head[1]) << 16 |
                          static_cast<size_t>(head[2]) << 8 | head[3];
    if (length > longest_in_stream) return end_peer();
    if (incoming_.size() - start - length_size < length) break;
    give({head + length_size, length});
    start += length_size + length;
  }
  incoming_.erase(incoming_.begin(), incoming_.begin() + static_cast<std::ptrdiff_t>(start));
}

bool FrameSocket::take(std::span<const uint8_t> frame) {
  if (kind_ == Kind::datagram && waiting_.empty()) return send_datagram(frame);
  if (!connected_ || waiting_.size() >= most_waiting) return false;
  std::vector<uint8_t> bytes;
  if (kind_ != Kind::datagram) {
    const auto length = static_cast<uint32_t>(frame.size());
    for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<uint8_t>(length >> shift));
  }
  bytes.insert(bytes.end(), frame.begin(), frame.end());
  waiting_.push_back(std::move(bytes));
  if (waiting_.size() == 1) write_waiting();
  return true;
}

// A peer that went and came again under its name is reached anew.
bool FrameSocket::send_datagram(std::span<const uint8_t> frame) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (!reach_remote()) return false;
    if (send(socket_, frame.data(), frame.size(), MSG_NOSIGNAL) >= 0) return true;
    if (would_block()) {
      waiting_.emplace_back(frame.begin(), frame.end());
      return true;
    }
    connected_ = false;
  }
  return false;
}

void FrameSocket::write_waiting() {
  while (!waiting_.empty()) {
    const std::vector<uint8_t>& first = waiting_.front();
    const ssize_t size =
        send(socket_, first.data() + written_, first.size() - written_, MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && would_block()) return;
    if (size < 0 && kind_ != Kind::datagram) return;  // reading tells of the end
    if (size < 0) {
      connected_ = false;
      counters_.out_lost += waiting_.size();
      counters_.out -= waiting_.size();
      return waiting_.clear();
    }
    written_ += static_cast<size_t>(size);
    if (written_ < first.size()) continue;
    waiting_.pop_front();
    written_ = 0;
  }
}

// Of a stream.
void FrameSocket::end_peer() {
  close(socket_);
  socket_ = -1;
  connected_ = false;
  incoming_.clear();
  waiting_.clear();
  written_ = 0;
  if (kind_ == Kind::client) fail("the peer at " + remote_ + " ended the stream of frames");
}

std::string FrameSocket::qemu(std::string_view id) const {
  // QEMU splits options at commas; one within a path is doubled.
  const auto path = [](const SocketEndpoint& endpoint) {
    std::string text;
    for (const char c : socket_host(endpoint)) text.append(c == ',' ? 2 : 1, c);
    return text;
  };
  const auto place = [&](const std::string& prefix, const std::string& text) {
    const auto endpoint = parse_socket_endpoint(text);
    if (!endpoint) return std::string();
    if (endpoint->family() == AF_UNIX) {
      return "," + prefix + "type=unix," + prefix + "path=" + path(*endpoint);
    }
    return "," + prefix + "type=inet," + prefix + "host=" + socket_host(*endpoint) + "," + prefix +
           "port=" + std::to_string(socket_port(*endpoint));
  };
  const std::string name = "id=" + std::string(id);
  if (kind_ == Kind::datagram) {
    return "dgram," + name + place("local.", remote_) + place("remote.", local_);
  }
  if (kind_ == Kind::listener) return "stream," + name + ",server=off" + place("addr.", local_);
  return "stream," + name + ",server=on" + place("addr.", remote_);
}

}  // namespace host_sim
