import { Ack } from "@sunledger/model";
import { type Clock, type DrivenClock, unpackJson } from "@sunledger/runtime";
import type { FrameStore, GatewayEntry } from "@sunledger/store";
import { pino } from "pino";
import { accepting } from "../../ingest/src/accept/accept.ts";
import { houseTime } from "../../ingest/src/accept/house-time.ts";
import { layouts } from "../../ingest/src/accept/layouts.ts";
import { committer } from "../../ingest/src/commit/committer.ts";
import { holes } from "../../ingest/src/commit/holes.ts";
import { intake } from "../../ingest/src/commit/intake.ts";
import { resets } from "../../ingest/src/commit/resets.ts";
import { noCounts } from "../../ingest/src/counters.ts";
import type { FailpointName } from "../../ingest/src/failpoint.ts";
import { directory } from "../../ingest/src/gateways/directory.ts";
import { modelHashes, modelLayouts } from "./model-gateway.ts";

/** Ingest's parts without broker connection and loop: what it takes, it commits when it is told to. */
export interface ModelIngest {
  take(gateway: string, payload: Uint8Array): void;
  /** One commit, and the acks that follow it; rejects where it dies at its failpoint. */
  commit(): Promise<void>;
}

type Parts = {
  readonly store: FrameStore;
  readonly entries: ReadonlyMap<string, GatewayEntry>;
  readonly clock: DrivenClock;
  readonly onAck: (gateway: string, ack: Ack) => void;
  /** Whose status the broker retains, with the epoch it names: an ingest that subscribes hears of them. */
  readonly retained: () => readonly (readonly [gateway: string, epoch: string])[];
  /** Where it dies at the next commit, if anywhere. */
  readonly doom: () => FailpointName | undefined;
};

/** The end of a model's process. */
export class Died extends Error {
  override readonly name = "Died";
}

/** A new life of ingest: it knows nothing but what the store tells it. */
export async function modelIngest(parts: Parts): Promise<ModelIngest> {
  const { store, entries, clock, onAck, retained, doom } = parts;
  const log = pino({ level: "silent" });
  const pace: Clock = clock;
  const counters = noCounts();
  const waiting = intake({ mostBytes: 64 * 1024, mostMessages: 50 }, pace);
  const known = directory({
    records: { gatewayEntry: async (id) => entries.get(id) },
    pace,
    log,
  });
  const knownLayouts = layouts({ frameStore: store, pace, log });
  const asked = resets();
  const commit = committer({
    intake: waiting,
    accept: accepting({
      directory: known,
      layouts: knownLayouts,
      time: houseTime({ clock, pace, log }),
      log,
    }),
    layouts: knownLayouts,
    frameStore: store,
    keepEvents: async () => new Map(),
    resets: asked,
    holes: holes(pace),
    organisationOf: async (gateway) => entries.get(gateway)?.organisation,
    publish: async (topic, payload) => {
      const gateway = /^sunledger\/v1\/([^/]+)\/ack$/.exec(topic)?.[1];
      if (gateway !== undefined) onAck(gateway, Ack.parse(unpackJson(payload)));
    },
    failpoint: (name) => {
      if (name === doom()) throw new Died(name);
    },
    counters,
    clock,
  });
  for (const [gateway] of entries) {
    for (const lane of ["values", "counters"] as const) {
      await knownLayouts.announce(gateway, modelHashes[lane], modelLayouts[lane]);
    }
  }
  for (const [gateway, epoch] of retained()) asked.meet(gateway, epoch);
  return {
    take: (gateway, payload) => void waiting.offer({ gateway, payload }),
    commit,
  };
}
