import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { expect, test } from "vitest";
import { noCounts } from "../counters.ts";
import { RecordsAway } from "../gateways/records-away.ts";
import { commitLoop } from "./commit-loop.ts";
import { holes } from "./holes.ts";
import { intake } from "./intake.ts";
import { resets } from "./resets.ts";

test("says which part is away, once, and when it is back", async () => {
  const { fail, pass, lines, counters } = loop();

  fail(new RecordsAway("roof-17", new Error("connection refused")));
  await pass(10_000);
  fail(new Error("connection refused"));
  await pass(10_000);
  fail(Object.assign(new Error("401 Unauthorized"), { code: "SERIES_REFUSED" }));
  await pass(10_000);
  fail(undefined);
  await pass(10_000);

  expect(lines).toEqual([
    "the records' database is away: gateways that were not met before are not acknowledged",
    "the frame store is away: nothing is acknowledged",
    "the store of time series takes nothing: no values are acknowledged",
    "the store of time series is back",
  ]);
  expect(counters.recordsFailures).toBeGreaterThan(1);
  expect(counters.storeFailures).toBeGreaterThan(1);
});

function loop() {
  const pace = drivenClock(0);
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line).msg) });
  const counters = noCounts();
  let failure: Error | undefined;
  const { kick } = commitLoop(
    {
      commit: async () => {
        if (failure) throw failure;
      },
      intake: intake({ mostBytes: 1_000, mostMessages: 10 }, drivenClock(0)),
      layouts: { hasAnnounced: () => false },
      ...{ holes: holes(pace), resets: resets(), counters, commitMs: 20, pace },
    },
    { log, signal: new AbortController().signal, onStop: () => {} },
  );
  kick();
  return {
    ...{ lines, counters },
    fail: (error: Error | undefined) => {
      failure = error;
    },
    pass: (ms: number) => pace.advance(pace.now() + ms),
  };
}
