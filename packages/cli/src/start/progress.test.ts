import { drivenClock } from "@sunledger/runtime";
import { expect, onTestFinished, test, vi } from "vitest";
import { progress } from "./progress.ts";

test("a step whose result is not what was hoped for is not said to be done", async () => {
  const said: unknown[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said.push(text);
    return true;
  });
  onTestFinished(() => spy.mockRestore());
  const { step } = progress(drivenClock(0));
  const isEmpty = (dead: readonly string[]) => dead.length === 0;

  expect(await step("gateways", () => ["roof-gw"], isEmpty)).toEqual(["roof-gw"]);
  expect(said).toEqual([]);
  await step("broker", () => [], isEmpty);
  expect(said.join("")).toMatch(/broker +0\.0 s/);
});
