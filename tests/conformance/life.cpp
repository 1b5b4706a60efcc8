// Cases: opening, closing, moving, giving away and taking over a socket.
#include <utility>

#include <conformance/context.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

constexpr Protocol tcp_protocol = 6;
constexpr Protocol udp_protocol = 17;

constexpr Case cases[] = {
    {"Open.StreamIsTcp", "OPEN-1", each_family,
     [](Context& t) {
       const Result<Socket> socket = Socket::open(t.family(), Type::stream);
       CHECK_OK(socket);
       CHECK(socket->is_open() && socket->fileno() >= 0);
       CHECK(socket->family() == t.family() && socket->type() == Type::stream);
       CHECK_EQUAL(socket->proto(), tcp_protocol);
     }},
    {"Open.DatagramIsUdp", "OPEN-1", each_family,
     [](Context& t) {
       const Result<Socket> socket = Socket::open(t.family(), Type::datagram);
       CHECK_OK(socket);
       CHECK(socket->family() == t.family() && socket->type() == Type::datagram);
       CHECK_EQUAL(socket->proto(), udp_protocol);
     }},
    {"Open.NamedProtocolIsTaken", "OPEN-2", each_family,
     [](Context& t) {
       CHECK_OK(Socket::open(t.family(), Type::stream, tcp_protocol));
       CHECK_OK(Socket::open(t.family(), Type::datagram, udp_protocol));
     }},
    {"Open.StreamOverUdpIsRefused", "OPEN-2", each_family,
     [](Context& t) {
       CHECK_ERROR(Socket::open(t.family(), Type::stream, udp_protocol),
                   Errc::protocol_not_supported);
     }},
    {"Open.DatagramOverTcpIsRefused", "OPEN-2", each_family,
     [](Context& t) {
       CHECK_ERROR(Socket::open(t.family(), Type::datagram, tcp_protocol),
                   Errc::protocol_not_supported);
     }},
    {"Open.UnknownProtocolIsRefused", "OPEN-2", each_family,
     [](Context& t) {
       CHECK_ERROR(Socket::open(t.family(), Type::stream, 254), Errc::protocol_not_supported);
       CHECK_ERROR(Socket::open(t.family(), Type::datagram, 65535), Errc::protocol_not_supported);
     }},
    {"Open.UnknownFamilyIsRefused", "OPEN-3", any_family,
     [](Context& t) {
       for (const Family family : {Family::unspecified, static_cast<Family>(15)}) {
         CHECK_ERROR(Socket::open(family, Type::stream), Errc::address_family_not_supported);
         CHECK_ERROR(Socket::open(family, Type::datagram), Errc::address_family_not_supported);
       }
     }},
    {"Open.UnknownTypeIsRefused", "OPEN-4", each_family,
     [](Context& t) {
       CHECK_ERROR(Socket::open(t.family(), static_cast<Type>(9)), Errc::socket_type_not_supported);
     }},
    {"Open.NewSocketBlocksWithoutTimeout", "OPEN-5", each_family,
     [](Context& t) {
       const Result<Socket> socket = Socket::open(t.family(), Type::stream);
       CHECK_OK(socket);
       CHECK(socket->gettimeout().is_none() && socket->getblocking());
     }},
    {"Open.NewSocketHasNoPortAndNoPeer", "OPEN-5", each_family,
     [](Context& t) {
       for (const Type type : {Type::stream, Type::datagram}) {
         const Result<Socket> socket = Socket::open(t.family(), type);
         CHECK_OK(socket);
         CHECK_OK(socket->getsockname());
         CHECK(*socket->getsockname() == Endpoint(IpAddress::any(t.family()), 0));
         CHECK_ERROR(socket->getpeername(), Errc::not_connected);
       }
     }},
    {"Open.OneTooManyIsTooManySockets", "OPEN-6", any_family,
     [](Context& t) {
       Socket sockets[128];
       Errc error = Errc::none;
       for (Socket& socket : sockets) {
         Result<Socket> opened = Socket::open(t.family(), Type::datagram);
         error = outcome_of(opened);
         if (!opened) break;
         socket = std::move(*opened);
       }
       CHECK_ERROR(error, Errc::too_many_sockets);
       sockets[0].close();
       CHECK_OK(Socket::open(t.family(), Type::datagram));
     },
     everywhere, nullptr, few_sockets},
    {"Open.OneTooManyStreamIsTooManySockets", "OPEN-6", any_family,
     [](Context& t) {
       Socket sockets[128];
       Errc error = Errc::none;
       for (Socket& socket : sockets) {
         Result<Socket> opened = Socket::open(t.family(), Type::stream);
         error = outcome_of(opened);
         if (!opened) break;
         socket = std::move(*opened);
       }
       CHECK_ERROR(error, Errc::too_many_sockets);
       sockets[0].close();
       CHECK_OK(Socket::open(t.family(), Type::stream));
     },
     everywhere, nullptr, few_sockets},
    {"Open.ManyOneAfterAnotherLeaveNothing", "OPEN-6", each_family,
     [](Context& t) {
       for (int i = 0; i < 300; ++i) {
         CHECK_OK(Socket::open(t.family(), i % 2 != 0 ? Type::stream : Type::datagram));
       }
     }},
    {"Close.TwiceIsHarmless", "CLOSE-1", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       socket.close();
       CHECK(!socket.is_open());
       CHECK_EQUAL(socket.fileno(), -1);
       socket.close();
       CHECK(!socket.is_open());
     }},
    {"Close.SecondCloseLeavesTheNextSocketAlone", "CLOSE-1", each_family,
     [](Context& t) {
       Socket first = t.udp();
       first.close();
       Socket second = t.udp();  // very likely with the same descriptor
       first.close();
       CHECK_OK(second.bind(t.any_port()));
     }},
    {"Close.EveryCallAfterwardsIsClosed", "CLOSE-2", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       const Endpoint somewhere(t.address(), 9);
       std::byte bytes[4]{};
       socket.close();
       CHECK_ERROR(socket.bind(somewhere), Errc::closed);
       CHECK_ERROR(socket.listen(), Errc::closed);
       CHECK_ERROR(socket.accept(), Errc::closed);
       CHECK_ERROR(socket.connect(somewhere), Errc::closed);
       CHECK_ERROR(socket.connect_ex(somewhere), Errc::closed);
       CHECK_ERROR(socket.shutdown(Shutdown::both), Errc::closed);
       CHECK_ERROR(socket.getsockname(), Errc::closed);
       CHECK_ERROR(socket.getpeername(), Errc::closed);
       CHECK_ERROR(socket.settimeout(Timeout::zero()), Errc::closed);
       CHECK_ERROR(socket.setsockopt(option::reuse_address, true), Errc::closed);
       CHECK_ERROR(socket.getsockopt(option::reuse_address), Errc::closed);
       CHECK_ERROR(socket.recv(bytes), Errc::closed);
       CHECK_ERROR(socket.recvfrom(bytes), Errc::closed);
       CHECK_ERROR(socket.recv_exactly(bytes), Errc::closed);
     }},
    {"Close.EverySendAfterwardsIsClosed", "CLOSE-2", each_family,
     [](Context& t) {
       Socket stream = t.tcp();
       Socket datagram = t.udp();
       const Endpoint somewhere(t.address(), 9);
       stream.close();
       datagram.close();
       CHECK_ERROR(stream.send("x"), Errc::closed);
       CHECK_ERROR(stream.sendall("x"), Errc::closed);
       CHECK_ERROR(stream.sendto("x", somewhere), Errc::closed);
       CHECK_ERROR(datagram.send("x"), Errc::closed);
       CHECK_ERROR(datagram.sendto("x", somewhere), Errc::closed);
     }},
    {"Close.EmptyTransfersAreClosedToo", "CLOSE-2", any_family,
     [](Context& t) {
       Socket socket = t.tcp();
       socket.close();
       CHECK_ERROR(socket.send(Bytes()), Errc::closed);
       CHECK_ERROR(socket.sendall(Bytes()), Errc::closed);
       CHECK_ERROR(socket.recv(MutableBytes()), Errc::closed);
       CHECK_ERROR(socket.recv_exactly(MutableBytes()), Errc::closed);
     }},
    {"Close.DefaultMadeSocketIsClosed", "CLOSE-2", any_family,
     [](Context& t) {
       Socket socket;
       CHECK(!socket.is_open());
       CHECK_EQUAL(socket.fileno(), -1);
       CHECK_ERROR(socket.send("x"), Errc::closed);
       CHECK_ERROR(socket.listen(), Errc::closed);
     }},
    {"Close.PeerSeesTheEndAfterAllBytes", "CLOSE-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<char, 16> buffer;
       CHECK_OK(pair.client.sendall("last words"));
       pair.client.close();
       CHECK_OK(pair.server.recv_exactly(MutableBytes(buffer).first(10)));
       CHECK(MutableBytes(buffer).first(10).text() == "last words");
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
     }},
    {"Close.WithUnreadBytesResetsThePeer", "CLOSE-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<char, 16> buffer;
       CHECK_OK(pair.client.sendall("never read"));
       CHECK(t.wait_readable(pair.server));
       pair.server.close();
       CHECK_ERROR(pair.client.recv(buffer), Errc::connection_reset);
     }},
    {"Close.PortIsFreeAgain", "CLOSE-5", each_family,
     [](Context& t) {
       Socket first = t.bound_udp();
       const Result<Endpoint> local = first.getsockname();
       CHECK_OK(local);
       first.close();
       Socket second = t.udp();
       CHECK_OK(second.bind(*local));
     }},
    {"Close.ListenerPortIsFreeAgain", "CLOSE-5", each_family,
     [](Context& t) {
       Socket first = t.listener();
       const Result<Endpoint> local = first.getsockname();
       CHECK_OK(local);
       first.close();
       Socket second = t.tcp();
       CHECK_OK(second.bind(*local));
       CHECK_OK(second.listen());
     }},
    {"Close.DestructorCloses", "CLOSE-6", each_family,
     [](Context& t) {
       Endpoint local;
       {
         Socket socket = t.bound_udp();
         local = socket.getsockname().value_or(Endpoint());
       }
       Socket next = t.udp();
       CHECK_OK(next.bind(local));
     }},
    {"Move.CarriesEverythingAlong", "MOVE-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.settimeout(std::chrono::milliseconds(1234)));
       const int descriptor = pair.client.fileno();
       Socket moved = std::move(pair.client);
       CHECK_EQUAL(moved.fileno(), descriptor);
       CHECK_EQUAL(moved.gettimeout().ms(), 1234);
       CHECK(moved.family() == t.family() && moved.type() == Type::stream);
       CHECK_EQUAL(moved.proto(), tcp_protocol);
       CHECK_OK(moved.sendall("x"));
       std::array<char, 4> buffer;
       CHECK_VALUE(pair.server.recv_into(buffer), 1);
     }},
    {"Move.KeepsTheEndOfTheStream", "MOVE-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<char, 4> buffer;
       pair.server.close();
       CHECK_VALUE(pair.client.recv_into(buffer), 0);
       Socket moved = std::move(pair.client);
       CHECK_VALUE(moved.recv_into(buffer), 0);
     }},
    {"Move.AssignmentClosesWhatWasHeld", "MOVE-2", each_family,
     [](Context& t) {
       Socket first = t.bound_udp();
       const Result<Endpoint> local = first.getsockname();
       CHECK_OK(local);
       first = t.udp();
       CHECK(first.is_open());
       CHECK_OK(first.bind(*local));  // so it was let go
     }},
    {"Move.AssignmentMakesAMovedFromSocketWhole", "MOVE-3", each_family,
     [](Context& t) {
       Socket first = t.udp();
       Socket second = std::move(first);
       first = t.udp();
       CHECK(first.is_open() && second.is_open());
       CHECK(first.fileno() != second.fileno());
       CHECK_OK(first.bind(t.any_port()));
     }},
    {"Move.MovedFromIsNotOpen", "MOVE-3", each_family,
     [](Context& t) {
       Socket first = t.udp();
       Socket second = std::move(first);
       CHECK(!first.is_open());
       CHECK_EQUAL(first.fileno(), -1);
       first.close();  // harmless: the destructor does as much
       CHECK(second.is_open());
     }},
    {"Detach.GivesTheDescriptorAway", "DETACH-1", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       const int descriptor = socket.detach();
       CHECK(descriptor >= 0 && !socket.is_open());
       CHECK_EQUAL(socket.detach(), -1);
       CHECK_ERROR(socket.listen(), Errc::closed);
       CHECK_OK(Socket::adopt(descriptor));
     }},
    {"Adopt.FindsOutWhatItIs", "ADOPT-1", each_family,
     [](Context& t) {
       for (const Type type : {Type::stream, Type::datagram}) {
         Result<Socket> first = Socket::open(t.family(), type);
         CHECK_OK(first);
         const Protocol protocol = first->proto();
         const Result<Socket> second = Socket::adopt(first->detach());
         CHECK_OK(second);
         CHECK(second->family() == t.family() && second->type() == type);
         CHECK_EQUAL(second->proto(), protocol);
         CHECK(second->gettimeout().is_none());
       }
     }},
    {"Adopt.ConnectedSocketGoesOn", "ADOPT-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       Result<Socket> client = Socket::adopt(pair.client.detach());
       CHECK_OK(client);
       CHECK_OK(client->settimeout(t.patience()));
       CHECK_OK(pair.server.sendall("abc"));
       std::array<char, 3> buffer;
       CHECK_OK(client->recv_exactly(buffer));
       CHECK_OK(client->sendall("d"));
       CHECK_VALUE(pair.server.recv_into(buffer), 1);
     }},
    {"Adopt.ListenerAccepts", "ADOPT-1", each_family,
     [](Context& t) {
       Socket before = t.listener();
       Result<Socket> listener = Socket::adopt(before.detach());
       CHECK_OK(listener);
       CHECK_OK(listener->settimeout(t.patience()));
       Socket client = t.tcp();
       CHECK_OK(client.connect(t.reach(*listener)));
       CHECK_OK(listener->accept());
     }},
    {"Adopt.BlocksWhateverItWasBefore", "ADOPT-2", each_family,
     [](Context& t) {
       Socket before = t.bound_udp();
       CHECK_OK(before.setblocking(false));
       Result<Socket> socket = Socket::adopt(before.detach());
       CHECK_OK(socket);
       CHECK(socket->getblocking());
       CHECK_OK(socket->settimeout(std::chrono::milliseconds(20)));
       std::array<char, 4> buffer;
       CHECK_ERROR(socket->recv(buffer), Errc::timed_out);
     },
     everywhere, nullptr, lossless},
    {"Adopt.NonBlockingIsReallyUndone", "ADOPT-2", each_family,
     [](Context& t) {
       Socket before = t.bound_udp();
       const Endpoint to = t.reach(before);
       CHECK_OK(before.setblocking(false));
       Result<Socket> socket = Socket::adopt(before.detach());
       CHECK_OK(socket);
       // Without a timeout of its own: only a blocking descriptor waits for the datagram below.
       struct Late {
         Context& t;
         Endpoint to;
       } late{t, to};
       Thread sender;
       CHECK_OK(sender.start(
           "sender",
           [](void* argument) {
             auto& state = *static_cast<Late*>(argument);
             sleep_for(std::chrono::milliseconds(50));
             Result<Socket> from = Socket::open(state.to.family(), Type::datagram);
             if (from) (void)from->sendto("late", state.to);
           },
           &late));
       std::array<char, 8> buffer;
       const Errc outcome = outcome_of(socket->recv_into(buffer));
       sender.join();
       CHECK_ERROR(outcome, Errc::none);
     },
     everywhere, nullptr, lossless},
    {"Adopt.NoDescriptorIsClosed", "ADOPT-3", any_family,
     [](Context& t) {
       CHECK_ERROR(Socket::adopt(-1), Errc::closed);
       CHECK_ERROR(Socket::adopt(30'000), Errc::closed);
       if (const int file = t.host().not_a_socket(); file >= 0) {
         CHECK_ERROR(Socket::adopt(file), Errc::closed);
       }
     }},
    {"Adopt.ClosedDescriptorIsClosed", "ADOPT-3", any_family,
     [](Context& t) {
       Socket socket = t.udp();
       const int descriptor = socket.fileno();
       socket.close();
       CHECK_ERROR(Socket::adopt(descriptor), Errc::closed);
     }},
};

}  // namespace

std::span<const Case> life_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
