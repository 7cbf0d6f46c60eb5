import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Ack,
  type DeliveryWindow,
  deliveryWindow,
  type FramesMessage,
  type Lane,
  type Layout,
  layoutHash,
} from "@sunledger/model";
import { messagesOf } from "../../gateway/src/delivery/messages.ts";
import { frameOf } from "../../gateway/src/outbox/kept-rows.ts";
import { lanes, lanesOf } from "../../gateway/src/outbox/lane-state.ts";
import { type OutboxFile, openOutboxFile } from "../../gateway/src/outbox/outbox-file.ts";

/** The sending half of a gateway without threads, sockets and timers: its file and its windows. */
export interface ModelGateway {
  readonly id: string;
  readonly epoch: string;
  /** Takes a poll at that instant; what it writes is on disk. */
  poll(at: number): void;
  /** What may be sent now. */
  send(): readonly FramesMessage[];
  hear(ack: Ack): void;
  /** Nothing was heard for long. */
  lapse(): void;
  /** As after kill -9 in the middle of things. */
  crash(now: number): void;
  /** Every frame that was ever kept, as `storedIn` names them. */
  kept(): ReadonlySet<string>;
  close(): void;
}

export const modelLayouts: Readonly<Record<Lane, Layout>> = {
  values: { lane: "values", points: ["ac.power.active"] },
  counters: { lane: "counters", points: ["ac.energy.export.total"] },
};
export const modelHashes: Readonly<Record<Lane, string>> = {
  values: await layoutHash(modelLayouts.values),
  counters: await layoutHash(modelLayouts.counters),
};
export const modelDevice = "INV-01";

const room = { mostBytes: 4 * 1024 * 1024, ringMs: 3_600_000, ringShare: 0.3 };
const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const framesAMessage = 8;

export function modelGateway(id: string, start: number): ModelGateway {
  const folder = mkdtempSync(join(memory, "sunledger-model-"));
  const path = join(folder, "outbox.db");
  const kept = new Set<string>();
  let file: OutboxFile = openOutboxFile(path, room, start).file;
  let windows = windowsOf(file);
  let polls = 0;

  return {
    id,
    epoch: file.state().epoch,
    poll(at) {
      polls += 1;
      const { epoch } = file.state();
      const entries = lanes.map((lane) => {
        const value = polls * 10 + lanes.indexOf(lane);
        kept.add(named(id, lane, at, value));
        const row = JSON.stringify([modelDevice, "synced", [value]]);
        return { lane, at, layout: modelHashes[lane], row };
      });
      const layouts = lanes.map((lane) => [modelHashes[lane], modelLayouts[lane]] as const);
      const told = lanes.flatMap((lane) => {
        const { settled, store } = windows[lane].state();
        return store === undefined ? [] : [[lane, { settled, store }] as const];
      });
      file.commit({
        now: at,
        ...{ entries, layouts, settled: { epoch, lanes: Object.fromEntries(told) } },
      });
      for (const lane of lanes) windows[lane].kept(file.state().lanes[lane].last);
    },
    send() {
      const { epoch } = file.state();
      return lanes.flatMap((lane) => {
        const parcel = windows[lane].take(framesAMessage);
        if (!parcel) return [];
        const rows = file.read(lane, parcel.numbers);
        const sized = rows.map((row) => ({ frame: frameOf(row), bytes: row.row.length }));
        return messagesOf({ gateway: id, epoch, lane }, sized, parcel.gaps, 4_000);
      });
    },
    hear(ack) {
      for (const lane of lanes) {
        const said = ack.lanes[lane];
        if (said && ack.epoch === file.state().epoch) windows[lane].ack(ack.store, said);
        if (ack.reset) windows[lane].restart();
      }
    },
    lapse() {
      for (const lane of lanes) windows[lane].lapse();
    },
    crash(now) {
      file.close();
      file = openOutboxFile(path, room, now).file;
      windows = windowsOf(file);
    },
    kept: () => kept,
    close() {
      file.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** One word for a frame: whose, of which lane, when and what. */
export function named(gateway: string, lane: Lane, at: number, value: unknown): string {
  return `${gateway} ${lane} ${at} ${value}`;
}

function windowsOf(file: OutboxFile): Record<Lane, DeliveryWindow> {
  const state = file.state();
  return lanesOf((lane) => deliveryWindow(state.lanes[lane], { window: 64 }));
}
