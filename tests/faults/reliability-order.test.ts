import { expect, test } from "vitest";
import { declaredIn, isStale } from "./declared-in.ts";
import { reliabilityOrder } from "./reliability-order.ts";

const pipe = "tests/faults/pipe-under-faults.test.ts";

test("all files of the table are run, each once", () => {
  const order = reliabilityOrder([]);
  const files = "files" in order ? order.files : [];

  expect(files.filter((file) => file === pipe)).toHaveLength(1);
  expect(files.length).toBeGreaterThan(20);
});

test("files that the table names are run alone, and none for the page", () => {
  expect(reliabilityOrder([pipe])).toEqual({ files: [pipe] });
  expect(reliabilityOrder(["--page"])).toEqual({ files: [] });
});

test("files with tests that have not run are run alone", () => {
  const order = reliabilityOrder(["--stale"]);

  expect(reliabilityOrder([])).toEqual({
    files: expect.arrayContaining("files" in order ? [...order.files] : ["none"]),
  });
});

test("a test that a file declares since its run makes its result stale", () => {
  const result = { at: "2026-01-02T03:04:05.000Z", seed: 7, extent: "short" as const };
  const counts = { passed: 9, failed: 0, skipped: 0, exempt: 0 };
  const declared = declaredIn(pipe);

  expect(declared).toBeGreaterThan(5);
  expect(isStale(pipe, { ...result, ...counts, declared })).toBe(false);
  expect(isStale(pipe, { ...result, ...counts, declared: declared - 1 })).toBe(true);
  expect(isStale(pipe, undefined)).toBe(true);
});

test.each([["tests/faults/pipe.test.ts"], ["--pages"], ["--page", pipe], ["--seed"]])(
  "%s is refused",
  (...args) => {
    expect(reliabilityOrder(args)).toHaveProperty("wrong");
  },
);
