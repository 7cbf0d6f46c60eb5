import { drivenClock } from "@sunledger/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { frame, powers } from "./testing/frames.ts";
import { type TestHouse, testHouse } from "./testing/house.ts";

let house: TestHouse;

beforeEach(async () => {
  house = await testHouse();
});

afterEach(() => house.stop());

const shareOf = (worker: number) => ({ share: { worker, workers: 2 } });
const nameOf = (worker: number) => ({
  mqtt: { clientId: `_ingest-${worker}`, username: "_ingest", password: "the house's own secret" },
});

describe("ingests that share the gateways (D-7)", () => {
  test("each serves its own, all are served, nobody twice", async () => {
    const known = house.entries.get("roof-17");
    if (known) house.entries.set("roof-1", { ...known, id: "roof-1" });
    const ingests = [
      await house.startIngest({ ...shareOf(1), ...nameOf(1) }),
      await house.startIngest({ ...shareOf(2), ...nameOf(2) }),
    ];
    for (const [place, id] of ["roof-17", "roof-1"].entries()) {
      const gateway = await house.gateway(id);
      await gateway.announce(powers);
      const first = 10 * place;
      const frames = Array.from({ length: 10 }, (_, n) => ({
        ...frame(first + n + 1),
        sequence: n + 1,
      }));
      // What comes before its ingest knows the layout stays with the gateway, which sends again.
      await expect
        .poll(async () => {
          await gateway.send(frames);
          return gateway.settled();
        })
        .toEqual([[1, 10]]);
    }

    expect(ingests.map((ingest) => ingest.counters().accepted)).toEqual([10, 10]);
    const told = () => house.live.flatMap(({ frames }) => frames).length;
    await expect.poll(told).toBe(20);
  });

  test("one of them does what the house needs once", async () => {
    const pace = drivenClock(0);
    const asked: number[] = [];
    for (const worker of [1, 2]) {
      const organisations = async () => {
        asked.push(worker);
        return [];
      };
      const packDays = async () => ({ days: 0, frames: 0, bytes: 0 });
      const frameStore = { ...house.frameStore, organisations, packDays };
      await house.startIngest({ ...shareOf(worker), ...nameOf(worker), frameStore, pace });
    }
    await pace.advance(3_600_000);

    expect(asked.length).toBeGreaterThan(0);
    expect(new Set(asked)).toEqual(new Set([1]));
  });
});
