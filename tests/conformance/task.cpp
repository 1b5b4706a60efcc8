// Cases: what several tasks may do with one socket at once.
#include <utility>

#include <conformance/context.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

struct Echo {
  Socket& socket;
  int rounds;
  Errc outcome = Errc::io_error;

  static void run(void* argument) {
    auto& self = *static_cast<Echo*>(argument);
    std::array<std::byte, 32> buffer;
    self.outcome = Errc::none;
    for (int i = 0; i < self.rounds && self.outcome == Errc::none; ++i) {
      self.outcome = outcome_of(self.socket.recv_exactly(buffer));
      if (self.outcome == Errc::none) self.outcome = outcome_of(self.socket.sendall(buffer));
    }
  }
};

constexpr Case cases[] = {
    {"Task.OneReceivesWhileAnotherSends", "TASK-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       // The client's socket is used by this task, which sends, and by another, which receives.
       struct Reader {
         Socket& socket;
         std::size_t wanted;
         std::size_t received = 0;
       } reader{pair.client, 200 * 32};
       Echo echo{pair.server, 200};
       Thread server;
       Thread receiver;
       CHECK_OK(server.start("echo", Echo::run, &echo));
       const Result<void> started = receiver.start(
           "reader",
           [](void* argument) {
             auto& self = *static_cast<Reader*>(argument);
             std::array<std::byte, 64> buffer;
             while (self.received < self.wanted) {
               const Result<std::size_t> got = self.socket.recv_into(buffer);
               if (!got || *got == 0) return;
               self.received += *got;
             }
           },
           &reader);
       Errc sent = outcome_of(started);
       std::array<std::byte, 32> data{};
       for (int i = 0; i < 200 && sent == Errc::none; ++i) {
         sent = outcome_of(pair.client.sendall(data));
       }
       if (!started) pair.client.close();
       if (started) receiver.join();
       server.join();
       CHECK_ERROR(sent, Errc::none);
       CHECK_ERROR(echo.outcome, Errc::none);
       CHECK_EQUAL(reader.received, reader.wanted);
     },
     everywhere, nullptr, more_threads},
    {"Task.BlockedReceiveDoesNotHinderSending", "TASK-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       struct Reader {
         Socket& socket;
         Errc outcome = Errc::io_error;
       } reader{pair.client};
       Thread thread;
       CHECK_OK(thread.start(
           "reader",
           [](void* argument) {
             auto& self = *static_cast<Reader*>(argument);
             std::array<std::byte, 4> buffer;
             self.outcome = outcome_of(self.socket.recv_exactly(buffer));
           },
           &reader));
       sleep_for(std::chrono::milliseconds(20));
       const Errc sent = outcome_of(pair.client.sendall("question"));
       std::array<char, 8> buffer;
       const Errc received = outcome_of(pair.server.recv_exactly(buffer));
       const Errc answered = outcome_of(pair.server.sendall("done"));
       thread.join();
       CHECK_ERROR(sent, Errc::none);
       CHECK_ERROR(received, Errc::none);
       CHECK_ERROR(answered, Errc::none);
       CHECK_ERROR(reader.outcome, Errc::none);
     }},
    {"Task.DatagramsBothWaysAtOnce", "TASK-1", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       struct Reader {
         Socket& socket;
         Errc outcome = Errc::io_error;
       } reader{first};
       Thread thread;
       CHECK_OK(thread.start(
           "reader",
           [](void* argument) {
             auto& self = *static_cast<Reader*>(argument);
             std::array<std::byte, 4> buffer;
             self.outcome = outcome_of(self.socket.recv(buffer));
           },
           &reader));
       sleep_for(std::chrono::milliseconds(20));
       const Errc sent = outcome_of(first.send("ping"));
       std::array<char, 8> buffer;
       const Errc received = outcome_of(second.recv(buffer));
       const Errc answered = outcome_of(second.send("pong"));
       thread.join();
       CHECK_ERROR(sent, Errc::none);
       CHECK_ERROR(received, Errc::none);
       CHECK_ERROR(answered, Errc::none);
       CHECK_ERROR(reader.outcome, Errc::none);
     },
     everywhere, nullptr, undisturbed},
    {"Task.DistinctSocketsNeedNoLock", "TASK-2", each_family,
     [](Context& t) {
       Pair pairs[2];
       if (!t.connect(pairs[0]) || !t.connect(pairs[1])) return;
       Echo echoes[2] = {{pairs[0].server, 100}, {pairs[1].server, 100}};
       Thread threads[2];
       CHECK_OK(threads[0].start("echo 1", Echo::run, &echoes[0]));
       const Result<void> started = threads[1].start("echo 2", Echo::run, &echoes[1]);
       std::array<std::byte, 32> buffer{};
       Errc outcome = outcome_of(started);
       for (int i = 0; i < 100 && outcome == Errc::none; ++i) {
         for (Pair& pair : pairs) {
           if (outcome == Errc::none) outcome = outcome_of(pair.client.sendall(buffer));
         }
         for (Pair& pair : pairs) {
           if (outcome == Errc::none) outcome = outcome_of(pair.client.recv_exactly(buffer));
         }
       }
       for (Pair& pair : pairs) pair.client.close();
       threads[0].join();
       if (started) threads[1].join();
       CHECK_ERROR(outcome, Errc::none);
     },
     everywhere, nullptr, more_threads},
    {"Task.SocketMayBeHandedOver", "TASK-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       struct Owner {
         Socket socket;
         Errc outcome = Errc::io_error;
       } owner{std::move(pair.server)};
       Thread thread;
       CHECK_OK(thread.start(
           "owner",
           [](void* argument) {
             auto& self = *static_cast<Owner*>(argument);
             self.outcome = outcome_of(self.socket.sendall("mine"));
             self.socket.close();
           },
           &owner));
       std::array<char, 4> buffer;
       const Errc received = outcome_of(pair.client.recv_exactly(buffer));
       thread.join();
       CHECK_ERROR(received, Errc::none);
       CHECK_ERROR(owner.outcome, Errc::none);
       CHECK_VALUE(pair.client.recv_into(buffer), 0);
     }},
};

}  // namespace

std::span<const Case> task_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
