import type { Lane } from "@sunledger/model";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Device } from "../polling/device.ts";

export type MeteredParts = {
  readonly devices: () => readonly Pick<Device, "tag" | "figures" | "reach">[];
  readonly lanes: () => Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** How long the oldest frame of each lane has waited for its acknowledgement, in milliseconds. */
  readonly waitedMs: () => Promise<Readonly<Record<Lane, number>>>;
  readonly isConnected: () => boolean;
  /** Whether the proxy of each device that has one is open. */
  readonly proxies: () => ReadonlyMap<string, boolean>;
  /** How large the outbox is on disk. */
  readonly outboxBytes: () => number;
};

export type GatewayMetrics = {
  /** A poll that began so many milliseconds after its slot. */
  begun(tag: string, lateMs: number): void;
  /** A device that is polled no longer: nothing is said of it any more. */
  gone(tag: string): void;
  text(): Promise<string>;
  readonly contentType: string;
};

const outcomes = ["answered", "exceptions", "timeouts", "broken", "late"] as const;

/** What a gateway says of itself in Prometheus' words. Nearly all is looked up when it is asked for. */
export function gatewayMetrics(parts: MeteredParts): GatewayMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const polls = new Counter({
    ...{ name: "sunledger_polls_total", help: "Polls and trials begun", registers },
    labelNames: ["device"],
  });
  const lateness = new Histogram({
    ...{ name: "sunledger_poll_lateness_seconds", help: "From slot to begin", registers },
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
  });
  new Counter({
    ...{
      name: "sunledger_requests_total",
      help: "Modbus requests by what became of them",
      registers,
    },
    labelNames: ["device", "outcome"],
    collect() {
      this.reset();
      for (const { tag: device, figures } of parts.devices()) {
        const counts = figures();
        for (const outcome of outcomes) this.inc({ device, outcome }, counts[outcome]);
      }
    },
  });
  new Counter({
    ...{
      name: "sunledger_retries_total",
      help: "Requests made once more, since noise had spoilt the answer",
      registers,
    },
    labelNames: ["device"],
    collect() {
      this.reset();
      for (const { tag: device, figures } of parts.devices()) {
        this.inc({ device }, figures().retried);
      }
    },
  });
  new Gauge({
    ...{
      name: "sunledger_response_seconds",
      help: "How long a device takes to answer: the last time, as a mean and at worst",
      registers,
    },
    labelNames: ["device", "figure"],
    collect() {
      this.reset();
      for (const { tag: device, figures } of parts.devices()) {
        const { answered, latencyMs } = figures();
        if (answered === 0) continue;
        for (const [figure, ms] of Object.entries(latencyMs)) {
          this.set({ device, figure }, ms / 1_000);
        }
      }
    },
  });
  new Gauge({
    ...{
      name: "sunledger_missing_points",
      help: "Points of its profile that a device turned out not to have",
      registers,
    },
    labelNames: ["device"],
    collect() {
      this.reset();
      for (const { tag: device, figures } of parts.devices()) {
        this.set({ device }, figures().missing.length);
      }
    },
  });
  new Gauge({
    ...{
      name: "sunledger_last_failure",
      help: "1 for a device's last failure, in words",
      registers,
    },
    labelNames: ["device", "failure"],
    collect() {
      this.reset();
      for (const { tag: device, figures } of parts.devices()) {
        const { lastFailure: failure } = figures();
        if (failure !== undefined) this.set({ device, failure }, 1);
      }
    },
  });
  new Gauge({
    ...{ name: "sunledger_device_state", help: "1 for the state that a device is in", registers },
    labelNames: ["device", "state"],
    collect() {
      this.reset();
      for (const { tag: device, reach } of parts.devices())
        this.set({ device, state: reach().state }, 1);
    },
  });
  new Gauge({
    ...{
      name: "sunledger_proxy_open",
      help: "1 where a device's proxy listens, 0 where its place is taken",
      registers,
    },
    labelNames: ["device"],
    collect() {
      this.reset();
      for (const [device, isOpen] of parts.proxies()) this.set({ device }, isOpen ? 1 : 0);
    },
  });
  new Gauge({
    ...{ name: "sunledger_frames", help: "Frames of this epoch by what became of them", registers },
    labelNames: ["lane", "state"],
    collect() {
      for (const [lane, counts] of Object.entries(parts.lanes())) {
        for (const [state, count] of Object.entries(counts)) this.set({ lane, state }, count);
      }
    },
  });
  new Gauge({
    ...{
      name: "sunledger_oldest_unacknowledged_seconds",
      help: "Age of the oldest frame that the store does not have yet",
      registers,
    },
    labelNames: ["lane"],
    async collect() {
      for (const [lane, ms] of Object.entries(await parts.waitedMs())) {
        this.set({ lane }, ms / 1_000);
      }
    },
  });
  new Gauge({
    ...{ name: "sunledger_outbox_bytes", help: "The outbox on disk", registers },
    collect() {
      this.set(parts.outboxBytes());
    },
  });
  new Gauge({
    ...{ name: "sunledger_broker_connected", help: "1 while connected", registers },
    collect() {
      this.set(parts.isConnected() ? 1 : 0);
    },
  });

  return {
    begun(device, lateMs) {
      polls.inc({ device });
      lateness.observe(Math.max(0, lateMs) / 1_000);
    },
    gone: (device) => polls.remove({ device }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
