// Cases: how a stream ends: in order, by shutdown, by a reset; and that it ends for ever.
#include <utility>

#include <conformance/context.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

// The peer has reset the connection, and this side has not been told.
bool reset_pair(Context& t, Pair& pair) {
  if (!t.connect(pair)) return false;
  Context::reset(pair.client);
  return true;
}

// Sends until the stack says that the connection is gone.
Errc send_until_failure(Context& t, Socket& socket) {
  Errc outcome = Errc::none;
  while (outcome == Errc::none && !t.patience().is_zero()) {
    outcome = outcome_of(socket.send("x"));
    sleep_for(std::chrono::milliseconds(2));
  }
  return outcome;
}

// A stream whose peer has ended it and then, when it was sent something, reset it; nobody was told.
bool end_then_reset(Context& t, Pair& pair) {
  if (!t.connect(pair)) return false;
  pair.client.close();
  while (pair.server.getpeername() && !t.patience().is_zero()) {
    (void)pair.server.send("x", Flags::dont_wait);
    sleep_for(std::chrono::milliseconds(10));
    if (!pair.server.getpeername()) return true;
  }
  t.fail(__FILE__, __LINE__, "no reset came");
  return false;
}

// What a peer is told that sends on, for a while, after this side has shut both halves.
Errc send_to_who_has_shut(Context& t, Pair& pair) {
  if (!t.connect(pair)) return Errc::io_error;
  Errc outcome = outcome_of(pair.client.shutdown(Shutdown::both));
  for (int i = 0; i < 10 && outcome == Errc::none; ++i) {
    outcome = outcome_of(pair.server.send("x"));
    sleep_for(std::chrono::milliseconds(10));
  }
  return outcome;
}

constexpr Case cases[] = {
    {"End.IsAnEmptyResult", "END-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       pair.client.close();
       std::array<char, 4> buffer;
       const Result<MutableBytes> got = pair.server.recv(buffer);
       CHECK_OK(got);
       CHECK(got->empty());
     }},
    {"End.IsSticky", "END-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       pair.client.close();
       std::array<char, 4> buffer;
       for (int i = 0; i < 5; ++i) CHECK_VALUE(pair.server.recv_into(buffer), 0);
       CHECK_VALUE(pair.server.recv_into(buffer, Flags::peek), 0);
       CHECK_VALUE(pair.server.recv_into(buffer, Flags::dont_wait), 0);
       CHECK_OK(pair.server.recvfrom(buffer));
       CHECK_OK(pair.server.setblocking(false));
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
     }},
    {"End.PeekSeesItToo", "END-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       pair.client.close();
       std::array<char, 4> buffer;
       CHECK_VALUE(pair.server.recv_into(buffer, Flags::peek), 0);
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
     }},
    {"End.UnseenIsAnEndAfterAReset", "END-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!end_then_reset(t, pair)) return;
       std::array<char, 4> buffer;
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
     },
     on_posix, "lwIP drops the end that nobody has received when the reset comes", undisturbed},
    {"Reset.HidesAnUnseenEnd", "END-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!end_then_reset(t, pair)) return;
       std::array<char, 4> buffer;
       CHECK_ERROR(pair.server.recv(buffer), Errc::connection_reset);
     },
     on_lwip, "Linux tells of the end first", undisturbed},
    {"End.ComesAfterEveryByte", "END-2", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       fill_pattern(t.scratch().first(3000), 8);
       CHECK_OK(pair.client.sendall(t.scratch().first(3000)));
       pair.client.close();
       CHECK_OK(pair.server.recv_exactly(t.scratch().without_first(3000).first(3000)));
       CHECK(has_pattern(t.scratch().without_first(3000).first(3000), 8));
       std::array<char, 4> buffer;
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
     }},
    {"End.LeavesTheOtherDirectionOpen", "END-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<char, 8> buffer;
       CHECK_OK(pair.client.sendall("request"));
       CHECK_OK(pair.client.shutdown(Shutdown::write));
       CHECK_OK(pair.server.recv_exactly(MutableBytes(buffer).first(7)));
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
       CHECK_OK(pair.server.sendall("answer"));
       CHECK_OK(pair.client.recv_exactly(MutableBytes(buffer).first(6)));
       CHECK(MutableBytes(buffer).first(6).text() == "answer");
       pair.server.close();
       CHECK_VALUE(pair.client.recv_into(buffer), 0);
     }},
    {"End.ServerMayEndFirst", "END-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<char, 8> buffer;
       CHECK_OK(pair.server.shutdown(Shutdown::write));
       CHECK_VALUE(pair.client.recv_into(buffer), 0);
       CHECK_OK(pair.client.sendall("go on"));
       CHECK_OK(pair.server.recv_exactly(MutableBytes(buffer).first(5)));
     }},
    {"End.BothHalvesEndInOrder", "END-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<char, 8> buffer;
       CHECK_OK(pair.client.shutdown(Shutdown::write));
       CHECK_OK(pair.server.shutdown(Shutdown::write));
       CHECK_VALUE(pair.client.recv_into(buffer), 0);
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
       CHECK_ERROR(pair.client.send("x"), Errc::broken_pipe);
     }},
    {"Shutdown.SendingAfterwardsIsABrokenPipe", "SHUT-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.shutdown(Shutdown::write));
       CHECK_ERROR(pair.client.send("x"), Errc::broken_pipe);
       CHECK_ERROR(pair.client.sendall("x"), Errc::broken_pipe);
       CHECK_ERROR(pair.client.send("x", Flags::dont_wait), Errc::broken_pipe);
       CHECK_ERROR(pair.client.sendto("x", Endpoint()), Errc::broken_pipe);
     }},
    {"Shutdown.TwiceIsNoError", "SHUT-2", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       for (const Shutdown how : {Shutdown::write, Shutdown::write, Shutdown::read, Shutdown::read,
                                  Shutdown::both, Shutdown::both}) {
         CHECK_OK(pair.client.shutdown(how));
       }
     }},
    {"Shutdown.ReadingAfterwardsIsTheEnd", "SHUT-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.server.shutdown(Shutdown::read));
       std::array<char, 4> buffer;
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
     }},
    {"Shutdown.ReadHidesWhatComesLater", "SHUT-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.server.shutdown(Shutdown::read));
       CHECK_OK(pair.client.sendall("unheard"));
       sleep_for(std::chrono::milliseconds(20));
       std::array<char, 8> buffer;
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
     }},
    {"Shutdown.ReadLeavesThePeerAndSendingAlone", "SHUT-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.server.shutdown(Shutdown::read));
       CHECK_OK(pair.client.sendall("unheard"));
       CHECK_OK(pair.client.sendall("but no error"));
       CHECK_OK(pair.server.sendall("news"));
       std::array<char, 4> buffer;
       CHECK_OK(pair.client.recv_exactly(buffer));
       CHECK_OK(pair.client.sendall("still none"));
     }},
    {"Shutdown.BothEndsBothHalves", "SHUT-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.shutdown(Shutdown::both));
       std::array<char, 4> buffer;
       CHECK_VALUE(pair.client.recv_into(buffer), 0);
       CHECK_ERROR(pair.client.send("x"), Errc::broken_pipe);
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
     }},
    {"Shutdown.BothResetsAPeerThatGoesOn", "SHUT-4", each_family,
     [](Context& t) {
       Pair pair;
       CHECK_ERROR(send_to_who_has_shut(t, pair), Errc::connection_reset);
       CHECK_ERROR(pair.client.getpeername(), Errc::not_connected);
     },
     on_posix, "on lwip the reading half is shut in the layer alone", undisturbed},
    {"Shutdown.BothLetsAPeerGoOn", "SHUT-4", each_family,
     [](Context& t) {
       Pair pair;
       CHECK_ERROR(send_to_who_has_shut(t, pair), Errc::none);
       CHECK_OK(pair.client.getpeername());
     },
     on_lwip, "Linux resets who sends to nobody", undisturbed},
    {"Shutdown.NamesRemain", "SHUT-5", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       const Endpoint local = *pair.client.getsockname();
       const Endpoint peer = *pair.client.getpeername();
       CHECK_OK(pair.client.shutdown(Shutdown::both));
       CHECK_OK(pair.client.getsockname());
       CHECK_OK(pair.client.getpeername());
       CHECK(*pair.client.getsockname() == local && *pair.client.getpeername() == peer);
     }},
    {"Shutdown.BeforeConnectIsNotConnected", "SHUT-6", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       for (const Shutdown how : {Shutdown::read, Shutdown::write, Shutdown::both}) {
         CHECK_ERROR(socket.shutdown(how), Errc::not_connected);
       }
       Socket listener = t.listener();
       CHECK_OK(socket.connect(t.reach(listener)));  // nothing was spent
     }},
    {"Shutdown.AfterThePeersEndIsNoError", "SHUT-7", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       pair.client.close();
       std::array<char, 4> buffer;
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
       CHECK_OK(pair.server.shutdown(Shutdown::both));
       CHECK_ERROR(pair.server.send("x"), Errc::broken_pipe);
     }},
    {"Reset.IsAnErrorAndNoEnd", "RESET-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!reset_pair(t, pair)) return;
       std::array<char, 4> buffer;
       CHECK_ERROR(pair.server.recv(buffer), Errc::connection_reset);
     },
     everywhere, nullptr, undisturbed},
    {"Reset.IsSticky", "RESET-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!reset_pair(t, pair)) return;
       std::array<char, 4> buffer;
       for (int i = 0; i < 4; ++i) CHECK_ERROR(pair.server.recv(buffer), Errc::connection_reset);
       CHECK_ERROR(pair.server.recv_exactly(buffer), Errc::connection_reset);
       CHECK_ERROR(pair.server.recvfrom(buffer), Errc::connection_reset);
       CHECK_ERROR(pair.server.recv(buffer, Flags::dont_wait), Errc::connection_reset);
     },
     everywhere, nullptr, undisturbed},
    {"Reset.NonBlockingReceiveIsAnErrorToo", "RESET-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!reset_pair(t, pair)) return;
       CHECK_OK(pair.server.setblocking(false));
       std::array<char, 4> buffer;
       Errc outcome = Errc::would_block;
       while (outcome == Errc::would_block && !t.patience().is_zero()) {
         outcome = outcome_of(pair.server.recv(buffer));
         sleep_for(std::chrono::milliseconds(1));
       }
       CHECK_ERROR(outcome, Errc::connection_reset);
       CHECK_ERROR(pair.server.recv(buffer), Errc::connection_reset);
     },
     everywhere, nullptr, undisturbed},
    {"Reset.WakesAWaitingReceive", "RESET-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       Thread thread;
       CHECK_OK(thread.start(
           "resetter",
           [](void* argument) {
             sleep_for(std::chrono::milliseconds(40));
             Context::reset(*static_cast<Socket*>(argument));
           },
           &pair.client));
       std::array<char, 4> buffer;
       const Errc outcome = outcome_of(pair.server.recv(buffer));
       thread.join();
       CHECK_ERROR(outcome, Errc::connection_reset);
     },
     everywhere, nullptr, undisturbed},
    {"Reset.WakesAnEndlesslyWaitingReceive", "RESET-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.server.settimeout(Timeout::none()));
       Thread thread;
       CHECK_OK(thread.start(
           "resetter",
           [](void* argument) {
             sleep_for(std::chrono::milliseconds(40));
             Context::reset(*static_cast<Socket*>(argument));
           },
           &pair.client));
       std::array<char, 4> buffer;
       const Errc outcome = outcome_of(pair.server.recv(buffer));
       thread.join();
       CHECK_ERROR(outcome, Errc::connection_reset);
     },
     everywhere, nullptr, lossless},
    {"Reset.SendingFailsOnceThenIsABrokenPipe", "RESET-2", each_family,
     [](Context& t) {
       Pair pair;
       if (!reset_pair(t, pair)) return;
       CHECK_ERROR(send_until_failure(t, pair.server), Errc::connection_reset);
       CHECK_ERROR(pair.server.send("x"), Errc::broken_pipe);
       CHECK_ERROR(pair.server.sendall("x"), Errc::broken_pipe);
     }},
    {"Reset.SenderWasToldReceiverIsToo", "RESET-2", each_family,
     [](Context& t) {
       Pair pair;
       if (!reset_pair(t, pair)) return;
       CHECK_ERROR(send_until_failure(t, pair.server), Errc::connection_reset);
       std::array<char, 4> buffer;
       CHECK_ERROR(pair.server.recv(buffer), Errc::connection_reset);
       CHECK_ERROR(pair.server.recv(buffer), Errc::connection_reset);
     }},
    {"Reset.ReceiverWasToldSenderHasABrokenPipe", "RESET-2", each_family,
     [](Context& t) {
       Pair pair;
       if (!reset_pair(t, pair)) return;
       std::array<char, 4> buffer;
       CHECK_ERROR(pair.server.recv(buffer), Errc::connection_reset);
       CHECK_ERROR(pair.server.send("x"), Errc::broken_pipe);
       CHECK_ERROR(pair.server.sendall("x"), Errc::broken_pipe);
       CHECK_ERROR(pair.server.send(Bytes()), Errc::broken_pipe);
     },
     everywhere, nullptr, undisturbed},
    {"Reset.EndThenResetStaysAnEnd", "RESET-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       pair.client.close();
       std::array<char, 4> buffer;
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
       (void)send_until_failure(t, pair.server);  // the closed peer answers with a reset
       CHECK_VALUE(pair.server.recv_into(buffer), 0);
     }},
    {"Reset.SendingToAClosedPeerFails", "RESET-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       pair.client.close();
       CHECK_ERROR(send_until_failure(t, pair.server), Errc::connection_reset);
       CHECK_ERROR(pair.server.send("x"), Errc::broken_pipe);
     }},
    {"Reset.SendallMeetsIt", "RESET-2", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       Thread thread;
       CHECK_OK(thread.start(
           "resetter",
           [](void* argument) {
             sleep_for(std::chrono::milliseconds(40));
             Context::reset(*static_cast<Socket*>(argument));
           },
           &pair.client));
       Errc outcome = Errc::none;
       while (outcome == Errc::none) outcome = outcome_of(pair.server.sendall(t.scratch()));
       thread.join();
       CHECK_ERROR(outcome, Errc::connection_reset);
     }},
    {"Reset.OtherConnectionsLiveOn", "RESET-4", each_family,
     [](Context& t) {
       Pair first;
       Pair second;
       if (!t.connect(first) || !t.connect(second)) return;
       t.reset(first.client);
       std::array<char, 4> buffer;
       CHECK_ERROR(first.server.recv(buffer), Errc::connection_reset);
       CHECK_OK(second.client.sendall("well"));
       CHECK_OK(second.server.recv_exactly(buffer));
     },
     everywhere, nullptr, undisturbed},
    {"Reset.ShutdownAfterwardsIsNotConnected", "RESET-5", each_family,
     [](Context& t) {
       Pair pair;
       if (!reset_pair(t, pair)) return;
       std::array<char, 4> buffer;
       CHECK_ERROR(pair.server.recv(buffer), Errc::connection_reset);
       CHECK_ERROR(pair.server.shutdown(Shutdown::both), Errc::not_connected);
       CHECK_ERROR(pair.server.getpeername(), Errc::not_connected);
     },
     everywhere, nullptr, undisturbed},
    {"Reset.ShutdownBeforeItWasToldIsNoError", "RESET-5", each_family,
     [](Context& t) {
       Pair pair;
       if (!reset_pair(t, pair)) return;
       while (pair.server.getpeername() && !t.patience().is_zero()) {
         sleep_for(std::chrono::milliseconds(1));
       }
       CHECK_ERROR(pair.server.getpeername(), Errc::not_connected);
       CHECK_OK(pair.server.shutdown(Shutdown::write));
       CHECK_ERROR(pair.server.send("x"), Errc::broken_pipe);
     },
     everywhere, nullptr, undisturbed},
    {"Reset.NameRemains", "RESET-5", each_family,
     [](Context& t) {
       Pair pair;
       if (!reset_pair(t, pair)) return;
       std::array<char, 4> buffer;
       CHECK_ERROR(pair.server.recv(buffer), Errc::connection_reset);
       CHECK_OK(pair.server.getsockname());
     },
     on_posix, "lwIP has freed what held it", undisturbed},
    {"Reset.UnreadBytesComeFirst", "RESET-6", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.sendall("abc"));
       CHECK(t.wait_readable(pair.server));
       t.reset(pair.client);
       sleep_for(std::chrono::milliseconds(20));
       std::array<char, 3> buffer;
       CHECK_OK(pair.server.recv_exactly(buffer));
       CHECK_ERROR(pair.server.recv(buffer), Errc::connection_reset);
     },
     everywhere, nullptr, undisturbed},
};

}  // namespace

std::span<const Case> end_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
