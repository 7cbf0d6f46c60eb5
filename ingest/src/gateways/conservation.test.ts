import type { GatewayStatus } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { memoryConditions, memoryFrameStore } from "@sunledger/store";
import { pino } from "pino";
import { expect, test, vi } from "vitest";
import { patient } from "../../../tests/support/patient.ts";
import { batch, epoch, powers, powersHash, sender, stored } from "../testing/frames.ts";
import { conservation } from "./conservation.ts";
import { missingFrames } from "./missing-frames.ts";

const minute = 60_000;

/** Twelve frames were given numbers, of which two wait. */
const status: GatewayStatus = {
  ...{ v: 1, state: "online", epoch },
  lanes: { values: { produced: 12, acknowledged: 10, givenUp: 0, waiting: 2 } },
};

test("frames that were acknowledged and are not there are told as often as they grow more (D-13)", async () => {
  const { store, hear, missing, said } = await bench();
  await store.write([batch([1, 2, 3, 4, 5, 6, 7].map((number) => stored(number)))]);

  await hear(status);
  expect([...missing()]).toEqual([[sender.id, 3]]);
  await hear(status);
  expect(said).toEqual(["frames are missing that were stored once"]);

  await store.write([batch([8, 9, 10].map((number) => stored(number)))]);
  await hear(status);
  expect(missing().size).toBe(0);
  expect(said.at(-1)).toBe("no frames are missing any more");
});

test("a loss in a closed hour is told, though as many frames have arrived since (D-13)", async () => {
  const { store, hear, missing } = await bench();
  const lanes: GatewayStatus["lanes"] = {
    values: {
      ...{ produced: 12, acknowledged: 10, givenUp: 0, waiting: 2 },
      hours: [
        [0, 1, 5, 0, 0],
        [60 * minute, 6, 12, 2, 0],
      ],
    },
  };
  await store.write([batch([1, 2, 3, 6, 7, 8, 9, 10, 11, 12].map((number) => stored(number)))]);

  await hear({ ...status, lanes });
  expect([...missing()]).toEqual([[sender.id, 2]]);
});

test("a gateway is compared once a minute, and one of another organisation not at all", async () => {
  const { account, watch, hear, pace } = await bench();
  await hear(status);
  for (let i = 0; i < 5; i += 1) watch.hear(sender.id, status);
  await pace.advance(pace.now() + minute / 2);
  watch.hear(sender.id, status);
  watch.hear("nobody", status);
  await vi.waitFor(() => expect(account).toHaveBeenCalledTimes(1), patient);
});

test("while the store is away nothing is said, and it is asked again", async () => {
  const { store, account, hear, missing, said } = await bench();
  account.mockRejectedValueOnce(new Error("away"));
  await hear(status);
  expect(missing().size).toBe(0);

  await store.write([batch([stored(1)])]);
  await hear(status);
  expect([...missing()]).toEqual([[sender.id, 9]]);
  expect(said).toHaveLength(1);
});

async function bench() {
  const store = memoryFrameStore();
  await store.keepLayout(powersHash, powers);
  const account = vi.fn(store.account);
  const said: string[] = [];
  const log = pino(
    { level: "info" },
    { write: (line: string) => void said.push(JSON.parse(line).msg) },
  );
  const pace = drivenClock(0);
  const directory = { sender: async (id: string) => (id === sender.id ? sender : undefined) };
  const watch = conservation({
    ...{ directory, frameStore: { account }, pace, log },
    missingFrames: missingFrames(memoryConditions(), pace),
  });
  const hear = async (status: GatewayStatus) => {
    const asked = account.mock.calls.length;
    await pace.advance(pace.now() + minute);
    watch.hear(sender.id, status);
    await vi.waitFor(() => expect(account.mock.calls.length).toBeGreaterThan(asked), patient);
    await Promise.allSettled(account.mock.results.map(({ value }) => value));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { store, account, watch, hear, missing: watch.missing, said, pace };
}
