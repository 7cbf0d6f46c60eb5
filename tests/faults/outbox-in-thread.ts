import { join } from "node:path";
import type { Lane, Layout } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import { contentOf, frameOf } from "../../gateway/src/outbox/kept-rows.ts";
import { layoutHashes } from "../../gateway/src/outbox/layout-hashes.ts";
import type { Outbox } from "../../gateway/src/outbox/outbox.ts";
import {
  type OutboxState,
  openOutboxFile,
  type Stored,
} from "../../gateway/src/outbox/outbox-file.ts";

const megabyte = 1024 * 1024;
const room = { mostBytes: 64 * megabyte, ringMs: 72 * 3_600_000, ringShare: 0.3 };
/** What was settled goes to disk at the latest so much later. */
const settleWithinMs = 500;

/**
 * A gateway's outbox file without the thread of its own, which takes 40 MB: hundreds of gateways in a
 * process. It keeps frames alone, no events and no notes.
 */
export async function outboxInThread(folder: string, clock: Clock): Promise<Outbox> {
  const { file } = openOutboxFile(join(folder, "outbox.db"), room, clock.now());
  const listeners = new Set<() => void>();
  const layouts = new Map<string, Layout>(file.layouts());
  const hashOf = layoutHashes((hash, layout) => layouts.set(hash, layout));
  let told: { epoch: string; lanes: Partial<Record<Lane, Stored>> } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const commit = (entries: Parameters<typeof file.commit>[0]["entries"]) => {
    clearTimeout(timer);
    timer = undefined;
    const settled = told;
    told = undefined;
    file.commit({
      ...{ now: clock.now(), entries, layouts: [...layouts] },
      ...(settled && { settled }),
    });
    changed();
  };
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const change = (state: OutboxState): OutboxState => {
    changed();
    return state;
  };

  return {
    async keep({ device, lane, at, points, values, quality }) {
      const layout = await hashOf(device, lane, points);
      const content = { device, clock: "synced" as const, values, ...(quality && { quality }) };
      commit([{ lane, at, layout, row: contentOf(content) }]);
    },
    state: () => file.state(),
    layouts: () => layouts,
    read: async (lane, numbers) =>
      file.read(lane, numbers).map((row) => ({ frame: frameOf(row), bytes: row.row.length })),
    settle(epoch, lane, stored) {
      const lanesTold = told?.epoch === epoch ? told.lanes : {};
      told = { epoch, lanes: { ...lanesTold, [lane]: stored } };
      timer ??= setTimeout(() => commit([]), settleWithinMs);
    },
    note() {},
    memory: () => undefined,
    remembered: () => [],
    events: () => [],
    settleEvents() {},
    correct: async (sent, anchor) => file.correct(sent, anchor, clock.now()),
    rewind: async (lane, to) => change(file.rewind(lane, to, clock.now())),
    beginEpoch: async () => change(file.beginEpoch(clock.now())),
    hold: () => ({ mostBytes: room.mostBytes }),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      if (timer) commit([]);
      file.close();
    },
  };
}
