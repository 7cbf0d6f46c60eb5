import { expect, test } from "vitest";
import { seed, thorough } from "../../../../tests/support/thoroughness.ts";
import { randomFrom } from "../../modbus/testing/random-modbus.ts";
import { round as countedRound, power } from "../testing/counter-rounds.ts";
import { counterGuard } from "./counter-guard.ts";

const minute = 60_000;
const start = Date.UTC(2026, 5, 1);
const url = "tcp://10.0.0.9:502?unit=1";
const exchange = {
  ...{ id: "3f0c8c5e-6a55-4b8f-8d1a-0d6f3f9f5a10", before: "M-1", after: "M-2" },
  by: { id: "u1", name: "Wang Wei" },
};

test("whatever a device showed before anybody told of it, no energy is counted that nobody made (trait 15)", () => {
  const random = randomFrom(seed);
  for (let time = 0; time < thorough(5_000, 300); time += 1) {
    const { made, madeUnheard, counted } = plantWithExchange(random);
    const what = `exchange ${time} of seed ${seed}`;
    expect(counted, what).toBeLessThanOrEqual(made);
    // What two devices made while nobody heard or believed them is all that may be missing.
    expect(counted, what).toBeGreaterThanOrEqual(made - madeUnheard);
  }
});

/**
 * A meter that is polled each minute and sometimes does not answer; another takes its place in a silence, which
 * is told within a day. In Wh: what they made, what of it unheard or held back, and what the readings and events come to.
 */
function plantWithExchange(random: (below: number) => number) {
  const night = ["always-on", "unreachable"] as const;
  const behaviour = { night: night[random(2)] };
  let guard = counterGuard({ behaviour, url });
  let memory: unknown;
  let now = start;
  let value = 100_000 + random(1_000_000);
  const first = value;
  let isHeldBack = false;
  let [made, madeUnheard, broken, last] = [0, 0, 0, first];

  const poll = () => {
    const { resolved, happenings, ...judged } = guard.judge(round(value), now);
    memory = judged.memory ?? memory;
    for (const { kind, before, after, counted = "0" } of happenings) {
      if (kind !== "replaced") broken += Number(before) - Number(after) + Number(counted);
    }
    const [shown] = resolved.values();
    isHeldBack = shown !== undefined && "flag" in shown && shown.flag === "suspect";
    if (shown && "value" in shown && !isHeldBack) last = Number(shown.value);
  };
  const run = (minutes: number) => {
    for (let passed = 0; passed < minutes; passed += 1) {
      now += minute;
      const energy = random(500);
      value += energy;
      made += energy;
      if (isHeldBack) madeUnheard += energy;
      poll();
    }
  };
  const beUnheard = (minutes: number) => {
    now += minutes * minute;
    const energy = random(500) * minutes;
    value += energy;
    made += energy;
    madeUnheard += energy;
    guard.missed();
    poll();
  };
  const live = () => {
    for (let part = random(4); part >= 0; part -= 1) {
      run(2 + random(60));
      if (random(2) > 0) beUnheard(2 + random(120));
    }
    run(2);
  };

  poll();
  live();
  // A gateway that was off meanwhile may come back with a clock of before.
  const away = random(400) - 100;
  now += (away > 0 ? away : away - 2) * minute;
  value = Math.max(0, value + random(200_000) - 100_000);
  guard.missed();
  now += minute;
  poll();
  live();
  guard = counterGuard({ behaviour, url, memory: JSON.parse(JSON.stringify(memory)), exchange });
  run(5);
  return { made, madeUnheard, counted: last - first + broken };
}

/** A round of a meter for 30 kW. */
function round(value: number) {
  return new Map([...countedRound(value), [power, { value: 30_000 }] as const]);
}
