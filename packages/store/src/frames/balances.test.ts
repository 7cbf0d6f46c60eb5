import type { GatewayStatus } from "@sunledger/model";
import { expect, test } from "vitest";
import { balancesOf } from "./balances.ts";
import { batchOf, frame, noon, powers, powersHash } from "./contract-frames.ts";
import { memoryFrameStore } from "./memory-frame-store.ts";

const hour = 3_600_000;

test("a gateway's counts are compared with the store, by lane and by the hours that lack something (D-13)", async () => {
  const store = memoryFrameStore();
  await store.keepLayout(powersHash, powers);
  const frames = [1, 2, 3, 6].map((number) => frame(number, noon + number));
  const batch = batchOf(frames);
  await store.write([batch]);
  const { organisation, gateway, epoch } = batch;
  const lanes: GatewayStatus["lanes"] = {
    counters: { produced: 0, acknowledged: 0, givenUp: 0, waiting: 0 },
    values: {
      ...{ produced: 7, acknowledged: 6, givenUp: 0, waiting: 1 },
      hours: [
        [noon, 1, 3, 0, 0],
        [noon + hour, 4, 7, 1, 0],
      ],
    },
  };
  const status: GatewayStatus = { v: 1, state: "online", epoch, lanes };

  expect(await balancesOf(store, { organisation, gateway, status })).toEqual([
    {
      ...{ lane: "values", produced: 7, stored: 4, quarantined: 0, givenUp: 0 },
      ...{ waiting: 1, missing: 2 },
    },
    {
      ...{ lane: "values", hour: noon + hour, produced: 4, stored: 1, quarantined: 0, givenUp: 0 },
      ...{ waiting: 1, missing: 2 },
    },
  ]);
  await store.write([{ ...batch, frames: [frame(4, noon + 4), frame(5, noon + 5)] }]);
  expect(await balancesOf(store, { organisation, gateway, status })).toMatchObject([
    { stored: 6, waiting: 1, missing: 0 },
  ]);
});

test("nothing is said of a gateway that has counted nothing", async () => {
  const question = { organisation: batchOf([]).organisation, gateway: "roof-1" };
  const status: GatewayStatus = { v: 1, state: "offline" };

  expect(await balancesOf(memoryFrameStore(), { ...question, status })).toEqual([]);
});
