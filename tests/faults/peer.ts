import { setTimeout as wait } from "node:timers/promises";
import { type Frame, includes, type Layout, layoutHash, messageOf } from "@sunledger/model";
import { packJson } from "@sunledger/runtime";
import {
  type FrameStore,
  openDatabase,
  openFrameStore,
  postgresRecords,
  type Records,
} from "@sunledger/store";
import type { Random } from "../../gateway/src/modbus/testing/random-modbus.ts";
import { testGateway } from "../../ingest/src/testing/gateway.ts";
import { until } from "../support/until.ts";

/**
 * A gateway of MQTT alone that misbehaves: it repeats and reorders what it sends, and sends what cannot
 * be used. It knows what has to become of each row.
 */
export interface Peer {
  /** So many frames, each more than once, in batches out of order that overlap. */
  repeat(frames: number, random: Random): Promise<void>;
  /** One message of each kind that cannot be used, and good ones between them. */
  poison(): Promise<void>;
  /** Frames of a clock that is so much ahead, and one of a clock that is a year behind. */
  jump(aheadMs: number): Promise<void>;
  /** Sends what is not acknowledged until everything is; then the other value of a stored frame. */
  settle(): Promise<void>;
  /** Forgets what was acknowledged: the store was restored, and this gateway's ring is everything. */
  rewind(): void;
  /** What is not as it has to be. */
  findings(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export type PeerParts = {
  readonly url: string;
  readonly id: string;
  readonly secret: string;
  readonly device: string;
  readonly organisation: string;
  readonly databaseUrl: string;
  /** Where values are, if not in the database. */
  readonly framesUrl?: string | undefined;
};

/** A message as it was sent, and the numbers that it settles; none where its head cannot be read. */
type Letter = { readonly payload: Buffer; readonly numbers: readonly number[] };

const layout: Layout = { lane: "values", points: ["ac.power.active", "ac.frequency"] };
const hour = 3_600_000;
const year = 365 * 24 * hour;

export async function openPeer(parts: PeerParts): Promise<Peer> {
  const { id, device } = parts;
  const gateway = await testGateway(parts.url, parts);
  const hash = await layoutHash(layout);
  const head = { gateway: id, epoch: gateway.epoch, lane: "values" } as const;
  const first = Date.now() - 2 * hour;
  const letters: Letter[] = [];
  /** What has to be stored, by the instant. */
  const due = new Map<number, readonly number[]>();
  /** Codes of what has to be in quarantine, with the number where it has one. */
  const refused = new Set<string>();
  let last = 0;
  let unreadable = 0;
  let conflicts = 0;

  const next = (more: Partial<Frame> = {}): Frame => {
    last += 1;
    const values = [last * 3, 50];
    return {
      ...{ device, sequence: last, layout: hash, at: first + last * 100, clock: "synced", values },
      ...more,
    };
  };
  const good = (more: Partial<Frame> = {}) => {
    const frame = next(more);
    due.set(frame.at, frame.values as number[]);
    return frame;
  };

  const send = async (message: object, numbers: readonly number[]) => {
    const payload = Buffer.isBuffer(message) ? message : await packJson(message);
    letters.push({ payload, numbers });
    await soon(gateway.publish("frames", payload)).catch(() => {}); // it is sent again in the end
  };
  const sendFrames = (frames: readonly Frame[]) =>
    send(
      messageOf(head, frames),
      frames.map(({ sequence }) => sequence),
    );
  const sendRow = (row: readonly unknown[], number: number) =>
    send({ v: 1, ...head, groups: [{ layout: hash, rows: [row] }] }, [number]);

  const refuse = (code: string, frame: Frame) => {
    refused.add(`${code} ${frame.sequence}`);
    return frame;
  };

  const openLetters = () => {
    // Once for all of them: there are thousands of acks, and as many letters.
    const settled = gateway.settled();
    return letters.filter(({ numbers }) => numbers.some((number) => !includes(settled, number)));
  };

  const deliver = async () => {
    await until(
      "the peer's frames to be acknowledged",
      async () => {
        await soon(gateway.announce(layout));
        const open = openLetters();
        const lost = letters.filter(({ numbers }) => numbers.length === 0);
        const isHeard = (await asideOf(parts)).unreadable >= unreadable;
        if (open.length === 0 && isHeard) return true;
        for (const { payload } of [...open, ...(isHeard ? [] : lost)]) {
          await soon(gateway.publish("frames", payload));
        }
        return false;
      },
      { timeoutMs: 120_000, everyMs: 1_000 },
    );
  };

  await gateway.announce(layout);
  return {
    async repeat(count, random) {
      const frames = Array.from({ length: count }, () => good());
      const batches: Frame[][] = [];
      for (let from = 0; from < count; from += 3) batches.push(frames.slice(from, from + 7));
      while (batches.length > 0) {
        const [batch = []] = batches.splice(random(batches.length), 1);
        await sendFrames(batch.toReversed());
        if (random(3) === 0) await sendFrames(batch);
      }
    },

    async poison() {
      await sendFrames([good()]);
      unreadable += 3;
      await send(Buffer.from(`no message ${last}`), []);
      await send(Buffer.concat([Buffer.from([0x78, 0x9c]), Buffer.from(`no zlib ${last}`)]), []);
      await send({ ...messageOf(head, []), gateway: "north-gw", trace: String(last) }, []);
      const { sequence: short } = refuse("malformed", next());
      await sendRow([device, short, first, "synced", 1], short);
      const { sequence: huge } = refuse("malformed", next());
      await sendRow([device, huge, first, "synced", 1e308, 50], huge);
      const { sequence: deep } = refuse("malformed", next());
      await sendRow([device, deep, first, "synced", nested(200), 50], deep);
      await sendFrames([good(), refuse("unknownDevice", next({ device: "NOBODY-01" })), good()]);
      // The same again under another number is stored already: settled, and no row of its own.
      const frame = good();
      const { sequence } = next();
      await sendFrames([frame, { ...frame, sequence }]);
    },

    async jump(aheadMs) {
      const ahead = Date.now() + aheadMs;
      await sendFrames([good(), refuse("future", next({ at: ahead })), good()]);
      await sendFrames([good({ at: first - year + last * 100, clock: "unsynced" })]);
    },

    async settle() {
      await deliver();
      if (conflicts === 0) {
        const [at, values] = [...due][0] ?? [];
        if (at === undefined || !values) return;
        conflicts += 1;
        await sendFrames([next({ at, values: values.map((value) => value + 1) })]);
      }
      await deliver();
    },

    rewind() {
      gateway.acks.splice(0);
    },

    async findings() {
      const stored = await storedOf(parts, Math.min(...due.keys()));
      const aside = await asideOf(parts);
      const missing = [...due].filter(([at, values]) => String(stored.get(at)) !== String(values));
      const invented = [...stored.keys()].filter((at) => !due.has(at));
      return [
        ...missing.map(([at, values]) => `peer ${at}: ${stored.get(at)} and not ${values}`),
        ...invented.map((at) => `peer ${at}: never sent`),
        ...differences("quarantine", [...refused], aside.refused),
        ...(aside.unreadable === unreadable
          ? []
          : [`unreadable: ${aside.unreadable}/${unreadable}`]),
        ...(aside.conflicts === conflicts ? [] : [`conflicts: ${aside.conflicts}/${conflicts}`]),
      ];
    },

    close: () => gateway.end(),
  };
}

/** What a broker leaves unanswered is said again rather than waited for. */
async function soon<T>(answer: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = wait(10_000, undefined, { signal: over.signal }).then(() => {
    throw new Error("the broker has not answered for 10 s");
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
  }
}

function differences(what: string, wanted: readonly string[], found: readonly string[]): string[] {
  return [
    ...wanted.filter((one) => !found.includes(one)).map((one) => `${what} lacks ${one}`),
    ...found.filter((one) => !wanted.includes(one)).map((one) => `${what} has ${one} besides`),
  ];
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

async function asideOf(parts: PeerParts) {
  const { organisation, id } = parts;
  const { quarantined, conflicts } = await withStore(parts, (store) =>
    store.aside(organisation, id),
  );
  const codes = quarantined.map(({ code, sequence }) => `${code} ${sequence ?? ""}`.trim());
  return {
    refused: codes.filter((code) => code !== "unreadable"),
    unreadable: codes.filter((code) => code === "unreadable").length,
    conflicts: conflicts.length,
  };
}

/** What is stored of the device from then on, by the instant; `twice` where an instant has two rows. */
async function storedOf(parts: PeerParts, from: number) {
  const { organisation, id } = parts;
  return withStore(parts, async (store, records) => {
    const devices = await records.devices(organisation);
    const ids = devices.map((device) => device.id);
    const points = layout.points;
    const found = new Map<number, unknown[]>();
    const range = { organisation, devices: ids, points, from, to: Date.now() + 2 * year };
    for await (const { at, point, value } of store.read(range)) {
      const row = found.get(at) ?? [];
      const place = points.indexOf(point);
      row[place] = row[place] === undefined ? value : `twice, ${id}`;
      found.set(at, row);
    }
    return found;
  });
}

async function withStore<T>(
  { databaseUrl, framesUrl }: PeerParts,
  task: (store: FrameStore, records: Records) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(databaseUrl, { name: "sunledger-peer", most: 1 });
  const store = await openFrameStore(framesUrl, database);
  try {
    return await task(store, postgresRecords(database));
  } finally {
    await store.close();
    await database.close();
  }
}
