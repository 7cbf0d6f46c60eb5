import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  environmentOf,
  freeHousePorts,
  startHouse,
  sunledger,
  type TestHouse,
} from "../support/house.ts";
import { until } from "../support/until.ts";

let house: TestHouse;

beforeAll(async () => {
  house = await startHouse();
});

afterAll(() => house?.remove());

describe("the doctor", () => {
  test("takes nothing amiss of a house that has just begun", async () => {
    const { code, output } = await doctor();

    expect([code, output]).toEqual([0, expect.not.stringContaining("WRONG")]);
  });

  test("finds nothing wrong with a house whose devices report", async () => {
    const { output } = await until(
      "a house that is well",
      async () => {
        const found = await doctor();
        return found.code === 0 && !/^\? /m.test(found.output) && found;
      },
      { timeoutMs: 120_000 },
    );

    expect(output).toContain("Nothing is wrong.");
    for (const what of ["Node", "PostgreSQL", "tables", "row-level security", "broker", "api"]) {
      expect(output).toMatch(new RegExp(`^ok +${what} `, "m"));
    }
    expect(output).toMatch(
      /^ok +gateway qinghe-gw +online, (10 devices report|\d devices? reports?, \d asleep)$/m,
    );
  });

  test("says what the values take on disk, and what a year adds", async () => {
    const { code, output } = await sunledger(
      ["doctor", "--size"],
      environmentOf(house.dataDir, house.ports),
    );

    expect([code, output]).toEqual([0, expect.stringContaining("At the pace of the last day")]);
    expect(output).toMatch(/^ {2}together +[\d.]+ MB$/m);
    expect(output).toMatch(/^ {2}values +[\d,]+ a day in [\d,]+ frames of \d+ devices/m);
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

  test("tells why a gateway does not reach its devices", async () => {
    const { pid } = house.program("simulators");
    const why = / gateway qinghe-gw +online,.* does not reach .*METER-01 \(no answer within /;
    process.kill(pid ?? 0, "SIGSTOP");
    try {
      const { output } = await until("the gateway to miss its meter", async () => {
        const found = await doctor();
        return why.test(found.output) && found;
      });

      expect(output).not.toMatch(/^ok +gateway qinghe-gw/m);
    } finally {
      process.kill(pid ?? 0, "SIGCONT");
    }
  });

  test("knows the plain state of a folder without a house", async () => {
    const { code, output } = await doctor({ ...nowhere(), ports: await freeHousePorts() });

    expect(code).toBe(0);
    expect(output).toContain('is made by the first "sunledger start"');
  });

  test("says before the first start that the ports are another house's", async () => {
    const { code, output } = await doctor({ ...nowhere(), ports: house.ports });

    expect(code).toBe(1);
    expect(output).toMatch(/^WRONG +ports? /m);
  });
});

describe("the doctor in a house with a driven clock", () => {
  test("judges values by the house's own time", async () => {
    const args = ["--clock", "driven", "--speed", "20", "--at", "2026-06-21T12:00:00+08:00"];
    const driven = await startHouse({ args });
    try {
      const { output } = await until("both gateways to report", async () => {
        const found = await doctor(driven);
        const reporting = found.output.match(/^ok +gateway .* devices report$/gm);
        return reporting?.length === 2 && found;
      });

      expect(output).toMatch(/^ok +clock +driven, it is 2026-06-21T04:/m);
      expect(output).not.toContain("WRONG");
    } finally {
      await driven.remove();
    }
  });

  test("takes programs that wait for a first tick for what they are", async () => {
    const waiting = await startHouse({ demo: false, args: ["--clock", "driven"] });
    try {
      const { code, output } = await doctor(waiting);

      expect([code, output]).toEqual([0, expect.not.stringContaining("WRONG")]);
      expect(output).toMatch(/^\? +ingest +starting: it waits for its driver's first tick$/m);
    } finally {
      await waiting.remove();
    }
  });
});

function nowhere() {
  return { dataDir: `${house.dataDir}/none` };
}

function doctor({ dataDir, ports }: Pick<TestHouse, "dataDir" | "ports"> = house) {
  return sunledger(["doctor"], environmentOf(dataDir, ports));
}
