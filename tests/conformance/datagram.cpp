// Cases: datagrams: whole or not at all, from whom, to whom, and the peer that connect fixes.
#include <utility>

#include <conformance/context.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

constexpr std::size_t largest_inet = 65'507;
constexpr std::size_t largest_inet6 = 65'527;
constexpr auto until_they_came = std::chrono::milliseconds(100);  // over a cable of 100 Mbit/s

std::size_t largest(Family family) { return family == Family::inet ? largest_inet : largest_inet6; }

void check_size(Context& t, std::size_t size) {
  Socket receiver = t.bound_udp();
  Socket sender = t.udp();
  const MutableBytes out = t.scratch().first(size);
  const MutableBytes in = t.scratch().without_first(size).first(size + 1);
  fill_pattern(out, 3);
  CHECK_VALUE(sender.sendto(out, t.reach(receiver)), size);
  CHECK_VALUE(receiver.recv_into(in), size);
  CHECK(has_pattern(in.first(size), 3));
}

constexpr Case cases[] = {
    {"Datagram.CarriesBytesAndTellsFromWhom", "DGRAM-1", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.bound_udp();
       CHECK_VALUE(sender.sendto("hello", t.reach(receiver)), 5);
       std::array<char, 16> buffer;
       const Result<Received> got = receiver.recvfrom(buffer);
       CHECK_OK(got);
       CHECK(got->data.text() == "hello" && !got->truncated);
       CHECK(got->peer == t.reach(sender));
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.AnswerGoesBackToThePeer", "DGRAM-1", each_family,
     [](Context& t) {
       Socket server = t.bound_udp();
       Socket client = t.udp();
       CHECK_OK(client.sendto("question", t.reach(server)));
       std::array<char, 16> buffer;
       const Result<ReceivedInto> question = server.recvfrom_into(buffer);
       CHECK_OK(question);
       CHECK_EQUAL(question->nbytes, 8);
       CHECK_OK(server.sendto("answer", question->peer));
       const Result<MutableBytes> answer = client.recv(buffer);
       CHECK_OK(answer);
       CHECK(answer->text() == "answer");
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.FirstSendBindsTheSender", "DGRAM-2", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       CHECK_OK(sender.sendto("x", t.reach(receiver)));
       CHECK(sender.getsockname()->port() != 0);
       std::array<char, 4> buffer;
       const Result<Received> got = receiver.recvfrom(buffer);
       CHECK_OK(got);
       CHECK_EQUAL(got->peer.port(), sender.getsockname()->port());
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.KeepsBoundaries", "DGRAM-1", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       for (const char* text : {"one", "three", "fi"}) {
         CHECK_OK(sender.sendto(text, t.reach(receiver)));
       }
       std::array<char, 16> buffer;
       CHECK_VALUE(receiver.recv_into(buffer), 3);
       CHECK_VALUE(receiver.recv_into(buffer), 5);
       CHECK_VALUE(receiver.recv_into(buffer), 2);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.EverySizeFrom1To1200", "DGRAM-1", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       const Endpoint to = t.reach(receiver);
       const MutableBytes out = t.scratch().first(1200);
       const MutableBytes in = t.scratch().without_first(1200).first(1300);
       for (std::size_t size = 1; size <= 1200; ++size) {
         fill_pattern(out.first(size), static_cast<std::uint32_t>(size));
         CHECK_VALUE(sender.sendto(out.first(size), to), size);
         CHECK_VALUE(receiver.recv_into(in), size);
         CHECK(has_pattern(in.first(size), static_cast<std::uint32_t>(size)));
       }
     },
     everywhere, nullptr, lossless},
    {"Datagram.TooLongForTheBufferIsTruncated", "DGRAM-3", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       CHECK_OK(sender.sendto("12345678", t.reach(receiver)));
       CHECK_OK(sender.sendto("next", t.reach(receiver)));
       std::array<char, 4> buffer;
       const Result<Received> got = receiver.recvfrom(buffer);
       CHECK_OK(got);
       CHECK(got->truncated);
       CHECK(got->data.text() == "1234");
       const Result<Received> next = receiver.recvfrom(buffer);
       CHECK_OK(next);
       CHECK(!next->truncated && next->data.text() == "next");
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.ExactFitIsNotTruncated", "DGRAM-3", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       CHECK_OK(sender.sendto("1234", t.reach(receiver)));
       std::array<char, 4> buffer;
       const Result<ReceivedInto> got = receiver.recvfrom_into(buffer);
       CHECK_OK(got);
       CHECK(got->nbytes == 4 && !got->truncated);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.RecvTruncatesToo", "DGRAM-3", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       CHECK_OK(sender.sendto("12345678", t.reach(receiver)));
       CHECK_OK(sender.sendto("next", t.reach(receiver)));
       std::array<char, 4> buffer;
       CHECK_VALUE(receiver.recv_into(buffer), 4);
       CHECK_VALUE(receiver.recv_into(buffer), 4);
       CHECK(MutableBytes(buffer).text() == "next");
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.EmptyBufferConsumesOne", "DGRAM-3", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       CHECK_OK(sender.sendto("gone", t.reach(receiver)));
       CHECK_OK(sender.sendto("next", t.reach(receiver)));
       const Result<ReceivedInto> got = receiver.recvfrom_into(MutableBytes());
       CHECK_OK(got);
       CHECK(got->nbytes == 0 && got->truncated);
       std::array<char, 4> buffer;
       CHECK_VALUE(receiver.recv_into(buffer), 4);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.EmptyBufferConsumesOneInRecvToo", "DGRAM-3", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       CHECK_OK(sender.sendto("gone", t.reach(receiver)));
       CHECK_OK(sender.sendto("next", t.reach(receiver)));
       CHECK_VALUE(receiver.recv_into(MutableBytes()), 0);
       std::array<char, 8> buffer;
       CHECK_VALUE(receiver.recv_into(buffer), 4);
       CHECK(MutableBytes(buffer).first(4).text() == "next");
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.OfNoLengthIsNoEnd", "DGRAM-4", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       CHECK_VALUE(sender.sendto(Bytes(), t.reach(receiver)), 0);
       CHECK_OK(sender.sendto("after", t.reach(receiver)));
       std::array<char, 8> buffer;
       const Result<Received> empty = receiver.recvfrom(buffer);
       CHECK_OK(empty);
       CHECK(empty->data.empty() && !empty->truncated);
       CHECK_EQUAL(empty->peer.port(), sender.getsockname()->port());
       CHECK_VALUE(receiver.recv_into(buffer), 5);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.OfNoLengthThroughSendAndRecv", "DGRAM-4", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       CHECK_VALUE(first.send(Bytes()), 0);
       CHECK_OK(first.send("after"));
       std::array<char, 8> buffer;
       CHECK_VALUE(second.recv_into(buffer), 0);
       CHECK_VALUE(second.recv_into(buffer), 5);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.PeekLeavesItWhole", "DGRAM-5", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       CHECK_OK(sender.sendto("look", t.reach(receiver)));
       std::array<char, 8> buffer;
       for (int i = 0; i < 2; ++i) {
         const Result<Received> seen = receiver.recvfrom(buffer, Flags::peek);
         CHECK_OK(seen);
         CHECK(seen->data.text() == "look" && !seen->truncated);
         CHECK_EQUAL(seen->peer.port(), sender.getsockname()->port());
       }
       CHECK_VALUE(receiver.recv_into(buffer), 4);
       CHECK_ERROR(receiver.recv(buffer, Flags::dont_wait), Errc::would_block);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.PeekWithAShortBufferLosesNothing", "DGRAM-5", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       CHECK_OK(sender.sendto("12345678", t.reach(receiver)));
       std::array<char, 8> buffer;
       const Result<Received> seen = receiver.recvfrom(MutableBytes(buffer).first(2), Flags::peek);
       CHECK_OK(seen);
       CHECK(seen->truncated && seen->data.text() == "12");
       CHECK_VALUE(receiver.recv_into(buffer), 8);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.NothingThereWouldBlock", "DGRAM-6", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       std::array<char, 4> buffer;
       CHECK_ERROR(socket.recvfrom(buffer, Flags::dont_wait), Errc::would_block);
       CHECK_OK(socket.setblocking(false));
       CHECK_ERROR(socket.recv(buffer), Errc::would_block);
       CHECK_ERROR(socket.recvfrom(buffer), Errc::would_block);
       CHECK_ERROR(socket.recvfrom_into(buffer), Errc::would_block);
     }},
    {"Datagram.NothingInTimeTimesOut", "DGRAM-6", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       CHECK_OK(socket.settimeout(std::chrono::milliseconds(20)));
       std::array<char, 4> buffer;
       CHECK_ERROR(socket.recv(buffer), Errc::timed_out);
       CHECK_ERROR(socket.recvfrom(buffer), Errc::timed_out);
     }},
    {"Datagram.UnboundReceiverWaitsForNobody", "DGRAM-6", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_OK(socket.settimeout(std::chrono::milliseconds(20)));
       std::array<char, 4> buffer;
       CHECK_ERROR(socket.recv(buffer), Errc::timed_out);
       CHECK_ERROR(socket.recvfrom(buffer), Errc::timed_out);
     }},
    {"Datagram.LargerThanAPacketArrives", "DGRAM-7", each_family,
     [](Context& t) { check_size(t, 3000); }, everywhere, nullptr, undisturbed},
    {"Datagram.LargestArrives", "DGRAM-7", each_family, [](Context& t) { check_size(t, 60'000); },
     everywhere, nullptr, big_scratch | big_datagrams},
    {"Datagram.TooLongIsRefused", "DGRAM-7", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       const Bytes data = Bytes(t.scratch()).first(largest(t.family()) + 1);
       CHECK_ERROR(first.send(data), Errc::message_too_long);
       CHECK_ERROR(first.sendto(data, t.reach(second)), Errc::message_too_long);
       CHECK_ERROR(first.sendall(data), Errc::message_too_long);
       std::array<char, 4> buffer;
       CHECK_ERROR(second.recv(buffer, Flags::dont_wait), Errc::would_block);
       CHECK_OK(first.send("fine"));
       CHECK_VALUE(second.recv_into(buffer), 4);
     },
     everywhere, nullptr, big_scratch | undisturbed},
    {"Datagram.PortZeroIsRefused", "DGRAM-8", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_ERROR(socket.sendto("x", {t.address(), 0}), Errc::invalid_argument);
       CHECK_ERROR(socket.connect({t.address(), 0}), Errc::invalid_argument);
     }},
    {"Datagram.OtherFamilyIsRefused", "DGRAM-8", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       const Endpoint other(IpAddress::loopback(t.other_family()), 9);
       CHECK_ERROR(socket.sendto("x", other), Errc::address_family_not_supported);
       CHECK_ERROR(socket.connect(other), Errc::address_family_not_supported);
     }},
    {"Datagram.WithoutDestinationIsRefused", "DGRAM-9", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       CHECK_ERROR(socket.send("x"), Errc::destination_required);
       CHECK_ERROR(socket.sendall("x"), Errc::destination_required);
       CHECK_ERROR(socket.sendto("x", Endpoint()), Errc::destination_required);
     }},
    {"Datagram.FreshWithoutDestinationIsRefused", "DGRAM-9", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_ERROR(socket.send("x"), Errc::destination_required);
       CHECK_ERROR(socket.send(Bytes()), Errc::destination_required);
     }},
    {"Datagram.TooLongWithoutDestinationNeedsOneFirst", "DGRAM-9", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       const Bytes data = Bytes(t.scratch()).first(largest(t.family()) + 1);
       CHECK_ERROR(socket.send(data), Errc::destination_required);
       CHECK_ERROR(socket.sendall(data), Errc::destination_required);
     },
     everywhere, nullptr, big_scratch},
    {"Datagram.BroadcastNeedsPermission", "DGRAM-14", inet_only,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_ERROR(socket.sendto("x", {IpAddress::broadcast(), 9}), Errc::permission_denied);
     }},
    {"Datagram.ConnectToBroadcastNeedsPermission", "DGRAM-14", inet_only,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_ERROR(socket.connect({IpAddress::broadcast(), 9}), Errc::permission_denied);
     },
     on_posix, "lwIP looks at the peer of a datagram when it is sent"},
    {"Datagram.SendToABroadcastPeerNeedsPermission", "DGRAM-14", inet_only,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_OK(socket.connect({IpAddress::broadcast(), 9}));
       CHECK_ERROR(socket.send("x"), Errc::permission_denied);
     },
     on_lwip, "Linux refuses such a peer at once"},
    {"Datagram.OverflowDropsTheNewest", "DGRAM-15", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       const Endpoint to = t.reach(receiver);
       std::array<char, 8> buffer;
       CHECK_OK(sender.sendto("first", to));  // so that the burst need not wait for ARP
       CHECK_OK(receiver.settimeout(t.patience()));
       CHECK_VALUE(receiver.recv_into(buffer), 5);
       for (std::uint16_t i = 0; i < 2000; ++i) {
         CHECK_OK(sender.sendto(std::as_bytes(std::span(&i, 1)), to));
       }
       sleep_for(until_they_came);
       CHECK_OK(receiver.setblocking(false));
       std::uint16_t got = 0, before = 0;
       std::uint32_t count = 0;
       while (receiver.recv_into(std::as_writable_bytes(std::span(&got, 1)))) {
         // The queue holds the first that came; a busy machine may bring some while it is emptied.
         if (count < 4) CHECK_EQUAL(got, count);
         CHECK(count == 0 || got > before);
         before = got;
         ++count;
       }
       CHECK(count >= 4 && count < 2000);
       CHECK_OK(receiver.settimeout(t.patience()));
       CHECK_OK(sender.sendto("again", to));
       // What the stack had not yet delivered when the queue was found empty comes first.
       Result<std::size_t> size = receiver.recv_into(buffer);
       while (size && *size == sizeof got) size = receiver.recv_into(buffer);
       CHECK_VALUE(size, 5);
     },
     everywhere, nullptr, lossless},
    {"Datagram.ShutdownNeedsAPeer", "DGRAM-16", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       CHECK_ERROR(socket.shutdown(Shutdown::both), Errc::not_connected);
     }},
    {"Datagram.ShutdownWriteEndsSending", "DGRAM-16", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       CHECK_OK(first.shutdown(Shutdown::write));
       CHECK_ERROR(first.send("x"), Errc::broken_pipe);
       CHECK_ERROR(first.sendto("x", t.reach(second)), Errc::broken_pipe);
       CHECK_OK(second.send("still heard"));
       std::array<char, 16> buffer;
       CHECK_VALUE(first.recv_into(buffer), 11);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.ShutdownOutlastsAFurtherConnect", "DGRAM-16", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       CHECK_OK(first.shutdown(Shutdown::both));
       std::array<char, 4> buffer;
       CHECK_OK(first.connect(t.reach(second)));
       CHECK_ERROR(first.send("x"), Errc::broken_pipe);
       CHECK_VALUE(first.recv_into(buffer), 0);
       CHECK_OK(first.connect(Endpoint()));
       CHECK_ERROR(first.sendto("x", t.reach(second)), Errc::broken_pipe);
       CHECK_VALUE(first.recv_into(buffer), 0);
     }},
    {"Datagram.ShutdownReadEndsReceiving", "DGRAM-16", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       CHECK_OK(first.shutdown(Shutdown::read));
       std::array<char, 8> buffer;
       CHECK_VALUE(first.recv_into(buffer), 0);
       CHECK_OK(first.recvfrom(buffer));
       CHECK_OK(first.send("still sent"));
       CHECK_VALUE(second.recv_into(buffer), 8);
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.ExactReceiveIsOneDatagramAtLeast", "DGRAM-17", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       CHECK_OK(first.send("abc"));
       CHECK_OK(first.send("def"));
       std::array<char, 6> buffer;
       CHECK_OK(second.recv_exactly(buffer));
       CHECK(MutableBytes(buffer).text() == "abcdef");
     },
     everywhere, nullptr, undisturbed},
    {"Datagram.ToTheAnyAddressIsThisHost", "DGRAM-18", each_family,
     [](Context& t) {
       Socket receiver = t.udp();
       CHECK_OK(receiver.bind({IpAddress::any(t.family()), 0}));
       Socket sender = t.udp();
       CHECK_OK(sender.sendto("x", *receiver.getsockname()));
       std::array<char, 4> buffer;
       const Result<Received> got = receiver.recvfrom(buffer);
       CHECK_OK(got);
       CHECK(got->peer.address().is_loopback());
     },
     everywhere, nullptr, loopback},
    {"Datagram.DualStackMapsAnIpv4Peer", "DGRAM-19", inet6_only,
     [](Context& t) {
       Socket receiver = t.udp();
       CHECK_OK(receiver.bind({IpAddress::any(Family::inet6), 0}));
       Result<Socket> sender = Socket::open(Family::inet, Type::datagram);
       CHECK_OK(sender);
       const std::uint16_t port = receiver.getsockname()->port();
       CHECK_OK(sender->sendto("four", {t.address(Family::inet), port}));
       std::array<char, 8> buffer;
       const Result<Received> got = receiver.recvfrom(buffer);
       CHECK_OK(got);
       CHECK(got->data.text() == "four");
       CHECK(got->peer.address().is_v4_mapped());
       CHECK(got->peer.address().unmapped() == t.address(Family::inet));
       CHECK_OK(receiver.sendto("answer", got->peer));
       CHECK_OK(sender->settimeout(t.patience()));
       const Result<Received> answer = sender->recvfrom(buffer);
       CHECK_OK(answer);
       CHECK(answer->peer == Endpoint(t.address(Family::inet), port));
     },
     everywhere, nullptr, undisturbed},
};

}  // namespace

std::span<const Case> datagram_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
