import { describe, expect, test } from "vitest";
import { resets } from "./resets.ts";

describe("resets (D-2)", () => {
  test("the first news of an epoch asks once", () => {
    const asked = resets();
    asked.meet("roof-17", "e1");
    asked.meet("roof-17", "e1");

    expect(asked.settle("roof-17", "e1")).toBe(true);
    expect(asked.settle("roof-17", "e1")).toBe(false);
    asked.meet("roof-17", "e1");
    expect(asked.pending().size).toBe(0);
  });

  test("a gateway that connects while we listen has missed nothing", () => {
    const asked = resets();
    asked.greet("roof-17", "e1");
    asked.meet("roof-17", "e1");
    expect(asked.pending().size).toBe(0);
  });

  test("after a new subscription everybody is asked", () => {
    const asked = resets();
    asked.greet("roof-17", "e1");
    asked.meet("roof-18", "e2");
    asked.settle("roof-18", "e2");

    asked.askAll();
    expect([...asked.pending()]).toEqual([
      ["roof-17", new Set(["e1"])],
      ["roof-18", new Set(["e2"])],
    ]);
  });

  test("a gateway that invents epochs fills no memory", () => {
    const asked = resets();
    for (let i = 0; i < 1_000; i += 1) {
      asked.meet("roof-17", `e${i}`);
      asked.settle("roof-17", `e${i}`);
    }
    asked.askAll();
    expect(asked.pending().get("roof-17")?.size).toBeLessThan(20);
  });
});
