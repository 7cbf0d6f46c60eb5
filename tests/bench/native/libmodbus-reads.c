/*
 * What reading through libmodbus costs: the measure for our own reader.
 *
 *   libmodbus-reads PORT DEVICES BLOCKS REGISTERS SECONDS paced|unpaced|together
 *
 * Reads BLOCKS blocks of REGISTERS holding registers, 200 apart, of each device of register-server, on a
 * connection of its own: one device after the other, once a second or as often as it can; or each second of
 * all devices side by side, as a program must whose devices take their time. Prints one line of JSON: reads,
 * seconds, cpuSeconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

static double now(clockid_t clock) {
  struct timespec at;
  clock_gettime(clock, &at);
  return at.tv_sec + at.tv_nsec / 1e9;
}

static double cpu(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return used.ru_utime.tv_sec + used.ru_utime.tv_usec / 1e6 + used.ru_stime.tv_sec +
         used.ru_stime.tv_usec / 1e6;
}

static void until_next_second(void) {
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  at.tv_sec += 1;
  at.tv_nsec = 0;
  clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &at, NULL);
}

static int fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, modbus_strerror(errno));
  return 1;
}

static modbus_t **links;
static int devices, blocks, registers;

/* Each device is done with before the next one is asked. */
static int one_by_one(void) {
  uint16_t words[125];
  for (int i = 0; i < devices; i++)
    for (int block = 0; block < blocks; block++)
      if (modbus_read_registers(links[i], block * 200, registers, words) != registers)
        return fail("read");
  return 0;
}

static int ask(int device, int block) {
  int address = block * 200;
  uint8_t request[] = {1, 3, address >> 8, address & 0xff, 0, registers};
  return modbus_send_raw_request(links[device], request, sizeof request) < 0 ? fail("ask") : 0;
}

/* All devices are under way at once, each with one request. */
static int together(int epoll, int *answered) {
  static struct epoll_event events[256];
  uint8_t answer[MODBUS_TCP_MAX_ADU_LENGTH];
  for (int i = 0; i < devices; i++) {
    answered[i] = 0;
    if (ask(i, 0)) return 1;
  }
  for (int left = devices; left > 0;) {
    int count = epoll_wait(epoll, events, 256, 2000);
    if (count <= 0) return fail("epoll_wait");
    for (int i = 0; i < count; i++) {
      int device = events[i].data.fd;
      if (modbus_receive_confirmation(links[device], answer) != 9 + 2 * registers)
        return fail("answer");
      answered[device]++;
      if (answered[device] == blocks)
        left--;
      else if (ask(device, answered[device]))
        return 1;
    }
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  int port = atoi(argv[1]), paced = strcmp(argv[6], "unpaced") != 0;
  int beside = strcmp(argv[6], "together") == 0, epoll = epoll_create1(0);
  devices = atoi(argv[2]), blocks = atoi(argv[3]), registers = atoi(argv[4]);
  double seconds = atof(argv[5]);
  struct rlimit files = {16384, 16384};
  setrlimit(RLIMIT_NOFILE, &files);

  links = calloc(devices, sizeof *links);
  int *answered = calloc(devices, sizeof *answered);
  for (int i = 0; i < devices; i++) {
    char address[32];
    snprintf(address, sizeof address, "127.1.%d.%d", i / 200, i % 200 + 1);
    links[i] = modbus_new_tcp(address, port);
    modbus_set_slave(links[i], 1);
    if (modbus_connect(links[i]) < 0) return fail("connect");
    struct epoll_event event = {.events = EPOLLIN, .data.fd = i};
    epoll_ctl(epoll, EPOLL_CTL_ADD, modbus_get_socket(links[i]), &event);
  }

  long reads = 0;
  double begin = now(CLOCK_MONOTONIC), before = cpu();
  while (now(CLOCK_MONOTONIC) - begin < seconds) {
    if (paced) until_next_second();
    if (beside ? together(epoll, answered) : one_by_one()) return 1;
    reads += (long)devices * blocks;
  }
  printf("{\"reads\":%ld,\"seconds\":%.6f,\"cpuSeconds\":%.6f}\n", reads,
         now(CLOCK_MONOTONIC) - begin, cpu() - before);
}
