import { drivenClock } from "@sunledger/runtime";
import type { GatewayEntry } from "@sunledger/store";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { sender } from "../testing/frames.ts";
import { directory } from "./directory.ts";

describe("directory", () => {
  test("asks the records once in a while, not once a message", async () => {
    const { known, asked, pace } = office();
    for (let i = 0; i < 100; i += 1) await known.sender("roof-17");
    expect(asked()).toBe(1);
    await pace.advance(31_000);
    await known.sender("roof-17");
    expect(asked()).toBe(2);
  });

  test("a new device works within 5 s, however often it knocks", async () => {
    const { known, asked, pace, entries } = office();
    const before = await known.sender("roof-17");
    entries.set("roof-17", { ...sender, devices: new Map([["INV-99", "id"]]) });
    for (let ms = 0; ms < 5_000; ms += 100) {
      if (before) await known.renewed(before);
      await pace.advance(ms);
    }

    expect((await known.sender("roof-17"))?.devices.has("INV-99")).toBe(true);
    expect(asked()).toBeLessThan(5);
  });

  test("a gateway that is new works within 5 s", async () => {
    const { known, pace, entries } = office();
    expect(await known.sender("roof-99")).toBe(undefined);
    entries.set("roof-99", { ...sender, id: "roof-99" });
    await pace.advance(5_000);
    expect((await known.sender("roof-99"))?.id).toBe("roof-99");
  });

  test("known gateways need no records; unknown ones are not judged without them", async () => {
    const { known, pace, fail } = office();
    await known.sender("roof-17");
    fail(true);
    await pace.advance(60_000);

    expect((await known.sender("roof-17"))?.id).toBe("roof-17");
    await expect(known.sender("roof-18")).rejects.toMatchObject({
      name: "RecordsAway",
      message: expect.stringContaining("roof-18"),
    });
  });
});

function office() {
  const pace = drivenClock(0);
  const entries = new Map<string, GatewayEntry>([["roof-17", sender]]);
  let asked = 0;
  let failing = false;
  const records = {
    gatewayEntry: async (id: string) => {
      asked += 1;
      if (failing) throw new Error("away");
      return entries.get(id);
    },
  };
  const known = directory({ records, pace, log: pino({ level: "silent" }) });
  const fail = (on: boolean) => {
    failing = on;
  };
  return { known, pace, entries, asked: () => asked, fail };
}
