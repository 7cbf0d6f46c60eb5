import { topics } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { memoryFrameStore } from "@sunledger/store";
import { expect, test } from "vitest";
import type { Accepted, Arrived } from "../accept/accept.ts";
import type { RefusedLayout } from "../accept/refused-layouts.ts";
import { noCounts } from "../counters.ts";
import {
  batch,
  energies,
  energiesHash,
  noon,
  powers,
  powersHash,
  sender,
  stored,
} from "../testing/frames.ts";
import { type CommitParts, committer } from "./committer.ts";
import { holes } from "./holes.ts";
import { intake } from "./intake.ts";
import { resets } from "./resets.ts";

const gap = { from: 1, to: 1, fromAt: 0, toAt: 0, reason: "outboxFull" } as const;

test.each<[string, Partial<Accepted>]>([
  ["gaps", { batch: batch([], { gaps: Array(1_000).fill(gap) }) }],
  ["rows that wait for their layout", { waitingRows: 1_000 }],
  ["rows that are left while the clock is doubted", { left: 1_000 }],
  ["bytes", { bytes: 2 * 1024 * 1024 }],
])("a commit is bounded by its %s", async (_what, content) => {
  const { commit, waiting } = await desk(async () => ({ ...accepted(1), ...content }));
  for (let i = 0; i < 20; i += 1) waiting.offer(message("roof-17"));

  await commit();
  expect(waiting.size).toBeGreaterThan(15);
});

test("a gateway that cannot be looked up keeps no other's frames waiting", async () => {
  let away = true;
  let sequence = 0;
  const { commit, waiting, counters } = await desk(async ({ gateway }) => {
    if (away && gateway === "roof-18") throw new Error("records away");
    sequence += 1;
    return accepted(sequence);
  });
  for (let i = 0; i < 3; i += 1) {
    waiting.offer(message("roof-18"));
    waiting.offer(message("roof-17"));
  }

  await expect(commit()).rejects.toThrow("records away");
  expect(counters.accepted).toBe(3);
  expect(waiting.size).toBe(3);

  away = false;
  await commit();
  expect(counters.accepted).toBe(6);
  expect(waiting.size).toBe(0);
});

test("a layout that is refused to one gateway keeps another's rows waiting", async () => {
  const told: string[] = [];
  let refused: readonly RefusedLayout[] = [];
  const { commit, waiting } = await desk(
    async ({ gateway }) => ({
      ...accepted(1),
      ...{ sender: { ...sender, id: gateway }, batch: batch([], { gateway }) },
      ...{ waiting: [energiesHash], waitingRows: 1 },
    }),
    {
      layouts: {
        keepAnnounced: async () => ({ usable: [], refused }),
        keepAgain: async () => {},
      },
      organisationOf: async () => sender.organisation,
      publish: async (topic) => void told.push(topic),
    },
  );
  for (const gateway of ["roof-17", "roof-18"]) waiting.offer(message(gateway));
  await commit();

  told.length = 0;
  refused = [{ gateway: "roof-17", hash: energiesHash }];
  await commit();
  expect(told).toEqual([topics.ack("roof-17")]);
});

test("a store of time series that is away keeps values waiting, and no counters (D-4)", async () => {
  const away = Object.assign(new Error("it did not answer"), { code: "SERIES_AWAY" });
  let isAway = true;
  const frameStore = memoryFrameStore();
  await frameStore.keepLayout(powersHash, powers);
  await frameStore.keepLayout(energiesHash, energies);
  let values = 0;
  const told: string[] = [];
  const { commit, waiting, counters } = await desk(
    async ({ gateway }) => {
      if (gateway === "meter") {
        const energy = stored(1, { layout: energiesHash, values: ["7"] });
        const own = { lane: "counters" as const, gateway };
        return { ...accepted(1), sender: { ...sender, id: gateway }, batch: batch([energy], own) };
      }
      values += 1;
      return { ...accepted(values), waitingRows: 800 };
    },
    {
      frameStore: {
        ...frameStore,
        incarnation: async () => {
          if (isAway && told.length > 0) throw away;
          return frameStore.incarnation();
        },
        write: async (batches) => {
          if (isAway && batches.some(({ lane }) => lane === "values")) throw away;
          return frameStore.write(batches);
        },
      },
      publish: async (topic) => {
        if (topic.endsWith("/ack")) told.push(topic);
      },
    },
  );
  for (let i = 0; i < 5; i += 1) waiting.offer(message("roof-17"));
  waiting.offer(message("meter"));

  await expect(commit()).rejects.toBe(away); // taken up by values
  await expect(commit()).rejects.toBe(away);
  expect(told).toEqual([topics.ack("meter")]);
  expect(counters).toMatchObject({ accepted: 1, quarantined: 0, dropped: 2 });

  waiting.offer(message("meter"));
  await expect(commit()).rejects.toBe(away); // and what the store is called is not known either
  expect(told).toHaveLength(2);

  isAway = false;
  await commit();
  expect(counters.accepted).toBe(4);
});

function message(gateway: string): Arrived {
  return { gateway, payload: Buffer.from("{}") };
}

function accepted(sequence: number): Accepted {
  const nothing = { events: [], refused: [], waiting: [], waitingRows: 0, left: 0 };
  const refusedLayouts = new Map<string, string>();
  return { sender, batch: batch([stored(sequence)]), ...nothing, refusedLayouts, bytes: 2 };
}

async function desk(accept: CommitParts["accept"], more: Partial<CommitParts> = {}) {
  const frameStore = memoryFrameStore();
  await frameStore.keepLayout(powersHash, powers);
  const waiting = intake({ mostBytes: 1e6, mostMessages: 100 }, drivenClock(0));
  const counters = noCounts();
  const clock = drivenClock(noon);
  const commit = committer({
    intake: waiting,
    accept,
    layouts: {
      keepAnnounced: async () => ({ usable: [], refused: [] }),
      keepAgain: async () => {},
    },
    frameStore,
    keepEvents: async () => new Map(),
    resets: resets(),
    holes: holes(clock),
    organisationOf: async () => undefined,
    publish: async () => {},
    failpoint: () => {},
    counters,
    clock,
    ...more,
  });
  return { commit, waiting, counters };
}
