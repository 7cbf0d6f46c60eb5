import { expect, test } from "vitest";
import { nameFaults, wattsOf } from "./name-faults.ts";

const good = { tag: "INV-09", en: "Roof east", rated: "50" };

test("a name without fault has none", () => {
  expect(nameFaults(good, ["INV-01"])).toEqual({});
  expect(nameFaults({ ...good, rated: "" }, [])).toEqual({});
});

test("each fault stands at its field", () => {
  expect(nameFaults({ tag: "a b", en: " ", rated: "much" }, [])).toEqual({
    ...{ tag: "tagWrong", en: "missing", rated: "ratedWrong" },
  });
  expect(nameFaults(good, ["INV-09"])).toEqual({ tag: "tagTaken" });
  expect(nameFaults({ ...good, rated: "-5" }, [])).toEqual({ rated: "ratedWrong" });
  expect(nameFaults({ ...good, rated: "1,100" }, [])).toEqual({ rated: "ratedWrong" });
});

test("kilowatts are typed with a point or a comma", () => {
  expect([wattsOf("12.5"), wattsOf(" 12,5 "), wattsOf("")]).toEqual([12_500, 12_500, undefined]);
});
