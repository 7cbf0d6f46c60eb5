/** One row of `docs/reliability.md`. */
export type ReliabilityRow = {
  readonly code: string;
  /** The fault, or the duty in few words. */
  readonly subject: string;
  readonly mustHold: string;
  /** The files whose tests hold it, from the repository's root. */
  readonly tests: readonly string[];
  /** What of it is not built or not tested yet. */
  readonly open?: string;
};

const pipe = "tests/faults/pipe-under-faults.test.ts";
const model = "tests/faults/model-run.test.ts";
const returning = "tests/faults/returning-gateways.test.ts";
const kills = "tests/system/kills.test.ts";
const gatewayKills = "tests/system/gateway-kills.test.ts";
const ingestKills = "tests/system/ingest-kills.test.ts";
const houseClock = [
  "ingest/src/accept/house-time.test.ts",
  "ingest/src/accept/doubted-clock.test.ts",
];
const mosquitto = "tests/system/mosquitto.test.ts";
const series = ["tests/system/store-influx.test.ts", "tests/system/store-victoria.test.ts"];
const seriesPipe = "tests/faults/series-under-faults.test.ts";
const rollUps = "packages/store/src/frames/rollups/postgres-roll-up.test.ts";

/** The duties of `docs/delivery.md`. */
export const duties: readonly ReliabilityRow[] = [
  {
    code: "D-1",
    subject: "A frame is on disk before it is sent",
    mustHold: "a killed gateway goes on with its numbers; a poll never waits for a slow disk",
    tests: [
      pipe,
      gatewayKills,
      "gateway/src/outbox/kills.test.ts",
      "gateway/src/outbox/outbox.test.ts",
    ],
  },
  {
    code: "D-2",
    subject: "Only ingest's ack counts",
    mustHold: "whatever the broker has confirmed or lost, nothing is forgotten that is not stored",
    tests: [pipe, model, ingestKills, "gateway/src/delivery/start-delivery.test.ts"],
  },
  {
    code: "D-3",
    subject: "Backlog beside live frames",
    mustHold: "oldest first, in a window; live frames within 3 s while an hour drains",
    tests: [returning, "packages/model/src/telemetry/delivery-window.test.ts"],
    open: "on one machine with the gateways the test's bound is 20 s, for 50 and for 1,000 (F14)",
  },
  {
    code: "D-4",
    subject: "Frames and what they settle, in one commit",
    mustHold: "ingest may die before or after it: the same frames come again and change nothing",
    tests: [
      ...[pipe, model, ingestKills],
      ...["packages/store/src/frames/postgres-frame-store.test.ts", ...series, seriesPipe],
      mosquitto,
    ],
    open: "the schedule of faults with VictoriaMetrics and InfluxDB 1.6 beside PostgreSQL is of the full run, on the embedded broker",
  },
  {
    code: "D-5",
    subject: "Identity of a value",
    mustHold: "the same again is ignored, another value is kept aside and counted",
    tests: [pipe, "packages/store/src/frames/postgres-frame-store.test.ts"],
  },
  {
    code: "D-6",
    subject: "Quarantine by row",
    mustHold: "what cannot be used is kept with its reason and blocks nobody",
    tests: [
      pipe,
      "ingest/src/accept/judge.test.ts",
      "packages/cli/src/quarantine/replay-rows.test.ts",
    ],
    open: "replay from a screen",
  },
  {
    code: "D-7",
    subject: "One order of locks",
    mustHold: "concurrent writers never deadlock",
    tests: [
      "packages/store/src/frames/postgres-frame-store.test.ts",
      "ingest/src/commit/merge.test.ts",
    ],
  },
  {
    code: "D-8",
    subject: "Store away or full",
    mustHold: "nothing is acknowledged, the intake is bounded, everything resumes alone",
    tests: [pipe, "ingest/src/app.test.ts", "ingest/src/commit/intake.test.ts"],
    open: "the hold time is told by the API and the doctor, on no screen yet",
  },
  {
    code: "D-9",
    subject: "Outbox or its disk full",
    mustHold: "stored frames go first, then the oldest values, counters last; each gap is a row",
    tests: [
      pipe,
      "gateway/src/outbox/full-disk.test.ts",
      "gateway/src/outbox/outbox-delivery.test.ts",
    ],
    open: "the alarm is not built",
  },
  {
    code: "D-10",
    subject: "Effects hang on stored rows",
    mustHold: "repeated processing repeats no effect",
    tests: [
      pipe,
      "ingest/src/app.test.ts",
      "ingest/src/commit/live.test.ts",
      rollUps,
      "ingest/src/rollups/rolling-up.test.ts",
    ],
    open: "alarms and orders are not built",
  },
  {
    code: "D-11",
    subject: "Handler before connection",
    mustHold: "nothing that comes with the connection goes unheard",
    tests: ["gateway/src/delivery/start-delivery.test.ts", "ingest/src/app.test.ts"],
  },
  {
    code: "D-12",
    subject: "Liveness is the age of data",
    mustHold: "stale values are shown as such, whatever is connected",
    tests: [
      ...[pipe, "packages/model/src/telemetry/freshness.test.ts"],
      "tests/system/driven.test.ts",
    ],
    open: "the alarm is not built",
  },
  {
    code: "D-13",
    subject: "Conservation",
    mustHold: "produced = stored + quarantined + given up + in the outbox",
    tests: [
      pipe,
      kills,
      "packages/store/src/frames/balances.test.ts",
      "gateway/src/outbox/full-disk.test.ts",
    ],
    open: "the alarm on a difference; the doctor tells of it",
  },
  {
    code: "D-14",
    subject: "Clocks",
    mustHold: "unsynced frames are marked and corrected; more than 10 minutes ahead is quarantined",
    tests: [
      pipe,
      "gateway/src/delivery/clock-correction.test.ts",
      "gateway/src/timekeeping/clock-watch.test.ts",
      ...houseClock,
    ],
    open: "frames from before the gateway's last start are not corrected",
  },
  {
    code: "D-15",
    subject: "Restores",
    mustHold:
      "a new incarnation makes gateways send again what their rings hold; the rest is a gap",
    tests: [pipe, returning, "gateway/src/outbox/outbox-delivery.test.ts"],
  },
];

/** What may happen to an installation. */
export const faults: readonly ReliabilityRow[] = [
  {
    code: "F1",
    subject: "Broker killed",
    mustHold: "no frame lost, none twice; frames flow again within 15 s",
    tests: [pipe, kills],
    open: "15 s hold in the full run; in the short one, on machines that are slow and shared, two minutes",
  },
  {
    code: "F2",
    subject: "PostgreSQL stopped at once",
    mustHold: "acknowledged frames are there; no acks meanwhile; the API answers 503 and why",
    tests: [pipe, kills, "api/src/app.test.ts"],
    open: "10 minutes of absence: not run",
  },
  {
    code: "F3",
    subject: "Ingest killed at six places, before its commit and after it",
    mustHold: "the same frames again, one effect",
    tests: [pipe, model, ingestKills],
    open: "whole processes in the short run: three of them, the model all six; between two statements of one commit: only by a cut of its connection",
  },
  {
    code: "F4",
    subject: "Gateway killed while it writes",
    mustHold: "at most what was not confirmed to a poll is missing; the numbers go on",
    tests: [pipe, kills, gatewayKills, "gateway/src/outbox/kills.test.ts"],
  },
  {
    code: "F5",
    subject: "Power loss",
    mustHold: "outbox and store keep what was acknowledged",
    tests: [],
    open: "pages that were not flushed are dropped by no test yet; kills alone are tested",
  },
  {
    code: "F6",
    subject: "Disk full",
    mustHold: "no crash loop, nothing corrupt; by policy, billing registers last",
    tests: [pipe, "gateway/src/outbox/full-disk.test.ts"],
    open: "disks of gateway and store, where any may be mounted; a slow one only as programs that stand still; brokers write to none; the alarm is not built",
  },
  {
    code: "F7",
    subject: "Memory",
    mustHold: "bounded queues, no growth",
    tests: [pipe, "ingest/src/commit/intake.test.ts"],
    open: "a limit of 400 MB, here and in the soak; growth is judged by the soak alone (F25); a limit by cgroup: not run",
  },
  {
    code: "F8",
    subject: "Clock jumps",
    mustHold: "event time is corrected or flagged; the future is quarantined",
    tests: [
      pipe,
      "gateway/src/timekeeping/clock-watch.test.ts",
      "gateway/src/outbox/correction.test.ts",
      ...houseClock,
    ],
    open: "programs see their own clock jump, by minutes to a year; a machine's is set by no test; billing is not built",
  },
  {
    code: "F9",
    subject: "Partition, half-open, 2 s latency, 9.6 kbit/s, cuts in mid-frame",
    mustHold: "delivery in the end; half-open is noticed within twice the keep-alive",
    tests: [pipe, "tests/support/chaos-proxy.test.ts"],
    open: "30 % packet loss wants netem: unproven; in the short run it may take three keep-alives and 20 s",
  },
  {
    code: "F10",
    subject: "Repeated, reordered and late frames",
    mustHold: "one row a key",
    tests: [pipe, model, "packages/store/src/frames/postgres-frame-store.test.ts", rollUps],
    open: "locked periods are not built",
  },
  {
    code: "F11",
    subject: "Corrupt, truncated, huge, deep",
    mustHold: "quarantined and counted, never a crash",
    tests: [
      pipe,
      "tests/faults/broken-packets.test.ts",
      "gateway/src/modbus/fuzz.test.ts",
      "ingest/src/accept/head.test.ts",
    ],
    open: "10 million cases a night: not run",
  },
  {
    code: "F12",
    subject: "Poison message",
    mustHold: "isolated after some trials; others flow",
    tests: [pipe, "ingest/src/commit/write-around.test.ts"],
    open: "rules are not built",
  },
  {
    code: "F13",
    subject: "Slow consumer",
    mustHold: "its updates alone are dropped, ingest never waits",
    tests: ["api/src/live/slow-client.test.ts", "ingest/src/commit/live-queue.test.ts"],
    open: "webhooks are not built",
  },
  {
    code: "F14",
    subject: "50 gateways return at once after an hour, 1,000 in the full run",
    mustHold: "no loss; drained within 5 minutes, live frames within 3 s",
    tests: [returning],
    open: "on one machine with the gateways live frames may wait for up to 20 s, until the backlog is gone; the gateways are outboxes and deliveries in few processes, without devices",
  },
  {
    code: "F15",
    subject: "Devices dead, slow, wrong",
    mustHold: "others unaffected; a value is missing, never wrong",
    tests: [pipe, "gateway/src/modbus/faults.test.ts", "gateway/src/modbus/rtu-faults.test.ts"],
  },
  {
    code: "F16",
    subject: "Counters reset, rolled over, exchanged",
    mustHold: "no spike; an event is raised",
    tests: ["gateway/src/polling/counters/judge-counter.test.ts"],
    open: "billing is not built",
  },
  {
    code: "F17",
    subject: "Stolen credential",
    mustHold: "own topics only; revoked within 10 s",
    tests: ["tests/system/broker-policy.test.ts", "ingest/src/broker/credentials.test.ts"],
    open: "two places at once raise no alarm",
  },
  {
    code: "F18",
    subject: "Tenant isolation",
    mustHold: "nothing of another organisation, by any way",
    tests: [
      "tests/faults/tenants.test.ts",
      "api/src/app.test.ts",
      "api/src/live/live-access.test.ts",
      "packages/store/src/catalogue.test.ts",
    ],
  },
  {
    code: "F19",
    subject: "Guessing passwords",
    mustHold: "limits by address and by account",
    tests: ["api/src/identity/session.routes.test.ts", "api/src/identity/attempts.test.ts"],
  },
  {
    code: "F20",
    subject: "Invoice run killed",
    mustHold: "the same numbers, no gap, none twice",
    tests: [],
    open: "billing is not built",
  },
  {
    code: "F21",
    subject: "Upgrade interrupted, versions mixed",
    mustHold: "resumable; one version back is compatible",
    tests: ["packages/store/src/migrate.test.ts", "tests/system/older-database.test.ts"],
    open: "mixed versions: not run",
  },
  {
    code: "F22",
    subject: "Older backup restored",
    mustHold: "gateways send again what their rings hold; the rest is a gap row",
    tests: [pipe, returning],
  },
  {
    code: "F23",
    subject: "Commands replayed or forged",
    mustHold: "bound to a session, expire, count once, stay within the gateway's own limits",
    tests: [
      "gateway/src/commands/command-desk.test.ts",
      "packages/model/src/telemetry/command.test.ts",
    ],
  },
  {
    code: "F24",
    subject: "Injection by names and addresses",
    mustHold: "blocked or escaped",
    tests: [],
    open: "webhooks and PDF are not built; names are escaped by the framework, no test of its own",
  },
];

/** The long one, which no file of tests is: its last result is kept apart. */
export const soakRow = {
  code: "F25",
  subject: "Faults at random for many hours",
  mustHold: "the ledger equals the store; no program grows by 1 MB an hour",
  open: "growth is judged from 2.2 hours on, by a last third in which nothing is killed",
} as const;
