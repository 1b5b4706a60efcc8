// Cases: typed options: what was set is read back, and what is out of range is refused alike.
#include <utility>

#include <conformance/context.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

using std::chrono::seconds;

void check_flag(Context& t, Socket& socket, Option<bool> flag) {
  CHECK_VALUE(socket.getsockopt(flag), false);
  CHECK_OK(socket.setsockopt(flag, true));
  CHECK_VALUE(socket.getsockopt(flag), true);
  CHECK_OK(socket.setsockopt(flag, false));
  CHECK_VALUE(socket.getsockopt(flag), false);
}

void check_seconds(Context& t, Option<seconds> id, seconds initial) {
  Socket socket = t.tcp();
  CHECK_OK(socket.getsockopt(id));
  CHECK(*socket.getsockopt(id) == initial);
  for (const seconds value : {seconds(1), seconds(77), seconds(32'767)}) {
    CHECK_OK(socket.setsockopt(id, value));
    CHECK(*socket.getsockopt(id) == value);
  }
  for (const seconds value : {seconds(0), seconds(-1), seconds(32'768), seconds::max()}) {
    CHECK_ERROR(socket.setsockopt(id, value), Errc::invalid_argument);
  }
  CHECK(*socket.getsockopt(id) == seconds(32'767));
}

constexpr Case cases[] = {
    {"Option.ReuseAddress", "OPT-1", each_family,
     [](Context& t) {
       Socket stream = t.tcp();
       check_flag(t, stream, option::reuse_address);
       Socket datagram = t.udp();
       check_flag(t, datagram, option::reuse_address);
     }},
    {"Option.KeepAlive", "OPT-2", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       check_flag(t, socket, option::keep_alive);
     }},
    {"Option.KeepAliveIdle", "OPT-3", each_family,
     [](Context& t) { check_seconds(t, option::keep_alive_idle, seconds(7200)); }},
    {"Option.KeepAliveInterval", "OPT-3", each_family,
     [](Context& t) { check_seconds(t, option::keep_alive_interval, seconds(75)); }},
    {"Option.KeepAliveCount", "OPT-3", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       CHECK_VALUE(socket.getsockopt(option::keep_alive_count), 9);
       for (const int value : {1, 5, 127}) {
         CHECK_OK(socket.setsockopt(option::keep_alive_count, value));
         CHECK_VALUE(socket.getsockopt(option::keep_alive_count), value);
       }
       for (const int value : {0, -1, 128}) {
         CHECK_ERROR(socket.setsockopt(option::keep_alive_count, value), Errc::invalid_argument);
       }
       CHECK_VALUE(socket.getsockopt(option::keep_alive_count), 127);
     }},
    {"Option.NoDelay", "OPT-4", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       check_flag(t, socket, option::no_delay);
     }},
    {"Option.NoDelayOfAConnection", "OPT-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       check_flag(t, pair.client, option::no_delay);
       check_flag(t, pair.server, option::no_delay);
     }},
    {"Option.Linger", "OPT-5", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       CHECK_OK(socket.getsockopt(option::linger));
       CHECK(*socket.getsockopt(option::linger) == std::nullopt);
       for (const int value : {0, 1, 5, 32'767}) {
         CHECK_OK(socket.setsockopt(option::linger, seconds(value)));
         CHECK(*socket.getsockopt(option::linger) == seconds(value));
       }
       CHECK_ERROR(socket.setsockopt(option::linger, seconds(32'768)), Errc::invalid_argument);
       CHECK_ERROR(socket.setsockopt(option::linger, seconds(-1)), Errc::invalid_argument);
       CHECK(*socket.getsockopt(option::linger) == seconds(32'767));
       CHECK_OK(socket.setsockopt(option::linger, std::nullopt));
       CHECK(*socket.getsockopt(option::linger) == std::nullopt);
     }},
    {"Option.LingerOfNothingResets", "OPT-5", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.setsockopt(option::linger, seconds(0)));
       pair.client.close();
       std::array<char, 4> buffer;
       CHECK_ERROR(pair.server.recv(buffer), Errc::connection_reset);
     },
     everywhere, nullptr, undisturbed},
    {"Option.LingerOfASecondStillDelivers", "OPT-5", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.setsockopt(option::linger, seconds(1)));
       CHECK_OK(pair.client.sendall("whole"));
       const std::uint32_t began_ms = now_ms();
       pair.client.close();
       CHECK(now_ms() - began_ms <= 1000 + t.slack_ms());
       std::array<char, 5> buffer;
       CHECK_OK(pair.server.recv_exactly(buffer));
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
     },
     everywhere, nullptr, lossless},
    {"Option.Broadcast", "OPT-6", inet_only,
     [](Context& t) {
       Socket socket = t.udp();
       check_flag(t, socket, option::broadcast);
     }},
    {"Option.ReceiveBuffer", "OPT-7", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_OK(socket.getsockopt(option::receive_buffer));
       CHECK(*socket.getsockopt(option::receive_buffer) > 0);
       for (const int value : {4096, 20'000, 65'536}) {
         CHECK_OK(socket.setsockopt(option::receive_buffer, value));
         CHECK_VALUE(socket.getsockopt(option::receive_buffer), value);
       }
       CHECK_ERROR(socket.setsockopt(option::receive_buffer, 0), Errc::invalid_argument);
       CHECK_ERROR(socket.setsockopt(option::receive_buffer, -1), Errc::invalid_argument);
       CHECK_VALUE(socket.getsockopt(option::receive_buffer), 65'536);
     }},
    {"Option.ReceiveBufferBoundsWhatIsQueued", "OPT-7", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       CHECK_OK(receiver.setsockopt(option::receive_buffer, 4096));
       for (int i = 0; i < 40; ++i) {
         CHECK_OK(sender.sendto(t.scratch().first(1000), t.reach(receiver)));
       }
       sleep_for(std::chrono::milliseconds(20));  // until they came, over a cable of 100 Mbit/s
       CHECK_OK(receiver.setblocking(false));
       int count = 0;
       while (receiver.recv_into(t.scratch())) ++count;
       CHECK(count >= 1 && count < 40);
     },
     everywhere, nullptr, lossless},
    {"Option.SendBuffer", "OPT-8", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       CHECK_OK(socket.getsockopt(option::send_buffer));
       CHECK_OK(socket.setsockopt(option::send_buffer, 16'384));
       CHECK_VALUE(socket.getsockopt(option::send_buffer), 16'384);
     },
     on_posix, "lwIP fixes it when it is built (TCP_SND_BUF)"},
    {"Option.SendBufferIsNotSupported", "OPT-8", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       CHECK_ERROR(socket.getsockopt(option::send_buffer), Errc::option_not_supported);
       CHECK_ERROR(socket.setsockopt(option::send_buffer, 16'384), Errc::option_not_supported);
     },
     on_lwip, "Linux has one"},
    {"Option.SendBufferRangeIsTheSame", "OPT-8", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       CHECK_ERROR(socket.setsockopt(option::send_buffer, 0), Errc::invalid_argument);
       CHECK_ERROR(socket.setsockopt(option::send_buffer, -9), Errc::invalid_argument);
     }},
    {"Option.PendingErrorIsNoneAtFirst", "OPT-9", each_family,
     [](Context& t) {
       Socket stream = t.tcp();
       CHECK_VALUE(stream.getsockopt(option::pending_error), Errc::none);
       Socket datagram = t.udp();
       CHECK_VALUE(datagram.getsockopt(option::pending_error), Errc::none);
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_VALUE(pair.client.getsockopt(option::pending_error), Errc::none);
     }},
    {"Option.PendingErrorTellsOfAReset", "OPT-9", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       t.reset(pair.client);
       Errc pending = Errc::none;
       while (pending == Errc::none && !t.patience().is_zero()) {
         sleep_for(std::chrono::milliseconds(1));
         pending = pair.server.getsockopt(option::pending_error).value_or(Errc::io_error);
       }
       CHECK_ERROR(pending, Errc::connection_reset);
       CHECK_VALUE(pair.server.getsockopt(option::pending_error), Errc::none);
       std::array<char, 4> buffer;
       CHECK_ERROR(pair.server.recv(buffer), Errc::connection_reset);
     },
     everywhere, nullptr, undisturbed},
    {"Option.TimeToLive", "OPT-10", each_family,
     [](Context& t) {
       for (const Type type : {Type::stream, Type::datagram}) {
         Result<Socket> socket = Socket::open(t.family(), type);
         CHECK_OK(socket);
         CHECK_OK(socket->getsockopt(option::time_to_live));
         const int initial = *socket->getsockopt(option::time_to_live);
         CHECK(initial >= 1 && initial <= 255);
         for (const int value : {1, 64, 255}) {
           CHECK_OK(socket->setsockopt(option::time_to_live, value));
           CHECK_VALUE(socket->getsockopt(option::time_to_live), value);
         }
         for (const int value : {0, 256, 300, -1}) {
           CHECK_ERROR(socket->setsockopt(option::time_to_live, value), Errc::invalid_argument);
         }
         CHECK_VALUE(socket->getsockopt(option::time_to_live), 255);
       }
     }},
    {"Option.TypeOfService", "OPT-11", each_family,
     [](Context& t) {
       for (const Type type : {Type::stream, Type::datagram}) {
         Result<Socket> socket = Socket::open(t.family(), type);
         CHECK_OK(socket);
         CHECK_VALUE(socket->getsockopt(option::type_of_service), 0);
         for (const int value : {0x10, 0xb8, 0}) {
           CHECK_OK(socket->setsockopt(option::type_of_service, value));
           CHECK_VALUE(socket->getsockopt(option::type_of_service), value);
         }
         CHECK_ERROR(socket->setsockopt(option::type_of_service, 256), Errc::invalid_argument);
         CHECK_ERROR(socket->setsockopt(option::type_of_service, -1), Errc::invalid_argument);
       }
     }},
    {"Option.TypeOfServiceHasTheCongestionBitsOfADatagram", "OPT-11", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_OK(socket.setsockopt(option::type_of_service, 255));
       CHECK_VALUE(socket.getsockopt(option::type_of_service), 255);
     }},
    {"Option.Ipv6Only", "OPT-12", inet6_only,
     [](Context& t) {
       Socket stream = t.tcp();
       check_flag(t, stream, option::ipv6_only);
       Socket datagram = t.udp();
       check_flag(t, datagram, option::ipv6_only);
     }},
    {"Option.OfAnotherKindIsNotSupported", "OPT-13", each_family,
     [](Context& t) {
       Socket stream = t.tcp();
       Socket datagram = t.udp();
       CHECK_ERROR(stream.setsockopt(option::broadcast, true), Errc::option_not_supported);
       CHECK_ERROR(stream.getsockopt(option::broadcast), Errc::option_not_supported);
       CHECK_ERROR(datagram.setsockopt(option::no_delay, true), Errc::option_not_supported);
       CHECK_ERROR(datagram.getsockopt(option::no_delay), Errc::option_not_supported);
       CHECK_ERROR(datagram.setsockopt(option::keep_alive, true), Errc::option_not_supported);
       CHECK_ERROR(datagram.setsockopt(option::keep_alive_idle, seconds(5)),
                   Errc::option_not_supported);
       CHECK_ERROR(datagram.setsockopt(option::keep_alive_count, 5), Errc::option_not_supported);
       CHECK_ERROR(datagram.setsockopt(option::linger, seconds(5)), Errc::option_not_supported);
     }},
    {"Option.Ipv6OnlyOfAnInetSocketIsNotSupported", "OPT-13", inet_only,
     [](Context& t) {
       Socket socket = t.tcp();
       CHECK_ERROR(socket.setsockopt(option::ipv6_only, true), Errc::option_not_supported);
       CHECK_ERROR(socket.getsockopt(option::ipv6_only), Errc::option_not_supported);
     }},
    {"Option.OfAListenerIsLikeAnyOther", "OPT-14", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       CHECK_OK(listener.setsockopt(option::keep_alive, true));
       CHECK_OK(listener.setsockopt(option::reuse_address, true));
       CHECK_VALUE(listener.getsockopt(option::reuse_address), true);
     }},
    {"Option.TcpOptionOfAListenerIsInvalid", "OPT-14", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       CHECK_ERROR(listener.setsockopt(option::no_delay, true), Errc::invalid_argument);
       CHECK_ERROR(listener.setsockopt(option::keep_alive_idle, seconds(5)),
                   Errc::invalid_argument);
       CHECK_ERROR(listener.getsockopt(option::no_delay), Errc::invalid_argument);
     }},
};

}  // namespace

std::span<const Case> option_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
