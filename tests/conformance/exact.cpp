// Cases: receiving exactly so many bytes, under one deadline.
#include <utility>

#include <conformance/context.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

constexpr Case cases[] = {
    {"Stream.ExactReceiveGathersParts", "RECV-7", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       struct Drip {
         Socket& socket;
       } drip{pair.client};
       Thread thread;
       CHECK_OK(thread.start(
           "drip",
           [](void* argument) {
             for (const char* part : {"ab", "c", "defgh"}) {
               (void)static_cast<Drip*>(argument)->socket.sendall(part);
               sleep_for(std::chrono::milliseconds(10));
             }
           },
           &drip));
       std::array<char, 8> buffer;
       std::size_t received = 0;
       const Errc outcome = outcome_of(pair.server.recv_exactly(buffer, &received));
       thread.join();
       CHECK_ERROR(outcome, Errc::none);
       CHECK_EQUAL(received, 8);
       CHECK(MutableBytes(buffer).text() == "abcdefgh");
     }},
    {"Stream.ExactReceiveTellsWhatItHasWhenTimeIsOver", "RECV-7", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.sendall("abc"));
       CHECK_OK(pair.server.settimeout(std::chrono::milliseconds(60)));
       std::array<char, 8> buffer;
       std::size_t received = 0;
       CHECK_ERROR(pair.server.recv_exactly(buffer, &received), Errc::timed_out);
       CHECK_EQUAL(received, 3);
       CHECK_OK(pair.client.sendall("defgh"));
       CHECK_OK(pair.server.settimeout(t.patience()));
       CHECK_OK(pair.server.recv_exactly(MutableBytes(buffer).without_first(received)));
       CHECK(MutableBytes(buffer).text() == "abcdefgh");
     },
     everywhere, nullptr, lossless},
    {"Stream.ExactReceiveHasOneDeadline", "RECV-7", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.setsockopt(option::no_delay, true));
       CHECK_OK(pair.server.settimeout(std::chrono::milliseconds(120)));
       struct Drip {
         Socket& socket;
         std::atomic<bool> stop = false;
       } drip{pair.client};
       Thread thread;
       CHECK_OK(thread.start(
           "drip",
           [](void* argument) {
             auto& self = *static_cast<Drip*>(argument);
             while (!self.stop) {
               (void)self.socket.sendall("x");
               sleep_for(std::chrono::milliseconds(30));
             }
           },
           &drip));
       const std::uint32_t began_ms = now_ms();
       std::size_t received = 0;
       const Errc outcome =
           outcome_of(pair.server.recv_exactly(t.scratch().first(1000), &received));
       const std::uint32_t took_ms = now_ms() - began_ms;
       drip.stop = true;
       thread.join();
       CHECK_ERROR(outcome, Errc::timed_out);
       CHECK(received >= 2 && received < 100);
       CHECK(took_ms >= 120);
       CHECK(took_ms <= 120 + t.slack_ms());
     },
     everywhere, nullptr, lossless},
    {"Stream.ExactReceiveMeetsTheEnd", "RECV-7", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.sendall("abc"));
       pair.client.close();
       std::array<char, 8> buffer;
       std::size_t received = 0;
       CHECK_ERROR(pair.server.recv_exactly(buffer, &received), Errc::end_of_stream);
       CHECK_EQUAL(received, 3);
       CHECK_ERROR(pair.server.recv_exactly(buffer, &received), Errc::end_of_stream);
       CHECK_EQUAL(received, 0);
     }},
};

}  // namespace

std::span<const Case> exact_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
