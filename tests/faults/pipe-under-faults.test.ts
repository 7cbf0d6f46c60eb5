import { beforeAll, describe, expect, test } from "vitest";
import { hasMosquitto } from "../support/mosquitto.ts";
import { mayMount } from "../support/small-disk.ts";
import { needsMounts } from "../support/test-results.ts";
import { full, seed, thorough } from "../support/thoroughness.ts";
import { kindOf } from "./fault-kinds.ts";
import type { BrokerKind } from "./kept-broker.ts";
import { mostMegabytes, type Suffered, suffer } from "./suffer.ts";

/** Twice the keep-alive, and what a stopping socket takes (F9); in the short run what a busy machine adds. */
const heldMs = thorough({ uplink: 31_000, ingest: 11_000 }, { uplink: 65_000, ingest: 35_000 });

const programs = ["api", "broker", "ingest", "north-gw", "simulators", "south-gw", "store"];

const kinds: readonly BrokerKind[] = ["aedes", "mosquitto"];
const runs = new Map<BrokerKind, Promise<Suffered>>();

beforeAll(() => {
  // Side by side: a house under faults waits most of the time.
  for (const broker of kinds.filter((kind) => kind === "aedes" || hasMosquitto())) {
    const run = suffer({
      ...{ broker, seed, rounds: thorough(6, 1), everyMs: thorough(2_500, 1_000), long: full },
      say: (line) => process.stdout.write(`${broker.padEnd(9)} | ${line}\n`),
    });
    run.catch(() => {}); // each test tells of it
    runs.set(broker, run);
  }
});

describe.each(kinds)("the pipe on %s under a schedule of faults", (broker) => {
  const isHere = broker === "aedes" || hasMosquitto();
  const timeout = thorough(1_800_000, 480_000);
  const suffered = async () => {
    const run = runs.get(broker);
    if (!run) throw new Error(`there is no run on ${broker}`);
    return run;
  };

  test.skipIf(!isHere)(
    "every fault of the schedule came about (F1 to F4, F9, F11, F12)",
    { timeout },
    async () => {
      const { incidents, faults } = await suffered();

      expect(incidents.filter(({ failed }) => failed !== undefined)).toEqual([]);
      expect(incidents).toHaveLength(faults.length);
    },
  );

  test.skipIf(!isHere)(
    "what was served is stored: none missing, none twice, no value changed, quarantine explains the rest (D-1 to D-7, D-13, D-14)",
    async () => {
      const { account } = await suffered();

      expect(account.wrong).toEqual([]);
      expect(account.compared).toBeGreaterThan(1_500);
      // What a strike excuses is the polls of its moment, some in a hundred of all (F4).
      expect(account.excused).toBeLessThan(account.compared / 5);
      expect(account.unheard).toBeLessThan(account.compared / 20);
    },
  );

  test.skipIf(!isHere)(
    "nothing in PostgreSQL is damaged, however often it was stopped (F2)",
    async () => {
      expect((await suffered()).damage).toEqual([]);
    },
  );

  test.skipIf(!isHere || !mayMount())(
    `nor is it where its disk was full, and that of an outbox ${needsMounts} (F6, D-9)`,
    async () => {
      const { incidents, damage } = await suffered();
      const full = incidents.filter(({ fault }) => kindOf(fault.kind).needsDisk);

      expect([...new Set(full.map(({ fault }) => fault.kind))].sort()).toEqual([
        "diskFull",
        "storeDiskFull",
      ]);
      expect(full.filter(({ failed }) => failed !== undefined)).toEqual([]);
      expect(damage).toEqual([]);
    },
  );

  test.skipIf(!isHere)(
    "a store that was restored from its backup under a running ingest has everything again (D-15, F22)",
    async () => {
      const { account, restored, lostOnRestore } = await suffered();

      expect(restored.wrong).toEqual([]);
      expect(lostOnRestore).toEqual([]);
      expect(restored.compared).toBeGreaterThan(1_500);
      expect(restored.frames).toBeGreaterThan(account.frames / 2);
    },
  );

  test.skipIf(!isHere)(
    "frames of a gateway whose clock jumps by an hour or a year are quarantined or marked, never taken for right (D-14, F8)",
    async () => {
      const { jumped } = await suffered();

      expect(jumped?.wrong).toEqual([]);
      expect(jumped?.ahead).toBeGreaterThan(0);
      expect(jumped?.behind).toBeGreaterThan(0);
    },
  );

  test.skipIf(!isHere)(
    "roll-ups are what their frames come to, whatever was killed, repeated, late or restored (D-10, F10)",
    async () => {
      const { rolledUp } = await suffered();

      expect(rolledUp?.wrong).toEqual([]);
      // Seven devices in two lanes.
      expect(rolledUp?.quarters).toBeGreaterThanOrEqual(14);
    },
  );

  test.skipIf(!isHere)(
    "the api says what is away, and calls nothing live that is not, whatever is connected (F2, D-12)",
    async () => {
      const { api } = await suffered();

      expect(api.wrong).toEqual([]);
      expect(api.away).toBeGreaterThan(0);
      expect(api.live).toBeGreaterThan(30);
    },
  );

  test.skipIf(!isHere)(
    "no program ended that was not told to, and none is greedy (F7)",
    async () => {
      const { surprises, highestMegabytes } = await suffered();

      expect(surprises).toEqual([]);
      expect(Object.keys(highestMegabytes).sort()).toEqual(programs);
      const greedy = Object.entries(highestMegabytes).filter(([, most]) => most > mostMegabytes);
      expect(greedy).toEqual([]);
    },
  );

  test.skipIf(!isHere)(
    "a half-open connection is given up within twice its keep-alive (F9)",
    async () => {
      const { heldMs: held } = await suffered();
      const late = [...held].flatMap(([link, times]) => {
        const most = link.endsWith("uplink") ? heldMs.uplink : heldMs.ingest;
        return times
          .filter((ms) => isJudged(link) && (ms ?? Number.POSITIVE_INFINITY) > most)
          .map((ms) => `${link}: ${ms ?? "never"}`);
      });
      const judged = [...held].filter(([link, times]) => isJudged(link) && times.length > 0);

      expect(late).toEqual([]);
      const kinds = new Set(judged.map(([link]) => link.replace(/^.* uplink$/, "uplink")));
      expect([...kinds].sort()).toEqual(["ingest link", "uplink"]);
    },
  );
});

function isJudged(link: string): boolean {
  return link.endsWith("uplink") || link === "ingest link";
}
