// Cases: sendmsg and recvmsg over several buffers.
#include <array>

#include <conformance/context.hpp>
#include <twinsock/message.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

constexpr Case cases[] = {
    {"Message.DatagramIsGatheredAndScattered", "MSG-2", each_family,
     [](Context& t) {
       Socket first = t.bound_udp();
       Socket second = t.bound_udp();
       const Bytes parts[] = {"head", Bytes(), "er and ", "body"};
       CHECK_VALUE(sendmsg(first, parts, t.reach(second)), 15);
       std::array<char, 6> head;
       std::array<char, 32> body;
       const MutableBytes room[] = {head, MutableBytes(), body};
       const Result<MessageReceived> got = recvmsg(second, room);
       CHECK_OK(got);
       CHECK(got->nbytes == 15 && !got->truncated && got->peer == t.reach(first));
       CHECK(Bytes(head.data(), 6).text() == "header");
       CHECK(Bytes(body.data(), 9).text() == " and body");
     },
     everywhere, nullptr, undisturbed},
    {"Message.DatagramThatIsTooLongIsTruncated", "MSG-2", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       const Bytes parts[] = {"01234", "56789"};
       CHECK_VALUE(sendmsg(first, parts), 10);
       std::array<char, 4> a;
       std::array<char, 4> b;
       const MutableBytes room[] = {a, b};
       const Result<MessageReceived> got = recvmsg(second, room);
       CHECK_OK(got);
       CHECK(got->nbytes == 8 && got->truncated);
       CHECK(Bytes(b.data(), 4).text() == "4567");
       CHECK_ERROR(recvmsg(second, room, Flags::dont_wait), Errc::would_block);
       CHECK_VALUE(sendmsg(first, {}), 0);
       const Result<MessageReceived> empty = recvmsg(second, room);
       CHECK_OK(empty);
       CHECK(empty->nbytes == 0 && !empty->truncated && empty->peer == t.reach(first));
     },
     everywhere, nullptr, undisturbed},
    {"Message.StreamIsGatheredAndScattered", "MSG-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       const Bytes parts[] = {"ab", Bytes(), "cdef", "gh"};
       CHECK_VALUE(sendmsg(pair.client, parts), 8);
       std::array<char, 8> whole;
       std::array<char, 3> a;
       std::array<char, 16> b;
       const MutableBytes room[] = {a, b};
       const Result<MessageReceived> got = recvmsg(pair.server, room);
       CHECK_OK(got);
       CHECK(got->nbytes >= 1 && got->nbytes <= 8 && !got->truncated);
       CHECK(got->peer.family() == Family::unspecified);
       CHECK(a[0] == 'a' && (got->nbytes < 8 || b[4] == 'h'));
       CHECK_OK(pair.server.recv_exactly(MutableBytes(whole.data(), 8 - got->nbytes)));
     }},
    {"Message.StreamTakesWhatThereIsRoomFor", "MSG-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.setblocking(false));
       const Bytes parts[] = {t.scratch().first(3000), t.scratch().first(3000)};
       std::size_t total = 0;
       Errc outcome = Errc::none;
       for (int i = 0; i < 10'000 && outcome == Errc::none; ++i) {
         const Result<std::size_t> sent = sendmsg(pair.client, parts);
         outcome = outcome_of(sent);
         if (sent) total += *sent;
       }
       CHECK_ERROR(outcome, Errc::would_block);
       std::size_t received = 0;
       while (received < total) {
         const Result<std::size_t> got = pair.server.recv_into(t.scratch().first(4096));
         CHECK_OK(got);
         CHECK(*got > 0);
         received += *got;
       }
       CHECK_EQUAL(received, total);
     }},
    {"Message.SendHasADeadline", "MSG-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       t.fill(pair.client);
       CHECK_OK(pair.client.settimeout(std::chrono::milliseconds(50)));
       const Bytes parts[] = {"a", t.scratch().first(3000)};
       // There may be room for some bytes yet; once there is none, the time is waited whole.
       Errc outcome = Errc::none;
       std::uint32_t began = 0;
       while (outcome == Errc::none) {
         began = now_ms();
         outcome = outcome_of(sendmsg(pair.client, parts));
       }
       CHECK_ERROR(outcome, Errc::timed_out);
       CHECK(now_ms() - began >= 50 && now_ms() - began <= 50 + t.slack_ms());
     }},
    {"Message.EndAndResetAreTold", "MSG-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<char, 4> a;
       std::array<char, 4> b;
       const MutableBytes room[] = {a, b};
       CHECK_OK(pair.server.shutdown(Shutdown::write));
       for (int i = 0; i < 2; ++i) {
         const Result<MessageReceived> end = recvmsg(pair.client, room);
         CHECK_OK(end);
         CHECK_EQUAL(end->nbytes, 0);
       }
       if (!t.connect(pair)) return;
       Context::reset(pair.server);
       for (int i = 0; i < 2; ++i) CHECK_ERROR(recvmsg(pair.client, room), Errc::connection_reset);
     },
     everywhere, nullptr, undisturbed},
    {"Message.WaitsAndFailsAsOthersDo", "MSG-4", each_family,
     [](Context& t) {
       Socket udp = t.bound_udp();
       std::array<char, 4> a;
       std::array<char, 4> b;
       const MutableBytes room[] = {a, b};
       const Bytes parts[] = {"a", "b"};
       CHECK_OK(udp.settimeout(std::chrono::milliseconds(20)));
       CHECK_ERROR(recvmsg(udp, room), Errc::timed_out);
       CHECK_ERROR(sendmsg(udp, parts), Errc::destination_required);
       CHECK_ERROR(sendmsg(udp, parts, {t.address(), 0}), Errc::invalid_argument);
       CHECK_ERROR(sendmsg(udp, parts, {IpAddress::loopback(t.other_family()), 9}),
                   Errc::address_family_not_supported);
       Socket tcp = t.tcp();
       CHECK_ERROR(recvmsg(tcp, room), Errc::not_connected);
       CHECK_ERROR(sendmsg(tcp, parts), Errc::not_connected);
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.shutdown(Shutdown::write));
       CHECK_ERROR(sendmsg(pair.client, parts), Errc::broken_pipe);
       pair.client.close();
       CHECK_ERROR(sendmsg(pair.client, parts), Errc::closed);
       CHECK_ERROR(recvmsg(pair.client, room), Errc::closed);
     }},
    {"Message.SixteenPartsAtMost", "MSG-1", any_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       std::array<Bytes, 17> parts;
       parts.fill("x");
       CHECK_ERROR(sendmsg(first, parts), Errc::invalid_argument);
       CHECK_VALUE(sendmsg(first, std::span(parts).first(16)), 16);
       std::array<std::array<char, 1>, 17> bytes;
       std::array<MutableBytes, 17> room;
       for (std::size_t i = 0; i < room.size(); ++i) room[i] = bytes[i];
       CHECK_ERROR(recvmsg(second, room), Errc::invalid_argument);
       const Result<MessageReceived> got = recvmsg(second, std::span(room).first(16));
       CHECK_OK(got);
       CHECK(got->nbytes == 16 && bytes[15][0] == 'x');
     },
     everywhere, nullptr, big_scratch},
};

}  // namespace

std::span<const Case> message_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
