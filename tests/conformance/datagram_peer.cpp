// Cases: datagram sockets with a peer, and peers that are not there.
#include <utility>

#include <conformance/context.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

// Where no datagram socket is bound, kept so by `holder`'s closing at the last moment.
Endpoint closed_port(Context& t) {
  Socket holder = t.bound_udp();
  return t.reach(holder);
}

constexpr Case cases[] = {
    {"Datagram.ConnectFixesThePeer", "DGRAM-10", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       CHECK(*first.getpeername() == t.reach(second));
       CHECK_VALUE(first.send("hello"), 5);
       std::array<char, 8> buffer;
       const Result<Received> got = second.recvfrom(buffer);
       CHECK_OK(got);
       CHECK(got->data.text() == "hello" && got->peer == t.reach(first));
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.ConnectedSendtoEmptyGoesToThePeer", "DGRAM-10", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       CHECK_VALUE(first.sendto("hello", Endpoint()), 5);
       std::array<char, 8> buffer;
       CHECK_VALUE(second.recv_into(buffer), 5);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.ConnectedHearsItsPeerOnly", "DGRAM-10", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       Socket stranger = t.udp();
       CHECK_OK(stranger.sendto("stranger", t.reach(second)));
       CHECK_OK(first.send("friend"));
       std::array<char, 16> buffer;
       CHECK_VALUE(second.recv_into(buffer), 6);
       CHECK_OK(second.setblocking(false));
       CHECK_ERROR(second.recv(buffer), Errc::would_block);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.ConnectedMaySendElsewhere", "DGRAM-10", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       Socket third = t.bound_udp();
       CHECK_VALUE(first.sendto("aside", t.reach(third)), 5);
       CHECK_VALUE(first.send("hello"), 5);
       std::array<char, 8> buffer;
       CHECK_VALUE(third.recv_into(buffer), 5);
       CHECK_VALUE(second.recv_into(buffer), 5);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.ConnectAgainChangesThePeer", "DGRAM-11", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       Socket first = t.bound_udp();
       Socket second = t.bound_udp();
       CHECK_OK(socket.connect(t.reach(first)));
       CHECK_OK(socket.connect(t.reach(second)));
       CHECK(*socket.getpeername() == t.reach(second));
       CHECK_OK(socket.send("x"));
       std::array<char, 4> buffer;
       CHECK_VALUE(second.recv_into(buffer), 1);
       CHECK_ERROR(first.recv(buffer, Flags::dont_wait), Errc::would_block);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.ConnectToNothingForgetsThePeer", "DGRAM-11", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       const std::uint16_t port = second.getsockname()->port();
       CHECK_OK(second.connect(Endpoint()));
       CHECK_ERROR(second.getpeername(), Errc::not_connected);
       CHECK_ERROR(second.send("x"), Errc::destination_required);
       CHECK_EQUAL(second.getsockname()->port(), port);
       Socket stranger = t.udp();
       CHECK_OK(stranger.sendto("welcome", {t.address(), port}));
       std::array<char, 8> buffer;
       CHECK_VALUE(second.recv_into(buffer), 7);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.ConnectNeverWaits", "DGRAM-10", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_OK(socket.setblocking(false));
       CHECK_OK(socket.connect(closed_port(t)));
     }},
    {"Datagram.ConnectBindsToAPort", "DGRAM-10", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_OK(socket.connect(closed_port(t)));
       CHECK(socket.getsockname()->port() != 0);
     }},
    {"Datagram.ConnectChoosesTheLocalAddress", "DGRAM-12", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket socket = t.udp();
       CHECK_OK(socket.connect(t.reach(receiver)));
       CHECK(!socket.getsockname()->address().is_any());
     },
     on_posix, "lwIP chooses the address of each datagram when it is sent"},
    {"Datagram.NobodyThereIsConnectionRefused", "DGRAM-13", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_OK(socket.connect(closed_port(t)));
       CHECK_OK(socket.send("anyone?"));
       CHECK_OK(socket.settimeout(std::chrono::milliseconds(100)));
       std::array<char, 4> buffer;
       CHECK_ERROR(socket.recv(buffer), Errc::connection_refused);
     },
     on_posix, "lwIP does not hand on that a port is unreachable"},
    {"Datagram.NobodyThereIsSilence", "DGRAM-13", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_OK(socket.connect(closed_port(t)));
       CHECK_OK(socket.send("anyone?"));
       CHECK_OK(socket.settimeout(std::chrono::milliseconds(100)));
       std::array<char, 4> buffer;
       CHECK_ERROR(socket.recv(buffer), Errc::timed_out);
     },
     on_lwip, "Linux says that nobody listens, once"},
    {"Datagram.NobodyThereSpendsNothing", "DGRAM-13", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_OK(socket.connect(closed_port(t)));
       CHECK_OK(socket.send("anyone?"));
       CHECK_OK(socket.settimeout(std::chrono::milliseconds(50)));
       std::array<char, 4> buffer;
       (void)socket.recv(buffer);
       Socket other = t.bound_udp();
       CHECK_OK(socket.connect(t.reach(other)));
       CHECK_OK(socket.send("here"));
       CHECK_VALUE(other.recv_into(buffer), 4);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.UnconnectedNeverHearsOfNobody", "DGRAM-13", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       CHECK_OK(socket.sendto("anyone?", closed_port(t)));
       CHECK_OK(socket.settimeout(std::chrono::milliseconds(30)));
       std::array<char, 4> buffer;
       CHECK_ERROR(socket.recv(buffer), Errc::timed_out);
     }},
};

}  // namespace

std::span<const Case> datagram_peer_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
