/*
 * What reading through libmodbus costs: the measure for our own reader.
 *
 *   libmodbus-reads PORT DEVICES BLOCKS REGISTERS SECONDS paced|unpaced
 *
 * Reads BLOCKS blocks of REGISTERS holding registers, 200 apart, of each device of register-server:
 * once a second, or as often as it can. Prints one line of JSON: reads, seconds, cpuSeconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  int port = atoi(argv[1]), devices = atoi(argv[2]), blocks = atoi(argv[3]);
  int registers = atoi(argv[4]), paced = strcmp(argv[6], "paced") == 0;
  double seconds = atof(argv[5]);
  struct rlimit files = {16384, 16384};
  setrlimit(RLIMIT_NOFILE, &files);

  modbus_t **links = calloc(devices, sizeof *links);
  for (int i = 0; i < devices; i++) {
    char address[32];
    snprintf(address, sizeof address, "127.1.%d.%d", i / 200, i % 200 + 1);
    links[i] = modbus_new_tcp(address, port);
    modbus_set_slave(links[i], 1);
    if (modbus_connect(links[i]) < 0) return fail("connect");
  }

  uint16_t words[125];
  long reads = 0;
  double begin = now(CLOCK_MONOTONIC), before = cpu();
  while (now(CLOCK_MONOTONIC) - begin < seconds) {
    if (paced) until_next_second();
    for (int i = 0; i < devices; i++)
      for (int block = 0; block < blocks; block++, reads++)
        if (modbus_read_registers(links[i], block * 200, registers, words) != registers)
          return fail("read");
  }
  printf("{\"reads\":%ld,\"seconds\":%.6f,\"cpuSeconds\":%.6f}\n", reads,
         now(CLOCK_MONOTONIC) - begin, cpu() - before);
}
