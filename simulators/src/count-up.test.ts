import { pino } from "pino";
import { expect, test } from "vitest";
import { countUp } from "./count-up.ts";
import { plantModel } from "./plant/plant-model.ts";
import { testPlant } from "./testing/scenario.ts";

const origin = Date.parse("2026-06-01T00:00:00Z");
const day = 86_400_000;
const log = pino({ enabled: false });

test("counters that come up piece by piece are those that came in one go", async () => {
  const to = origin + 3 * day + 12_345;
  const [sliced, whole] = [
    plantModel("up", testPlant, { origin }),
    plantModel("up", testPlant, { origin }),
  ];
  await countUp(sliced, to, { log, signal: new AbortController().signal });

  expect(sliced.at(to).counter("INV-01/generated")).toBe(whole.at(to).counter("INV-01/generated"));
  expect(sliced.state()).toEqual(whole.state());
});

test("years of counting end with the signal, and let others have their turns", async () => {
  const stop = new AbortController();
  const model = plantModel("up", testPlant, { origin });
  setImmediate(() => stop.abort());
  await countUp(model, origin + 30 * 365 * day, { log, signal: stop.signal });

  expect(model.state().at).toBeLessThan(origin + 365 * day);
});
