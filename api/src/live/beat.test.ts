import { expect, onTestFinished, test, vi } from "vitest";
import { until } from "../testing/until.ts";
import { liveBench, noon, patient, second } from "./testing/live-bench.ts";

vi.setConfig(patient);

test("the live side says each second that it is there", async () => {
  const { house, client } = await liveBench(onTestFinished);
  await house.clock.advance(noon + 2.5 * second);
  await until(() => client.beats.length === 2);

  expect(client.beats).toEqual([noon + second, noon + 2 * second]);
});
