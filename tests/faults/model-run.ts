import { createHash } from "node:crypto";
import { type Ack, rangesOf, sizeOf } from "@sunledger/model";
import { drivenClock, packJson } from "@sunledger/runtime";
import { type GatewayEntry, memoryFrameStore } from "@sunledger/store";
import { type Random, randomFrom } from "../../gateway/src/modbus/testing/random-modbus.ts";
import { type FailpointName, failpoints } from "../../ingest/src/failpoint.ts";
import {
  type ModelGateway,
  modelDevice,
  modelGateway,
  modelLayouts,
  named,
} from "./model-gateway.ts";
import { Died, type ModelIngest, modelIngest } from "./model-ingest.ts";

export type ModelOutcome = {
  /** Every step as a line, in its order. */
  readonly trace: readonly string[];
  /** SHA-256 of the trace. */
  readonly digest: string;
  readonly kept: ReadonlySet<string>;
  readonly stored: ReadonlySet<string>;
  /** Rows that the store has more than once. */
  readonly twice: number;
  /** How many numbers of every stream are settled. */
  readonly settled: number;
};

export type ModelWish = {
  readonly seed: number;
  readonly gateways: number;
  readonly seconds: number;
};

const organisation = "0195a000-0000-7000-8000-000000000001";
const start = Date.UTC(2026, 5, 21, 4);
const tick = 100;
const second = 1_000;

/** In so many of a thousand cases. */
const chances = {
  lost: 60,
  repeated: 40,
  late: 150,
  ingestDies: 30,
  newbornDies: 250,
  gatewayDies: 15,
} as const;
const latestMs = 5_000;

type Letter = { readonly at: number; readonly deliver: () => void };

/**
 * Gateways' outboxes and windows, ingest's acceptance and commits and a store in memory, in one process on
 * a driven clock, over a network that loses, repeats, delays and reorders, while both ends die at random.
 * Everything follows from the seed: the same seed is the same run, step by step.
 */
export async function modelRun({ seed, gateways, seconds }: ModelWish): Promise<ModelOutcome> {
  const random = randomFrom(seed);
  const clock = drivenClock(start);
  const stopping = new AbortController();
  const store = memoryFrameStore();
  const fleet = Array.from({ length: gateways }, (_, i) => modelGateway(`roof-${i + 1}`, start));
  const entries = new Map(fleet.map(({ id }, number) => [id, entryOf(id, number)]));
  const trace: string[] = [];
  const say = (line: string) => void trace.push(`${clock.now() - start} ${line}`);
  const network = badNetwork(random, () => clock.now());

  let isCalm = false;
  let doom: FailpointName | undefined;
  const parts = {
    ...{ store, entries, clock, doom: () => doom },
    retained: () => fleet.map(({ id, epoch }) => [id, epoch] as const),
    onAck: (id: string, ack: Ack) => {
      say(`ack ${id} ${JSON.stringify(ack.lanes)}${ack.reset ? " reset" : ""}`);
      network.send(isCalm, () => fleet.find((one) => one.id === id)?.hear(ack));
    },
  };
  let ingest: ModelIngest = await modelIngest(parts);

  let isNewborn = true;
  const fate = (): FailpointName | undefined => {
    if (isCalm) return undefined;
    // Only in its first moments does ingest tell gateways anew of what is stored.
    if (isNewborn && random(1_000) < chances.newbornDies) return "ingest.afterReset";
    return random(1_000) < chances.ingestDies ? anyOf(failpoints, random) : undefined;
  };
  const commit = async () => {
    doom = fate();
    isNewborn = false;
    try {
      await ingest.commit();
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      say(`ingest dies at ${error.message}`);
      ingest = await modelIngest(parts);
      isNewborn = true;
    }
    doom = undefined;
  };

  const step = async () => {
    for (const gateway of fleet) await sendAll(gateway);
    network.deliver();
    await commit();
  };
  const sendAll = async (gateway: ModelGateway) => {
    if (!isCalm && random(1_000) < chances.gatewayDies) {
      say(`${gateway.id} dies`);
      gateway.crash(clock.now());
    }
    for (const message of gateway.send()) {
      const rows = message.groups.map(({ rows }) => rows.length).join("+");
      say(`${gateway.id} sends ${message.lane} ${rows}`);
      const payload = await packJson(message);
      network.send(isCalm, () => ingest.take(gateway.id, payload));
    }
  };

  try {
    const poll = (at: number) => {
      if (!isCalm) for (const gateway of fleet) gateway.poll(at);
    };
    const lapse = () => {
      for (const gateway of fleet) gateway.lapse();
    };
    clock.every(second, poll, stopping.signal);
    clock.every(2 * second, lapse, stopping.signal);
    clock.every(tick, step, stopping.signal);
    await clock.advance(start + seconds * second);
    isCalm = true;
    await clock.advance(start + seconds * second + 60 * second);
    stopping.abort();

    const kept = new Set(fleet.flatMap((gateway) => [...gateway.kept()]));
    const { stored, twice } = await storedIn(store, entries);
    const all = await Promise.all(fleet.map(({ id }) => store.settled(organisation, id)));
    const settled = all.flat().reduce((sum, stream) => sum + sizeOf(rangesOf(stream.settled)), 0);
    const digest = createHash("sha256").update(trace.join("\n")).digest("hex");
    return { trace, digest, kept, stored, twice, settled };
  } finally {
    for (const gateway of fleet) gateway.close();
  }
}

function badNetwork(random: Random, now: () => number) {
  let under: Letter[] = [];
  const post = (isCalm: boolean, deliver: () => void) => {
    const isLate = !isCalm && random(1_000) < chances.late;
    under.push({ at: now() + (isLate ? random(latestMs) : 0), deliver });
  };
  return {
    send(isCalm: boolean, deliver: () => void) {
      if (!isCalm && random(1_000) < chances.lost) return;
      post(isCalm, deliver);
      if (!isCalm && random(1_000) < chances.repeated) post(isCalm, deliver);
    },
    deliver() {
      const due = under.filter(({ at }) => at <= now());
      under = under.filter(({ at }) => at > now());
      for (const { deliver } of due) deliver();
    },
  };
}

async function storedIn(
  store: ReturnType<typeof memoryFrameStore>,
  entries: ReadonlyMap<string, GatewayEntry>,
) {
  const stored = new Set<string>();
  let rows = 0;
  for (const [gateway, { devices }] of entries) {
    for (const lane of ["values", "counters"] as const) {
      const range = { organisation, from: 0, to: start * 2, points: modelLayouts[lane].points };
      for await (const { at, value } of store.read({ ...range, devices: [...devices.values()] })) {
        rows += 1;
        stored.add(named(gateway, lane, at, value));
      }
    }
  }
  return { stored, twice: rows - stored.size };
}

function entryOf(id: string, number: number): GatewayEntry {
  const own = String(number).padStart(12, "0");
  return {
    ...{ id, organisation, plant: `0195a000-0000-7000-8000-${own}`, secretHash: "" },
    devices: new Map([[modelDevice, `0195a000-0000-7000-9000-${own}`]]),
  };
}

function anyOf<T>(all: readonly T[], random: Random): T | undefined {
  return all[random(all.length)];
}
