import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environmentOf, startHouse, sunledger, type TestHouse } from "../support/house.ts";
import { until } from "../support/until.ts";

let house: TestHouse;

beforeAll(async () => {
  house = await startHouse();
});

afterAll(() => house?.remove());

describe("the doctor", () => {
  test("finds nothing wrong with a house whose devices report", async () => {
    const { output } = await until(
      "a house that is well",
      async () => {
        const found = await doctor();
        return found.code === 0 && found;
      },
      { timeoutMs: 120_000 },
    );

    expect(output).toContain("Nothing is wrong.");
    for (const what of ["Node", "PostgreSQL", "tables", "row-level security", "broker", "api"]) {
      expect(output).toMatch(new RegExp(`^ok +${what} `, "m"));
    }
    expect(output).toMatch(/^ok +gateway qinghe-gw +online, 10 devices report$/m);
  });

  test("says what is wrong and what to do, with exit code 1", async () => {
    const { pid } = house.program("api");
    process.kill(pid ?? 0, "SIGSTOP");
    try {
      const { code, output } = await doctor();

      expect(code).toBe(1);
      expect(output).toMatch(/^WRONG +api .*\n +To do: .*logs\/api\.log/m);
    } finally {
      process.kill(pid ?? 0, "SIGCONT");
    }
  });

  test("knows the plain state of a folder without a house", async () => {
    const elsewhere = { ...environmentOf(`${house.dataDir}/none`, house.ports) };
    const { code, output } = await sunledger(["doctor"], elsewhere);

    expect(code).toBe(0);
    expect(output).toContain('is made by the first "sunledger start"');
  });
});

function doctor() {
  return sunledger(["doctor"], environmentOf(house.dataDir, house.ports));
}
