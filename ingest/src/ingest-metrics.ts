import type { MetricsText } from "@sunledger/runtime";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Ingest } from "./app.ts";
import { type Counters, noCounts } from "./counters.ts";

type Outcomes = Readonly<Record<string, keyof Counters>>;

/** What becomes of a frame or of a row that should have been one. */
const rows = {
  stored: "accepted",
  repeated: "repeated",
  conflict: "conflicts",
  quarantined: "quarantined",
  left: "left",
} as const satisfies Outcomes;

const messages = {
  taken: "messages",
  dropped: "dropped",
  unknownGateway: "unknownGateway",
} as const satisfies Outcomes;

const failures = {
  frameStore: "storeFailures",
  records: "recordsFailures",
} as const satisfies Outcomes;

/**
 * What ingest says of itself in Prometheus' words, all of it looked up when it is asked for; nothing
 * but zeros as long as there is no ingest.
 */
export function ingestMetrics(ingest: () => Ingest | undefined): MetricsText {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counters = () => ingest()?.counters() ?? noCounts();

  const counted = (name: string, help: string, counter: keyof Counters) =>
    new Counter({
      ...{ name, help, registers },
      collect() {
        this.reset();
        this.inc(counters()[counter]);
      },
    });
  const countedBy = (name: string, help: string, label: string, outcomes: Outcomes) =>
    new Counter({
      ...{ name, help, registers, labelNames: [label] },
      collect() {
        this.reset();
        const counts = counters();
        for (const [outcome, counter] of Object.entries(outcomes)) {
          this.inc({ [label]: outcome }, counts[counter]);
        }
      },
    });
  const measured = (name: string, help: string, value: (present: Ingest) => number) =>
    new Gauge({
      ...{ name, help, registers },
      collect() {
        const present = ingest();
        this.set(present ? value(present) : 0);
      },
    });

  countedBy("sunledger_ingest_rows_total", "Rows by what became of them", "outcome", rows);
  countedBy(
    "sunledger_ingest_messages_total",
    "Messages of frames by what became of them",
    "outcome",
    messages,
  );
  countedBy(
    "sunledger_ingest_failures_total",
    "Attempts to commit that failed, by what was away",
    "part",
    failures,
  );
  counted("sunledger_ingest_commits_total", "Commits", "commits");
  counted("sunledger_ingest_acks_total", "Acknowledgements sent", "acks");
  counted(
    "sunledger_ingest_live_lost_total",
    "Live messages that the broker did not take",
    "liveLost",
  );
  measured(
    "sunledger_ingest_lag_seconds",
    "For how long the oldest message in the intake has waited",
    (present) => present.waiting().lagMs / 1_000,
  );
  measured("sunledger_ingest_intake_messages", "Messages that wait for a commit", (present) => {
    return present.waiting().messages;
  });
  new Gauge({
    name: "sunledger_ingest_missing_frames",
    help: "Frames that were acknowledged and are not among the settled numbers, of gateways that lack some",
    registers,
    labelNames: ["gateway"],
    collect() {
      this.reset();
      for (const [gateway, count] of ingest()?.missingFrames() ?? []) this.set({ gateway }, count);
    },
  });
  measured("sunledger_ingest_intake_bytes", "Their size", (present) => present.waiting().bytes);

  return { text: () => registry.metrics(), contentType: registry.contentType };
}
