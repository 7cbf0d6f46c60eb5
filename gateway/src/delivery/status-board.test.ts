import { GatewayStatus } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { statusBoard } from "./status-board.ts";

const at = Date.UTC(2026, 5, 1);
const epoch = "0197282f-0000-7000-8000-000000000000";

describe("the status of a gateway with many devices", () => {
  test.each([10, 600, 1_500, 6_000])("stays below what a broker takes: %i devices", (count) => {
    const status = boardOf(count).online(at, epoch, {});

    expect(Buffer.byteLength(JSON.stringify(status))).toBeLessThan(200_001);
    expect(GatewayStatus.safeParse(status).success).toBe(true);
  });

  test("cuts reasons before it leaves out devices", () => {
    const { devices = {} } = boardOf(1_000).online(at, epoch, {});

    expect(Object.keys(devices)).toHaveLength(1_000);
    expect(devices["INV-0000"]?.reason).toHaveLength(60);
  });

  test("leaves out devices that are reached rather than others", () => {
    const { devices = {} } = boardOf(6_000).online(at, epoch, {});
    const said = Object.values(devices);

    expect(said.filter(({ state }) => state === "unreachable")).toHaveLength(600);
    expect(said.length).toBeGreaterThan(2_000);
  });
});

/** Every tenth device is not reached; all have a long reason. */
function boardOf(count: number) {
  const board = statusBoard("1");
  for (let i = 0; i < count; i += 1) {
    const state = i % 10 === 0 ? "unreachable" : "reachable";
    const tag = `INV-${String(i).padStart(4, "0")}`;
    board.reach(tag, { state, since: at, reason: "ü".repeat(300) });
  }
  return board;
}
