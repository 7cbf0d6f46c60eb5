/*
 * Answers reads of holding and input registers on many loopback addresses at once, as fast as one
 * core can, so that a benchmark measures its reader and not its server.
 *
 *   register-server DEVICES FIRST_ADDRESS
 *
 * Device n listens on 127.1.(n / 200).(n % 200 + 1), all at the port said on the first line of
 * standard output. Register r holds r. "mark" on standard input begins a count, "report" ends it with
 * one line of JSON: reads; polls, which are the reads of FIRST_ADDRESS; the least and most polls of
 * one device; and how late they came, in milliseconds after the full second, as a histogram.
 * It ends with its standard input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { most_devices = 4000, most_sockets = 16384, room = 8192 };

struct peer {
  int device;
  int listens;
  int length;
  unsigned char bytes[512];
};

static struct peer *peers[most_sockets];
static long reads, polls, polls_of[most_devices], first_late[1000], late[1000];
static int devices, first_address;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int now_in_second(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_nsec / 1000000;
}

static void watch(int epoll, int fd, int device, int listens) {
  if (fd >= most_sockets) die("too many sockets");
  struct peer *peer = calloc(1, sizeof *peer);
  peer->device = device;
  peer->listens = listens;
  peers[fd] = peer;
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
}

static int listening(int device, int port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
  at.sin_addr.s_addr = htonl(0x7f010000u + (device / 200) * 256 + device % 200 + 1);
  if (bind(fd, (struct sockaddr *)&at, sizeof at) < 0) die("bind");
  if (listen(fd, 64) < 0) die("listen");
  return fd;
}

static int port_of(int fd) {
  struct sockaddr_in at;
  socklen_t size = sizeof at;
  getsockname(fd, (struct sockaddr *)&at, &size);
  return ntohs(at.sin_port);
}

/* Writes the answer to one request of 12 bytes; answers its length. */
static int answer(const unsigned char *request, unsigned char *out, int device, int millis) {
  int address = request[8] << 8 | request[9];
  int count = request[10] << 8 | request[11];
  reads++;
  late[millis]++;
  if (address == first_address) {
    polls++;
    polls_of[device]++;
    first_late[millis]++;
  }
  memcpy(out, request, 8);
  if (count < 1 || count > 125 || (request[7] != 3 && request[7] != 4)) {
    out[4] = 0, out[5] = 3, out[7] |= 0x80, out[8] = 3;
    return 9;
  }
  out[4] = (3 + 2 * count) >> 8;
  out[5] = (3 + 2 * count) & 0xff;
  out[8] = 2 * count;
  for (int i = 0; i < count; i++) {
    out[9 + 2 * i] = (address + i) >> 8;
    out[10 + 2 * i] = (address + i) & 0xff;
  }
  return 9 + 2 * count;
}

static void serve(int fd) {
  struct peer *peer = peers[fd];
  unsigned char out[room];
  int got = read(fd, peer->bytes + peer->length, sizeof peer->bytes - peer->length);
  if (got <= 0) {
    close(fd);
    free(peer);
    peers[fd] = NULL;
    return;
  }
  peer->length += got;
  int at = 0, filled = 0, millis = now_in_second();
  for (; peer->length - at >= 12 && room - filled > 260; at += 12)
    filled += answer(peer->bytes + at, out + filled, peer->device, millis);
  memmove(peer->bytes, peer->bytes + at, peer->length - at);
  peer->length -= at;
  if (filled > 0 && write(fd, out, filled) != filled) die("write");
}

static void report(void) {
  long least = polls_of[0], most = polls_of[0];
  for (int i = 1; i < devices; i++) {
    if (polls_of[i] < least) least = polls_of[i];
    if (polls_of[i] > most) most = polls_of[i];
  }
  printf("{\"reads\":%ld,\"polls\":%ld,\"least\":%ld,\"most\":%ld", reads, polls, least, most);
  printf(",\"lateMs\":[");
  for (int i = 0; i < 1000; i++) printf(i ? ",%ld" : "%ld", first_late[i]);
  printf("],\"readLateMs\":[");
  for (int i = 0; i < 1000; i++) printf(i ? ",%ld" : "%ld", late[i]);
  printf("]}\n");
  fflush(stdout);
}

static void obey(void) {
  char line[64];
  int got = read(0, line, sizeof line);
  if (got <= 0) exit(0);
  if (line[0] == 'm') {
    reads = polls = 0;
    memset(polls_of, 0, sizeof polls_of);
    memset(first_late, 0, sizeof first_late);
    memset(late, 0, sizeof late);
  } else
    report();
}

int main(int argc, char **argv) {
  if (argc != 3 || (devices = atoi(argv[1])) < 1 || devices > most_devices) return 2;
  first_address = atoi(argv[2]);
  struct rlimit files = {most_sockets, most_sockets};
  setrlimit(RLIMIT_NOFILE, &files);
  int epoll = epoll_create1(0), port = 0;
  watch(epoll, 0, 0, 0);
  for (int i = 0; i < devices; i++) {
    int fd = listening(i, port);
    if (port == 0) port = port_of(fd);
    watch(epoll, fd, i, 1);
  }
  printf("%d\n", port);
  fflush(stdout);
  for (;;) {
    struct epoll_event events[256];
    int count = epoll_wait(epoll, events, 256, -1);
    if (count < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (fd == 0) {
        obey();
      } else if (peers[fd]->listens) {
        int taken = accept(fd, NULL, NULL), on = 1;
        if (taken < 0) continue;
        setsockopt(taken, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(epoll, taken, peers[fd]->device, 0);
      } else
        serve(fd);
    }
  }
}
