import { pino } from "pino";
import { expect, test } from "vitest";
import { openLink } from "../../gateway/src/modbus/link.ts";
import { ModbusError } from "../../gateway/src/modbus/modbus-error.ts";
import { manners } from "../../gateway/src/modbus/testing/opened-link.ts";
import { systemClock } from "../../packages/runtime/src/clock.ts";
import { modbusPeer } from "./modbus-peer/modbus-peer.ts";
import { unansweredIn } from "./unanswered.ts";

test("a gateway's log tells of each request that a device has not answered", async () => {
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const peer = await modbusPeer({ usual: () => {} });
  const address = { transport: "tcp", host: "127.0.0.1", port: peer.port } as const;
  const link = openLink({ address, clock: systemClock(), log });
  const begin = Date.now();
  const reading = link.read({ kind: "holding", address: 100, count: 1 }, manners(50));
  await expect(reading).rejects.toThrow(ModbusError);
  link.close();
  await peer.close();

  const text = lines.join("");
  const line = `tcp://127.0.0.1:${peer.port}`;
  const told = unansweredIn(text, (one) => (one === line ? "north/INV-01" : undefined));
  expect(told).toEqual([{ device: "north/INV-01", at: expect.any(Number) }]);
  expect(told[0]?.at).toBeGreaterThan(begin);
  expect(unansweredIn(text, () => undefined)).toEqual([]);
});
