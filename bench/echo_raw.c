// The yardstick: a 64-byte TCP echo server over the C library's own calls, a process for each side.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[64];

// What echo_budget.py counts: instructions and system calls within this function.
__attribute__((noinline)) long serve(int connection) {
  long rounds = 0;
  while (1) {
    const ssize_t got = recv(connection, buffer, sizeof(buffer), 0);
    if (got <= 0) return rounds;
    ssize_t done = 0;
    while (done < got) {
      const ssize_t sent = send(connection, buffer + done, (size_t)(got - done), MSG_NOSIGNAL);
      if (sent < 0) return -1;
      done += sent;
    }
    ++rounds;
  }
}

static void ask(const struct sockaddr_in* server, long rounds) {
  char text[64] = {0};
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(client, (const struct sockaddr*)server, sizeof(*server)) != 0) _exit(1);
  for (long i = 0; i < rounds; ++i) {
    if (send(client, text, sizeof(text), 0) != sizeof(text)) _exit(1);
    if (recv(client, text, sizeof(text), MSG_WAITALL) != sizeof(text)) _exit(1);
  }
  _exit(0);
}

int main(int count, char** words) {
  if (count < 2) return 2;
  const long rounds = atol(words[1]);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in server = {0};
  server.sin_family = AF_INET;
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(server);
  if (bind(listener, (struct sockaddr*)&server, sizeof(server)) != 0) return 1;
  if (getsockname(listener, (struct sockaddr*)&server, &size) != 0 || listen(listener, 1)) return 1;
  if (fork() == 0) ask(&server, rounds);
  const int connection = accept(listener, NULL, NULL);
  if (count > 2 && strcmp(words[2], "timed") == 0) {
    const struct timeval limit = {5, 0};
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  }
  const long served = serve(connection);
  printf("%ld\n", served);
  wait(NULL);
  return served == rounds ? 0 : 1;
}
