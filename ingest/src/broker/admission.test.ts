import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { expect, test } from "vitest";
import { admission } from "./admission.ts";
import { credentials } from "./credentials.ts";
import { doorkeeper } from "./doorkeeper.ts";

const secret = Buffer.from("the house's own secret");

test("when too many sign in at once the house's programs still may", async () => {
  const admit = house();
  const crowd = await everyone(2_000, (i) => admit(`roof-${i}`, `roof-${i}`, Buffer.from("x")));

  expect(crowd).toEqual({ refused: 500, unavailable: 1_500 });
  expect(await admit("_ingest", "_ingest", secret)).toBe("welcome");
});

test("guesses under a program's name are counted as any others", async () => {
  const admit = house();
  const crowd = await everyone(2_000, () => admit("_api", "_api", Buffer.from("a guess")));

  expect(crowd).toEqual({ refused: 500, unavailable: 1_500 });
  expect(await admit("roof-17", "roof-17", Buffer.from("x"))).toBe("unavailable");
  expect(await admit("_api", "_api", secret)).toBe("welcome");
});

function house() {
  const pace = drivenClock(0);
  const parts = { gatewayEntry: async () => undefined, serviceSecret: secret.toString(), pace };
  const log = pino({ level: "silent" });
  return admission({ door: doorkeeper(pace), credentials: credentials({ ...parts, log }) });
}

async function everyone(many: number, attempt: (i: number) => Promise<string>) {
  const verdicts = await Promise.all(Array.from({ length: many }, (_, i) => attempt(i)));
  const counts: Record<string, number> = {};
  for (const verdict of verdicts) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}
