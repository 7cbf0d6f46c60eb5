import { expect, test } from "vitest";
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

test.each([["tests/faults/pipe.test.ts"], ["--pages"], ["--page", pipe], ["--seed"]])(
  "%s is refused",
  (...args) => {
    expect(reliabilityOrder(args)).toHaveProperty("wrong");
  },
);
