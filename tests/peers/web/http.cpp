// A little of HTTP/1.0, for tests alone: a client that gets one page, and a server of three pages.
#include <array>
#include <charconv>
#include <chrono>

#include <twinsock/connection.hpp>
#include <twinsock/program.hpp>
#include <twinsock/socketserver.hpp>

#include "exchanges/text.hpp"

using namespace twinsock;
using std::chrono::seconds;
using twinsock::exchanges::Hex;
using twinsock::exchanges::Line;

namespace {

constexpr std::string_view end_of_head = "\r\n\r\n";
constexpr std::string_view greeting = "Olá from a node: ☺\n";
constexpr std::size_t large_size = 20'000;
constexpr std::size_t longest_head = 1024;

char large_byte(std::size_t i) { return static_cast<char>('a' + i % 26); }

std::string_view argument(RoleContext& context, std::string_view name) {
  for (const std::string_view word : context.arguments()) {
    if (word.starts_with(name)) return word.substr(name.size());
  }
  return {};
}

std::size_t number(std::string_view text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

int failed(RoleContext& context, std::string_view step, std::string_view came) {
  context.log(Line<160>(step, ": ", came));
  return 1;
}

// Reads to the empty line that ends a head, and no more than `room`: what is there, which may go
// on beyond the head; nothing: it never ended.
std::string_view receive_head(Socket& socket, std::span<char> room) {
  std::string_view head;
  while (head.find(end_of_head) == head.npos) {
    const auto more = socket.recv_into(room.subspan(head.size()));
    if (!more || *more == 0) return {};
    head = {room.data(), head.size() + *more};
  }
  return head;
}

// ---- server

Result<void> send_head(Socket& socket, std::string_view status, std::size_t length) {
  return socket.sendall(std::string_view(
      Line<160>("HTTP/1.0 ", status, "\r\nContent-Type: text/plain; charset=utf-8\r\n",
                "Content-Length: ", length, end_of_head)));
}

Result<void> send_large(Socket& socket) {
  Result<void> sent = send_head(socket, "200 OK", large_size);
  std::array<char, 500> piece;
  for (std::size_t at = 0; sent && at < large_size; at += piece.size()) {
    for (std::size_t i = 0; i < piece.size(); ++i) piece[i] = large_byte(at + i);
    sent = socket.sendall(piece);
  }
  return sent;
}

Result<void> send_text(Socket& socket, std::string_view status, std::string_view text) {
  return send_head(socket, status, text.size()).and_then([&] { return socket.sendall(text); });
}

void answer(void* role, Socket& connection, const Endpoint&) {
  auto& context = *static_cast<RoleContext*>(role);
  std::array<char, longest_head> room;
  if (!connection.settimeout(seconds(10))) return;
  const std::string_view head = receive_head(connection, room);
  const std::string_view line = head.substr(0, head.find("\r\n"));
  const std::string_view path = line.substr(0, line.rfind(' '));
  Result<void> sent;
  if (path == "GET /") {
    sent = send_text(connection, "200 OK", greeting);
  } else if (path == "GET /large") {
    sent = send_large(connection);
  } else if (path.starts_with("GET /")) {
    sent = send_text(connection, "404 Not Found", "no such page\n");
  } else {
    sent = send_text(connection, "400 Bad Request", "GET alone\n");
  }
  context.report(sent ? Line<100>(path) : Line<100>(path, ": ", name(sent.error().code())));
}

// listen=ADDR:PORT requests=NUMBER
int server(RoleContext& context) {
  static TcpServer<1> pages(answer, &context);
  const auto listen = Endpoint::parse(argument(context, "listen="));
  if (!listen) return failed(context, "listen=", name(listen.error().code()));
  if (const auto open = pages.open(
          *listen, {.dual_stack = listen->address().is_any() && listen->family() == Family::inet6});
      !open) {
    return failed(context, "open", name(open.error().code()));
  }
  context.log(Line("listening on ", pages.server_address()->to_text().view()));
  context.ready();
  for (std::size_t left = number(argument(context, "requests=")); left > 0; --left) {
    if (const auto done = pages.handle_request(seconds(60)); !done) {
      return failed(context, "handle_request", name(done.error().code()));
    }
  }
  pages.close();
  return 0;
}

// ---- client

// The rest of the stream, of which `sum` has been told up to now.
struct Body {
  std::size_t size = 0;
  std::uint32_t sum = 2166136261u;  // FNV-1a

  void add(std::string_view bytes) {
    for (const char c : bytes) sum = (sum ^ static_cast<unsigned char>(c)) * 16777619u;
    size += bytes.size();
  }
};

// peer=ADDR:PORT path=/WORDS
int client(RoleContext& context) {
  const auto peer = Endpoint::parse(argument(context, "peer="));
  if (!peer) return failed(context, "peer=", name(peer.error().code()));
  auto socket = create_connection(std::span(&*peer, 1), {.timeout = seconds(20)});
  if (!socket) return failed(context, "connect", name(socket.error().code()));
  const Line<200> request("GET ", argument(context, "path="),
                          " HTTP/1.0\r\nHost: ", peer->to_text().view(), end_of_head);
  if (const auto sent = socket->sendall(std::string_view(request)); !sent) {
    return failed(context, "request", name(sent.error().code()));
  }
  std::array<char, longest_head> room;
  const std::string_view head = receive_head(*socket, room);
  if (head.empty()) return failed(context, "answer", "no head");
  context.report(head.substr(0, head.find("\r\n")));
  Body body;
  body.add(head.substr(head.find(end_of_head) + end_of_head.size()));
  for (;;) {
    std::array<char, 600> piece;
    const auto more = socket->recv(piece);
    if (!more) return failed(context, "body", name(more.error().code()));
    if (more->empty()) break;
    body.add(more->text());
  }
  context.report(Line("body: ", body.size, " bytes, sum ", Hex(body.sum)));
  return 0;
}

constexpr Role roles[] = {{"client", client, "gets a page: peer=ADDR:PORT path=/WORDS"},
                          {"server", server, "serves: listen=ADDR:PORT requests=NUMBER"}};

}  // namespace

TWINSOCK_PROGRAM(roles)
