// tcp_select_server: one task serves three clients at once. A Selector says who has something to
// say; nobody waits for another.
#include <algorithm>
#include <array>
#include <utility>

#include <twinsock/selector.hpp>

#include "table.hpp"
#include "text.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_select_server {

namespace {

constexpr std::size_t guest_count = 3;
constexpr int rounds = 4;

struct Guest {
  Socket socket;
  char name = 0;  // the first character that it said
  std::size_t size = 0;
};
using Guests = std::array<Guest, guest_count>;

// Echoes what one guest said: true; false: it has ended.
Result<bool> serve(const Run& run, Guest& guest) {
  std::array<char, 64> room;
  const Timed socket(run, guest.socket);
  const Result<MutableBytes> came = socket.recv(room);
  if (!came) return came.error();
  if (came->empty()) return false;
  if (guest.size == 0) guest.name = came->text().front();
  guest.size += came->size();
  if (const auto done = socket.sendall(*came); !done) return done.error();
  return true;
}

// Says a line on each connection, then takes the answers as they come.
Verdict talk(const Run& run, std::span<Socket> sockets, int round) {
  const auto line_of = [&](std::size_t i) {
    return Line<24>(std::string_view("ABC").substr(i, 1), " says line ", round);
  };
  std::array<PollItem, guest_count> items;
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    items[i] = {sockets[i], Ready::read};
    if (const auto done = Timed(run, sockets[i]).sendall(std::string_view(line_of(i))); !done) {
      return Verdict::failed(line_of(i), "to send it", done.error());
    }
  }
  for (std::size_t answered = 0; answered < sockets.size();) {
    const Result<std::size_t> ready = poll(items, run.deadline.remaining());
    if (!ready) return Verdict::failed("poll", "an answer", ready.error());
    if (*ready == 0) return Verdict::failed("poll", "an answer", Errc::timed_out);
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      if (!any(items[i].ready)) continue;
      const Line line = line_of(i);
      std::array<char, 24> room;
      const MutableBytes answer = MutableBytes(room).first(std::string_view(line).size());
      if (const auto done = Timed(run, sockets[i]).recv_exactly(answer); !done) {
        return Verdict::failed(line, "its answer", done.error());
      }
      if (answer.text() != std::string_view(line)) {
        make_printable({room.data(), answer.size()});
        return Verdict::failed("answer", line, answer.text());
      }
      items[i].wanted = Ready::none;
      ++answered;
    }
  }
  return Verdict::ok();
}

}  // namespace

Verdict client(Run& run) {
  std::array<Socket, guest_count> sockets;
  for (Socket& socket : sockets) {
    Result<Socket> opened = connect_to_server(run);
    if (!opened) return Verdict::failed("connect", "a connection", opened.error());
    socket = std::move(*opened);
  }
  run.context.report(Line(guest_count, " connections open"));
  for (int round = 1; round <= rounds; ++round) {
    if (Verdict verdict = talk(run, sockets, round); !verdict.passed) return verdict;
  }
  run.context.report(Line(rounds, " lines each, all answered"));
  return Verdict::ok();
}

Verdict server(Run& run, Socket& listening) {
  if (const auto arrived = await_client(run, listening); !arrived) {
    return Verdict::failed("accept", "a client", arrived.error());
  }
  Guests guests;
  Selector<guest_count + 1> selector;
  Result<void> added = selector.add(listening, Ready::read);
  for (std::size_t came = 0, ended = 0; ended < guest_count;) {
    if (!added) return Verdict::failed("selector", "room for a socket", added.error());
    const auto events = selector.select(run.deadline.remaining());
    const Line step("clients: ", came, " came, ", ended, " ended");
    if (!events) return Verdict::failed(step, "an event", events.error());
    if (events->empty()) return Verdict::failed(step, "an event", Errc::timed_out);
    for (const SelectorKey& key : *events) {
      auto* guest = static_cast<Guest*>(key.data);
      if (guest == nullptr) {
        Result<Accepted> accepted = listening.accept();
        if (!accepted) return Verdict::failed(step, "a client", accepted.error());
        guest = &guests[came++];
        guest->socket = std::move(accepted->socket);
        if (came == guest_count) (void)selector.remove(listening);
        added = selector.add(guest->socket, Ready::read, guest);
        continue;
      }
      const Result<bool> served = serve(run, *guest);
      if (!served) return Verdict::failed(step, "bytes or their end", served.error());
      if (*served) continue;
      (void)selector.remove(guest->socket);
      guest->socket.close();
      ++ended;
    }
  }
  // Who came first is the network's choice.
  std::ranges::sort(guests, {}, &Guest::name);
  for (Guest& guest : guests) {
    make_printable({&guest.name, 1});
    run.context.report(
        Line("client ", std::string_view(&guest.name, 1), ": ", guest.size, " bytes echoed"));
  }
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_select_server
